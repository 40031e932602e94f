"""拼音: how a text is read aloud, sign by sign."""

import os
from functools import cache
from importlib import import_module
from typing import Any

# The dictionary of phrases costs 0.3 s and 45 MB. Names of places and people are looked up under several
# readings anyway (seekers.names), so it stays off; the switch must be set before the import.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")


@cache
def _pypinyin() -> Any:
    """Imported by the first text that is read: it takes 11 MB, and an import of postings reads none."""
    return import_module("pypinyin")


def syllables(text: str) -> list[str]:
    """'耀州' -> ['yao', 'zhou']; what is not Chinese stays together as it is."""
    library = _pypinyin()
    read: list[str] = library.lazy_pinyin(text, style=library.Style.NORMAL)
    return read
