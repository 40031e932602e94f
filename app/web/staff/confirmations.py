"""等人点头的事: what waits for this colleague's yes or no, and what they asked of others."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.second_person import queries, service
from app.accounts.second_person.terms import ConfirmationKind
from app.core.errors import AppError
from app.core.http import CurrentSettings, ReadSession, WriteSession
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.privacy import erasure
from app.seekers.privacy.erasure_log import path_of
from app.web.csrf import check_csrf
from app.web.staff.confirmation_views import Row, rows_of
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)


@dataclass(frozen=True)
class ConfirmationsView:
    """点头页. `at` is the row a problem belongs to, 0 for none."""

    waiting: tuple[Row, ...]
    own: tuple[Row, ...]
    problem: str = ""
    at: int = 0


@router.get("/staff/confirmations")
def show_confirmations(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """What waits for my word, and what I asked for."""
    return _page(request, session, desk)


@router.post("/staff/confirmations/{confirmation_id}/approve")
def approve(
    session: WriteSession, desk: StaffDesk, settings: CurrentSettings, confirmation_id: int
) -> Response:
    """Yes: an export may be fetched by who asked; an erasure is done at once."""
    asked = queries.get_confirmation(session, desk.actor, confirmation_id)
    if asked.kind is ConfirmationKind.ERASURE and asked.subject_id is not None:
        erasure.carry_out_erasure(
            session,
            desk.actor,
            asked.subject_id,
            cipher=desk.cipher,
            clock=desk.clock,
            list_path=path_of(settings),
        )
        return RedirectResponse("/staff/confirmations?done=erased", 303)
    service.approve(session, desk.cipher, desk.clock, desk.actor, confirmation_id)
    return RedirectResponse("/staff/confirmations?done=approved", 303)


@router.post("/staff/confirmations/{confirmation_id}/refuse")
def refuse(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    confirmation_id: int,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """No, and why."""
    try:
        service.refuse(session, desk.cipher, desk.clock, desk.actor, confirmation_id, reason)
    except AppError as error:
        if error.status != 422:
            raise
        return _page(request, session, desk, problem=error, at=confirmation_id)
    return RedirectResponse("/staff/confirmations?done=refused", 303)


@router.post("/staff/confirmations/{confirmation_id}/withdraw")
def withdraw(session: WriteSession, desk: StaffDesk, confirmation_id: int) -> Response:
    """Taking one's own request back."""
    service.withdraw(session, desk.cipher, desk.clock, desk.actor, confirmation_id)
    return RedirectResponse("/staff/confirmations?done=withdrawn", 303)


def _page(
    request: Request, session: ReadSession, desk: Desk, *, problem: AppError | None = None, at: int = 0
) -> Response:
    waiting = queries.list_waiting(session, desk.actor, desk.clock.now())
    own = queries.list_own(session, desk.actor)
    rows = {row.id: row for row in rows_of(session, desk, [*waiting, *own])}
    view = ConfirmationsView(
        tuple(rows[one.id] for one in waiting),
        tuple(rows[one.id] for one in own),
        problem.title if problem else "",
        at,
    )
    status = problem.status if problem else 200
    return console_page(request, desk.actor, "staff/confirmations.html", view, status=status)
