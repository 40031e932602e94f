"""命令行导入: `songgang import people`: the whole way of a file in one go, the same steps as the pages."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.core.sheets.importing import ImportOptions, ImportSummary, Progress
from app.core.tasks import enqueue
from app.regions.amendments import latest_revision, read_amendments
from app.seekers.imports import queries, service, tasks
from app.seekers.imports.models import ImportBatch
from app.seekers.imports.reading import RARELY, WORTH_IT_FROM, Places, SecondReader
from app.seekers.imports.rejects import write_rejected
from app.seekers.imports.running import ChunkWorker, begin
from app.seekers.imports.staging import Upload, stage_file
from app.seekers.imports.terms import ImportState, RowResult
from app.seekers.imports.undoing import Undoing

TAKE_OVER_AFTER: Final = timedelta(minutes=15)
_TRANSACTION_S: Final = 0.8
"""How long other writers wait, at most about: a county's import beside an office at work."""
_CITY_DIGITS: Final = 4


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
    with _rare_collections():
        import_id = stage_file(database, actor, upload, cipher=cipher, clock=clock, progress=half)
    state = ImportState.PREVIEWING if options.dry_run else ImportState.RUNNING
    with database.write() as session:
        batch = queries.get_batch(session, import_id, to_change=True)
        if batch.state not in (ImportState.RUNNING, ImportState.DONE):
            begin(batch, state)
            batch.confirmed_at = clock.now()
            # Should this process be killed and nobody give the command again.
            enqueue(session, tasks.RUN_TASK, {"import_id": batch.id}, due_at=clock.now() + TAKE_OVER_AFTER)
    with _rare_collections():
        run_through(database, import_id, cipher, clock, _share(progress, 1))
    with database.read() as session:
        done = queries.get_batch(session, import_id)
        if options.rejects:
            write_rejected(session, done, options.rejects, cipher)
        return summary_of(done)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Looking for values that go in cycles took a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def run_through(
    database: Database,
    import_id: int,
    cipher: FieldCipher,
    clock: Clock,
    progress: Progress | None = None,
) -> None:
    """All the chunks that are left of a preview, a taking-in or an undoing; a transaction takes some of them,
    each with the mark that it is done. Large files are read by a second process meanwhile."""
    undoing = Undoing(import_id, cipher, clock)
    with _second_reader(database, import_id) as second:
        worker = ChunkWorker(import_id, cipher, clock, second)
        more = True
        while more:
            until = time.monotonic() + _TRANSACTION_S
            with database.load() as session:
                while more:
                    batch = queries.get_batch(session, import_id)
                    step = undoing.step if batch.state is ImportState.UNDOING else worker.step
                    more = step(session)
                    if time.monotonic() > until:
                        break
                done, total = sum(batch.counts.values()), batch.rows
            if progress:
                progress(done, total)


@contextmanager
def _second_reader(database: Database, import_id: int) -> Iterator[SecondReader | None]:
    """A second process for a large file of one office; it is told every village that the file may name, and
    what offices changed in the table of regions."""
    with database.read() as session:
        batch = queries.get_batch(session, import_id)
        home = batch.region_code or ""
        is_worth_it = batch.rows >= WORTH_IT_FROM and len(home) >= _CITY_DIGITS
        if is_worth_it and batch.state is not ImportState.UNDOING:
            revision = latest_revision(session)
            amendments = read_amendments(session, revision) if revision else None
            told = Places(queries.villages_under(session, home), amendments)
        else:
            told = None
    if told is None:
        yield None
        return
    reader = SecondReader(told)
    try:
        yield reader
    finally:
        reader.close()


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


def _share(progress: Progress | None, part: int) -> Progress | None:
    """Of the way of a file the reading is the first half, the taking-in the second."""
    if progress is None:
        return None
    report = progress

    def told(done: int, total: int) -> None:
        report((done + part * total) // 2, total)

    return told
