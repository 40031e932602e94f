"""封存档案的查询: the only way to a record that asked to be erased."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.seekers.errors import PersonNotFound
from app.seekers.models import Person
from app.seekers.privacy.models import Erasure
from app.seekers.privacy.terms import ErasureOutcome


def get_sealed_person(session: Session, person_id: int) -> Person:
    """A person whose record is sealed, household loaded; the caller asks for the permission. Raises
    PersonNotFound."""
    person = session.scalar(
        select(Person)
        .join(Erasure, Erasure.person_id == Person.id)
        .options(joinedload(Person.household))
        .where(Person.id == person_id, Erasure.outcome == ErasureOutcome.SEALED)
    )
    if person is None:
        raise PersonNotFound
    return person
