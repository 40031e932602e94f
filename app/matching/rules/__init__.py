"""匹配规则: the specification. Pure functions over `facts`; every faster engine must give the same bits.

In reading order: `wages` (pay in one unit), `places` (reach and way), `gates` (what shuts a posting out),
`scoring` (parts, weights, total), `reasons` (why, and what to ask first), `exclusions` (why not).
"""
