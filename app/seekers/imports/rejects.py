"""退回的行: the rows that were sent back, as they stood, with number and reason in front, to be corrected."""

import io
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from app.core.crypto import FieldCipher
from app.core.sheets import Row, write_xlsx
from app.core.sheets.importing import write_rejects
from app.core.sheets.writing import Cell
from app.seekers.imports import queries
from app.seekers.imports.columns import Column
from app.seekers.imports.models import ImportBatch
from app.seekers.imports.staging import open_rows
from app.seekers.imports.terms import RowResult


def rejected_rows(session: Session, import_id: int, cipher: FieldCipher) -> Iterator[tuple[Row, str]]:
    """Every row that was sent back and why, in the order of the file."""
    after, chunk, rows = 0, None, dict[int, Row]()
    sent_back = (RowResult.REJECTED, RowResult.CONFLICT)
    while found := queries.list_rows(session, import_id, sent_back, after_row=after, limit=500):
        for row in found:
            if chunk is None or not chunk.first_row <= row.row_number <= chunk.last_row:
                chunk = queries.find_chunk_of_row(session, import_id, row.row_number)
                rows = {r.number: r for r in open_rows(chunk, cipher)} if chunk is not None else {}
            if row.row_number in rows:
                yield rows[row.row_number], row.reason
        after = found[-1].row_number


def write_rejected(session: Session, batch: ImportBatch, path: Path, cipher: FieldCipher) -> None:
    """To a file, .csv or .xlsx."""
    write_rejects(path, _labels(batch), list(rejected_rows(session, batch.id, cipher)))


def rejected_workbook(session: Session, batch: ImportBatch, cipher: FieldCipher) -> bytes:
    """As the bytes of an xlsx file."""
    stream = io.BytesIO()
    rows: Iterator[list[Cell]] = (
        [row.number, reason, *row.cells] for row, reason in rejected_rows(session, batch.id, cipher)
    )
    write_xlsx(stream, ["行号", "没收进来的原因", *_labels(batch)], rows)
    return stream.getvalue()


def _labels(batch: ImportBatch) -> list[str]:
    return [Column.from_json(stored).label for stored in batch.columns]
