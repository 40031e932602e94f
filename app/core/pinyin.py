"""拼音: how a text is read aloud, sign by sign.

pypinyin's dictionary of phrases costs 0.3 s and 45 MB at start. Names of places and people are looked up
under several readings anyway (seekers.names), so it stays off; the switch must be set before the import.
"""

import os

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, lazy_pinyin


def syllables(text: str) -> list[str]:
    """'耀州' -> ['yao', 'zhou']; what is not Chinese stays together as it is."""
    return lazy_pinyin(text, style=Style.NORMAL)
