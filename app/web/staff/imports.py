"""导入导出: an office's own sheet in four steps: file, columns, look, take in; nothing is retyped.

Every step works without scripts: while the server works, the page asks again by itself.
"""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.accounts.dependencies import SAFE_METHODS
from app.core.db import Database
from app.core.errors import AppError, TooLarge
from app.core.http import ReadSession, WriteSession, get_settings, read_once, run_with_database
from app.core.sheets.limits import MAX_FILE_BYTES
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.imports import queries, service
from app.seekers.imports.models import ImportBatch
from app.seekers.imports.rejects import rejected_workbook
from app.seekers.imports.staging import Upload
from app.seekers.imports.terms import Decision, ImportState
from app.web.csrf import check_csrf
from app.web.staff import import_views as views
from app.web.staff.page import console_page

_SPARE = 64 * 1024
_ASK_AGAIN_S = 2
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def refuse_huge(request: Request) -> None:
    """Before anything of a body is read: it must tell its size, and that must be one we take."""
    if request.method in SAFE_METHODS:
        return
    size = request.headers.get("content-length", "")
    if not size.isdigit() or int(size) > MAX_FILE_BYTES + _SPARE:
        limit = MAX_FILE_BYTES // 1024 // 1024
        raise TooLarge(f"文件超过 {limit} MB。请分成几个小表再传。")


router = APIRouter(dependencies=[Depends(refuse_huge), Depends(check_csrf)], include_in_schema=False)


@router.get("/staff/imports")
def show_imports(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """The form for a file, and what was imported lately. Raises Forbidden for who may import nowhere."""
    view = views.list_view(session, desk.actor)
    return console_page(request, desk.actor, "staff/imports.html", view, now="imports")


@router.post("/staff/imports")
async def upload(
    request: Request, desk: StaffDesk, file: UploadFile, region: Annotated[str, Form(max_length=12)] = ""
) -> Response:
    """Takes the file in under seal; leads on to its columns, or to the preview where all are sure."""

    def work(database: Database) -> int:
        return _take_file(database, request, desk, file, region)

    try:
        import_id = await run_with_database(request, work)
    except AppError as error:
        problem, status = error.title, error.status
        view = await read_once(request, lambda session: views.list_view(session, desk.actor, problem=problem))
        return console_page(request, desk.actor, "staff/imports.html", view, now="imports", status=status)
    return RedirectResponse(f"/staff/imports/{import_id}", 303)


def _take_file(database: Database, request: Request, desk: Desk, file: UploadFile, region: str) -> int:
    folder = get_settings(request).var_dir / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(file.filename or "表格").name[:200]
    # Only while it is read; its rows are kept under seal.
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part") as kept:
        while piece := file.file.read(1024 * 1024):
            kept.write(piece)
        kept.flush()
        import_id = service.upload_file(
            database,
            desk.actor,
            Upload(Path(kept.name), name, region),
            cipher=desk.cipher,
            clock=desk.clock,
        )
    with database.write() as session:
        batch = service.open_import(session, desk.actor, import_id)
        if batch.state is ImportState.UPLOADED and views.all_sure(batch):
            service.choose_columns(session, desk.actor, import_id, {}, desk.clock)
    return import_id


@router.get("/staff/imports/{import_id}")
def show_import(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    import_id: int,
    columns: str = "",
    reason: str = "",
    after: int = 0,
) -> Response:
    """Wherever the import stands: its columns, its progress, the preview, or what came of it."""
    batch = service.open_import(session, desk.actor, import_id)
    if batch.state is ImportState.UPLOADED or (columns and batch.state is ImportState.PREVIEWED):
        return _columns_page(request, desk, batch)
    view = views.import_view(session, batch, desk.cipher, desk.clock, reason=reason[:200], after_row=after)
    response = console_page(request, desk.actor, "staff/import.html", view, now="imports")
    if view.is_busy:
        response.headers["Refresh"] = str(_ASK_AGAIN_S)
    return response


@router.post("/staff/imports/{import_id}/columns")
async def choose_columns(request: Request, desk: StaffDesk, import_id: int) -> Response:
    """What each column means, as a person says; starts the preview."""
    form = await request.form()
    chosen = {
        int(name[1:]): str(value)[:40]
        for name, value in form.multi_items()
        if name.startswith("c") and name[1:].isdigit() and len(name) <= 5
    }

    def work(database: Database) -> None:
        with database.write() as session:
            service.choose_columns(session, desk.actor, import_id, chosen, desk.clock)

    try:
        await run_with_database(request, work)
    except AppError as error:
        if not error.fields:
            raise
        batch = await read_once(request, lambda session: service.open_import(session, desk.actor, import_id))
        return _columns_page(request, desk, batch, problem=error.title, status=error.status)
    return RedirectResponse(f"/staff/imports/{import_id}", 303)


def _columns_page(
    request: Request, desk: Desk, batch: ImportBatch, *, problem: str = "", status: int = 200
) -> Response:
    view = views.columns_view(batch, problem)
    return console_page(request, desk.actor, "staff/import_columns.html", view, now="imports", status=status)


@router.post("/staff/imports/{import_id}/rows/{row_number}")
def decide(
    session: WriteSession,
    desk: StaffDesk,
    import_id: int,
    row_number: int,
    decision: Annotated[Decision, Form()],
) -> Response:
    """One conflict settled."""
    service.decide(session, desk.actor, import_id, row_number, decision)
    return RedirectResponse(f"/staff/imports/{import_id}#f-conflicts", 303)


@router.post("/staff/imports/{import_id}/confirm")
def confirm(session: WriteSession, desk: StaffDesk, import_id: int) -> Response:
    """Into the ledger. A double tap takes it in once."""
    service.confirm(session, desk.actor, import_id, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse(f"/staff/imports/{import_id}", 303)


@router.post("/staff/imports/{import_id}/undo")
def undo(session: WriteSession, desk: StaffDesk, import_id: int) -> Response:
    """The whole import back."""
    service.undo(session, desk.actor, import_id, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse(f"/staff/imports/{import_id}", 303)


@router.get("/staff/imports/{import_id}/rejects.xlsx")
def download_rejects(session: ReadSession, desk: StaffDesk, import_id: int) -> Response:
    """The rows that were sent back, as they stood in the office's own file."""
    batch = service.open_import(session, desk.actor, import_id)
    body = rejected_workbook(session, queries.get_batch(session, batch.id), desk.cipher)
    headers = {
        "Content-Disposition": f'attachment; filename="rejects-{batch.id}.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=_XLSX, headers=headers)
