"""报名: what somebody at the poster asked for, with a name and a phone and nothing else.

Nobody has to have an account or a file for it. An officer of the place calls back, finds the file of the
person (or makes it) and turns the wish into a referral; whoever is signed in and known goes the short way at
once. The receipt's address lets the person see how it stands and take it back.
"""
