"""依法留存: why the law makes the office keep a record for a while, though the person asked to be erased."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.errors import NotFound
from app.seekers import queries
from app.seekers.privacy import policies
from app.seekers.privacy.models import LegalHold
from app.seekers.privacy.terms import HoldReason


def place_hold(
    session: Session, actor: Actor, person_id: int, reason: HoldReason, until_on: date | None, clock: Clock
) -> LegalHold:
    """An officer says that a record must be kept. Raises PersonNotFound, Forbidden."""
    person = queries.get_person(session, actor, person_id, to_change=True)
    policies.require_managing_holds(actor, person)
    return keep_record(session, person.id, reason, until_on, clock, by_id=actor.user_id)


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


def lift_hold(session: Session, hold_id: int, clock: Clock) -> None:
    """The reason is over (the case is closed). Sealed records without a reason left are erased the next
    night. Raises NotFound."""
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
