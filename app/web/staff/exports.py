"""导出台账: people of a place in the shapes offices exchange; a county's takes another colleague's yes."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may
from app.accounts.second_person import queries as confirmations
from app.accounts.second_person.terms import ConfirmationKind
from app.core.db import Database
from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, read_once, run_with_database
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.imports.confirmed_exports import export_confirmed, request_export
from app.seekers.imports.exporting import ExportOrder, export_people
from app.seekers.imports.shapes import COLUMNS, LedgerShape
from app.web.csrf import check_csrf
from app.web.staff.confirmation_views import Row, rows_of
from app.web.staff.page import console_page
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ExportView:
    """导出页: `most` people at once, None without a limit; `own` what was asked of another colleague."""

    places: tuple[tuple[str, str], ...]
    shapes: tuple[tuple[str, str], ...]
    asks_reason: bool
    asks_second: bool
    most: int | None
    own: tuple[Row, ...] = ()
    problem: str = ""


@router.get("/staff/exports")
def show_export(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """The form, and what was asked for. Raises Forbidden for who may export nowhere."""
    return console_page(request, desk.actor, "staff/exports.html", _view(session, desk), now="imports")


@router.post("/staff/exports")
async def export(
    request: Request,
    desk: StaffDesk,
    region: Annotated[str, Form(max_length=12)] = "",
    shape: Annotated[LedgerShape, Form()] = LedgerShape.PERSONS,
    reason: Annotated[str, Form(max_length=200)] = "",
    full: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """The file; or, where it takes two people, the request to another colleague. All is in the audit log."""
    order = ExportOrder(region, shape, reason, is_full=bool(full))
    permission = may(desk.actor, Action.EXPORT, Resource.PEOPLE_FILE, Target(region_code=region))

    def ask(database: Database) -> Response:
        with database.write() as session:
            request_export(session, desk.actor, order, cipher=desk.cipher, clock=desk.clock)
        return RedirectResponse("/staff/exports?done=asked", 303)

    def write(database: Database) -> Response:
        return _file(
            region,
            lambda path: export_people(
                database, desk.actor, order, path, cipher=desk.cipher, clock=desk.clock
            ),
        )

    work = ask if permission is not None and permission.needs_second_person else write
    return await _try(request, desk, work)


@router.post("/staff/exports/{confirmation_id}/file")
async def download(request: Request, desk: StaffDesk, confirmation_id: int) -> Response:
    """The file another colleague agreed to, as long as that agreement runs."""

    def write(database: Database) -> Response:
        return _file(
            str(confirmation_id),
            lambda path: export_confirmed(
                database, desk.actor, confirmation_id, path, cipher=desk.cipher, clock=desk.clock
            ),
        )

    return await _try(request, desk, write)


async def _try(request: Request, desk: Desk, work: Callable[[Database], Response]) -> Response:
    try:
        return await run_with_database(request, work)
    except AppError as error:
        title, status = error.title, error.status
    view = await read_once(request, lambda session: _view(session, desk, title))
    return console_page(request, desk.actor, "staff/exports.html", view, now="imports", status=status)


def _file(name: str, write: Callable[[Path], int]) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        write(path)
        body = path.read_bytes()
    headers = {
        "Content-Disposition": f'attachment; filename="ledger-{name}.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=_XLSX, headers=headers)


def _view(session: ReadSession, desk: Desk, problem: str = "") -> ExportView:
    found = _permissions(desk.actor)
    limits = [permission.max_people for permission in found.values() if permission.max_people]
    asks_second = any(permission.needs_second_person for permission in found.values())
    own: tuple[Row, ...] = ()
    if asks_second:
        asked = confirmations.list_own(session, desk.actor, ConfirmationKind.PEOPLE_EXPORT)
        own = rows_of(session, desk, asked)
    return ExportView(
        tuple((code, place_name(code, {})) for code in found),
        tuple((shape.value, shape.label) for shape in COLUMNS),
        any(permission.needs_reason for permission in found.values()),
        asks_second,
        max(limits) if limits else None,
        own,
        problem,
    )


def _permissions(actor: Actor) -> dict[str, Permission]:
    """Where the colleague may export, and how. Raises Forbidden for nowhere."""
    found = {
        code: permission
        for code in sorted(set(actor.officer_regions()), key=lambda code: (len(code), code))
        if (permission := may(actor, Action.EXPORT, Resource.PEOPLE_FILE, Target(region_code=code)))
    }
    if not found:
        raise Forbidden("您的账号不能导出人员表。")
    return found
