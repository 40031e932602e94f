"""成批发岗位: a template to fill in on a computer, uploaded, looked at row by row, then handed in."""

from contextlib import suppress
from typing import Final

from fastapi import APIRouter, Depends, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.jobs.batches import service
from app.web import batch_views as views
from app.web.csrf import check_csrf
from app.web.employer.page import FirmDesk, employer_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
ADDRESS: Final = "/employer/batch"


@router.get(ADDRESS)
def show_upload(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """The template, the form for the filled-in one, and what was uploaded lately."""
    firm = desk.find_firm(session)
    if firm is None:
        return RedirectResponse("/employer", 303)
    lines = views.batch_lines(service.list_batches(session, firm))
    view = views.UploadView(ADDRESS, f"{ADDRESS}/template.xlsx", lines)
    return employer_page(request, "batch.html", view, firm=firm, tab="post")


@router.get(f"{ADDRESS}/template.xlsx")
def download_template(session: ReadSession, desk: FirmDesk) -> Response:
    """The template with the towns of the firm's county to choose from."""
    return views.template_of(desk.get_firm(session))


@router.post(ADDRESS)
def upload(request: Request, session: WriteSession, desk: FirmDesk, file: UploadFile) -> Response:
    """Takes the file up; leads on to what its rows say."""
    firm = desk.get_firm(session)
    try:
        batch = service.upload_batch(
            session, desk.actor, firm, views.bytes_of(file), file.filename or "表格", desk.clock
        )
    except AppError as error:
        lines = views.batch_lines(service.list_batches(session, firm))
        view = views.UploadView(ADDRESS, f"{ADDRESS}/template.xlsx", lines, error.title)
        return employer_page(request, "batch.html", view, firm=firm, tab="post", status=error.status)
    return RedirectResponse(f"{ADDRESS}/{batch.id}", 303)


@router.get(f"{ADDRESS}/{{batch_id:int}}")
def show_batch(request: Request, session: ReadSession, desk: FirmDesk, batch_id: int) -> Response:
    """Every row as it was read, or what came of them."""
    batch = service.get_batch(session, desk.actor, batch_id)
    view = views.batch_view(session, batch, f"{ADDRESS}/{batch_id}", desk.clock)
    return employer_page(request, "batch_look.html", view, firm=batch.employer)


@router.post(f"{ADDRESS}/{{batch_id:int}}")
def confirm(session: WriteSession, desk: FirmDesk, batch_id: int) -> Response:
    """Hands the good rows in. A double tap does it once."""
    with suppress(service.BatchTaken):
        service.take_batch(session, desk.actor, batch_id, desk.clock)
    return RedirectResponse(f"{ADDRESS}/{batch_id}?done=sent", 303)


@router.get(f"{ADDRESS}/{{batch_id:int}}/rejects.xlsx")
def download_rejects(session: ReadSession, desk: FirmDesk, batch_id: int) -> Response:
    """The rows that were not handed in."""
    return views.rejects_of(service.get_batch(session, desk.actor, batch_id))
