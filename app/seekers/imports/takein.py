"""命令行导入: `songgang import people`: the whole way of a file in one go, the same steps as the pages."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.core.sheets import Row
from app.core.sheets.importing import ImportOptions, ImportSummary, Progress, write_rejects
from app.seekers.imports import queries, service
from app.seekers.imports.columns import Column
from app.seekers.imports.models import ImportBatch
from app.seekers.imports.running import ChunkWorker, begin
from app.seekers.imports.staging import Upload, open_rows, stage_file
from app.seekers.imports.terms import ImportState, RowResult
from app.seekers.imports.undoing import Undoing


def import_people(
    database: Database,
    path: Path,
    options: ImportOptions,
    clock: Clock,
    *,
    actor: Actor = SYSTEM,
    progress: Progress | None = None,
    cipher: FieldCipher | None = None,
) -> ImportSummary:
    """Take in a ledger of people (CONTRACT, import); rows about which a person must decide are sent back.

    Killed in between, the same command goes on where it stopped; so does the background task. With
    `options.dry_run` nothing is written to the ledger. Raises TableUnreadable (nothing stored), Invalid.
    """
    cipher = cipher or cipher_of(Settings())
    with database.read() as session:
        service.check_place(session, options.region_code)
    service.require_office(actor, options.region_code)
    upload = Upload(path, path.name, options.region_code, options.mapping)
    half = _share(progress, 0)
    import_id = stage_file(database, actor, upload, cipher=cipher, clock=clock, progress=half)
    state = ImportState.PREVIEWING if options.dry_run else ImportState.RUNNING
    with database.write() as session:
        batch = queries.get_batch(session, import_id, to_change=True)
        if batch.state not in (ImportState.RUNNING, ImportState.DONE):
            begin(batch, state)
            batch.confirmed_at = clock.now()
    run_through(database, import_id, cipher, clock, _share(progress, 1))
    with database.read() as session:
        summary = summary_of(queries.get_batch(session, import_id))
    if options.rejects:
        write_rejected(database, import_id, options.rejects, cipher)
    return summary


def run_through(
    database: Database,
    import_id: int,
    cipher: FieldCipher,
    clock: Clock,
    progress: Progress | None = None,
) -> None:
    """All the chunks that are left of a preview, a taking-in or an undoing, one transaction each."""
    worker = ChunkWorker(import_id, cipher, clock)
    undoing = Undoing(import_id, cipher, clock)
    more = True
    while more:
        with database.write() as session:
            batch = queries.get_batch(session, import_id)
            step = undoing.step if batch.state is ImportState.UNDOING else worker.step
            more = step(session)
            done, total = sum(batch.counts.values()), batch.rows
        if progress:
            progress(done, total)


def summary_of(batch: ImportBatch) -> ImportSummary:
    """The counts as every import tells them: rows = created + updated + unchanged + rejected."""
    count = batch.counts.get
    summary = ImportSummary(
        rows=batch.rows,
        created=count(RowResult.NEW.value, 0),
        updated=count(RowResult.CHANGED.value, 0),
        unchanged=count(RowResult.SAME.value, 0),
        rejected=count(RowResult.REJECTED.value, 0) + count(RowResult.CONFLICT.value, 0),
    )
    summary.reasons.update(batch.reasons)
    summary.notes.update(batch.notes)
    return summary


def write_rejected(database: Database, import_id: int, path: Path, cipher: FieldCipher) -> None:
    """The rows that were sent back, as they stood, with number and reason in front."""
    with database.read() as session:
        batch = queries.get_batch(session, import_id)
        labels = [Column.from_json(stored).label for stored in batch.columns]
        refused = list(rejected_rows(session, import_id, cipher))
    write_rejects(path, labels, refused)


def rejected_rows(session: Session, import_id: int, cipher: FieldCipher) -> Iterator[tuple[Row, str]]:
    """Every row that was sent back and why, in the order of the file."""
    after, chunk, rows = 0, None, dict[int, Row]()
    while found := queries.list_rows(
        session,
        import_id,
        (RowResult.REJECTED, RowResult.CONFLICT),
        after_row=after,
        limit=500,
    ):
        for row in found:
            if chunk is None or not chunk.first_row <= row.row_number <= chunk.last_row:
                chunk = queries.find_chunk_of_row(session, import_id, row.row_number)
                rows = {r.number: r for r in open_rows(chunk, cipher)} if chunk is not None else {}
            if row.row_number in rows:
                yield rows[row.row_number], row.reason
        after = found[-1].row_number


def _share(progress: Progress | None, part: int) -> Progress | None:
    """Of the way of a file the reading is the first half, the taking-in the second."""
    if progress is None:
        return None
    report = progress

    def told(done: int, total: int) -> None:
        report((done + part * total) // 2, total)

    return told
