"""务工规则: when checks are due, how well something must be known, which month an answer counts for. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from app.referrals.terms import CheckOutcome, Evidence, Party, VerifiedLevel

MOST_TRIES: Final = 3
"""Three tries on three days, then a visit (REFERRALS, "Outcomes")."""
TOWNSHIP_AFTER: Final = timedelta(days=3)
COUNTY_AFTER: Final = timedelta(days=10)
ENDS_THE_SPELL: Final = frozenset({CheckOutcome.LEFT, CheckOutcome.UNREACHABLE, CheckOutcome.MOVED})
STABLE_AFTER: Final = 180
"""The check that makes work stable: day 180 (REFERRALS, "After arrival"; DOMAIN E3)."""
STILL_WORKING: Final = frozenset({CheckOutcome.IN_POST, CheckOutcome.MOVED})


@dataclass(frozen=True)
class PlannedCheck:
    """计划回访: one row of the table "After arrival"."""

    day: int
    opens: int
    closes: int
    wanted: VerifiedLevel


class Checked(Protocol):
    """What is asked of a check here."""

    @property
    def day(self) -> int: ...
    @property
    def outcome(self) -> CheckOutcome | None: ...


PLAN: Final = (
    PlannedCheck(7, 5, 10, VerifiedLevel.TOLD),
    PlannedCheck(30, 25, 37, VerifiedLevel.VILLAGE_CHECKED),
    PlannedCheck(90, 83, 100, VerifiedLevel.PROVEN),
    PlannedCheck(180, 170, 200, VerifiedLevel.PROVEN),
)


def level_of(party: Party, evidence: Evidence | None) -> VerifiedLevel:
    """How well an answer is known: what the person taps is told, what an officer asked or saw is checked,
    paper is proof."""
    if evidence in (Evidence.CONTRACT, Evidence.PAYROLL):
        return VerifiedLevel.PROVEN
    return VerifiedLevel.VILLAGE_CHECKED if party is Party.OFFICER else VerifiedLevel.TOLD


def suffices(level: VerifiedLevel, wanted: VerifiedLevel) -> bool:
    """Whether evidence in hand answers a check, so that nobody is asked again. An officer's own call is the
    month's verification and suffices for day 30 (REFERRALS, "officer's call")."""
    order = list(VerifiedLevel)
    return order.index(level) >= order.index(wanted)


def is_stable(checks: Iterable[Checked]) -> bool:
    """Whether somebody was found in post on day 180: stable work (稳岗, DOMAIN E3)."""
    return any(check.day == STABLE_AFTER and check.outcome is CheckOutcome.IN_POST for check in checks)


def month_of(day: date) -> date:
    """The first day of the month a day counts for."""
    return day.replace(day=1)


def is_closed(month_on: date, today: date, closes_on: int) -> bool:
    """Whether a month's figures were handed in: after its `closes_on`-th day (DOMAIN K1: the 25th)."""
    return today > month_on.replace(day=closes_on)
