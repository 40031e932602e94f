"""人员索引: people who look for work as columns in memory, ranked for a posting with the answers of
`reference.rank_people`.

`columns` holds the facts as codes, `tables` what every code is worth and shuts for one posting, `trades` the
grades of skills and wishes, `scores` the formula over many people, `index` answers questions on one frozen
set, `market` follows changes, `following` the database.
"""
