"""词汇知识: how near skills and trades stand to each other, from the skill table and the occupation tree."""

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from app.matching.facts import WordKnowledge
from app.occupations.certificates import certificate_label, covers
from app.occupations.classification import occupation_name, relation
from app.occupations.skills import skills

DATA: Final = Path(__file__).parent / "data"
RELATED_SKILL: Final = 0.7
"""The skill table names the two side by side (缝纫, 锁边)."""
SAME_TRADE_SKILL: Final = 0.6
"""Both are used in one and the same occupation."""
SAME_FAMILY: Final = 0.42
"""The skill table counts both to one family (养鸡, 养猪): a little more than a stranger to the work."""
TREE_SHARE: Final = 0.5
"""Skills whose nearest occupations are not the same count by this share of the occupations' relation."""


@lru_cache(maxsize=200_000)
def skill_kinship(held: str, asked: str) -> float:
    """Return how far one skill stands in for another, 0..1, the same in both directions."""
    if held == asked:
        return 1.0
    one, other = skills().get(held), skills().get(asked)
    if one is None or other is None:
        return 0.0
    if asked in one.related or held in other.related:
        return RELATED_SKILL
    best = SAME_FAMILY if one.family == other.family else 0.0
    for trade in one.occupations:
        for offered in other.occupations:
            share = relation(trade, offered).share
            kinship = SAME_TRADE_SKILL if share >= 1.0 else TREE_SHARE * share
            best = max(best, kinship)
    return best


@lru_cache(maxsize=200_000)
def occupation_kinship(wanted: str, offered: str) -> float:
    """Return same 1, group .7, middle .4, major .15, none 0."""
    return relation(wanted, offered).share


@lru_cache(maxsize=200_000)
def skill_serves_occupation(skill: str, occupation: str) -> float:
    """Return how near the skill's own trades stand to an occupation, 0..1."""
    known = skills().get(skill)
    return (
        max((relation(trade, occupation).share for trade in known.occupations), default=0.0) if known else 0.0
    )


@cache
def elementary_skills() -> frozenset[str]:
    """Codes of skills that postings take from anybody; an office may edit the file."""
    table = tomllib.loads((DATA / "elementary.toml").read_text(encoding="utf-8"))
    return frozenset(table["skills"])


class OccupationWords:
    """The knowledge of `app.occupations` in the form that the rules ask for."""

    def skill_kinship(self, held: str, asked: str) -> float:
        return skill_kinship(held, asked)

    def occupation_kinship(self, wanted: str, offered: str) -> float:
        return occupation_kinship(wanted, offered)

    def occupation_uses_skill(self, occupation: str, skill: str) -> float:
        return skill_serves_occupation(skill, occupation)

    def skill_serves_occupation(self, skill: str, occupation: str) -> float:
        return skill_serves_occupation(skill, occupation)

    def is_elementary(self, skill: str) -> bool:
        return skill in elementary_skills()

    def covers(self, held: Iterable[str], asked: str) -> bool:
        return covers(held, asked)

    def skill_label(self, code: str) -> str:
        known = skills().get(code)
        return known.label if known else code

    def certificate_label(self, code: str) -> str:
        return certificate_label(code)

    def occupation_label(self, code: str) -> str:
        return occupation_name(code) or code


OCCUPATION_WORDS: Final[WordKnowledge] = OccupationWords()
