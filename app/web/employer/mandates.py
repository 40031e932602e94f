"""委托: an agency asks to act for a firm with a photographed paper; the firm agrees, refuses, takes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.employers.models import Employer
from app.employers.papers.rules import day_words
from app.employers.team import mandate_queries, mandates, policies
from app.employers.team.mandate_queries import Agent, MandateLine
from app.employers.terms import EmployerKind
from app.web.csrf import check_csrf
from app.web.employer.page import Desk, FirmDesk, employer_page
from app.web.mandate_form import FIELDS, ask_with_paper
from app.web.photos import PHOTO_FORMS
from app.web.staff.forms import SentForm, problems_of

router = APIRouter(dependencies=[*PHOTO_FORMS, Depends(check_csrf)], include_in_schema=False)

ADDRESS: Final = "/employer/mandates"


@dataclass(frozen=True)
class MandateRow:
    """一份委托. `client_id` is set where one may post for it now."""

    id: int
    name: str
    state: str
    tone: str
    line: str
    paper_id: int
    asks: bool = False
    ends: bool = False
    client_id: int = 0


@dataclass(frozen=True)
class MandatesView:
    """委托: `given` who acts for the firm; `held` for whom the agency acts."""

    firm_id: int
    given: tuple[MandateRow, ...]
    held: tuple[MandateRow, ...]
    is_agency: bool
    typed: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@router.get(ADDRESS)
def show_mandates(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """Who acts for the firm, and, for an agency, for whom it acts."""
    return _page(request, session, desk)


@router.post(ADDRESS)
async def ask(request: Request, desk: FirmDesk, sent: SentForm) -> Response:
    """An agency asks, with the paper the firm gave."""
    return await ask_with_paper(
        request,
        desk,
        sent,
        find_agent=lambda session: Agent(employer=desk.get_own_firm(session)),
        address_after=lambda agent: f"{ADDRESS}?firm={agent.employer.id if agent.employer else 0}&done=asked",
        show_again=lambda session, typed, refused: _page(
            request, session, desk, typed=typed, refused=refused
        ),
    )


@router.post("/employer/mandates/{mandate_id:int}")
def answer(
    request: Request,
    session: WriteSession,
    desk: FirmDesk,
    mandate_id: int,
    step: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """`yes`, or `no` for one asked for or running."""
    try:
        with session.begin_nested():
            if step == "yes":
                mandates.grant_mandate(session, desk.actor, mandate_id, cipher=desk.cipher, clock=desk.clock)
            else:
                mandates.end_mandate(session, desk.actor, mandate_id, cipher=desk.cipher, clock=desk.clock)
    except AppError as error:
        return _page(request, session, desk, refused=error)
    done = "mandated" if step == "yes" else "mandate_ended"
    return RedirectResponse(f"{ADDRESS}?firm={desk.get_own_firm(session).id}&done={done}", 303)


def _state(line: MandateLine, *, runs: bool) -> tuple[str, str]:
    """What a mandate's tag says."""
    mandate = line.mandate
    if mandate.ended_at is not None:
        return ("收回了" if mandate.granted_at is not None else "没同意"), "late"
    if mandate.granted_at is None:
        return "等点头", "now"
    return ("代招着", "ok") if runs else ("到期了", "late")


def mandate_row(line: MandateLine, now: datetime, *, by_client: bool, may_manage: bool) -> MandateRow:
    """One mandate, as the firm (`by_client`) or who acts for it sees it."""
    runs = mandate_queries.is_running(line.mandate, now)
    state, tone = _state(line, runs=runs)
    open_ = line.mandate.ended_at is None
    words = f"到 {day_words(line.until)}"
    if line.mandate.end_reason:
        words += f"。说的是：{line.mandate.end_reason}"
    return MandateRow(
        line.mandate.id,
        line.agent if by_client else line.client.name,
        state,
        tone,
        words,
        line.mandate.paper_id or 0,
        asks=by_client and may_manage and line.mandate.granted_at is None,
        ends=open_ and (may_manage or not by_client),
        client_id=line.client.id if runs and not by_client else 0,
    )


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    *,
    typed: Mapping[str, str] | None = None,
    refused: AppError | None = None,
) -> Response:
    firm, now = desk.get_own_firm(session), desk.clock.now()
    problem, found, status = problems_of(refused) if refused is not None else ("", [], 200)
    manages = policies.may_manage_members(session, desk.actor, firm, desk.clock)
    view = MandatesView(
        firm.id,
        tuple(
            mandate_row(line, now, by_client=True, may_manage=manages)
            for line in mandate_queries.list_of_client(session, firm.id, now)
        ),
        _held(session, desk, firm),
        firm.kind is EmployerKind.AGENCY,
        typed or dict.fromkeys(FIELDS, ""),
        problem,
        {each.field: each.message for each in found},
    )
    return employer_page(request, "mandates.html", view, firm=firm, status=status)


def _held(session: ReadSession, desk: Desk, firm: Employer) -> tuple[MandateRow, ...]:
    if firm.kind is not EmployerKind.AGENCY:
        return ()
    now = desk.clock.now()
    lines = mandate_queries.list_of_agent(session, Agent(employer=firm), now)
    return tuple(mandate_row(line, now, by_client=False, may_manage=False) for line in lines)
