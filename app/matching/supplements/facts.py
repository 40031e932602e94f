"""增补依据: what is known of somebody's present work, their pay and their household's work.

Money is fen a month here. None means that nobody has written it down, and is said so.
"""

from dataclasses import dataclass
from datetime import date

from app.matching.supplements.terms import PaySource, WorkKind


@dataclass(frozen=True, slots=True)
class Words:
    """一句话, in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """现在的活."""

    kind: WorkKind = WorkKind.NONE
    title: str = ""
    employer_name: str = ""
    employer_kind: str | None = None
    """None: an employer that is not registered here."""
    place: str | None = None
    """Scope prefix of the work place; None where nothing was written down or the words name no place."""
    place_name: str = ""
    profile: str | None = None
    line: str | None = None
    """What line of work it is (`line_of`); None = unknown."""
    is_general: bool | None = None
    """Whether anyone can do it without a trade (普工)."""
    pay: int | None = None
    pay_source: PaySource | None = None
    pay_month_on: date | None = None
    """The month in which `pay` was got."""
    promised: int | None = None
    pay_before: int | None = None
    """What was got in the month before."""


@dataclass(frozen=True, slots=True)
class MinimumPay:
    """最低工资: fen a month at a place, and how it is known."""

    month: int
    words: str
    effective_on: date
    is_certain: bool
    """False: the place's own tier is not known, it is the lowest of the province."""
    place_name: str


@dataclass(frozen=True, slots=True)
class HouseholdWork:
    """一家人的活: the members of 16 and over, without the person's own work where `others` stands."""

    adults: int = 1
    others_working: int = 0
    others_pay: int = 0
    others_pay_unknown: int = 0
    other_lines: frozenset[str | None] = frozenset()
    """Lines of work of the other members who work; None among them = one is unknown."""


def line_of(kind: WorkKind, occupation_code: str | None) -> str | None:
    """The line of work: the middle group of the 2022 classification (its first four characters) for work for
    an employer, `farm` or `own` for the family's own industry; None = unknown."""
    if kind is WorkKind.JOB:
        return None if occupation_code is None else occupation_code[:4]
    return None if kind is WorkKind.NONE else kind.value


FARM_GROUPS = ("5-01", "5-02", "5-03", "5-04", "5-05")
"""农、林、牧、渔 and their services in the classification."""


def is_same_line(line: str, occupation_code: str) -> bool:
    """Whether a posting's occupation is the line somebody lives from already."""
    return occupation_code[:4] in (FARM_GROUPS if line == WorkKind.FARM else (line,))
