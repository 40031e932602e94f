"""匹配索引: postings and people as columns in memory, ranked with the same answers as `matching.reference`.

`columns` holds the facts as numbers, `packed` narrows them, `locks` the gates as bits, `trades` what a
person's skills are worth against every word, `scores` the formula over many rows at once, `cells` upper
bounds over rows of one county and trade; `postings` answers questions on one frozen set (of `parts`),
`market` follows changes, `following` the database. `snapshot`, `stored` and `keeping` keep a market as
a file that processes share.
"""
