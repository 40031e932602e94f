"""用工需求计划 (DOMAIN B2): firms say whom they need by when; the bureau plans against it.

A plan is one line: so many of one kind of work from a day on. Changed, it keeps every version; with one tap
it becomes a draft posting. `supply` says who would be free by then; `rules.balance` compares the two.
"""
