"""台账规则 (DOMAIN C1-C4): who may look for work, which class of labour, what fits together. Pure.

Figures: 16 years, the lowest working age (劳动法 art. 15); over 60 is weak labour, 16 to 60 with full ability
ordinary (DOMAIN C3). Which skills and which limits count is this project's own choice, written down here.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final

from app.occupations.certificates import find_certificate
from app.occupations.skills import find_skill
from app.occupations.terms import Demand
from app.seekers.id_numbers import age_on
from app.seekers.terms import MONITORED_KINDS, HouseholdKind, LabourClass, SeekerStatus

LOWEST_AGE: Final = 16
WEAK_FROM_AGE: Final = 61

# Papers nearly everyone can get, which make nobody a skilled worker.
COMMON_CERTIFICATES: Final = frozenset({"health", "licence_c1", "licence_c2", "licence_d"})
# Families of skills that take months to learn.
SKILLED_FAMILIES: Final = frozenset(
    {"welding", "electric", "machining", "machinery", "farm_machinery", "repair", "wood", "eldercare"}
)
# What a body may be unable to do; three of them leave half a worker.
BODILY_LIMITS: Final = frozenset(
    {Demand.HEAVY_LIFTING, Demand.NIGHT, Demand.HEIGHTS, Demand.LONG_STANDING, Demand.OUTDOOR, Demand.DUST}
)
SEMI_FROM_LIMITS: Final = 3

# Statuses in which no work is looked for and none is done.
IDLE: Final = frozenset({SeekerStatus.NOT_SEEKING, SeekerStatus.STUDYING, SeekerStatus.UNABLE})
WORKING: Final = frozenset({SeekerStatus.EMPLOYED, SeekerStatus.SELF_EMPLOYED, SeekerStatus.FARMING})


def is_old_enough(birth_on: date | None, today: date) -> bool:
    """Whether somebody is 16 or over on a day. Without a birth date nobody is: no child slips through."""
    return birth_on is not None and age_on(birth_on, today) >= LOWEST_AGE


def latest_birth_of_seekers(today: date) -> date:
    """Who was born on this day or before is 16 or over on `today`."""
    return latest_birth_at(LOWEST_AGE, today)


def latest_birth_at(age: int, today: date) -> date:
    """Who was born on this day or before has `age` full years or more on `today`."""
    year = today.year - age
    try:
        return today.replace(year=year)
    except ValueError:  # 29 February in a year without one: the birthday falls on 1 March
        return date(year, 2, 28)


def may_seek(birth_on: date | None, status: SeekerStatus, today: date) -> bool:
    """Whether a member of a household may be shown postings and be recommended: 16 or over, not at school,
    able to work."""
    return is_old_enough(birth_on, today) and status not in (SeekerStatus.STUDYING, SeekerStatus.UNABLE)


def derive_class(
    age: int | None,
    *,
    skills: Iterable[str] = (),
    certificates: Iterable[str] = (),
    limits: Collection[str] = (),
    is_disabled: bool = False,
    is_ill: bool = False,
) -> LabourClass:
    """劳动力类别 from what is known: weak when over 60 or disabled with some ability left; semi when ill for
    long or with three or more bodily limits; skilled with a trade's certificate or a learned trade; else
    ordinary. Skills and certificates are codes; own words count for nothing here.
    """
    if is_disabled or (age is not None and age >= WEAK_FROM_AGE):
        return LabourClass.WEAK
    if is_ill or len(BODILY_LIMITS & set(limits)) >= SEMI_FROM_LIMITS:
        return LabourClass.SEMI
    if any(_is_trade_certificate(code) for code in certificates) or any(_is_trade(code) for code in skills):
        return LabourClass.SKILLED
    return LabourClass.ORDINARY


def _is_trade_certificate(code: str) -> bool:
    return code not in COMMON_CERTIFICATES and find_certificate(code) is not None


def _is_trade(code: str) -> bool:
    skill = find_skill(code)
    return skill is not None and skill.family in SKILLED_FAMILIES


def hint_welfare(labour_class: LabourClass, status: SeekerStatus, kinds: Collection[str]) -> bool:
    """Whether the office should look at a public-welfare post (DOMAIN G2): weak or semi labour of a household
    that is or was poor, wanting work and without any. A hint; eligibility itself is set by hand.
    """
    poor = {*MONITORED_KINDS, HouseholdKind.LIFTED, HouseholdKind.LOW_INCOME, HouseholdKind.RELOCATED}
    is_poor = any(kind in poor for kind in kinds)
    weak = labour_class in (LabourClass.WEAK, LabourClass.SEMI)
    return is_poor and weak and status is SeekerStatus.SEEKING


def is_monitored(kinds: Collection[str]) -> bool:
    """Whether a household is one of the three monitored kinds (三类人员, DOMAIN C4)."""
    return any(kind in MONITORED_KINDS for kind in kinds)


UNDER_AGE = "没满 16 周岁，不能登记成找活的人，只能记在户里（在上学，或这会儿不找）"


def status_problem(
    status: SeekerStatus, *, birth_on: date | None, today: date, employer_name: str = ""
) -> str | None:
    """Why somebody cannot stand there, as a sentence; None when they can. Every status may follow
    every other, as life goes; what must hold is that it fits the person."""
    if not is_old_enough(birth_on, today) and status not in IDLE:
        return "没有出生日期，先补上再登记找活" if birth_on is None else UNDER_AGE
    if employer_name and status in IDLE | {SeekerStatus.SEEKING}:
        return "没在上班，就不要填在哪里上班"
    return None


def seeking_since(
    before: SeekerStatus | None, after: SeekerStatus, since: date | None, today: date
) -> date | None:
    """The day from which somebody waits for work: set on the way into seeking, kept while it lasts, gone
    afterwards."""
    if after is not SeekerStatus.SEEKING:
        return None
    return since if before is SeekerStatus.SEEKING and since is not None else today


def hide_small(numbers: Sequence[int], smallest: int) -> list[int | None]:
    """Numbers that may be told side by side with their sum: those from 1 to `smallest` - 1 are left out, and
    where only one would be left out, the next smallest with it, so that no subtraction brings it back.

    >>> hide_small([3, 40, 12], 10)
    [None, 40, None]
    """
    shown: list[int | None] = [None if 0 < number < smallest else number for number in numbers]
    if shown.count(None) == 1:
        rest = [(number, place) for place, number in enumerate(shown) if number]
        if rest:
            shown[min(rest)[1]] = None
    return shown
