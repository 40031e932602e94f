"""务工记录: opening, undoing and ending spells, and the call-backs that follow."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import require
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.jobs.models import JobPosting
from app.referrals.clocks.rules import opening_on
from app.referrals.rules import CALL_BACK_WITHIN, CALLED_TODAY, EVIDENCE_LEVEL
from app.referrals.spells import queries
from app.referrals.spells.models import CallBack, EmploymentSpell, FollowUpCheck
from app.referrals.spells.rules import PLAN
from app.referrals.spells.schemas import SpellIn
from app.referrals.spells.status import set_employed, set_status
from app.referrals.terms import (
    CallBackCause,
    EndReason,
    Evidence,
    LeaveReason,
    SpellOrigin,
    VerifiedLevel,
)
from app.seekers import queries as seeker_queries
from app.seekers.models import Person
from app.seekers.policies import target_of_person
from app.seekers.terms import SeekerStatus

ARRIVED: Final = "推荐上岗"
FOUND: Final = "自己找到活"
ENDED: Final = "离岗"
UNDONE: Final = "到岗记错了，撤销"


def open_referred_spell(
    session: Session,
    actor: Actor,
    person: Person,
    job: JobPosting,
    *,
    starts_on: date,
    wage_fen: int | None,
    evidence: Evidence,
    cipher: FieldCipher,
    clock: Clock,
) -> EmploymentSpell:
    """Somebody started where they were referred to: the spell with its checks, and their card says so."""
    spell = EmploymentSpell(
        employer_id=job.employer_id,
        job_id=job.id,
        employer_name=job.employer.name,
        work_place=job.address,
        title=job.title,
        profile=job.profile,
        origin=SpellOrigin.REFERRAL,
    )
    _open(session, actor, person, spell, starts_on, wage_fen, evidence, clock)
    set_employed(
        session,
        actor,
        person,
        spell.employer_name,
        spell.work_place,
        reason=ARRIVED,
        cipher=cipher,
        clock=clock,
    )
    return spell


def add_told_spell(
    session: Session, actor: Actor, data: SpellIn, *, cipher: FieldCipher, clock: Clock
) -> EmploymentSpell:
    """Writes down work somebody found by themselves, as told by them. Raises PersonNotFound, Forbidden,
    Invalid (it starts in the future, or ends before it starts)."""
    person = seeker_queries.get_person(session, actor, data.seeker_id, to_change=True)
    require(actor, Action.CREATE, Resource.REFERRAL, target_of_person(person), now=clock.now())
    if data.starts_on > clock.today():
        raise Invalid(fields=[FieldProblem("starts_on", "上班的日子不能在今天以后")])
    if data.planned_end_on is not None and data.planned_end_on < data.starts_on:
        raise Invalid(fields=[FieldProblem("planned_end_on", "说好干到哪天，要在上班以后")])
    spell = EmploymentSpell(
        employer_name=data.employer_name,
        planned_end_on=data.planned_end_on,
        work_place=data.work_place,
        title=data.title,
        profile=data.profile,
        origin=SpellOrigin.FOUND_SELF,
    )
    evidence = data.evidence or Evidence.SELF
    _open(session, actor, person, spell, data.starts_on, data.wage_fen, evidence, clock)
    set_employed(
        session,
        actor,
        person,
        data.employer_name,
        data.work_place,
        reason=FOUND,
        cipher=cipher,
        clock=clock,
    )
    return spell


def follow_spell(
    session: Session,
    actor: Actor,
    spell: EmploymentSpell,
    person: Person,
    employer_name: str,
    *,
    since_on: date,
    level: VerifiedLevel,
    cipher: FieldCipher,
    clock: Clock,
) -> EmploymentSpell:
    """换厂: the same trade elsewhere. The caller has ended the old spell; the new one has its own checks."""
    after = EmploymentSpell(
        employer_name=employer_name,
        title=spell.title,
        profile=spell.profile,
        origin=SpellOrigin.FOUND_SELF,
        follows_id=spell.id,
    )
    _open(session, actor, person, after, since_on, None, Evidence.SELF, clock)
    after.level = level
    set_employed(session, actor, person, employer_name, "", reason=FOUND, cipher=cipher, clock=clock)
    return after


def _open(
    session: Session,
    actor: Actor,
    person: Person,
    spell: EmploymentSpell,
    starts_on: date,
    wage_fen: int | None,
    evidence: Evidence,
    clock: Clock,
) -> None:
    now = clock.now()
    spell.person_id, spell.starts_on, spell.wage_fen = person.id, starts_on, wage_fen
    spell.level, spell.evidence = EVIDENCE_LEVEL[evidence], evidence
    spell.status_before = person.status.value
    spell.created_by_id, spell.created_at, spell.updated_at, spell.version = actor.user_id, now, now, 1
    session.add(spell)
    session.flush()
    for planned in PLAN:
        due_on = starts_on + timedelta(days=planned.day)
        session.add(
            FollowUpCheck(
                spell_id=spell.id,
                person_id=person.id,
                day=planned.day,
                opens_on=starts_on + timedelta(days=planned.opens),
                due_on=due_on,
                closes_on=starts_on + timedelta(days=planned.closes),
                due_at=opening_on(due_on),
                wanted_level=planned.wanted,
                version=1,
            )
        )
    session.flush()


def undo_spell(
    session: Session,
    actor: Actor,
    spell_id: int,
    person: Person,
    *,
    reason: str,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """The start never happened: the spell ends on its first day as undone, its checks are dropped, the card
    says again what it said before."""
    spell = session.get_one(EmploymentSpell, spell_id)
    _close(session, spell, spell.starts_on, EndReason.UNDONE, None, clock)
    before = SeekerStatus(spell.status_before) if spell.status_before else SeekerStatus.SEEKING
    back = SeekerStatus.SEEKING if before is SeekerStatus.EMPLOYED else before
    _tell_what_is_left(session, actor, person, back, reason=reason or UNDONE, cipher=cipher, clock=clock)


def end_spell(
    session: Session,
    actor: Actor,
    spell: EmploymentSpell,
    person: Person,
    reason: EndReason,
    *,
    ends_on: date,
    leave_reason: LeaveReason | None = None,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """The work is over: open checks are dropped, somebody who left looks for work again, and an officer
    speaks to them within three days."""
    _close(session, spell, max(ends_on, spell.starts_on), reason, leave_reason, clock)
    if reason is EndReason.MOVED:
        return
    if reason is EndReason.LEFT:
        seeking = SeekerStatus.SEEKING
        _tell_what_is_left(session, actor, person, seeking, reason=ENDED, cipher=cipher, clock=clock)
    cause = CallBackCause.LEFT if reason is EndReason.LEFT else CallBackCause.UNREACHABLE
    ask_to_call_back(session, person.id, cause, f"spell:{spell.id}", clock)


def _tell_what_is_left(
    session: Session,
    actor: Actor,
    person: Person,
    status: SeekerStatus,
    *,
    reason: str,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """The card after some work has ended: the other work that goes on (a season's beside a steady one), else
    `status`. Who has changed the card since keeps it."""
    running = queries.list_spells_of(session, person.id, open_only=True)
    if not running:
        set_status(session, actor, person, status, reason=reason, cipher=cipher, clock=clock)
    elif person.status is SeekerStatus.EMPLOYED:
        work = running[0]
        set_employed(
            session,
            actor,
            person,
            work.employer_name,
            work.work_place,
            reason=reason,
            cipher=cipher,
            clock=clock,
        )


def _close(
    session: Session,
    spell: EmploymentSpell,
    ends_on: date,
    reason: EndReason,
    leave_reason: LeaveReason | None,
    clock: Clock,
) -> None:
    spell.ends_on, spell.end_reason, spell.leave_reason = ends_on, reason, leave_reason
    spell.updated_at, spell.version = clock.now(), spell.version + 1
    session.flush()
    session.execute(
        update(FollowUpCheck)
        .where(FollowUpCheck.spell_id == spell.id, FollowUpCheck.settled_at.is_(None))
        .values(settled_at=clock.now(), version=FollowUpCheck.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def ask_to_call_back(
    session: Session,
    person_id: int,
    cause: CallBackCause,
    source_key: str,
    clock: Clock,
    *,
    job_ids: Sequence[int] = (),
) -> None:
    """An officer should speak to somebody within three days (no-show, lent workers: the same day). Once for
    each source."""
    if queries.find_call_back_of(session, cause, source_key) is not None:
        return
    now = clock.now()
    due_at = now if cause in CALLED_TODAY else now + CALL_BACK_WITHIN
    session.add(
        CallBack(
            person_id=person_id,
            cause=cause,
            source_key=source_key,
            job_ids=list(job_ids),
            due_at=due_at,
            created_at=now,
        )
    )
    session.flush()


def finish_call_back(
    session: Session, actor: Actor, call_back_id: int, note: str, clock: Clock
) -> CallBack | None:
    """The officer spoke to them. None: it was done already, or is none of the actor's business."""
    call_back = queries.find_call_back(session, actor, call_back_id)
    if call_back is None:
        return None
    require(actor, Action.READ, Resource.REFERRAL, target_of_person(call_back.person), now=clock.now())
    call_back.done_at, call_back.done_by_id, call_back.note = clock.now(), actor.user_id, note
    session.flush()
    return call_back
