"""诉求: what somebody needs the office to look after: wages not paid, money taken by cheats, an injury at
work, help with finding work, a trade to learn, somebody to look after at home (DOMAIN J1).

Anybody may say it, without an account and without a name, with a phone to be told on. Each has a number, an
office that owns it and a day by which somebody answers; the person sees how it stands by the number and the
last four digits of the phone. Nobody handles what is about themselves or about a firm they act for.
"""
