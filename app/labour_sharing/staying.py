"""借人: naming workers, their own consent, going there, coming back, the follow-up. The spell at the home
firm goes on all the while; what is learnt about it afterwards is an answer like any other
(referrals.spells)."""

from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.labour_sharing import policies, queries, rules
from app.labour_sharing.errors import (
    AgreementClosed,
    AgreementFull,
    HomeWorkOver,
    NoConsent,
    StayMoveNotAllowed,
)
from app.labour_sharing.models import SharedStay, SharedStayEvent, SharingAgreement
from app.labour_sharing.schemas import NameIn, StayCheck, StayStep
from app.labour_sharing.terms import AgreementState, StayAction, StayState
from app.referrals.spells import answering
from app.referrals.spells import queries as spell_queries
from app.referrals.terms import CallBackCause, Channel


def name_worker(session: Session, actor: Actor, agreement_id: int, data: NameIn, clock: Clock) -> SharedStay:
    """One worker of the home firm is to be asked. Nothing moves by this. Raises AgreementNotFound,
    SpellNotFound, Forbidden, AgreementClosed, AgreementFull, HomeWorkOver, StayMoveNotAllowed (named
    before)."""
    agreement = queries.get_agreement(session, actor, agreement_id, to_change=True)
    spell = spell_queries.get_spell(session, actor, data.spell_id)
    policies.require_care(actor, spell.person)
    _check_agreed(agreement, clock.today())
    if spell.employer_id != agreement.home_employer_id or spell.ends_on is not None:
        raise HomeWorkOver("这个人眼下不在借出单位上班，借不了。")
    counts = queries.count_by_state(session, [agreement.id])[agreement.id]
    if queries.places_taken(counts) >= agreement.headcount:
        raise AgreementFull
    now = clock.now()
    stay = SharedStay(
        agreement_id=agreement.id,
        home_spell_id=spell.id,
        state=StayState.NAMED,
        due_back_on=agreement.ends_on,
        created_at=now,
        updated_at=now,
        version=1,
    )
    try:
        with session.begin_nested():
            session.add(stay)
            session.flush()
    except IntegrityError as error:
        raise StayMoveNotAllowed("这个人提过名了。") from error
    _note(session, actor, stay, StayAction.NAME, Channel.OFFICE, "", clock)
    return queries.get_stay(session, actor, stay.id)


def step_stay(session: Session, actor: Actor, stay_id: int, data: StayStep, clock: Clock) -> SharedStay:
    """One step of a worker's stay (rules.TRANSITIONS). Yes and no are the person's own words, so how they
    were said is written down. Raises StayNotFound, NoConsent, StayMoveNotAllowed,
    AgreementClosed, HomeWorkOver, Invalid."""
    stay = queries.get_stay(session, actor, stay_id)
    policies.require_care(actor, stay.home_spell.person)
    action, today = StayAction(data.action), clock.today()
    target = rules.TRANSITIONS.get((stay.state, action))
    if action is StayAction.MOVE and stay.state is StayState.NAMED:
        raise NoConsent
    if target is None:
        raise StayMoveNotAllowed
    day = data.on or today
    change: dict[str, Any] = {"state": target}
    if action in (StayAction.CONSENT, StayAction.DECLINE) and data.said_by is None:
        raise Invalid("要写明本人是怎么说的。", fields=[FieldProblem("said_by", "电话、当面还是纸上？")])
    if action is StayAction.CONSENT:
        change |= {
            "consent_at": clock.now(),
            "consent_by": data.said_by,
            "consent_noted_by_id": actor.user_id,
        }
    elif action is StayAction.MOVE:
        _check_going(stay, day, today)
        change["moved_on"] = day
    elif action is StayAction.BRING_BACK:
        _check_return(stay, day, today)
        change |= {"back_on": day, "check_due_on": day + rules.CHECK_AFTER}
    channel = data.said_by or Channel.OFFICE
    return _move(session, actor, stay, action, change, channel, data.note, clock)


def check_after_return(
    session: Session, actor: Actor, stay_id: int, data: StayCheck, *, cipher: FieldCipher, clock: Clock
) -> SharedStay:
    """The follow-up after the return: an answer about the work at the home firm, which serves the month and
    its checks as well. Raises StayNotFound, StayMoveNotAllowed (not back yet), Invalid."""
    stay = queries.get_stay(session, actor, stay_id)
    policies.require_care(actor, stay.home_spell.person)
    if stay.state is not StayState.BACK:
        raise StayMoveNotAllowed("人回来以后再问。")
    answer = answering.answer_month(session, actor, stay.home_spell_id, data, cipher=cipher, clock=clock)
    stay = queries.get_stay(session, actor, stay_id)
    stay.check_answer_id, stay.updated_at = answer.id, clock.now()
    stay.version += 1
    _finish_call_back(session, actor, CallBackCause.BACK, stay, clock)
    session.flush()
    return stay


