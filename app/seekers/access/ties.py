"""与档案的关系: how one actor stands to people of the ledger, besides the area.

Only what concerns that actor is asked: no statement for officers, one for a broker, at most two for a phone
account, whatever the number of people. Consent counts at once: a broker needs the person's yes, a firm to
which they applied may read until they say no (PIPL art. 15, 23).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import User
from app.accounts.permissions import Assignment
from app.accounts.terms import Role
from app.seekers.access.models import BrokerAssignment, EmployerTie, PersonLink
from app.seekers.models import Person
from app.seekers.privacy.models import Consent
from app.seekers.privacy.terms import ConsentPurpose


@dataclass(frozen=True)
class Ties:
    """关系: what an actor has to do with one person; goes into the `Target` of permissions."""

    owner_user_id: int | None = None
    assignments: tuple[Assignment, ...] = ()
    related_employer_ids: frozenset[int] = frozenset()


NO_TIES = Ties()


def ties_of(session: Session, actor: Actor, person_ids: Collection[int]) -> Mapping[int, Ties]:
    """How `actor` stands to each of these people; who is left out is a stranger to them."""
    if actor.is_system or not person_ids:
        return {}
    owned: set[int] = set()
    given: dict[int, list[Assignment]] = {}
    firms: dict[int, set[int]] = {}
    if actor.user_id is not None and not actor.is_staff:
        owned = set(session.scalars(_people(person_ids).where(is_own(actor.user_id))))
    if actor.user_id is not None and actor.has_role(Role.BROKER):
        assigned = session.execute(
            select(BrokerAssignment.person_id, BrokerAssignment.ends_at)
            .join(Person, Person.id == BrokerAssignment.person_id)
            .where(
                BrokerAssignment.person_id.in_(person_ids),
                BrokerAssignment.broker_user_id == actor.user_id,
                agreed(ConsentPurpose.SHARE_WITH_BROKERS),
            )
        )
        for person_id, ends_at in assigned:
            given.setdefault(person_id, []).append(Assignment(actor.user_id, ends_at))
    if actor.employer_ids:
        rows = session.execute(
            select(EmployerTie.person_id, EmployerTie.employer_id)
            .join(Person, Person.id == EmployerTie.person_id)
            .where(
                EmployerTie.person_id.in_(person_ids),
                EmployerTie.employer_id.in_(actor.employer_ids),
                ~refused(ConsentPurpose.SHARE_WITH_EMPLOYERS),
            )
        )
        for person_id, employer_id in rows:
            firms.setdefault(person_id, set()).add(employer_id)
    return {
        person_id: Ties(
            actor.user_id if person_id in owned else None,
            tuple(given.get(person_id, ())),
            frozenset(firms.get(person_id, ())),
        )
        for person_id in owned | given.keys() | firms.keys()
    }


def tie_of(session: Session, actor: Actor, person_id: int) -> Ties:
    """As `ties_of`, for one person."""
    return ties_of(session, actor, (person_id,)).get(person_id, NO_TIES)


def is_tied(actor: Actor, now: datetime) -> ColumnElement[bool] | None:
    """Condition on people: `actor` stands in one of the three relations to them now. None: in none, ever."""
    ways: list[ColumnElement[bool]] = []
    if actor.is_system:
        return None
    if actor.user_id is not None and not actor.is_staff:
        ways.append(is_own(actor.user_id))
    if actor.user_id is not None and actor.has_role(Role.BROKER):
        ways.append(is_assigned(actor.user_id, now))
    if actor.employer_ids:
        tied = select(EmployerTie.person_id).where(EmployerTie.employer_id.in_(actor.employer_ids))
        ways.append(and_(Person.id.in_(tied), ~refused(ConsentPurpose.SHARE_WITH_EMPLOYERS)))
    return or_(*ways) if ways else None


def is_own(user_id: int) -> ColumnElement[bool]:
    """Condition on people: the account's own file. The phone in it must still be the account's, whichever way
    it was changed (by hand, import, merging, undoing)."""
    linked = select(PersonLink.person_id).where(PersonLink.user_id == user_id, PersonLink.ended_at.is_(None))
    phone = select(User.phone_index).where(User.id == user_id).scalar_subquery()
    return and_(Person.id.in_(linked), Person.phone_index == phone)


def is_assigned(broker_user_id: int, now: datetime) -> ColumnElement[bool]:
    """Condition on people: given to this broker at this moment, and they agree to it."""
    given = select(BrokerAssignment.person_id).where(
        BrokerAssignment.broker_user_id == broker_user_id, BrokerAssignment.ends_at > now
    )
    return and_(Person.id.in_(given), agreed(ConsentPurpose.SHARE_WITH_BROKERS))


def agreed(purpose: ConsentPurpose) -> ColumnElement[bool]:
    """Condition on people: their last word on a purpose was yes."""
    return exists().where(Consent.id == _last_word(purpose), Consent.is_given)


def refused(purpose: ConsentPurpose) -> ColumnElement[bool]:
    """Condition on people: their last word on a purpose was no."""
    return exists().where(Consent.id == _last_word(purpose), Consent.is_given.is_(False))


def _last_word(purpose: ConsentPurpose) -> ScalarSelect[int | None]:
    return (
        select(func.max(Consent.id))
        .where(Consent.person_id == Person.id, Consent.purpose == purpose)
        .correlate(Person)
        .scalar_subquery()
    )


def _people(person_ids: Collection[int]) -> Select[int]:
    return select(Person.id).where(Person.id.in_(person_ids))
