"""单位的同事: who belongs to the firm; asking somebody by phone; agreeing; leaving and taking back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.core.clock import office_day
from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.employers.papers.rules import day_words
from app.employers.team import policies, queries, service
from app.employers.team.terms import MemberRole
from app.web import sessions
from app.web.csrf import check_csrf
from app.web.employer.page import Desk, FirmDesk, employer_page
from app.web.staff.forms import problems_of

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)

MEMBERS: Final = "/employer/members"
INVITATIONS: Final = "/employer/invitations"
_ROLES: Final = (
    (MemberRole.RECRUITER.value, "招人的：发岗位、看人、点名"),
    (MemberRole.OWNER.value, "负责人：还能请人、收回、给委托"),
)


@dataclass(frozen=True)
class MemberRow:
    """一位同事. `leaves`: it is oneself."""

    grant_id: int
    name: str
    line: str
    leaves: bool


@dataclass(frozen=True)
class InvitedRow:
    """请了还没答应的."""

    id: int
    name: str
    line: str


@dataclass(frozen=True)
class MembersView:
    """单位的同事."""

    firm_id: int
    rows: tuple[MemberRow, ...]
    invited: tuple[InvitedRow, ...]
    may_manage: bool
    roles: tuple[tuple[str, str], ...] = _ROLES
    typed: Mapping[str, str] = field(default_factory=lambda: {"name": "", "phone": "", "role": "recruiter"})
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AskedView:
    """请我的单位."""

    rows: tuple[InvitedRow, ...]
    problem: str = ""


@router.get(MEMBERS)
def show_members(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """Colleagues, and those asked who have not answered."""
    return _page(request, session, desk)


@router.post(MEMBERS)
def change_members(
    request: Request,
    session: WriteSession,
    desk: FirmDesk,
    step: Annotated[str, Form(max_length=10)] = "",
    id_: Annotated[int, Form(alias="id")] = 0,
    name: Annotated[str, Form(max_length=40)] = "",
    phone: Annotated[str, Form(max_length=30)] = "",
    role: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """`invite` somebody, take an invitation back (`cancel`), or let a colleague or oneself go (`remove`)."""
    firm = desk.get_own_firm(session)
    wanted = MemberRole.OWNER if role == MemberRole.OWNER.value else MemberRole.RECRUITER
    try:
        with session.begin_nested():
            if step == "invite":
                service.invite_member(
                    session,
                    desk.actor,
                    firm,
                    name=name,
                    phone=phone,
                    role=wanted,
                    cipher=desk.cipher,
                    clock=desk.clock,
                )
            elif step == "cancel":
                service.cancel_invitation(session, desk.actor, firm, id_, desk.clock)
            elif step == "remove":
                return _remove(session, desk, id_)
    except AppError as error:
        typed = {"name": name, "phone": phone, "role": wanted.value}
        return _page(request, session, desk, typed=typed, refused=error)
    done = {"invite": "invited", "cancel": "cancelled"}.get(step, "")
    return RedirectResponse(f"{MEMBERS}?firm={firm.id}&done={done}", 303)


def _remove(session: WriteSession, desk: Desk, grant_id: int) -> Response:
    firm = desk.get_own_firm(session)
    members = queries.list_members(session, firm.id, desk.clock.now())
    is_self = any(each.grant_id == grant_id and each.user_id == desk.actor.user_id for each in members)
    service.remove_member(session, desk.actor, firm, grant_id, desk.clock)
    return RedirectResponse("/login/phone" if is_self else f"{MEMBERS}?firm={firm.id}&done=removed", 303)


@router.get(INVITATIONS)
def show_invitations(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """Firms that ask me to join them."""
    return _asked_page(request, session, desk)


@router.post(INVITATIONS)
def answer_invitation(
    request: Request,
    session: WriteSession,
    desk: FirmDesk,
    id_: Annotated[int, Form(alias="id")] = 0,
    step: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Yes or no; with a yes the session is a new one."""
    try:
        with session.begin_nested():
            if step != "yes":
                service.decline_invitation(session, desk.actor, id_, cipher=desk.cipher, clock=desk.clock)
                return RedirectResponse(f"{INVITATIONS}?done=declined", 303)
            token = service.accept_invitation(session, desk.actor, id_, cipher=desk.cipher, clock=desk.clock)
    except AppError as error:
        return _asked_page(request, session, desk, problem=error.title, status=error.status)
    response = RedirectResponse("/employer?done=joined", 303)
    sessions.keep_session(request, response, token)
    return response


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
    rows = tuple(
        MemberRow(
            each.grant_id,
            each.name,
            f"{each.role.label}，{day_words(office_day(each.since))}来的",
            each.user_id == desk.actor.user_id,
        )
        for each in queries.list_members(session, firm.id, now)
    )
    invited = tuple(
        InvitedRow(
            each.id, each.name, f"{each.role.label}，{day_words(office_day(each.expires_at))}前答应算数"
        )
        for each in queries.list_open_invitations(session, firm.id, now)
    )
    view = MembersView(
        firm.id,
        rows,
        invited,
        policies.may_manage_members(session, desk.actor, firm, desk.clock),
        typed=typed or {"name": "", "phone": "", "role": MemberRole.RECRUITER.value},
        problem=problem,
        problems={each.field: each.message for each in found},
    )
    return employer_page(request, "members.html", view, firm=firm, status=status)


def _asked_page(
    request: Request, session: ReadSession, desk: Desk, *, problem: str = "", status: int = 200
) -> Response:
    rows = tuple(
        InvitedRow(
            each.id, firm.name, f"当{each.role.label}，{day_words(office_day(each.expires_at))}前答应算数"
        )
        for each, firm in service.list_own_invitations(session, desk.actor, desk.cipher, desk.clock)
    )
    return employer_page(request, "invitations.html", AskedView(rows, problem), status=status)