def drop_waiting(session: Session, actor: Actor, agreement: SharingAgreement, clock: Clock) -> None:
    """Whoever was named stays where they are: the agreement came to nothing."""
    for stay in queries.list_waiting(session, agreement.id):
        change = {"state": StayState.DROPPED}
        _move(session, actor, stay, StayAction.DROP, change, Channel.OFFICE, "协议没成", clock)


def leave_with_spell(session: Session, stay: SharedStay, clock: Clock) -> None:
    """The work at the home firm is over, so the stay is: by itself."""
    ended_on = stay.home_spell.ends_on or clock.today()
    if stay.state is StayState.THERE:
        back_on = max(ended_on, stay.moved_on or ended_on)
        change = {"state": StayState.LEFT, "back_on": back_on}
        _move(session, SYSTEM, stay, StayAction.LEAVE, change, Channel.SYSTEM, "", clock)
    else:
        change = {"state": StayState.DROPPED}
        _move(session, SYSTEM, stay, StayAction.DROP, change, Channel.SYSTEM, "", clock)


def _check_agreed(agreement: SharingAgreement, today: date) -> None:
    if agreement.state is not AgreementState.AGREED:
        raise AgreementClosed
    if agreement.ends_on < today:
        raise AgreementClosed("协议已经到期了，要再借请另拟一份。")


def _check_going(stay: SharedStay, day: date, today: date) -> None:
    _check_agreed(stay.agreement, today)
    if stay.home_spell.ends_on is not None:
        raise HomeWorkOver
    if not stay.agreement.starts_on <= day <= min(today, stay.agreement.ends_on):
        raise Invalid(fields=[FieldProblem("on", "过去的日子要在协议期内，不能在今天以后")])


def _check_return(stay: SharedStay, day: date, today: date) -> None:
    if stay.moved_on is None or not stay.moved_on <= day <= today:
        raise Invalid(fields=[FieldProblem("on", "回来的日子要在过去以后、今天以前")])


def _move(
    session: Session,
    actor: Actor,
    stay: SharedStay,
    action: StayAction,
    change: dict[str, Any],
    channel: Channel,
    note: str,
    clock: Clock,
) -> SharedStay:
    """The guarded update with its step; nobody is at two places at once (unique index)."""
    statement = (
        update(SharedStay)
        .where(SharedStay.id == stay.id, SharedStay.version == stay.version)
        .values(**change, updated_at=clock.now(), version=SharedStay.version + 1)
        .returning(SharedStay.id)
        .execution_options(synchronize_session=False)
    )
    try:
        with session.begin_nested():
            moved = session.scalar(statement)
    except IntegrityError as error:
        raise StayMoveNotAllowed("这个人眼下已经借在别处了。") from error
    if moved is None:
        raise StayMoveNotAllowed
    fresh = queries.get_stay(session, SYSTEM, stay.id)
    _note(session, actor, fresh, action, channel, note, clock)
    if action in (StayAction.BRING_BACK, StayAction.LEAVE):
        _finish_call_back(session, actor, CallBackCause.NOT_BACK, fresh, clock)
    return fresh


def source_key(stay: SharedStay) -> str:
    """What names a stay's call-backs."""
    return f"stay:{stay.id}"


def _finish_call_back(
    session: Session, actor: Actor, cause: CallBackCause, stay: SharedStay, clock: Clock
) -> None:
    task = spell_queries.find_call_back_of(session, cause, source_key(stay))
    if task is not None and task.done_at is None:
        task.done_at, task.done_by_id = clock.now(), actor.user_id
        session.flush()


def _note(
    session: Session,
    actor: Actor,
    stay: SharedStay,
    action: StayAction,
    channel: Channel,
    note: str,
    clock: Clock,
) -> None:
    event = SharedStayEvent(
        stay_id=stay.id,
        action=action,
        to_state=stay.state,
        channel=channel,
        note=note,
        actor_id=actor.user_id,
        at=clock.now(),
    )
    session.add(event)
    session.flush()
