"""替单位成批发岗位: an officer uploads a firm's filled-in template; a colleague vets what it hands in."""

from contextlib import suppress
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError, Forbidden, Invalid
from app.core.http import ReadSession, WriteSession
from app.employers import queries as employer_queries
from app.employers.models import Employer
from app.employers.rules import name_key
from app.jobs.batches import service
from app.jobs.vetting_queue import may_decide_anywhere
from app.seekers.dependencies import Desk, StaffDesk
from app.web import batch_views as views
from app.web.csrf import check_csrf
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
ADDRESS: Final = "/staff/batches"
Firm = Annotated[str, Query(max_length=80)]


@router.get(ADDRESS)
def show_upload(request: Request, session: ReadSession, desk: StaffDesk, firm: Firm = "") -> Response:
    """The form: whose vacancies, and the filled-in file."""
    return _page(request, session, desk, firm)


def _page(
    request: Request, session: ReadSession, desk: Desk, firm: str, problem: str = "", status: int = 200
) -> Response:
    _require(desk)
    found = _find(session, desk, firm) if firm and not problem else None
    lines = views.batch_lines(service.list_batches(session, found)) if found is not None else ()
    template = f"{ADDRESS}/template.xlsx?firm={found.id}" if found is not None else ""
    view = views.UploadView(ADDRESS, template, lines, problem, found.name if found is not None else firm)
    return console_page(request, desk.actor, "staff/batches.html", view, now="vetting", status=status)


def _require(desk: Desk) -> None:
    if not may_decide_anywhere(desk.actor):
        raise Forbidden("替单位发岗位是镇、县人社工作人员的事。")


def _find(session: ReadSession, desk: Desk, firm: str) -> Employer | None:
    """A firm in the colleague's care, by its whole name or credit code."""
    words = firm.strip()
    known = employer_queries.find_employer_by_credit_code(session, words.upper())
    found = (
        [known] if known is not None else employer_queries.list_employers_by_name(session, [name_key(words)])
    )
    mine = [each for each in found if desk.actor.manages(each.office_code)]
    return mine[0] if len(mine) == 1 else None


@router.get(f"{ADDRESS}/template.xlsx")
def download_template(session: ReadSession, desk: StaffDesk, firm: Annotated[int, Query(ge=1)]) -> Response:
    """The template for one firm."""
    return views.template_of(employer_queries.get_managed_employer(session, desk.actor, firm))


@router.post(ADDRESS)
def upload(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    file: UploadFile,
    firm: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Takes the file up for the firm named; leads on to what its rows say."""
    _require(desk)
    found = _find(session, desk, firm)
    try:
        if found is None:
            raise Invalid("没找到这家单位。写全称，或者写十八位的信用代码；没登记的先登记。")
        batch = service.upload_batch(
            session, desk.actor, found, views.bytes_of(file), file.filename or "表格", desk.clock
        )
    except AppError as error:
        return _page(request, session, desk, firm, error.title, error.status)
    return RedirectResponse(f"{ADDRESS}/{batch.id}", 303)


@router.get(f"{ADDRESS}/{{batch_id:int}}")
def show_batch(request: Request, session: ReadSession, desk: StaffDesk, batch_id: int) -> Response:
    """Every row as it was read, or what came of them."""
    batch = service.get_batch(session, desk.actor, batch_id)
    view = views.batch_view(session, batch, f"{ADDRESS}/{batch_id}", desk.clock)
    return console_page(request, desk.actor, "staff/batch.html", view, now="vetting")


@router.post(f"{ADDRESS}/{{batch_id:int}}")
def confirm(session: WriteSession, desk: StaffDesk, batch_id: int) -> Response:
    """Hands the good rows in; another colleague vets them. A double click does it once."""
    with suppress(service.BatchTaken):
        service.take_batch(session, desk.actor, batch_id, desk.clock)
    return RedirectResponse(f"{ADDRESS}/{batch_id}?done=saved", 303)


@router.get(f"{ADDRESS}/{{batch_id:int}}/rejects.xlsx")
def download_rejects(session: ReadSession, desk: StaffDesk, batch_id: int) -> Response:
    """The rows that were not handed in."""
    return views.rejects_of(service.get_batch(session, desk.actor, batch_id))
