"""进档的路的查询: own files, assignments of a person, brokers of a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, User
from app.accounts.queries import grant_in_force
from app.accounts.terms import Role, UserKind
from app.core.crypto import FieldCipher
from app.regions.scope import contains
from app.seekers.access.models import BrokerAssignment, PersonLink
from app.seekers.access.ties import is_own
from app.seekers.models import Person
from app.seekers.queries import is_kept


@dataclass(frozen=True)
class Assigned:
    """交办一条, for officers: to which broker a person is given, until when."""

    broker_user_id: int
    broker_name: str
    ends_at: datetime


@dataclass(frozen=True)
class Broker:
    """能交办的经纪人."""

    user_id: int
    name: str


def list_own_people(session: Session, user_id: int) -> list[Person]:
    """The people whose files are the account's own, in the order they were entered."""
    return list(session.scalars(select(Person).where(is_own(user_id), is_kept(Person)).order_by(Person.id)))


def find_phone_user(session: Session, user_id: int) -> User | None:
    """The account, if it signs in with a phone and is in use."""
    statement = select(User).where(
        User.id == user_id, User.kind == UserKind.PERSON, User.disabled_at.is_(None)
    )
    return session.scalar(statement)


def list_holders(
    session: Session, user: User, tail: str, latest_birth_on: date, cipher: FieldCipher
) -> Sequence[Person]:
    """People of 16 or over with the account's phone in their file and these last four of the ID number."""
    return session.scalars(
        select(Person)
        .where(
            Person.phone_index == user.phone_index,
            Person.id_tail_index.in_(cipher.blind_indexes("id_tail", tail)),
            Person.birth_on <= latest_birth_on,
            Person.closed_at.is_(None),
            is_kept(Person),
        )
        .order_by(Person.id)
        .limit(2)
        .with_for_update()
    ).all()


def find_own_link(session: Session, user_id: int, person_id: int) -> PersonLink | None:
    """The link not ended yet."""
    return session.scalar(
        select(PersonLink).where(
            PersonLink.user_id == user_id, PersonLink.person_id == person_id, PersonLink.ended_at.is_(None)
        )
    )


def list_assignments(session: Session, person_id: int, now: datetime) -> list[Assigned]:
    """The assignments of a person that run at this moment; the caller has asked for the permission."""
    rows = session.execute(
        select(BrokerAssignment.broker_user_id, User.display_name, BrokerAssignment.ends_at)
        .join(User, User.id == BrokerAssignment.broker_user_id)
        .where(BrokerAssignment.person_id == person_id, BrokerAssignment.ends_at > now)
        .order_by(BrokerAssignment.id)
    )
    return [Assigned(*row) for row in rows]


def find_assignment(
    session: Session, person_id: int, broker_user_id: int, now: datetime
) -> BrokerAssignment | None:
    """The running assignment of a person to a broker, locked."""
    return session.scalar(
        select(BrokerAssignment)
        .where(
            BrokerAssignment.person_id == person_id,
            BrokerAssignment.broker_user_id == broker_user_id,
            BrokerAssignment.ends_at > now,
        )
        .order_by(BrokerAssignment.id.desc())
        .limit(1)
        .with_for_update()
    )


def list_brokers(session: Session, region_code: str, now: datetime) -> list[Broker]:
    """The labour brokers of a place: whose role is over a region around it, by name."""
    rows = session.execute(
        select(User.id, User.display_name, RoleGrant.region_code)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            RoleGrant.role == Role.BROKER,
            RoleGrant.is_read_only.is_(False),
            RoleGrant.region_code.between(region_code[:2], region_code[:2].ljust(12, "9")),
            grant_in_force(now),
            User.disabled_at.is_(None),
        )
        .order_by(User.display_name, User.id)
    )
    found = {
        row.id: row.display_name
        for row in rows
        if row.region_code is not None and contains(row.region_code, region_code)
    }
    return [Broker(user_id, name) for user_id, name in found.items()]
