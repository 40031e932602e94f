"""诉求规则: owners, days, numbers and limits. Pure."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Final

from app.cases.terms import CaseKind, CaseOffice
from app.core.clock import OFFICE_ZONE
from app.core.ratelimit import Limit

# Our own figures: one person has few affairs, a village shares few addresses of the network.
LIMITS_OF_A_PHONE: Final = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
LIMITS_OF_AN_ADDRESS: Final = (Limit(30, timedelta(hours=1)),)
# Tries at the last four digits, for one number and from one address.
LIMITS_OF_TAILS: Final = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
LIMITS_OF_LOOKING: Final = (Limit(30, timedelta(hours=1)),)
# The supervision of labour looks back two years (劳动保障监察条例 art. 20): so long a receipt opens, and so
# long name, phone and words of a case that has ended are kept.
RECEIPT_LIVES: Final = timedelta(days=730)
PERSON_KEPT_FOR: Final = timedelta(days=730)
NUMBER_DIGITS: Final = 8
TAIL_DIGITS: Final = 4
MOST_DAYS: Final = 60
"""No deadline is longer: 60 working days are the law's own for an inspection (劳动保障监察条例 art. 17)."""
_DAY_ENDS: Final = time(17, 30)


@dataclass(frozen=True)
class KindRule:
    """办理规矩 of a kind: who owns it, within how many working days it is answered, and who says so."""

    kind: CaseKind
    office: CaseOffice
    days: int
    closed_by: CaseOffice
    source: str


@cache
def built_in_rules() -> dict[CaseKind, KindRule]:
    """What ships with the product (kinds.toml)."""
    rows = tomllib.loads((resources.files("app.cases") / "kinds.toml").read_text("utf-8"))
    return {
        kind: KindRule(
            kind,
            CaseOffice(rows[kind]["office"]),
            rows[kind]["days"],
            CaseOffice(rows[kind]["closed_by"]),
            rows[kind]["source"],
        )
        for kind in CaseKind
    }


def answer_by(at: datetime, days: int) -> datetime:
    """The end of the office's `days`-th working day after `at` (Saturday and Sunday are none; public holidays
    are not known here, so an office may be held to a day it was closed)."""
    day = at.astimezone(OFFICE_ZONE).date()
    left = days
    while left > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            left -= 1
    return datetime.combine(day, _DAY_ENDS, OFFICE_ZONE)


def written_number(number: str) -> str:
    """4817 2206: as people read it out."""
    return f"{number[:4]} {number[4:]}"
