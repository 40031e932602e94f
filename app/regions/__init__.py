"""行政区划: the country's tree of divisions, who lies inside whom, and how far apart places are.

Everybody uses it: records carry a region code, roles a scope prefix; postings and homes an address to read.

gazetteer   the 43,074 built-in divisions in memory: find, ancestors, path, search, old codes
scope       containment and willingness to travel as a code prefix; plane distance
projection  degrees to plane metres and back
reading     an address in free text to the lowest division it fixes (name_chain, place_names, address_words)
models, queries, service, schemas, api   the table, with the villages that offices add
"""
