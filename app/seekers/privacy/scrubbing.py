"""抹去: takes values out of a record and its history; who did what when stays."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.second_person.models import Confirmation
from app.accounts.second_person.terms import ConfirmationKind
from app.core.crypto import FieldCipher
from app.core.db import Base
from app.seekers import sealing
from app.seekers.access.models import PersonLink
from app.seekers.imports.models import ImportRow
from app.seekers.imports.queries import find_chunk_of_row
from app.seekers.imports.staging import open_rows, seal_rows
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


def erase_person(session: Session, person: Person, cipher: FieldCipher) -> None:
    """Empties a person, their sealed facts, their history, their rows in files that were handed in, and who
    spoke for them."""
    number = sealing.open_id_number(person, cipher)
    for name, value in {**blank_columns(Person), "name": NO_NAME}.items():
        setattr(person, name, value)
    session.flush()
    session.execute(delete(PrivateFacts).where(PrivateFacts.person_id == person.id))
    # A link leads from the stub to an account with a phone.
    session.execute(delete(PersonLink).where(PersonLink.person_id == person.id))
    session.execute(update(Consent).where(Consent.person_id == person.id).values(told_by=""))
    session.execute(
        update(Confirmation)
        .where(Confirmation.kind == ConfirmationKind.ERASURE, Confirmation.subject_id == person.id)
        .values(reason="", answer_reason="")
    )
    _forget_history(session, RecordKind.PERSON, person.id)
    _forget_import_rows(session, person.id, number, cipher)


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


def _forget_import_rows(session: Session, person_id: int, number: str | None, cipher: FieldCipher) -> None:
    """Empties the rows in which the person stands in files that were handed in. The rows stay, so that rows
    done and rejected still add up to the rows of the file."""
    digests = sealing.id_indexes(number, cipher) if number is not None else ()
    theirs = or_(ImportRow.person_id == person_id, ImportRow.person_digest.in_(digests))
    columns = (ImportRow.import_id, ImportRow.row_number)
    for import_id, row_number in session.execute(select(*columns).where(theirs)).all():
        chunk = find_chunk_of_row(session, import_id, row_number)
        if chunk is None or chunk.sealed is None:
            continue
        rows = [
            replace(row, cells=[""] * len(row.cells)) if row.number == row_number else row
            for row in open_rows(chunk, cipher)
        ]
        chunk.sealed = seal_rows(chunk.id, rows, cipher)
    session.execute(update(ImportRow).where(theirs).values(person_digest=None))


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
