"""六个增补 (DOMAIN D2): when what somebody earns is too little, what to look for next.

`facts` is what is known of the present work and the pay, `income` whether it is too little and by whose
figure, `rules` the table of six: when one applies, how the question to the market changes, what is said;
`searching` asks the market the changed question. Pure but for the market; what the ledger knows is read by
`app.referrals.supplements`.
"""
