"""给人看: rows that were sent back, and conflicts set side by side, opened from under seal and masked.

Who may not know of a person sees nothing of them: of somebody managed elsewhere only that they exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.seekers import sealing
from app.seekers.fields import plain
from app.seekers.id_numbers import tidy
from app.seekers.imports import queries
from app.seekers.imports.columns import Column
from app.seekers.imports.models import ImportBatch, ImportRow
from app.seekers.imports.rows import PersonRow
from app.seekers.imports.running import ChunkWorker
from app.seekers.imports.staging import open_rows
from app.seekers.imports.terms import ConflictKind, Decision, RowResult
from app.seekers.masking import mask_id_number, mask_name, mask_phone
from app.seekers.models import Person

PAGE: Final = 50


@dataclass(frozen=True)
class SentBack:
    """退回的一行: masked cells, and what to do about it. `field` is the cell that is wrong, if one is."""

    number: int
    name: str
    id_number: str
    phone: str
    village: str
    reason: str
    field: str


@dataclass(frozen=True)
class SideBySide:
    """一处对不上: (field, as the ledger has it, as the sheet has it); values as `fields.plain` makes them."""

    number: int
    kind: ConflictKind
    name: str
    lines: tuple[tuple[str, Any, Any], ...]
    choices: tuple[Decision, ...]
    decision: Decision | None
    other_row: int | None
    person_id: int | None


_WRONG_CELL: Final = (
    ("id_number", ("身份证", "Excel", "000")),
    ("village", ("村名", "哪个村", "乡镇", "不归")),
    ("name", ("姓名",)),
)


def list_sent_back(
    session: Session, batch: ImportBatch, cipher: FieldCipher, *, reason: str = "", after_row: int = 0
) -> list[SentBack]:
    """One page of the rows that were sent back."""
    found = queries.list_rows(
        session, batch.id, (RowResult.REJECTED,), reason=reason, after_row=after_row, limit=PAGE
    )
    columns = [Column.from_json(stored) for stored in batch.columns]
    place = {column.field: column.index for column in columns}
    cells = _cells_of(session, batch.id, [row.row_number for row in found], cipher)
    shown: list[SentBack] = []
    for row in found:
        own = cells.get(row.row_number, [])

        def cell(field: str, own: Sequence[str] = own) -> str:
            index = place.get(field, -1)
            return own[index] if 0 <= index < len(own) else ""

        wrong = next((f for f, words in _WRONG_CELL if any(word in row.reason for word in words)), "")
        shown.append(
            SentBack(
                row.row_number,
                mask_name(cell("name")[:12]),
                _masked(cell("id_number")),
                mask_phone(cell("phone")[:20]) or "",
                cell("village")[:20] or cell("town")[:20],
                row.reason,
                wrong,
            )
        )
    return shown


def _masked(text: str) -> str:
    """A broken number shows how it is broken, a whole one its ends."""
    signs = tidy(text)[:24]
    if "E" in signs and "." in signs:
        return signs
    return (
        (mask_id_number(signs) or "") if len(signs) in (15, 18) else signs[:4] + "*" * max(len(signs) - 4, 0)
    )


def _cells_of(
    session: Session, import_id: int, numbers: Sequence[int], cipher: FieldCipher
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number in numbers:
        if number in found:
            continue
        chunk = queries.find_chunk_of_row(session, import_id, number)
        if chunk is not None:
            found |= {row.number: row.cells for row in open_rows(chunk, cipher)}
    return found


def list_conflicts(
    session: Session, batch: ImportBatch, cipher: FieldCipher, clock: Clock, *, after_row: int = 0
) -> list[SideBySide]:
    """One page of what a person has to decide, the ledger's word beside the sheet's."""
    found = queries.list_rows(session, batch.id, (RowResult.CONFLICT,), after_row=after_row, limit=PAGE)
    worker = ChunkWorker(batch.id, cipher, clock)
    rows: dict[int, PersonRow] = {}

    def read(number: int) -> PersonRow | None:
        if number not in rows:
            chunk = queries.find_chunk_of_row(session, batch.id, number)
            if chunk is not None:
                rows.update({row.number: row for row in worker.read_rows(session, batch, chunk).rows})
        return rows.get(number)

    return [side for row in found if (side := _side(session, row, read, cipher)) is not None]


def _side(session: Session, row: ImportRow, read: Any, cipher: FieldCipher) -> SideBySide | None:
    sheet: PersonRow | None = read(row.row_number)
    if sheet is None or row.conflict is None:
        return None
    lines: list[tuple[str, Any, Any]] = []
    choices: tuple[Decision, ...] = (Decision.KEEP, Decision.TAKE, Decision.SKIP)
    if row.conflict is ConflictKind.TWICE and row.other_row is not None:
        first: PersonRow | None = read(row.other_row)
        if first is not None:
            lines = _differences(_facts_of_row(first), _facts_of_row(sheet))
    elif row.conflict in (ConflictKind.ELSEWHERE, ConflictKind.SEVERAL):
        choices = (Decision.SKIP,)
    elif row.person_id is not None:
        person = session.get_one(Person, row.person_id)
        lines = _differences(_facts_of_person(person, cipher), _facts_of_row(sheet))
    return SideBySide(
        row.row_number,
        row.conflict,
        sheet.name,
        tuple(lines),
        choices,
        row.decision,
        row.other_row,
        row.person_id if row.conflict is not ConflictKind.ELSEWHERE else None,
    )


def _facts_of_row(row: PersonRow) -> dict[str, Any]:
    facts = {name: plain(value) for name, value in row.person.items() if name != "class_reason"}
    facts |= {"name": row.name, "region_code": row.region_code}
    if row.phone:
        facts["phone"] = mask_phone(row.phone)
    return facts


def _facts_of_person(person: Person, cipher: FieldCipher) -> dict[str, Any]:
    facts = {
        column.key: plain(getattr(person, column.key)) for column in Person.__table__.columns if column.key
    }
    facts["phone"] = mask_phone(sealing.open_phone(person, cipher))
    return facts


def _differences(ledger: dict[str, Any], sheet: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [
        (name, ledger.get(name), value)
        for name, value in sorted(sheet.items(), key=lambda pair: pair[0] != "name")
        if ledger.get(name) != value
    ]
