"""Longest-match look-up of known words in running text; the base of every reader here."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One known word found in a text: the word as listed, where it stands, and what it is listed under."""

    word: str
    start: int
    end: int
    value: str


class Lexicon:
    """Words with one value each, found left to right, the longest word first; words do not overlap."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """Earlier entries win over later ones for the same word; empty words are ignored."""
        self._words: dict[str, str] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        lengths: dict[str, set[int]] = {}
        for word, value in words:
            if word and self._words.setdefault(word, value) == value:
                lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}

    def find(self, word: str) -> str | None:
        """Value of exactly this word."""
        return self._words.get(word)

    def read(self, text: str) -> list[Hit]:
        """Known words in a text, in the order they stand."""
        hits: list[Hit] = []
        at = 0
        while at < len(text):
            for size in self._lengths.get(text[at], ()):
                word = text[at : at + size]
                value = self._words.get(word)
                if value is not None and len(word) == size and not _inside_latin(text, at, at + size):
                    hits.append(Hit(word, at, at + size, value))
                    at += size
                    break
            else:
                at += 1
        return hits


def _inside_latin(text: str, start: int, end: int) -> bool:
    """A Latin word counts only whole: `qc` is not part of `qchart`."""
    before = start > 0 and _latin(text[start]) and _latin(text[start - 1])
    after = end < len(text) and _latin(text[end - 1]) and _latin(text[end])
    return before or after


def _latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()
