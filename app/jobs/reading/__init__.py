"""岗位文字解读: what an employer or office typed, turned into figures. Pure functions, no database.

Used by the import of offices' tables, by the forms (a pasted advert), by vetting and by `songgang parse`.
Nothing here raises on odd text: what cannot be read comes back as null, with a `problem` where the text
does name something but names it wrongly (`2000~300`, cut off by a too short column).
"""
