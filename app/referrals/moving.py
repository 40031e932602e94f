"""推荐单流转: `move_referral`, the one way in which a referral changes its state.

One transaction: the person is locked, the table of transitions and the guards are asked, a guarded UPDATE
moves the row, the event is written, and what follows is done (places, spell, the person's other referrals).
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.referrals import consequences, guards, policies, queries, rules, telling
from app.referrals.clocks import rules as clock_rules
from app.referrals.clocks.rules import CountyClocks, Times
from app.referrals.clocks.settings import county_clocks
from app.referrals.errors import ReferralMoveNotAllowed
from app.referrals.models import Referral, ReferralEvent
from app.referrals.mover import Mover
from app.referrals.schemas import Move
from app.referrals.terms import Channel, Party, ReferralAction, ReferralState
from app.seekers.access.ties import tie_of

_A, _S = ReferralAction, ReferralState


def move_referral(
    session: Session, actor: Actor, referral_id: int, move: Move, *, cipher: FieldCipher, clock: Clock
) -> Referral:
    """Moves a referral one step; with an idempotency key known already, does nothing and returns it.

    Raises ReferralNotFound, Forbidden, ReferralMoveNotAllowed, JobFull, ArrivalNotProven, TooLate (409),
    Invalid (a reason, slot, day, wage, consent or evidence is missing; the field is named).
    """
    now = clock.now()
    queries.lock_person(session, queries.get_referral(session, actor, referral_id, now).person_id)
    referral = queries.get_referral(session, actor, referral_id, now)
    if move.idempotency_key is not None:
        done = queries.find_event(session, referral_id, move.idempotency_key)
        if done is not None:
            if done.action != move.action.value:
                raise Invalid(fields=[FieldProblem("idempotency_key", "已经用在另一步上了")])
            return referral
    county = county_clocks(session, referral.person.region_code)
    ties = tie_of(session, actor, referral.person_id)
    party = policies.require_party(
        actor, referral, move.action, ties, now, township_confirms=county.township_confirms
    )
    return apply_move(session, Mover(actor, party, cipher, clock, county), referral, move)


def move_by_itself(
    session: Session,
    referral: Referral,
    action: ReferralAction,
    *,
    cipher: FieldCipher,
    clock: Clock,
    county: CountyClocks | None = None,
    reason: str = "",
) -> Referral:
    """A step of the system's (a deadline, a closed posting). The person is locked by the caller, the referral
    read with person and posting. Raises ReferralMoveNotAllowed."""
    found = county or county_clocks(session, referral.person.region_code)
    mover = Mover(SYSTEM, Party.SYSTEM, cipher, clock, found)
    return apply_move(session, mover, referral, Move(action=action, reason=reason or None))


def apply_move(session: Session, mover: Mover, referral: Referral, move: Move) -> Referral:
    """The step itself, once it is known who takes it. Raises ReferralMoveNotAllowed, JobFull, Invalid ..."""
    before, action, now = referral.state, move.action, mover.now
    target = rules.next_state(before, action)
    if rules.returns(before, action):
        target = queries.state_before_last(session, referral.id)
    if target is None:
        raise ReferralMoveNotAllowed
    guards.check_move(referral, referral.job, mover.party, move, now)
    consequences.take_and_free_places(session, mover.actor, referral, before, target, action, mover.clock)
    values = _values(referral, target, move, mover)
    if action is _A.ARRIVE:
        values["spell_id"] = consequences.begin_spell(session, mover, referral, move)
    elif action is _A.UNDO:
        consequences.end_spell_again(session, mover, referral, move)
        values["spell_id"] = None
    moved = session.scalar(
        update(Referral)
        .where(Referral.id == referral.id, Referral.state == before, Referral.version == referral.version)
        .values(**values)
        .returning(Referral.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise ReferralMoveNotAllowed
    write_event(session, referral.id, before, target, move, mover)
    left_at = referral.ended_at
    session.refresh(referral, list(values))
    told = rules.tells(before, action, target, employer_knows=referral.submitted_at is not None)
    telling.tell(session, referral, told, mover.clock)
    if action is _A.ARRIVE:
        for other in queries.list_live_of(session, referral.person_id):
            apply_move(session, _as_system(mover), other, Move(action=_A.SUPERSEDE))
    elif action is _A.UNDO and left_at is not None:
        for other in queries.list_made_obsolete_by(session, referral.person_id, left_at):
            if consequences.may_return(session, other):
                apply_move(session, _as_system(mover), other, Move(action=_A.REINSTATE))
    consequences.follow_up(session, referral, action, target, mover.clock)
    return referral


def _as_system(mover: Mover) -> Mover:
    return Mover(SYSTEM, Party.SYSTEM, mover.cipher, mover.clock, mover.county)


def _values(referral: Referral, target: ReferralState, move: Move, mover: Mover) -> dict[str, Any]:
    """The columns after the step; which of its clock's steps come next with them."""
    action, now, before = move.action, mover.now, referral.state
    values: dict[str, Any] = {
        "state": target,
        "entered_at": now,
        "updated_at": now,
        "version": Referral.version + 1,
        "ended_at": now if target in rules.ENDED else None,
    }
    if action in (_A.INTERESTED, _A.DECLINE):
        values["answered_at"] = now
    elif action is _A.OFFER:
        values["offered_at"] = now
    elif action is _A.SUBMIT:
        values["submitted_at"] = now
    elif action is _A.INTERVIEW:
        values["interview_at"], values["interview_place"] = move.interview_slot, move.interview_place
        values["interview_moves"] = referral.interview_moves + (before is _S.INTERVIEW)
    elif action is _A.HIRE:
        values["starts_on"], values["wage_fen"] = move.starts_on, move.wage_fen
    elif action is _A.EXPIRE_PERSON:
        values["late_party"] = Party.PERSON
    elif action is _A.EXPIRE_EMPLOYER:
        values["late_party"] = Party.EMPLOYER
    if action in rules.EMPLOYER_ANSWERS and referral.employer_answered_at is None:
        values["employer_answered_at"] = now
    if target in rules.ENDED:
        values["reason"] = rules.reason_words(action, move.reason or "")
        values["reason_code"] = rules.reason_code(action, move.reason or "")
    elif action in (_A.UNDO, _A.REINSTATE):
        values["reason"], values["reason_code"] = "", None
    same_clock = before is _S.SUBMITTED and target is _S.VIEWED
    return values if same_clock else values | clock_values(referral, values, mover.county)


