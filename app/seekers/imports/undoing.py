"""撤销导入: takes a whole import back, newest change first, 500 changes a transaction.

What somebody changed after the import stays as it is and is listed. People whom the import brought are erased
(their rows stay, empty and closed, because ids are never given twice); households without anybody go too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.seekers import rules, sealing
from app.seekers.changing import apply_sealed
from app.seekers.fields import Record, restored
from app.seekers.history import SEALED_NAMES
from app.seekers.imports import queries
from app.seekers.imports.models import ImportBatch, ImportHousehold
from app.seekers.imports.office import Office
from app.seekers.imports.placing import change_row, write_changes
from app.seekers.imports.terms import ImportState
from app.seekers.models import Household, LedgerChange, Person, PrivateFacts
from app.seekers.names import search_text_of
from app.seekers.terms import ChangeKind, RecordKind

_MOST_LISTED: Final = 500
_REASON: Final = "撤销导入"
_EMPTY_PERSON: Final[Mapping[str, Any]] = {
    "name": "",
    "search_text": "",
    "sex": None,
    "birth_on": None,
    "id_number": None,
    "id_index": None,
    "id_tail_index": None,
    "phone": None,
    "phone_index": None,
    "phone_tail_index": None,
    "employer_name": "",
    "work_place": "",
    "skills": [],
    "certificates": [],
    "occupations": [],
    "training_wish": "",
    "class_reason": None,
    "status": "not_seeking",
    "seeking_since_on": None,
}


class Undoing:
    """Undoes one import, step by step."""

    def __init__(self, import_id: int, cipher: FieldCipher, clock: Clock) -> None:
        self._import_id, self._cipher, self._clock = import_id, cipher, clock

    def step(self, session: Session) -> bool:
        """The next 500 changes, in the caller's transaction. False when there were none left."""
        batch = queries.get_batch(session, self._import_id, to_change=True)
        if batch.state is not ImportState.UNDOING:
            return False
        # `done_chunks` keeps the id of the last change undone; 0 = none yet.
        changes = queries.changes_to_undo(session, batch.id, batch.done_chunks or None)
        if not changes:
            batch.state, batch.undone_at = ImportState.UNDONE, self._clock.now()
            session.flush()
            return False
        self._undo(session, batch, changes)
        batch.done_chunks = changes[-1].id
        session.flush()
        return True

    def _undo(self, session: Session, batch: ImportBatch, changes: Sequence[LedgerChange]) -> None:
        later = queries.changed_later(session, batch.id, changes)
        office = Office(batch.id, batch.region_code, batch.created_by_id)
        now = self._clock.now()
        left: list[list[Any]] = []
        people: list[int] = []
        households: list[int] = []
        for change in changes:
            if (change.record_kind, change.record_id) in later:
                left.append([change.record_kind, change.record_id])
            elif change.kind != ChangeKind.CREATED.value:
                self._restore(session, office, change, now)
            elif change.record_kind == RecordKind.PERSON.value:
                people.append(change.record_id)
            else:
                households.append(change.record_id)
        self._erase_people(session, office, people, now)
        self._close_households(session, office, households, now)
        batch.left = [*batch.left, *left][:_MOST_LISTED]

    def _restore(self, session: Session, office: Office, change: LedgerChange, now: datetime) -> None:
        record: Record | None
        if change.record_kind == RecordKind.PERSON.value:
            record = session.get(Person, change.record_id)
        else:
            record = session.get(Household, change.record_id)
        if record is None:
            return
        before = {name: value for name, value in change.before.items() if name != SEALED_NAMES}
        for name, value in before.items():
            setattr(record, name, restored(type(record), name, value))
        if isinstance(record, Person):
            if "name" in before:
                record.search_text = search_text_of(record.name)
            if change.sealed is not None:
                sealed, _ = sealing.open_change(change, self._cipher)
                apply_sealed(session, record, _documents(sealed), self._cipher)
        else:
            record.is_monitored = rules.is_monitored(record.kinds)
        record.version += 1
        record.updated_at = now
        session.flush()
        kind = RecordKind(change.record_kind)
        row = change_row(
            kind,
            record.id,
            ChangeKind.IMPORT_UNDONE,
            record.version,
            before={name: value for name, value in change.after.items() if name != SEALED_NAMES},
            after=before,
        )
        write_changes(session, office, now, [row], reason=_REASON)

    def _erase_people(self, session: Session, office: Office, ids: Sequence[int], now: datetime) -> None:
        if not ids:
            return
        session.execute(delete(PrivateFacts).where(PrivateFacts.person_id.in_(ids)))
        table = Person.__table__
        session.execute(
            update(Person)
            .where(Person.id.in_(ids))
            .values(**_EMPTY_PERSON, erased_at=now, updated_at=now, version=table.c.version + 1)
            .execution_options(synchronize_session=False)
        )
        rows = [change_row(RecordKind.PERSON, i, ChangeKind.IMPORT_UNDONE, 2) for i in ids]
        write_changes(session, office, now, rows, reason=_REASON)

    def _close_households(self, session: Session, office: Office, ids: Sequence[int], now: datetime) -> None:
        lived_in = queries.households_with_people(session, ids)
        empty = [household_id for household_id in ids if household_id not in lived_in]
        if not empty:
            return
        session.execute(delete(ImportHousehold).where(ImportHousehold.household_id.in_(empty)))
        session.connection().execute(
            update(Household.__table__)  # type: ignore[arg-type]
            .where(Household.__table__.c.id == bindparam("b_id"))
            .values(
                household_number=None,
                address="",
                erased_at=now,
                updated_at=now,
                version=Household.__table__.c.version + 1,
            ),
            [{"b_id": household_id} for household_id in empty],
        )
        rows = [change_row(RecordKind.HOUSEHOLD, i, ChangeKind.IMPORT_UNDONE, 2) for i in empty]
        write_changes(session, office, now, rows, reason=_REASON)


def _documents(sealed: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that were not there before are emptied, not left as the import had them."""
    return {
        name: {} if value is None and name in (sealing.LEDGER, sealing.HEALTH) else value
        for name, value in sealed.items()
    }
