"""时限运行: takes the steps that are due, each once however often and by however many it is run.

A step is taken by moving `clock_step` on in a guarded UPDATE together with its event; who comes second finds
nothing to do. A clock that stood still for days goes through the missed steps in order, but what a later due
step says to the same reader, or closes, is only written down, not told. With `dry_run` nothing is written.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import AppError
from app.referrals import answer_rates, queries, telling
from app.referrals.clocks import rules
from app.referrals.clocks.rules import CountyClocks, Step, Times
from app.referrals.clocks.settings import county_clocks
from app.referrals.models import Referral, ReferralEvent
from app.referrals.moving import move_by_itself
from app.referrals.rules import Tell
from app.referrals.terms import Channel, Party, ReferralAction, ReferralState, StepKind, TellKind

BATCH: Final = 200
TRY_AGAIN: Final = timedelta(hours=1)
_K, _P = StepKind, Party

MOVES: Final[Mapping[StepKind, ReferralAction]] = {
    _K.SUBMIT: ReferralAction.SUBMIT,
    _K.EXPIRE_PERSON: ReferralAction.EXPIRE_PERSON,
    _K.EXPIRE_EMPLOYER: ReferralAction.EXPIRE_EMPLOYER,
    _K.POOL_END: ReferralAction.EXPIRE_EMPLOYER,
    _K.INTERVIEW_END: ReferralAction.EXPIRE_EMPLOYER,
}
TELLS: Final[Mapping[StepKind, Tell]] = {
    _K.NUDGE: Tell(_P.PERSON, TellKind.NUDGE),
    _K.OFFICER_CALL: Tell(_P.OFFICER, TellKind.CALL_PERSON),
    _K.FIRST_CHASE: Tell(_P.EMPLOYER, TellKind.CHASE, is_digest=True),
    _K.SECOND_CHASE: Tell(_P.EMPLOYER, TellKind.CHASE, is_digest=True),
    _K.STAFF_CHASE: Tell(_P.OFFICER, TellKind.CHASE_BY_STAFF),
    _K.PHONE_HINT: Tell(_P.PERSON, TellKind.MAY_PHONE),
}


@dataclass
class ClockRun:
    """一次时限运行: how many steps of each kind were taken (or would be), how many referrals were seen,
    how many could not go on."""

    steps: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    failed: int = 0

    def as_dict(self) -> dict[str, int]:
        return {"seen": self.seen, "failed": self.failed, **dict(sorted(self.steps.items()))}


def run_clocks(
    session: Session,
    *,
    cipher: FieldCipher,
    clock: Clock,
    dry_run: bool = False,
    limit: int = BATCH,
) -> ClockRun:
    """Takes the due steps of at most `limit` referrals; run again while `seen == limit`."""
    run = ClockRun()
    counties: dict[str, CountyClocks] = {}
    for referral in queries.list_due_clocks(session, clock.now(), limit):
        run.seen += 1
        code = referral.person.region_code[:6]
        if code not in counties:
            counties[code] = county_clocks(session, code)
        if dry_run:
            for step in due_steps(referral, counties[code], clock.now()):
                run.steps[step.kind.value] += 1
            continue
        _run_one(session, referral.id, counties[code], cipher, clock, run)
    return run


def due_steps(referral: Referral, county: CountyClocks, now: datetime) -> tuple[Step, ...]:
    """The steps of a referral's clock that are due and not done."""
    steps = list_steps_of(referral, county)
    return tuple(step for step in steps[referral.clock_step :] if step.at <= now)


def list_steps_of(referral: Referral, county: CountyClocks) -> tuple[Step, ...]:
    """All steps of the present state's clock; `referral` with its posting."""
    job = referral.job
    times = Times(
        referral.entered_at,
        referral.submitted_at,
        referral.interview_at,
        referral.starts_on,
        job.starts_on,
    )
    return rules.list_steps(referral.state, job.profile, times, county)


