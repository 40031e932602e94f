"""Rows by which people themselves, brokers and firms come to a file, and rows that only look like such.

Callers: user 4 is the person with a phone account, user 6 the broker, `firm_id` the firm of user 5.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.permissions import Assignment
from app.accounts.terms import UserKind
from app.core.clock import FixedClock
from app.seekers.access.models import BrokerAssignment, EmployerTie, PersonLink
from app.seekers.access.terms import LinkProof
from app.seekers.models import Person
from app.seekers.privacy.models import Consent
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose

OWNER, BROKER, OTHER_USER = 4, 6, 7
BROKERS, FIRMS = ConsentPurpose.SHARE_WITH_BROKERS, ConsentPurpose.SHARE_WITH_EMPLOYERS


def relations(
    session: Session, clock: FixedClock, people: list[int], firm_id: int, other_id: int
) -> dict[int, dict[str, object]]:
    """Plants the rows; returns what holds of whom. `people` ends with one whose record is erased."""
    now = clock.now()
    later = now + timedelta(days=3)
    told: dict[int, dict[str, object]] = {}
    _by_phone(session, OWNER, people[0])
    told[people[0]] = {"owner_user_id": OWNER}
    _by_phone(session, OTHER_USER, people[1])
    told[people[1]] = {"owner_user_id": OTHER_USER}
    # A link, but the phone in the file is not the account's any more; and one that was ended.
    _link(session, OWNER, people[2], now)
    _link(session, OWNER, people[3], now, ended_at=now)
    for person_id, ends_at, agrees in (
        (people[4], later, True),
        (people[5], now, True),
        (people[6], later, False),
        (people[7], later, None),
        (people[-1], later, True),
    ):
        _assign(session, BROKER, person_id, ends_at, now)
        if agrees is not None:
            _consent(session, person_id, BROKERS, agrees, now)
        if agrees:
            told[person_id] = {"assignments": (Assignment(BROKER, ends_at),)}
    _assign(session, OTHER_USER, people[8], later, now)
    _consent(session, people[8], BROKERS, True, now)
    told[people[8]] = {"assignments": (Assignment(OTHER_USER, later),)}
    for person_id, employer_id in ((people[9], firm_id), (people[10], other_id), (people[-1], firm_id)):
        session.add(EmployerTie(person_id=person_id, employer_id=employer_id, since_at=now))
        told.setdefault(person_id, {})["related_employer_ids"] = frozenset({employer_id})
    # Applied, then took the consent back.
    session.add(EmployerTie(person_id=people[11], employer_id=firm_id, since_at=now))
    _consent(session, people[11], FIRMS, False, now)
    session.flush()
    return told


def _by_phone(session: Session, user_id: int, person_id: int) -> None:
    """Makes the account one that signs in with the person's phone, and links it."""
    person = session.get_one(Person, person_id)
    values = {"kind": UserKind.PERSON, "username": None, "phone_index": person.phone_index}
    session.execute(update(User).where(User.id == user_id).values(**values))
    _link(session, user_id, person_id, person.created_at)


def _link(
    session: Session, user_id: int, person_id: int, at: datetime, ended_at: datetime | None = None
) -> None:
    link = PersonLink(user_id=user_id, person_id=person_id, proof=LinkProof.ID_TAIL, made_at=at)
    link.ended_at = ended_at
    session.add(link)


def _assign(session: Session, broker_id: int, person_id: int, ends_at: datetime, now: datetime) -> None:
    starts_at = now - timedelta(days=1)
    row = BrokerAssignment(person_id=person_id, broker_user_id=broker_id, starts_at=starts_at)
    row.ends_at = ends_at
    session.add(row)


def _consent(session: Session, person_id: int, purpose: ConsentPurpose, given: bool, at: datetime) -> None:
    session.add(
        Consent(
            person_id=person_id,
            purpose=purpose,
            is_given=given,
            method=ConsentMethod.PAPER,
            text_version="1",
            at=at,
        )
    )
