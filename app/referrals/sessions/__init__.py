"""对接会: a township's or county's weekly session (DOMAIN E6; every Friday): townships bring people,
departments and firms bring postings, the assignment of matching pairs them, the meeting edits the pairs on a
big screen, and each township sends those of its own people.

`service` changes a session, `proposing` pairs, `confirming` makes referrals of the pairs, `queries` reads.
"""
