"""时限: what happens by itself when nobody answers."""
