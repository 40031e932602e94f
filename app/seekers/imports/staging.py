"""收文件: a file is read once and its rows are kept under seal; everything later works from those."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.db import Database
from app.core.ids import reserve_ids
from app.core.sheets import Row
from app.core.sheets.importing import BATCH, Progress
from app.seekers.imports import queries
from app.seekers.imports.ledger_file import LedgerFile, open_ledger
from app.seekers.imports.models import ImportBatch, ImportChunk
from app.seekers.imports.terms import ImportState

_UNFINISHED: Final = (
    ImportState.UPLOADED,
    ImportState.PREVIEWING,
    ImportState.PREVIEWED,
    ImportState.RUNNING,
)
_CHUNKS_A_TRANSACTION: Final = 8


@dataclass(frozen=True)
class Upload:
    """交来的文件: where it lies, how it was called, for which office, and what was said about its columns."""

    path: Path
    file_name: str
    region_code: str | None
    told: Mapping[str, str] = field(default_factory=dict)


def stage_file(
    database: Database,
    actor: Actor,
    upload: Upload,
    *,
    cipher: FieldCipher,
    clock: Clock,
    progress: Progress | None = None,
) -> int:
    """Take the rows of a file in under seal; returns the import's id. The caller has asked for permission.

    The same file from the same office that was never finished is gone on with, not taken in again. Raises
    `TableUnreadable`; then nothing is left behind.
    """
    ledger = open_ledger(upload.path, upload.told, upload.file_name)
    file_hash = _hash(ledger, upload, actor)
    with database.write() as session:
        unfinished = queries.find_same_file(session, file_hash, _UNFINISHED)
        if unfinished is not None:
            return unfinished.id
        half = queries.find_same_file(session, file_hash, (ImportState.STAGING,))
        if half is not None:
            drop_import(session, half.id)
        import_id = _open_batch(session, actor, upload, ledger, file_hash, clock)
    try:
        rows = _stage_rows(database, import_id, ledger, cipher, progress)
    except BaseException:
        with database.write() as session:
            drop_import(session, import_id)
        raise
    with database.write() as session:
        batch = queries.get_batch(session, import_id, to_change=True)
        batch.rows, batch.state = rows, ImportState.UPLOADED
        batch.chunks = -(-rows // BATCH)
    return import_id


def _stage_rows(
    database: Database,
    import_id: int,
    ledger: LedgerFile,
    cipher: FieldCipher,
    progress: Progress | None,
) -> int:
    count = 0
    chunks = enumerate(_chunks(ledger.rows))
    while some := list(islice(chunks, _CHUNKS_A_TRANSACTION)):
        with database.write() as session:
            ids = reserve_ids(session, ImportChunk, len(some))
            session.execute(
                insert(ImportChunk),
                [
                    {
                        "id": chunk_id,
                        "import_id": import_id,
                        "number": number,
                        "first_row": rows[0].number,
                        "last_row": rows[-1].number,
                        "rows": len(rows),
                        "sealed": seal_rows(chunk_id, rows, cipher),
                    }
                    for chunk_id, (number, rows) in zip(ids, some, strict=True)
                ],
            )
        count += sum(len(rows) for _, rows in some)
        if progress:
            progress(count, max(count, ledger.total_rows))
    return count


def _open_batch(
    session: Session, actor: Actor, upload: Upload, ledger: LedgerFile, file_hash: str, clock: Clock
) -> int:
    batch = ImportBatch(
        region_code=upload.region_code,
        created_by_id=actor.user_id,
        file_name=upload.file_name[:200],
        file_hash=file_hash,
        file_kind=ledger.kind,
        shape=ledger.shape,
        header_row=ledger.header_row,
        columns=[column.as_json() for column in ledger.columns],
        state=ImportState.STAGING,
        created_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    return batch.id


def drop_import(session: Session, import_id: int) -> None:
    """Throws away what was staged of a file that could not be read to its end."""
    session.execute(delete(ImportChunk).where(ImportChunk.import_id == import_id))
    session.execute(update(ImportBatch).where(ImportBatch.id == import_id).values(state=ImportState.FAILED))


def _hash(ledger: LedgerFile, upload: Upload, actor: Actor) -> str:
    said = json.dumps([upload.region_code, actor.user_id, sorted(upload.told.items())])
    return hashlib.sha256(f"{ledger.digest} {said}".encode()).hexdigest()


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while chunk := list(islice(left, BATCH)):
        yield chunk


def seal_rows(chunk_id: int, rows: Sequence[Row], cipher: FieldCipher) -> bytes:
    """Rows as one sealed document: packed, because a county's ledger repeats itself."""
    text = json.dumps([[row.number, row.cells] for row in rows], ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(zlib.compress(text.encode(), 1)).decode()
    return cipher.seal(packed, Place("people_import_chunks", "sealed", chunk_id))


def open_rows(chunk: ImportChunk, cipher: FieldCipher) -> list[Row]:
    """The rows as they stood in the file; none when they were thrown away. Raises Unsealable."""
    if chunk.sealed is None:
        return []
    packed = cipher.open(chunk.sealed, Place("people_import_chunks", "sealed", chunk.id))
    return [Row(number, cells) for number, cells in json.loads(zlib.decompress(base64.b64decode(packed)))]
