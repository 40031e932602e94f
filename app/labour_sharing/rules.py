"""余缺调剂规则: the terms, which notices fit, the steps of a stay, when somebody is due. Pure.

Figures of this project's own: a sharing lasts half a year at most, for it bridges a season; who came back is
asked after a week, as after a first week at work (REFERRALS, day 7).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Protocol

from app.employers.terms import EmployerKind
from app.labour_sharing.terms import StayAction, StayState
from app.occupations.classification import group_of

TERMS: Final = (
    "劳动合同和社保还在原单位，到期回原单位上班。",
    "在借用单位的工钱，不少于协议上写的数。",
    "谁也不许收本人的钱，不许押证件。",
    "本人不愿意就不去，不去不影响在原单位上班。",
)
LONGEST: Final = timedelta(days=183)
CHECK_AFTER: Final = timedelta(days=7)
MAY_NOT_LEND: Final = frozenset({EmployerKind.AGENCY})
"""Agencies live on lending people; sharing is for firms that have a slack season."""

_S, _A = StayState, StayAction
TRANSITIONS: Final[Mapping[tuple[StayState, StayAction], StayState]] = {
    (_S.NAMED, _A.CONSENT): _S.CONSENTED,
    (_S.NAMED, _A.DECLINE): _S.DECLINED,
    (_S.CONSENTED, _A.DECLINE): _S.DECLINED,
    (_S.CONSENTED, _A.MOVE): _S.THERE,
    (_S.THERE, _A.BRING_BACK): _S.BACK,
    (_S.NAMED, _A.DROP): _S.DROPPED,
    (_S.CONSENTED, _A.DROP): _S.DROPPED,
    (_S.THERE, _A.LEAVE): _S.LEFT,
}
WAITING: Final = (StayState.NAMED, StayState.CONSENTED)
TAKES_A_PLACE: Final = (StayState.NAMED, StayState.CONSENTED, StayState.THERE, StayState.BACK, StayState.LEFT)


class Notice(Protocol):
    """What of a notice decides whether it fits another."""

    employer_id: int
    occupation_code: str | None
    title: str
    from_on: date
    until_on: date
    headcount: int
    region_code: str


def shared_days(one: Notice, other: Notice) -> int:
    """For how many days both hold."""
    first, last = max(one.from_on, other.from_on), min(one.until_on, other.until_on)
    return max(0, (last - first).days + 1)


def fits(one: Notice, other: Notice) -> bool:
    """Whether an offer and a need speak of the same trade (one small group, or the same words where they
    settle none) on common days, at two firms."""
    if one.employer_id == other.employer_id or not shared_days(one, other):
        return False
    if one.occupation_code and other.occupation_code:
        return group_of(one.occupation_code) == group_of(other.occupation_code)
    return one.title == other.title


def closeness(one: Notice, other: Notice) -> tuple[bool, int, int]:
    """Orders what fits, the best first: the same town, more people served, more common days."""
    is_far = one.region_code[:9] != other.region_code[:9]
    return (is_far, -min(one.headcount, other.headcount), -shared_days(one, other))


def days_late(state: StayState, due_back_on: date, today: date) -> int:
    """For how many days somebody should have been back; 0 when they are not late."""
    return max(0, (today - due_back_on).days) if state is StayState.THERE else 0
