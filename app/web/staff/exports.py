"""导出台账: the people of one's place in the shapes offices exchange, masked; the reason is kept."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.core.db import Database
from app.core.errors import AppError, Forbidden
from app.core.http import run_with_database
from app.seekers.dependencies import StaffDesk
from app.seekers.imports.exporting import ExportOrder, export_people
from app.seekers.imports.shapes import COLUMNS, LedgerShape
from app.web.csrf import check_csrf
from app.web.staff.page import console_page
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ExportView:
    """导出页: `most` people at once, None without a limit."""

    places: tuple[tuple[str, str], ...]
    shapes: tuple[tuple[str, str], ...]
    asks_reason: bool
    asks_second: bool
    most: int | None
    problem: str = ""


@router.get("/staff/exports")
def show_export(request: Request, desk: StaffDesk) -> Response:
    """The form. Raises Forbidden for who may export nowhere."""
    return console_page(request, desk.actor, "staff/exports.html", _view(desk.actor), now="imports")


@router.post("/staff/exports")
async def export(
    request: Request,
    desk: StaffDesk,
    region: Annotated[str, Form(max_length=12)] = "",
    shape: Annotated[LedgerShape, Form()] = LedgerShape.PERSONS,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The file. Every one is in the audit log."""

    def work(database: Database) -> bytes:
        order = ExportOrder(region, shape, reason)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.xlsx"
            export_people(database, desk.actor, order, path, cipher=desk.cipher, clock=desk.clock)
            return path.read_bytes()

    try:
        body = await run_with_database(request, work)
    except AppError as error:
        view = _view(desk.actor, error.title)
        return console_page(
            request, desk.actor, "staff/exports.html", view, now="imports", status=error.status
        )
    headers = {
        "Content-Disposition": f'attachment; filename="ledger-{region}.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=_XLSX, headers=headers)


def _view(actor: Actor, problem: str = "") -> ExportView:
    found = {
        code: permission
        for code in sorted(set(actor.officer_regions()), key=lambda code: (len(code), code))
        if (permission := may(actor, Action.EXPORT, Resource.PEOPLE_FILE, Target(region_code=code)))
    }
    if not found:
        raise Forbidden("您的账号不能导出人员表。")
    limits = [permission.max_people for permission in found.values() if permission.max_people]
    return ExportView(
        tuple((code, place_name(code, {})) for code in found),
        tuple((shape.value, shape.label) for shape in COLUMNS),
        any(permission.needs_reason for permission in found.values()),
        any(permission.needs_second_person for permission in found.values()),
        max(limits) if limits else None,
        problem,
    )
