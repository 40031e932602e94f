"""二人确认: some things take two people. One asks and says why; another who could do the same thing says yes
or no. Used by exports of a county's people and by erasure, later by large message campaigns.

A request waits (待确认), is approved or refused, withdrawn by who asked, or runs out; an approved one is used
by who asked, or carried out at once by who approved it (erasure).
"""