def clock_values(referral: Referral, values: dict[str, Any], county: CountyClocks) -> dict[str, Any]:
    """`clock_at`, `clock_step` and `officer_due_at` for the state a referral is about to be in."""

    def then(name: str) -> Any:
        return values.get(name, getattr(referral, name))

    state, job = then("state"), referral.job
    if state in rules.ENDED:
        return {"clock_at": None, "clock_step": 0, "officer_due_at": None}
    times = Times(
        then("entered_at"), then("submitted_at"), then("interview_at"), then("starts_on"), job.starts_on
    )
    steps = clock_rules.list_steps(state, job.profile, times, county)
    due_at = clock_rules.officer_due_at(state, job.profile, times, county)
    return {"clock_at": steps[0].at if steps else None, "clock_step": 0, "officer_due_at": due_at}


def write_event(
    session: Session,
    referral_id: int,
    before: ReferralState | None,
    after: ReferralState,
    move: Move,
    mover: Mover,
) -> None:
    """One row of the append-only log."""
    party, acting_for = mover.party, None
    if party is Party.OFFICER:
        if move.action in rules.OF_THE_EMPLOYER or (move.told_by and move.on_behalf is None):
            acting_for = Party.EMPLOYER.value
        elif move.action in rules.OF_THE_PERSON or move.on_behalf is not None:
            acting_for = Party.PERSON.value
    detail: dict[str, Any] = {}
    for name in ("starts_on", "wage_fen", "interview_place"):
        if getattr(move, name):
            detail[name] = str(getattr(move, name)) if name == "starts_on" else getattr(move, name)
    if move.action is _A.INTERVIEW and move.interview_slot is not None:
        detail["interview_at"] = move.interview_slot.isoformat()
    session.add(
        ReferralEvent(
            referral_id=referral_id,
            action=move.action.value,
            from_state=before.value if before else None,
            to_state=after.value,
            actor_id=mover.actor.user_id,
            party=party,
            acting_for=acting_for,
            channel=move.channel(party) if party is not Party.SYSTEM else Channel.SYSTEM,
            has_consent=move.on_behalf.consent if move.on_behalf is not None else None,
            reason=move.reason or "",
            evidence=move.evidence,
            detail=detail,
            client_at=move.client_at,
            at=mover.now,
            idempotency_key=move.idempotency_key,
        )
    )
    session.flush()
