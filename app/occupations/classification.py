"""职业分类大典 (2022): the official tree of occupations, its relations and the search box over it.

A code is `4-01-02-01` = major 4, middle 4-01, group 4-01-02, fine. Coarser entries end in `-00`. Some middle
and small groups are absent from the source, so ancestors are read off the code, never looked up.
"""

import lzma
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


class Relation(StrEnum):
    """职业关系: how near two occupations stand; `share` weighs it in the matching score."""

    SAME = "same"
    GROUP = "group"
    MIDDLE = "middle"
    MAJOR = "major"
    NONE = "none"

    @property
    def share(self) -> float:
        """Part of the occupation score that this nearness earns, 0..1."""
        return _SHARES[self]


_SHARES = {
    Relation.SAME: 1.0,
    Relation.GROUP: 0.7,
    Relation.MIDDLE: 0.4,
    Relation.MAJOR: 0.15,
    Relation.NONE: 0.0,
}


@dataclass(frozen=True, slots=True)
class Occupation:
    """职业: one entry of the classification. `level` is major, middle, group or fine."""

    code: str
    name: str
    level: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    word: str
    pinyin: str
    initials: str
    code: str
    rank: int


def level_of(code: str) -> str:
    """Step of the tree a code stands on, read off its zeros: major, middle, group or fine."""
    if code.endswith("-00-00-00"):
        return "major"
    if code.endswith("-00-00"):
        return "middle"
    return "group" if code.endswith("-00") else "fine"


def major_of(code: str) -> str:
    """4-01-02-01 -> 4"""
    return code[:1]


def middle_of(code: str) -> str:
    """4-01-02-01 -> 4-01"""
    return code[:4]


def group_of(code: str) -> str:
    """4-01-02-01 -> 4-01-02"""
    return code[:7]


def relation(one: str, other: str) -> Relation:
    """Nearness of two codes by their common prefix; a coarse code is near only down to its own step."""
    if one[:1] != other[:1]:
        return Relation.NONE
    if one == other:
        return Relation.SAME
    if one[:7] == other[:7] and one[5:7] != "00":
        return Relation.GROUP
    return Relation.MIDDLE if one[:4] == other[:4] and one[2:4] != "00" else Relation.MAJOR


@cache
def _rows() -> tuple[tuple[Occupation, tuple[str, ...]], ...]:
    text = lzma.decompress((DATA / "classification.tsv.xz").read_bytes()).decode()
    rows = []
    for line in text.splitlines():
        code, name, aliases, pinyin = line.split("\t")
        words = tuple(aliases.split("|")) if aliases else ()
        rows.append((Occupation(code, name, level_of(code), words), tuple(pinyin.split("|"))))
    return tuple(rows)


@cache
def classification() -> dict[str, Occupation]:
    """Every occupation by code, in code order. Read once for each process; treat it as read-only."""
    return {occupation.code: occupation for occupation, _ in _rows()}


@cache
def everyday_names() -> dict[str, str]:
    """What people call a trade (平车工, 月嫂, 开挖机) -> occupation code; an office may edit the table."""
    table = tomllib.loads((DATA / "everyday.toml").read_text(encoding="utf-8"))
    return {word: code for code, words in table.items() for word in words}


def find_occupation(code: str) -> Occupation | None:
    """The occupation of a code, or None."""
    return classification().get(code)


def get_occupation(code: str) -> Occupation:
    """The occupation of a code. KeyError when there is none."""
    return classification()[code]


def occupation_name(code: str) -> str | None:
    """Name of a code, or of its nearest ancestor that the source has (some groups are missing)."""
    for candidate in (code, f"{code[:7]}-00", f"{code[:4]}-00-00", f"{code[:1]}-00-00-00"):
        if (found := classification().get(candidate)) is not None:
            return found.name
    return None


def _initials(pinyin: str) -> str:
    return "".join(syllable[:1] for syllable in pinyin.split())


@cache
def _index() -> tuple[_Entry, ...]:
    entries: list[_Entry] = []
    readings: dict[str, str] = {}
    for occupation, pinyin in _rows():
        for place, (word, sound) in enumerate(
            zip((occupation.name, *occupation.aliases), pinyin, strict=True)
        ):
            syllables = sound.split()
            if len(syllables) == len(word):
                for sign, syllable in zip(word, syllables, strict=True):
                    readings.setdefault(sign, syllable)
            entries.append(
                _Entry(word.lower(), sound.replace(" ", ""), _initials(sound), occupation.code, min(place, 1))
            )
    for word, code in everyday_names().items():
        sound = " ".join(readings.get(sign, sign) for sign in word.lower())
        entries.append(_Entry(word.lower(), sound.replace(" ", ""), _initials(sound), code, 1))
    return tuple(entries)


def _fit(entry: _Entry, query: str) -> int | None:
    if entry.word == query:
        return 0
    if entry.word.startswith(query):
        return 1
    if query in entry.word:
        return 2
    if query.isascii():
        if entry.pinyin == query or entry.initials == query:
            return 1
        if entry.pinyin.startswith(query):
            return 3
        if len(query) > 1 and entry.initials.startswith(query):
            return 4
    return None


def search(query: str, limit: int = 20) -> list[Occupation]:
    """Occupations whose name, everyday name, pinyin or initials fit a typed word, best first.

    Exact words come before beginnings, these before parts and pinyin; official names before everyday ones;
    shorter words first, then by code. An empty query gives the 8 majors. `limit` is at least 1.
    """
    wanted = "".join(query.lower().split())[:40]
    if not wanted:
        return [entry for entry in classification().values() if entry.level == "major"][:limit]
    best: dict[str, tuple[int, int, int]] = {}
    for entry in _index():
        fit = _fit(entry, wanted)
        if fit is not None:
            key = (fit, entry.rank, len(entry.word))
            if entry.code not in best or key < best[entry.code]:
                best[entry.code] = key
    ranked = sorted(best, key=lambda code: (best[code], code))
    return [classification()[code] for code in ranked[: max(limit, 1)]]
