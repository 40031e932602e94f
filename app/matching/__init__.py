"""人岗匹配: who fits which posting, why, and what is missing (MATCHING.md).

Used by the portal's three questions, by officers who send work to people, and by `songgang match`. `facts` is
what may be looked at, `rules/` the specification, `reading/` how facts come about, `reference` the plain
engine, `near_misses` what one thing more would open, `scene` the same engine over a file.
"""
