"""示范县: an invented county of people, employers and postings on the real townships of 铜川市耀州区.

For trying the product, for screenshots, tests and training. Everything is made by rule from fixed seeds: the
same day gives the same county on every machine. All persons, firms and villages are invented and marked so:
ID numbers carry an area code that no place has (`numbers`), phones a prefix that no operator serves.
The wording lives in `data/*.toml`; whoever speaks the county's tongue can edit it without reading code.
"""