def answer_until(session: Session, referral: Referral) -> datetime | None:
    """Until when the person can answer an offer (posting and person loaded); None for any other state."""
    if referral.state is not ReferralState.OFFERED:
        return None
    county = county_clocks(session, referral.person.region_code)
    return list_steps_of(referral, county)[-1].at


def _run_one(
    session: Session,
    referral_id: int,
    county: CountyClocks,
    cipher: FieldCipher,
    clock: Clock,
    run: ClockRun,
) -> None:
    """All due steps of one referral, in a savepoint: one that cannot go on does not stop the others."""
    try:
        with session.begin_nested():
            found = queries.list_referrals_by_id(session, [referral_id])
            queries.lock_person(session, found[referral_id].person_id)
            referral = queries.list_referrals_by_id(session, [referral_id], fresh=True)[referral_id]
            if referral.clock_at is None or referral.clock_at > clock.now():
                return
            due = due_steps(referral, county, clock.now())
            for number, step in enumerate(due):
                is_told = not _is_overtaken(step, due[number + 1 :])
                _take(session, referral, step, county, cipher, clock, is_told=is_told)
                run.steps[step.kind.value] += 1
            if not due:
                _set_clock(session, referral, county, referral.clock_step)
    except AppError:
        run.failed += 1
        _postpone(session, referral_id, clock)


def _is_overtaken(step: Step, later: Sequence[Step]) -> bool:
    """Whether a later step that is due as well closes the referral, or speaks to the same reader."""
    told = TELLS.get(step.kind)
    return told is not None and any(other.kind in MOVES or TELLS[other.kind].to is told.to for other in later)


def _take(
    session: Session,
    referral: Referral,
    step: Step,
    county: CountyClocks,
    cipher: FieldCipher,
    clock: Clock,
    *,
    is_told: bool,
) -> None:
    action = MOVES.get(step.kind)
    if action is not None:
        move_by_itself(session, referral, action, cipher=cipher, clock=clock, county=county)
        if action is ReferralAction.EXPIRE_EMPLOYER:
            _mute(session, referral, county, clock)
        return
    _set_clock(session, referral, county, referral.clock_step + 1)
    session.add(
        ReferralEvent(
            referral_id=referral.id,
            action=step.kind.value,
            from_state=referral.state.value,
            to_state=referral.state.value,
            actor_id=None,
            party=Party.SYSTEM,
            channel=Channel.SYSTEM,
            detail={"due_at": step.at.isoformat()},
            at=clock.now(),
            idempotency_key=f"{step.kind.value} {step.at.isoformat()}",
        )
    )
    session.flush()
    if is_told:
        telling.tell(session, referral, (TELLS[step.kind],), clock)


def _mute(session: Session, referral: Referral, county: CountyClocks, clock: Clock) -> None:
    """Who leaves people without any answer is muted and told."""
    limit = county.of(referral.job.profile).mute_after
    until = answer_rates.refresh(session, referral.employer_id, referral.job.profile, clock, mute_after=limit)
    if until is not None:
        muted = (Tell(_P.EMPLOYER, TellKind.EMPLOYER_MUTED), Tell(_P.OFFICER, TellKind.EMPLOYER_MUTED))
        telling.tell(session, referral, muted, clock)


def _set_clock(session: Session, referral: Referral, county: CountyClocks, step_number: int) -> None:
    steps = list_steps_of(referral, county)
    next_at = steps[step_number].at if step_number < len(steps) else None
    values: dict[str, Any] = {"clock_step": step_number, "clock_at": next_at}
    session.execute(
        update(Referral)
        .where(Referral.id == referral.id, Referral.version == referral.version)
        .values(**values, version=Referral.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(referral, ["clock_step", "clock_at", "version"])


def _postpone(session: Session, referral_id: int, clock: Clock) -> None:
    session.execute(
        update(Referral)
        .where(Referral.id == referral_id)
        .values(clock_at=clock.now() + TRY_AGAIN)
        .execution_options(synchronize_session="fetch")
    )
