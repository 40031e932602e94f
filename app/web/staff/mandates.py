"""替别家招人: a labour broker's mandates: asked for with the firm's paper, posted by, given up."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.terms import Role
from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, WriteSession
from app.employers.team import mandate_queries, mandates
from app.employers.team.mandate_queries import Agent
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.employer.mandates import MandatesView, mandate_row
from app.web.mandate_form import FIELDS, ask_with_paper
from app.web.photos import PHOTO_FORMS
from app.web.staff.forms import SentForm, problems_of
from app.web.staff.page import console_page

router = APIRouter(dependencies=[*PHOTO_FORMS, Depends(check_csrf)], include_in_schema=False)
ADDRESS: Final = "/staff/mandates"


@router.get(ADDRESS)
def show_mandates(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """For whom the broker may post, and what was asked for."""
    return _page(request, session, desk)


@router.post(ADDRESS)
async def ask(request: Request, desk: StaffDesk, sent: SentForm) -> Response:
    """Asks with the photographed paper; the firm or its county office agrees."""
    return await ask_with_paper(
        request,
        desk,
        sent,
        find_agent=lambda _: Agent(user_id=desk.actor.user_id),
        address_after=lambda _: f"{ADDRESS}?done=mandate_asked",
        show_again=lambda session, typed, refused: _page(
            request, session, desk, typed=typed, refused=refused
        ),
    )


@router.post("/staff/mandates/{mandate_id:int}")
def give_up(request: Request, session: WriteSession, desk: StaffDesk, mandate_id: int) -> Response:
    """The broker no longer acts for the firm."""
    mandates.end_mandate(session, desk.actor, mandate_id, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse(f"{ADDRESS}?done=mandate_ended", 303)


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    *,
    typed: Mapping[str, str] | None = None,
    refused: AppError | None = None,
) -> Response:
    if not desk.actor.has_role(Role.BROKER):
        raise Forbidden("替别家招人是劳务经纪人的事。")
    problem, found, status = problems_of(refused) if refused is not None else ("", [], 200)
    now = desk.clock.now()
    lines = mandate_queries.list_of_agent(session, Agent(user_id=desk.actor.user_id), now)
    view = MandatesView(
        0,
        (),
        tuple(mandate_row(line, now, by_client=False, may_manage=False) for line in lines),
        True,
        typed or dict.fromkeys(FIELDS, ""),
        problem,
        {each.field: each.message for each in found},
    )
    return console_page(request, desk.actor, "staff/mandates.html", view, now="mandates", status=status)
