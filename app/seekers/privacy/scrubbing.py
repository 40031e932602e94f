"""抹去: takes values out of a record and its history; who did what when stays."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.crypto import FieldCipher
from app.core.db import Base
from app.seekers import sealing
from app.seekers.imports.models import ImportChunk, ImportRow
from app.seekers.models import Household, LedgerChange, Person, PrivateFacts
from app.seekers.privacy.models import Consent
from app.seekers.terms import RecordKind

NO_NAME: Final = "（已删除）"
# What a stub keeps: ids for the rows that point to it, place and times for counts, nothing of the person.
_STUB: Final = frozenset(
    {"id", "household_id", "region_code", "created_at", "updated_at", "closed_at", "merged_into_id"}
    | {"erased_at", "version", "officer_id"}
)


def blank_columns(model: type[Base]) -> dict[str, Any]:
    """Every column but the stub's, empty. A column added to the table later is emptied without being named
    here."""
    blank: dict[str, Any] = {}
    for column in model.__table__.columns:
        if column.name in _STUB:
            continue
        default: Any = column.default
        if column.nullable or default is None:
            blank[column.name] = None if column.nullable else ""
        else:
            blank[column.name] = default.arg(None) if default.is_callable else default.arg
    return blank


def erase_person(session: Session, person: Person) -> None:
    """Empties a person, their sealed facts, their history and what they said when agreeing."""
    for name, value in {**blank_columns(Person), "name": NO_NAME}.items():
        setattr(person, name, value)
    session.flush()
    session.execute(delete(PrivateFacts).where(PrivateFacts.person_id == person.id))
    session.execute(update(Consent).where(Consent.person_id == person.id).values(told_by=""))
    _forget_history(session, RecordKind.PERSON, person.id)
    _forget_import_rows(session, person.id)


def erase_household(session: Session, household: Household) -> None:
    """Empties the file of a household nobody is left in."""
    for name, value in blank_columns(Household).items():
        setattr(household, name, value)
    session.flush()
    _forget_history(session, RecordKind.HOUSEHOLD, household.id)


def forget_in_history(session: Session, person_id: int, field: str, cipher: FieldCipher) -> None:
    """Takes one sealed field out of all changes of a person; that it was changed stays written."""
    changes = session.scalars(
        select(LedgerChange).where(
            LedgerChange.record_kind == RecordKind.PERSON.value,
            LedgerChange.record_id == person_id,
            LedgerChange.sealed.is_not(None),
        )
    )
    for change in changes:
        halves = sealing.open_change(change, cipher)
        if any(field in half for half in halves):
            before, after = ({k: v for k, v in half.items() if k != field} for half in halves)
            change.sealed = sealing.seal_change(change.id, before, after, cipher)
    session.flush()


def _forget_history(session: Session, kind: RecordKind, record_id: int) -> None:
    session.execute(
        update(LedgerChange)
        .where(LedgerChange.record_kind == kind.value, LedgerChange.record_id == record_id)
        .values(before={}, after={}, sealed=None, reason="", acting_for="")
    )


def _forget_import_rows(session: Session, person_id: int) -> None:
    """The chunks of files in which the person stood are thrown away whole: what is still to be taken in from
    them must be sent again."""
    rows = session.execute(
        select(ImportRow.import_id, ImportRow.row_number).where(ImportRow.person_id == person_id)
    ).all()
    for import_id, number in rows:
        session.execute(
            update(ImportChunk)
            .where(
                ImportChunk.import_id == import_id,
                ImportChunk.first_row <= number,
                ImportChunk.last_row >= number,
            )
            .values(sealed=None)
        )


def people_merged_into(session: Session, person_id: int) -> list[Person]:
    """Duplicates that were merged into this person, and into those; they hold the same facts."""
    found: list[Person] = []
    asked: Collection[int] = [person_id]
    while asked:
        statement = select(Person).where(Person.merged_into_id.in_(asked)).order_by(Person.id)
        level = list(session.scalars(statement.with_for_update()))
        found += level
        asked = [person.id for person in level]
    return found
