"""技能: the words people use for what they can do, each tied to occupations (data/skills.csv, editable)."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.occupations.lexicon import Lexicon
from app.occupations.negation import denied
from app.occupations.normalise import plain

_FILE = Path(__file__).parent / "data" / "skills.csv"
# What was done counts as what can be done: 带过孩子, 养了几年猪.
_DONE = re.compile(
    r"(?<!没.)(?<=[带做开养种看修喂装扎砌管照摘采跑送卖烧炒放挖割织])"
    r"(?:过|着|了(?:好?[几\d一二三四五六七八九十]+年)?)(?!磅)(?=\w)"
)


@dataclass(frozen=True, slots=True)
class Skill:
    """技能: `occupations` are fine codes of the classification, `related` codes of kindred skills."""

    code: str
    label: str
    family: str
    synonyms: tuple[str, ...]
    occupations: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkillReading:
    """读出的技能: the skill and the words of the text it was read from."""

    code: str
    label: str
    words: str


@cache
def skills() -> dict[str, Skill]:
    """All skills by code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Skill(
                row["code"],
                row["label"],
                row["family"],
                _several(row["synonyms"]),
                _several(row["occupations"]),
                _several(row["related"]),
            )
            for row in csv.DictReader(file)
        }


def find_skill(code_or_label: str) -> Skill | None:
    """The skill with exactly this code or label."""
    return skills().get(code_or_label) or _by_label().get(code_or_label.strip())


def read_skills(text: str) -> list[SkillReading]:
    """The skills a text speaks of as held or asked for, each once, in the order of the text.

    会平车和锁边，不会电焊 gives flat_sewing and overlock. The first 5,000 signs are read.
    """
    words = _DONE.sub("", plain(text[:5000]))
    is_denied = denied(words)
    found: dict[str, SkillReading] = {}
    for hit in _lexicon().read(words):
        if not is_denied(hit.start, hit.end):
            found.setdefault(hit.value, SkillReading(hit.value, skills()[hit.value].label, hit.word))
    return list(found.values())


@cache
def _lexicon() -> Lexicon:
    return Lexicon((plain(w), s.code) for s in skills().values() for w in (s.label, *s.synonyms))


@cache
def _by_label() -> dict[str, Skill]:
    return {skill.label: skill for skill in skills().values()}


def _several(cell: str | None) -> tuple[str, ...]:
    return tuple(part for part in (cell or "").split("|") if part)
