"""Facts for tests: a person at home in a village, a posting in the next township, and a handful of words."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from app.matching.facts import MatchContext, PersonFacts, PostingFacts, Vocabulary

TODAY = date(2026, 11, 22).toordinal()
HOME = "610204101203"
"""A village of 小丘镇 (610204101), 耀州区 (610204), 铜川市."""
TOWN = "610204101"
NEXT_TOWN = "610204102"


class FewWords:
    """Word knowledge small enough to check by eye."""

    related: ClassVar = {("ironing", "sewing"): 0.7, ("overlock", "sewing"): 0.7}
    serves: ClassVar = {("sewing", "6-05-01-03"): 1.0, ("ironing", "6-05-01-03"): 0.5}
    includes: ClassVar = {"A2": {"A2", "B2", "C1", "C2"}, "B2": {"B2", "C1", "C2"}, "C1": {"C1", "C2"}}
    labels: ClassVar = {
        "sewing": "缝纫",
        "ironing": "熨烫",
        "overlock": "锁边",
        "forklift": "叉车证",
        "welding": "电焊",
    }

    def skill_kinship(self, held: str, asked: str) -> float:
        if held == asked:
            return 1.0
        return self.related.get((held, asked)) or self.related.get((asked, held), 0.0)

    def occupation_kinship(self, wanted: str, offered: str) -> float:
        if wanted == offered:
            return 1.0
        for digits, share in ((7, 0.7), (4, 0.4), (1, 0.15)):
            if wanted[:digits] == offered[:digits]:
                return share
        return 0.0

    def occupation_uses_skill(self, occupation: str, skill: str) -> float:
        return self.serves.get((skill, occupation), 0.0)

    def skill_serves_occupation(self, skill: str, occupation: str) -> float:
        return self.serves.get((skill, occupation), 0.0)

    def is_elementary(self, skill: str) -> bool:
        return skill == "sweeping"

    def covers(self, held: Iterable[str], asked: str) -> bool:
        return any(asked in self.includes.get(code, {code}) for code in held)

    def skill_label(self, code: str) -> str:
        return self.labels.get(code, code)

    def certificate_label(self, code: str) -> str:
        return self.labels.get(code, code)

    def occupation_label(self, code: str) -> str:
        return {"6-05-01-03": "缝纫工"}.get(code, code)


WORDS = FewWords()
PERSON = PersonFacts(home_scope=HOME, reach="county", age=45, education_step=2, x=0, y=0)
POSTING = PostingFacts(
    id=1,
    region_scope=NEXT_TOWN,
    employer_id=1,
    valid_until=TODAY + 20,
    confirmed_on=TODAY - 1,
    openings=8,
    applicants=3,
    occupation_code="6-05-01-03",
    skills=("sewing",),
    shifts=("day",),
    board=True,
    x=6_000,
    y=0,
    place_name="石柱镇",
    pay_min=2_800_00 * 12,
    pay_max=3_600_00 * 12,
)


def person(**changes: Any) -> PersonFacts:
    """The usual person, changed."""
    return replace(PERSON, **changes)


def posting(**changes: Any) -> PostingFacts:
    """The usual posting, changed."""
    return replace(POSTING, **changes)


def month(yuan: int) -> int:
    """Yuan a month as fen a year."""
    return yuan * 100 * 12


def context(*postings: PostingFacts) -> MatchContext:
    """The usual day, with the vocabulary of these postings."""
    return MatchContext(TODAY, Vocabulary.from_postings(postings or (POSTING,)), WORDS)
