"""大白话: finds words of offices and sentences that are too long in a text for the portal. Pure."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

_ENDS: Final = re.compile(r"[。！？!?；;\n]")
_MARKUP: Final = re.compile(r"<[^>]+>|%\(\w+\)s")


@dataclass(frozen=True)
class OfficeWord:
    """公文词: what was found, and what to say instead."""

    found: str
    instead: str


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((resources.files("app.policies") / "plain_words.toml").read_text("utf-8"))


def longest_sentence() -> int:
    """Characters that a sentence may have."""
    length: int = _table()["longest_sentence"]
    return length


def find_office_words(text: str) -> list[OfficeWord]:
    """Words of offices in `text`, the longer before the shorter one in it."""
    plain = text
    for kept in _table()["keep"]["words"]:
        plain = plain.replace(kept, "")
    found: list[OfficeWord] = []
    for word, instead in sorted(_table()["words"].items(), key=lambda item: -len(item[0])):
        if word in plain:
            found.append(OfficeWord(word, instead))
            plain = plain.replace(word, "")
    return found


def find_long_sentences(text: str) -> list[str]:
    """Sentences of `text` that are longer than people read in one breath."""
    sentences = (_MARKUP.sub("", each).strip() for each in _ENDS.split(text))
    return [each for each in sentences if len(each) > longest_sentence()]
