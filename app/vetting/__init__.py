"""岗位审核: what may not stand in a posting, found by rules; who looks at it is decided elsewhere.

Pure: text in, findings out. `judging.vet` is the way in; `written` reads a text through its disguises,
one module a family of rules, `minimum_wage` the table an office edits. Used by jobs (at submit, at import)
and by `songgang vet`.
"""
