"""进档的路: how people themselves, labour brokers and employers come to a file without an area.

`models` the relations · `ties` how one actor stands to given people · `cards` a card for who stands in
one of them · `service` the verbs, for pages and other domains.
"""
