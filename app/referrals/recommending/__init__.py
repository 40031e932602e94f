"""推荐意见: everybody of a region ranked, and postings given out under their openings (MATCHING "Sending a
crowd"; DOMAIN E6).

`assigning` gives out postings and certifies how far from the best possible it is, `running` ranks, assigns
and writes the day's draft, `queries` reads it. Nothing is sent: an officer looks at it and pushes.
"""
