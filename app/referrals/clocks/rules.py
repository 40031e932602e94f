"""时限规则: what is due when, by work profile (REFERRALS, "Clocks"); a county may set its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from app.core.clock import OFFICE_ZONE
from app.occupations.terms import WorkProfile
from app.referrals.rules import POOLED_FOR
from app.referrals.terms import ReferralState, StepKind

_H: Final = 60
_D: Final = 24 * _H
_S, _K = ReferralState, StepKind

SHORTEST: Final = timedelta(hours=4)
"""Day work offered on its own day: nobody is cut off sooner than this (ours, REFERRALS names no figure)."""
WITHOUT_START: Final = timedelta(hours=24)
"""Day work without a first day (ours)."""
OFFICE_OPENS: Final = time(9, 0)


@dataclass(frozen=True)
class ProfileClocks:
    """一类工作的时限, in minutes; None switches a step off. For day work the two expiries are its start."""

    nudge: int | None
    officer_call: int | None
    expire_person: int | None
    first_chase: int | None
    second_chase: int | None
    staff_chase: int | None
    expire_employer: int | None
    phone_hint: int | None
    confirm_again: int
    switch_off: int
    mute_after: int
    """So many expired in 30 days and none answered."""


# Columns of the table "Clocks". A seasonal posting goes off half as long again after it was asked about, as a
# long one does (30 days, off at 45): the table names no figure. Staff chase of day work: the same day.
DEFAULTS: Final[Mapping[WorkProfile, ProfileClocks]] = {
    WorkProfile.LONG: ProfileClocks(
        48 * _H, 72 * _H, 7 * _D, 3 * _D, 7 * _D, 10 * _D, 21 * _D, 7 * _D, 30 * _D, 45 * _D, 10
    ),
    WorkProfile.SEASON: ProfileClocks(
        24 * _H, 36 * _H, 3 * _D, 1 * _D, 2 * _D, 3 * _D, 5 * _D, 2 * _D, 10 * _D, 15 * _D, 10
    ),
    WorkProfile.DAY: ProfileClocks(2 * _H, None, None, 2 * _H, None, 4 * _H, None, 0, 1 * _D, 1 * _D, 3),
}
NAMES: Final = tuple(item.name for item in fields(ProfileClocks))


@dataclass(frozen=True)
class CountyClocks:
    """县里的时限: the three profiles, whether a township confirms, and the day a month is closed."""

    profiles: Mapping[WorkProfile, ProfileClocks] = field(default_factory=lambda: DEFAULTS)
    township_confirms: bool = False
    month_closes_on: int = 25

    def of(self, profile: WorkProfile) -> ProfileClocks:
        return self.profiles[profile]


def with_overrides(overrides: Mapping[str, Any]) -> Mapping[WorkProfile, ProfileClocks]:
    """REFERRALS' figures with a county's own ("long.nudge": minutes or None). Raises ValueError."""
    found = dict(DEFAULTS)
    for key, minutes in overrides.items():
        profile, _, name = key.partition(".")
        if profile not in {known.value for known in WorkProfile} or name not in NAMES:
            raise ValueError(key)
        may_be_none = name not in ("confirm_again", "switch_off", "mute_after")
        whole = isinstance(minutes, int) and not isinstance(minutes, bool) and 0 <= minutes <= 400 * _D
        if not whole and not (minutes is None and may_be_none):
            raise ValueError(key)
        found[WorkProfile(profile)] = replace(found[WorkProfile(profile)], **{name: minutes})
    return found


@dataclass(frozen=True)
class Times:
    """时点: when things of one referral happened or will happen."""

    entered_at: datetime
    submitted_at: datetime | None = None
    interview_at: datetime | None = None
    starts_on: date | None = None
    """Agreed with the person when hired."""
    posting_starts_on: date | None = None


@dataclass(frozen=True)
class Step:
    """一步: what happens when."""

    at: datetime
    kind: StepKind


def opening_on(day: date) -> datetime:
    """Nine in the morning in Beijing on a day."""
    return datetime.combine(day, OFFICE_OPENS, OFFICE_ZONE)


def work_begins(times: Times, since: datetime) -> datetime:
    """When day work begins: midnight of its day, but never sooner than four hours after `since`."""
    if times.posting_starts_on is None:
        return since + WITHOUT_START
    midnight = datetime.combine(times.posting_starts_on, time.min, OFFICE_ZONE)
    return max(midnight, since + SHORTEST)


def list_steps(
    state: ReferralState, profile: WorkProfile, times: Times, county: CountyClocks
) -> tuple[Step, ...]:
    """All steps of a referral's clock in its present state, in the order of time. `submitted` and `viewed`
    share one clock, which began when the employer got it."""
    clocks = county.of(profile)
    since = times.entered_at
    if state is _S.OFFERED:
        plan = [(_K.NUDGE, clocks.nudge), (_K.OFFICER_CALL, clocks.officer_call)]
        expire, last = clocks.expire_person, _K.EXPIRE_PERSON
    elif state in (_S.SUBMITTED, _S.VIEWED):
        since = times.submitted_at or since
        plan = [
            (_K.PHONE_HINT, clocks.phone_hint),
            (_K.FIRST_CHASE, clocks.first_chase),
            (_K.SECOND_CHASE, clocks.second_chase),
            (_K.STAFF_CHASE, clocks.staff_chase),
        ]
        expire, last = clocks.expire_employer, _K.EXPIRE_EMPLOYER
    elif state is _S.INTERVIEW and times.interview_at is not None:
        wait = timedelta(minutes=clocks.expire_employer) if clocks.expire_employer else WITHOUT_START
        return (Step(times.interview_at + wait, _K.INTERVIEW_END),)
    elif state is _S.POOLED:
        return (Step(since + POOLED_FOR, _K.POOL_END),)
    elif state is _S.INTERESTED and not county.township_confirms:
        return (Step(since, _K.SUBMIT),)
    else:
        return ()
    ends_at = work_begins(times, since) if expire is None else since + timedelta(minutes=expire)
    steps = [Step(since + timedelta(minutes=m), kind) for kind, m in plan if m is not None]
    kept = [step for step in steps if step.at < ends_at]
    return (*sorted(kept, key=lambda step: step.at), Step(ends_at, last))


def officer_due_at(
    state: ReferralState, profile: WorkProfile, times: Times, county: CountyClocks
) -> datetime | None:
    """When an officer should look at a live referral; None: there is nothing for them to do."""
    if state is _S.INTERESTED:
        return times.entered_at if county.township_confirms else None
    if state is _S.INTERVIEW:
        return times.interview_at
    if state in (_S.HIRED, _S.DEPARTING):
        return opening_on(times.starts_on) if times.starts_on else times.entered_at
    clocks = county.of(profile)
    if state is _S.OFFERED and clocks.officer_call is not None:
        return times.entered_at + timedelta(minutes=clocks.officer_call)
    if state in (_S.SUBMITTED, _S.VIEWED) and clocks.staff_chase is not None:
        return (times.submitted_at or times.entered_at) + timedelta(minutes=clocks.staff_chase)
    return None
