"""认定的就业载体 (DOMAIN G1): community factories, workshops and bases that an office has recognised.

The register says who recognised a place, when, when it is due for its yearly review, which headquarters it
belongs to (1+X), and what support it got. How many people work there, of which class, and what they earn is
counted from verified work spells and never typed.
"""
