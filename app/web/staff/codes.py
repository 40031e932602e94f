"""码: what was given out and how often it is scanned; a code for a fair or campaign; calling back."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.codes import service
from app.codes.errors import CodeNotFound
from app.codes.schemas import NewCode
from app.codes.signing import PrintedCode, numbered
from app.codes.terms import ISSUED_KINDS, CodeKind
from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff.code_views import build_code, build_codes, code_path, place_of
from app.web.staff.forms import problems_of
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_DAY_UNCLEAR = "日子没看懂，照这样填：2026-11-28。"
_VILLAGE_DIGITS = (6, 9, 12)
Words = Annotated[str, Form(max_length=60)]
Reason = Annotated[str, Form(max_length=300)]


@router.get("/staff/codes")
def show_codes(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """All codes of the colleague's places, with scans. Raises Forbidden."""
    return console_page(
        request, desk.actor, "staff/codes.html", build_codes(session, desk, cursor), now="papers"
    )


@router.post("/staff/codes")
def issue(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    kind: Annotated[CodeKind, Form()],
    region: Annotated[str, Form(max_length=12)] = "",
    title: Words = "",
    spot: Words = "",
    day: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Gives out a code for a fair (`day` it is held) or a campaign (`day` its last)."""
    try:
        on = date.fromisoformat(day) if day.strip() else None
    except ValueError:
        on = None
        if day.strip():
            return _refused(request, session, desk, _DAY_UNCLEAR, title=title, spot=spot, day=day)
    try:
        data = NewCode(
            kind=kind,
            region_code=region,
            title=title,
            spot=spot,
            held_on=on if kind is CodeKind.FAIR else None,
            valid_until=None if kind is CodeKind.FAIR else on,
        )
        row = service.issue_code(session, desk.actor, data, cipher=desk.cipher, clock=desk.clock)
    except (AppError, ValidationError) as error:
        return _refused(request, session, desk, problems_of(error)[0], title=title, spot=spot, day=day)
    return RedirectResponse(f"/staff/codes/{code_path(numbered(row.kind, row.id))}?done=code", 303)


def _refused(request: Request, session: WriteSession, desk: Desk, problem: str, **typed: str) -> Response:
    view = build_codes(session, desk, None, problem, typed)
    return console_page(request, desk.actor, "staff/codes.html", view, now="papers", status=422)


@router.post("/staff/codes/recall-posters")
def recall_posters(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    region: Annotated[str, Form(max_length=12)] = "",
    reason: Reason = "",
) -> Response:
    """Calls back every poster that hangs in a place."""
    try:
        service.recall_posters(session, desk.actor, region, reason, cipher=desk.cipher, clock=desk.clock)
    except AppError as error:
        return _refused(request, session, desk, error.title, reason=reason)
    return RedirectResponse("/staff/codes?done=recalled", 303)


@router.post("/staff/codes/recalls/{recall_id:int}/lift")
def lift(session: WriteSession, desk: StaffDesk, recall_id: int) -> Response:
    """The paper counts again. Raises CodeNotFound, NotRecalled."""
    service.lift_recall(session, desk.actor, recall_id, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse("/staff/codes?done=lifted_code", 303)


def _read(kind: CodeKind, key: str) -> PrintedCode:
    if not (key.isascii() and key.isdigit()) or len(key) > 12 or kind is CodeKind.LETTER:
        raise CodeNotFound
    if kind is not CodeKind.VILLAGE:
        return numbered(kind, int(key))
    if len(key) not in _VILLAGE_DIGITS:
        raise CodeNotFound
    return PrintedCode(kind, key)


@router.get("/staff/codes/{kind}/{key}")
def show_code(request: Request, session: ReadSession, desk: StaffDesk, kind: CodeKind, key: str) -> Response:
    """One code. Raises CodeNotFound."""
    view = build_code(session, desk, _read(kind, key))
    return console_page(request, desk.actor, "staff/code.html", view, now="papers")


@router.post("/staff/codes/{kind}/{key}/recall")
def recall(
    request: Request, session: WriteSession, desk: StaffDesk, kind: CodeKind, key: str, reason: Reason = ""
) -> Response:
    """Calls one code back."""
    code = _read(kind, key)
    place = "" if kind in ISSUED_KINDS else place_of(session, desk, code)
    try:
        service.recall_code(session, desk.actor, code, place, reason, cipher=desk.cipher, clock=desk.clock)
    except AppError as error:
        view = build_code(session, desk, code, error.title)
        return console_page(request, desk.actor, "staff/code.html", view, now="papers", status=error.status)
    return RedirectResponse(f"/staff/codes/{code_path(code)}?done=recalled", 303)


@router.post("/staff/codes/poster/{number:int}/hang")
def hang(
    session: WriteSession, desk: StaffDesk, number: int, spot: Words = "", hung_by: Words = ""
) -> Response:
    """Where the poster hangs, and who hung it."""
    service.hang_code(
        session, desk.actor, number, spot=spot, hung_by=hung_by, cipher=desk.cipher, clock=desk.clock
    )
    return RedirectResponse(f"/staff/codes/poster/{number}?done=saved", 303)
