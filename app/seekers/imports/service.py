"""人员导入: upload, look, decide, take in, undo (issue: a county's ledger goes in without retyping).

Every verb asks the table of permissions (resource `people_file`); imports of other offices are not there.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, require
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Conflict, FieldProblem, Invalid
from app.core.tasks import enqueue
from app.seekers.imports import queries
from app.seekers.imports.columns import Column, correct_columns
from app.seekers.imports.models import ImportBatch, ImportRow
from app.seekers.imports.names import RUN_TASK
from app.seekers.imports.queries import ImportNotFound
from app.seekers.imports.running import begin
from app.seekers.imports.staging import Upload, stage_file
from app.seekers.imports.terms import ConflictKind, Decision, ImportState

_MAY_DECIDE: Final[Mapping[ConflictKind, frozenset[Decision]]] = {
    ConflictKind.ELSEWHERE: frozenset({Decision.SKIP}),
    ConflictKind.SEVERAL: frozenset({Decision.SKIP}),
}


def require_office(actor: Actor, region_code: str | None) -> Permission:
    """Who may take files in for a place (SAFETY, "import / export of people"). Raises ImportNotFound,
    Forbidden."""
    target = Target(region_code=region_code)
    return require(actor, Action.CREATE, Resource.PEOPLE_FILE, target, missing=ImportNotFound)


def upload_file(
    database: Database, actor: Actor, upload: Upload, *, cipher: FieldCipher, clock: Clock
) -> int:
    """Take a file's rows in under seal and start the preview; returns the import's id.

    Raises TableUnreadable, Forbidden, Invalid (no such place). Nothing is written to the ledger.
    """
    permission = require_office(actor, upload.region_code)
    with database.read() as session:
        check_place(session, upload.region_code)
    import_id = stage_file(database, actor, upload, cipher=cipher, clock=clock)
    with database.write() as session:
        batch = queries.get_batch(session, import_id, to_change=True)
        _audit(session, actor, batch, permission, cipher, clock)
    return import_id


def check_place(session: Session, region_code: str | None) -> None:
    """Raises Invalid where there is no such place, or it is no longer offered."""
    if region_code is None:
        return
    if not queries.is_offered(session, region_code):
        raise Invalid("没有这个地区，请重新选。", fields=[FieldProblem("region_code", "没有这个地区")])


def open_import(session: Session, actor: Actor, import_id: int, *, to_change: bool = False) -> ImportBatch:
    """One import of an office of one's own. Raises ImportNotFound."""
    batch = queries.get_batch(session, import_id, to_change=to_change)
    if batch.region_code is None and not actor.is_system:
        raise ImportNotFound
    require_office(actor, batch.region_code)
    if batch.state in (ImportState.STAGING, ImportState.FAILED):
        raise ImportNotFound
    return batch


def choose_columns(
    session: Session, actor: Actor, import_id: int, chosen: Mapping[int, str], clock: Clock
) -> ImportBatch:
    """Sets what columns mean (index -> field) and starts the preview. Raises ImportNotFound, Conflict,
    Invalid."""
    batch = open_import(session, actor, import_id, to_change=True)
    _must_be(batch, ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.PREVIEWING)
    columns = correct_columns([Column.from_json(stored) for stored in batch.columns], chosen)
    fields = [column.field for column in columns]
    if "name" not in fields:
        raise Invalid("要有一列是姓名，请重新对一下。", fields=[FieldProblem("columns", "没有姓名")])
    twice = {
        field for field in fields if fields.count(field) > 1 and field not in ("ledger", "skip", "health")
    }
    if twice:
        raise Invalid("有两列当成了同一项，请改掉一列。", fields=[FieldProblem("columns", "两列一样")])
    batch.columns = [column.as_json() for column in columns]
    begin(batch, ImportState.PREVIEWING)
    _enqueue(session, batch, clock)
    return batch


def decide(session: Session, actor: Actor, import_id: int, row_number: int, decision: Decision) -> ImportRow:
    """Settles one conflict. Raises ImportNotFound, Conflict (not to be decided, or not so)."""
    batch = open_import(session, actor, import_id, to_change=True)
    _must_be(batch, ImportState.PREVIEWED)
    row = session.get(ImportRow, (batch.id, row_number))
    if row is None or row.conflict is None:
        raise Conflict("这一行没有要定的事，请刷新看看。")
    if decision not in _MAY_DECIDE.get(row.conflict, frozenset(Decision)):
        raise Conflict("这个人登记在别处，只能先不要这一行；要迁过来，请找上一级的同事。")
    row.decision = decision
    return row


def confirm(
    session: Session, actor: Actor, import_id: int, *, cipher: FieldCipher, clock: Clock
) -> ImportBatch:
    """Takes the previewed file into the ledger, in the background. Asked again it changes nothing.

    Raises ImportNotFound, Conflict.
    """
    batch = open_import(session, actor, import_id, to_change=True)
    if batch.state in (ImportState.RUNNING, ImportState.DONE):
        return batch
    _must_be(batch, ImportState.PREVIEWED, ImportState.UPLOADED)
    begin(batch, ImportState.RUNNING)
    batch.confirmed_at = clock.now()
    _enqueue(session, batch, clock)
    _audit(session, actor, batch, require_office(actor, batch.region_code), cipher, clock)
    return batch


def undo(session: Session, actor: Actor, import_id: int, *, cipher: FieldCipher, clock: Clock) -> ImportBatch:
    """Takes a whole import back, in the background: what nobody has changed since goes back to what it was,
    the rest is listed. Raises ImportNotFound, Conflict."""
    batch = open_import(session, actor, import_id, to_change=True)
    if batch.state in (ImportState.UNDOING, ImportState.UNDONE):
        return batch
    _must_be(batch, ImportState.DONE)
    batch.state, batch.done_chunks, batch.left = ImportState.UNDOING, 0, []
    _enqueue(session, batch, clock)
    _audit(session, actor, batch, require_office(actor, batch.region_code), cipher, clock)
    return batch


def _enqueue(session: Session, batch: ImportBatch, clock: Clock) -> None:
    """Two tasks on one import do no harm: they take turns at its chunks."""
    enqueue(session, RUN_TASK, {"import_id": batch.id}, due_at=clock.now())


def _must_be(batch: ImportBatch, *states: ImportState) -> None:
    if batch.state not in states:
        raise Conflict(f"这次导入现在是“{batch.state.label}”，这一步办不了，请刷新看看。")


def _audit(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    permission: Permission,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.CREATE,
        Resource.PEOPLE_FILE,
        region_code=batch.region_code,
        permission=permission,
        detail={"import": batch.id, "state": batch.state.value, "rows": batch.rows},
    )
