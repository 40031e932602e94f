"""增补 (六个增补, DOMAIN D2): what the ledger knows of somebody's work and pay, and what to offer next.

The rules stand in `app.matching.supplements`; here spells, follow-up answers, the card, the household and the
table of minimum wages are read for them.
"""
