"""人员导入的后台任务: goes on with imports chunk by chunk, and throws old files away."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update

from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.core.tasks import TaskContext, daily_task, enqueue, task
from app.seekers.imports import queries
from app.seekers.imports.models import ImportBatch, ImportChunk, ImportRow
from app.seekers.imports.names import RUN_TASK as RUN_TASK
from app.seekers.imports.running import ChunkWorker
from app.seekers.imports.terms import ImportState
from app.seekers.imports.undoing import Undoing

FORGET: Final = "people.forget_files"
# Long enough to look again at what was sent back, and to undo after a quarter (this project's choice).
KEEP_FOR: Final = timedelta(days=100)
# Uploaded and never taken in.
KEEP_UNUSED_FOR: Final = timedelta(days=30)


@task(RUN_TASK)
def run_import(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """One step of an import; comes back at once while there is more."""
    import_id = int(payload["import_id"])
    session, clock = context.session, context.clock
    cipher = cipher_of(Settings())
    if queries.get_batch(session, import_id).state is ImportState.UNDOING:
        more = Undoing(import_id, cipher, clock).step(session)
    else:
        more = ChunkWorker(import_id, cipher, clock).step(session)
    if more:
        enqueue(session, RUN_TASK, {"import_id": import_id}, due_at=clock.now())


@daily_task(FORGET, time(3, 40))
def forget_files(context: TaskContext, _: Mapping[str, Any]) -> None:
    """清理导入: the rows of files that were done long ago or never taken in; the counts stay."""
    session, now = context.session, context.clock.now()
    ended = ImportBatch.state.in_((ImportState.DONE, ImportState.UNDONE))
    waiting = ImportBatch.state.in_(
        (ImportState.STAGING, ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED)
    )
    unused = select(ImportBatch.id).where(waiting, ImportBatch.created_at < now - KEEP_UNUSED_FOR)
    old = select(ImportBatch.id).where(ended, ImportBatch.finished_at < now - KEEP_FOR)
    session.execute(update(ImportChunk).where(ImportChunk.import_id.in_(old)).values(sealed=None))
    session.execute(delete(ImportChunk).where(ImportChunk.import_id.in_(unused)))
    session.execute(delete(ImportRow).where(ImportRow.import_id.in_(unused)))
    session.execute(update(ImportBatch).where(ImportBatch.id.in_(unused)).values(state=ImportState.FAILED))
