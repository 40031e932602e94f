"""人员导入的后台任务: goes on with previews, takings-in and undoings, one chunk a transaction."""

from collections.abc import Mapping
from typing import Any

from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.core.tasks import TaskContext, enqueue, task
from app.seekers.imports import queries
from app.seekers.imports.names import RUN_TASK
from app.seekers.imports.running import ChunkWorker
from app.seekers.imports.terms import ImportState
from app.seekers.imports.undoing import Undoing


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
