"""依法留存: why the law makes the office keep a record for a while, though the person asked to be erased."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, reading_prefixes
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid, NotFound
from app.seekers import queries
from app.seekers.errors import PersonNotFound
from app.seekers.models import Person
from app.seekers.privacy import policies
from app.seekers.privacy.errors import HoldOver
from app.seekers.privacy.models import LegalHold
from app.seekers.privacy.queries import get_sealed_person
from app.seekers.privacy.terms import HoldReason

_MOST: Final = 100


@dataclass(frozen=True)
class HeldRecord:
    """留存一条: a hold that runs, and the place of its record; `name` is empty for a sealed one."""

    hold: LegalHold
    name: str
    region_code: str
    is_sealed: bool


def place_hold(
    session: Session,
    actor: Actor,
    person_id: int,
    reason: HoldReason,
    until_on: date | None,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> LegalHold:
    """An officer says that a record must be kept, a sealed one too. Raises PersonNotFound, Forbidden, Invalid
    (a day that is over)."""
    person = _get_person(session, actor, person_id)
    permission = policies.require_managing_holds(actor, person)
    if until_on is not None and until_on < clock.today():
        message = "留到的那天已经过了，请重新写。"
        raise Invalid(message, fields=[FieldProblem("until_on", message)])
    hold = keep_record(session, person.id, reason, until_on, clock, by_id=actor.user_id)
    _audit(session, actor, person, hold, "placed", reason.label, permission, cipher, clock)
    return hold


def list_holds(session: Session, actor: Actor, person_id: int, clock: Clock) -> list[LegalHold]:
    """What keeps a person's record today. Raises PersonNotFound, Forbidden."""
    person = _get_person(session, actor, person_id, to_change=False)
    policies.require_managing_holds(actor, person)
    return running_holds(session, [person.id], clock.today())


def list_held(session: Session, actor: Actor, clock: Clock) -> list[HeldRecord]:
    """The holds that run in the places where `actor` decides on them, the oldest first; a hundred at most."""
    prefixes = reading_prefixes(actor, Resource.HOUSEHOLD_FILE, Action.DECIDE)
    rows = session.execute(
        select(LegalHold, Person.name, Person.region_code, Person.erased_at)
        .join(Person, Person.id == LegalHold.person_id)
        .where(is_running(clock.today()), queries.lies_in_any(Person.region_code, prefixes))
        .order_by(LegalHold.id)
        .limit(_MOST)
    )
    return [
        HeldRecord(hold, "" if erased_at else name, region_code, erased_at is not None)
        for hold, name, region_code, erased_at in rows
    ]


def lift_hold(
    session: Session,
    actor: Actor,
    person_id: int,
    hold_id: int,
    reason: str,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> LegalHold:
    """An officer says that the reason is over (the case is closed); a sealed record without a reason left is
    erased the next night. Raises PersonNotFound, Forbidden, HoldOver (lifted before, or another person's)."""
    person = _get_person(session, actor, person_id)
    permission = policies.require_managing_holds(actor, person)
    hold = session.get(LegalHold, hold_id, with_for_update=True)
    if hold is None or hold.person_id != person.id or hold.lifted_at is not None:
        raise HoldOver
    hold.lifted_at, hold.lifted_by_id = clock.now(), actor.user_id
    session.flush()
    _audit(session, actor, person, hold, "lifted", reason, permission, cipher, clock)
    return hold


def keep_record(
    session: Session,
    person_id: int,
    reason: HoldReason,
    until_on: date | None,
    clock: Clock,
    *,
    by_id: int | None = None,
) -> LegalHold:
    """As `place_hold`, for the domains whose work makes the hold (a subsidy paid, a case opened)."""
    hold = LegalHold(
        person_id=person_id, reason=reason, until_on=until_on, created_at=clock.now(), created_by_id=by_id
    )
    session.add(hold)
    session.flush()
    return hold


def end_hold(session: Session, hold_id: int, clock: Clock) -> None:
    """As `lift_hold`, for the domain that made the hold. Raises NotFound."""
    hold = session.get(LegalHold, hold_id, with_for_update=True)
    if hold is None:
        raise NotFound
    hold.lifted_at = hold.lifted_at or clock.now()
    session.flush()


def running_holds(session: Session, person_ids: Collection[int], today: date) -> list[LegalHold]:
    """Holds that keep the records of these people today."""
    statement = select(LegalHold).where(LegalHold.person_id.in_(person_ids), is_running(today))
    return list(session.scalars(statement.order_by(LegalHold.id)))


def is_running(today: date) -> ColumnElement[bool]:
    """Whether a hold keeps its record today."""
    open_ended = LegalHold.until_on.is_(None)
    return and_(LegalHold.lifted_at.is_(None), or_(open_ended, LegalHold.until_on >= today))


def end_of(holds: Collection[LegalHold]) -> date | None:
    """The last day of the longest hold; None while one runs without an end."""
    ends = [hold.until_on for hold in holds]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None


def _get_person(session: Session, actor: Actor, person_id: int, *, to_change: bool = True) -> Person:
    try:
        return queries.get_person(session, actor, person_id, to_change=to_change)
    except PersonNotFound:
        return get_sealed_person(session, person_id)


def _audit(
    session: Session,
    actor: Actor,
    person: Person,
    hold: LegalHold,
    step: str,
    reason: str,
    permission: Permission,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.DECIDE,
        Resource.HOUSEHOLD_FILE,
        subject_id=person.household_id,
        region_code=person.region_code,
        permission=permission,
        reason=reason,
        detail={"hold": hold.id, "why": hold.reason.value, "step": step, "person": person.id},
    )
