"""政策库: what one may get and what one is entitled to, in plain words: who, how much, what to bring, where,
by when; and stories, notices, fairs and courses in the same form (DOMAIN A1, A3).

What holds in the whole country ships with the product (`library/`), with the law it comes from. An office
writes its own, or fills in what the law leaves to it; another colleague publishes. "Does this fit me?" is
answered from a few taps by rules that are data; nothing of it is kept.
"""
