"""进档的路: how people themselves, labour brokers and employers come to a file of the ledger without an area.

`models` the three relations · `ties` how one actor stands to given people, in a constant number of statements ·
`reading` a card for who stands in one of them · `links` 本人认档 · `service` the verbs, for pages and other domains.
"""
