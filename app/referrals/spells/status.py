"""就业状态: what starting and leaving work does to the person's own card, with its history."""

from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.seekers.changing import change_person
from app.seekers.models import Person
from app.seekers.rules import status_problem
from app.seekers.terms import SeekerStatus
from app.seekers.values import PersonValues

_MOST_LETTERS = 100


def set_employed(
    session: Session,
    actor: Actor,
    person: Person,
    employer_name: str,
    work_place: str,
    *,
    reason: str,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """The person works, there. The caller has read the person afresh and asked for the permission."""
    columns = {
        "status": SeekerStatus.EMPLOYED,
        "employer_name": employer_name[:_MOST_LETTERS],
        "work_place": work_place[:_MOST_LETTERS],
    }
    _change(session, actor, person, columns, reason, cipher, clock)


def set_status(
    session: Session,
    actor: Actor,
    person: Person,
    status: SeekerStatus,
    *,
    reason: str,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """The person no longer works where it was noted; who has changed their card since keeps it."""
    if person.status is not SeekerStatus.EMPLOYED:
        return
    fits = status_problem(status, birth_on=person.birth_on, today=clock.today()) is None
    columns = {"status": status if fits else SeekerStatus.NOT_SEEKING}
    _change(session, actor, person, columns, reason, cipher, clock)


def _change(
    session: Session,
    actor: Actor,
    person: Person,
    columns: dict[str, Any],
    reason: str,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    values = PersonValues(columns, frozenset(columns))
    change_person(session, actor, person, values, cipher=cipher, clock=clock, reason=reason)
