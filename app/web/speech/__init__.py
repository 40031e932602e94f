"""念给我听: postings and policies read aloud, as small MP3 files made on the server.

`speechSynthesis` is missing in many Chinese Android browsers (FRONTEND), so the server speaks: `spoken`
writes a text as one would read it out, `voice` runs the programs (espeak-ng, then lame), `shelf` keeps what
was made, `speaker` bounds how much of it happens at once. Only published postings and policies are ever read:
an address names one of them and the digest of its words, never a text. Where a program is missing, pages have
no button.
"""
