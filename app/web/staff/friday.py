"""周五对接: the weekly session on the big screen: planned, brought to, paired, decided, sent."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, WriteSession
from app.referrals.sessions import confirming, policies, proposing, queries, service
from app.referrals.sessions.board import Board, show_board
from app.referrals.sessions.errors import SessionExists
from app.referrals.sessions.models import MatchingSession
from app.referrals.sessions.terms import PairKind, SessionState
from app.regions import gazetteer
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff import friday_views as views
from app.web.staff import once, places
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page, may_work_referrals, staff_page
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
HOME: Final = "/staff/fridays"
_COUNTY: Final = 6
_BACK: Final = (409, 412, 422)
Only = Annotated[str, Query(max_length=12)]
Names = Annotated[str, Query(max_length=1)]
Number = Annotated[int, Form(ge=1, lt=2**53)]
Version = Annotated[int, Form(ge=1, lt=2**31)]


@router.get(HOME)
def list_fridays(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """The sessions of my area, and the form for a new one."""
    _require_staff(desk)
    return _fridays(request, session, desk)


def _fridays(request: Request, session: ReadSession, desk: Desk, error: AppError | None = None) -> Response:
    rows = queries.list_sessions(session, desk.actor)
    there = error.session_id if isinstance(error, SessionExists) else None
    problem = error.title if error is not None else ""
    if error is not None and error.fields:
        problem = error.fields[0].message
    view = views.SessionsView(
        tuple(views.session_line(row) for row in rows),
        tuple((code, place_name(code, {})) for code in _own_regions(desk)),
        views.next_friday(desk.today).isoformat(),
        once.token_for(request, desk.clock),
        problem,
        f"{HOME}/{there}" if there else "",
    )
    status = error.status if error is not None else 200
    return console_page(request, desk.actor, "staff/fridays.html", view, now="fridays", status=status)


def _own_regions(desk: Desk) -> list[str]:
    """Where the colleague may hold one: their towns; a county's own code, then its towns."""
    found: dict[str, None] = {}
    for code in places.own_places(desk.actor):
        if len(code) >= _COUNTY and policies.may_run(desk.actor, code) and gazetteer.find(code):
            found[code] = None
    return list(found)


@router.post(HOME)
def plan(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    form: SentForm,
    region_code: Annotated[str, Form(max_length=12)] = "",
    held_on: Annotated[str, Form(max_length=10)] = "",
    place: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """A new session; sent twice, it is one."""
    _require_staff(desk)
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    try:
        day = date.fromisoformat(held_on.strip())
    except ValueError:
        day = desk.today
    try:
        with session.begin_nested():
            row = service.plan_session(
                session, desk.actor, region_code, day, " ".join(place.split()), clock=desk.clock
            )
    except AppError as error:
        if error.status not in _BACK:
            raise
        return _fridays(request, session, desk, error)
    return once.keep(session, asked, f"{HOME}/{row.id}/roster", desk.clock)


@router.get(HOME + "/{session_id}")
def show_friday(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    session_id: int,
    only: Only = "",
    names: Names = "",
    start: Annotated[int, Query(alias="from", ge=0, le=service.MOST_PEOPLE)] = 0,
) -> Response:
    """The big screen: people with the postings they would get, why, and what the meeting says to it."""
    board = show_board(session, desk.actor, session_id, desk.clock, full_names=bool(names))
    return _screen(request, session, desk, board, only, start=start)


def _screen(
    request: Request,
    session: ReadSession,
    desk: Desk,
    board: Board,
    only: str,
    error: AppError | None = None,
    start: int = 0,
) -> Response:
    villages = ledger.list_village_names(session, {person.region_code for person in board.people})
    view = views.board_view(
        board,
        rights_of(desk, board.session),
        villages,
        only=only,
        start=start,
        token=once.token_for(request, desk.clock),
        problem=error.title if error is not None else "",
    )
    status = error.status if error is not None else 200
    return console_page(request, desk.actor, "staff/friday.html", view, now="fridays", status=status)


@router.get(HOME + "/{session_id}/paper")
def show_paper(
    request: Request, session: ReadSession, desk: StaffDesk, session_id: int, names: Names = ""
) -> Response:
    """会议单: the pairs on paper, with room to write."""
    board = show_board(session, desk.actor, session_id, desk.clock, full_names=bool(names))
    villages = ledger.list_village_names(session, {person.region_code for person in board.people})
    view = views.board_view(board, rights_of(desk, board.session), villages, size=service.MOST_PEOPLE)
    return staff_page(request, "staff/friday_paper.html", view)


def rights_of(desk: Desk, row: MatchingSession) -> views.Rights:
    """What the colleague may do at this meeting, while it is not over."""
    return views.Rights(
        row.is_open and policies.may_run(desk.actor, row.region_code),
        row.is_open and policies.may_bring(desk.actor, row.region_code),
        row.state is SessionState.RUNNING and policies.may_send(desk.actor, row.region_code),
    )


@router.post(HOME + "/{session_id}/propose")
def propose(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    session_id: int,
    version: Version,
    oversend: Annotated[int, Form(ge=0, le=1000)] = 0,
    only: Only = "",
    names: Names = "",
) -> Response:
    """Works the pairs out (again)."""

    def step() -> None:
        seen = version
        if oversend:
            row = service.set_oversend(
                session, desk.actor, session_id, oversend, version=seen, clock=desk.clock
            )
            seen = row.version
        proposing.propose(session, desk.actor, session_id, version=seen, clock=desk.clock)

    return _do(request, session, desk, session_id, step, only, names)


@router.post(HOME + "/{session_id}/pairs")
def decide(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    session_id: int,
    version: Version,
    person: Number,
    job: Number,
    kind: Annotated[PairKind, Form()],
    only: Only = "",
    names: Names = "",
) -> Response:
    """定, 不要, or takes such a word back."""

    def step() -> None:
        proposing.decide_pair(
            session, desk.actor, session_id, person, job, kind, version=version, clock=desk.clock
        )

    return _do(request, session, desk, session_id, step, only, names)


@router.post(HOME + "/{session_id}/state")
def move(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    session_id: int,
    version: Version,
    state: Annotated[SessionState, Form()],
    only: Only = "",
    names: Names = "",
) -> Response:
    """开会, 散会."""

    def step() -> None:
        service.move_session(session, desk.actor, session_id, state, version=version, clock=desk.clock)

    return _do(request, session, desk, session_id, step, only, names)


@router.post(HOME + "/{session_id}")
def send(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    session_id: int,
    form: SentForm,
    version: Version,
    only: Only = "",
    names: Names = "",
) -> Response:
    """Sends what the meeting has decided; a double tap sends once."""
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    board = show_board(session, desk.actor, session_id, desk.clock)
    ready = [line.pair.id for line in views.ready_pairs(board)]
    try:
        with session.begin_nested():
            confirming.confirm_pairs(
                session,
                desk.actor,
                session_id,
                ready,
                version=version,
                cipher=desk.cipher,
                clock=desk.clock,
            )
    except AppError as error:
        if error.status not in _BACK:
            raise
        return _refused(request, session, desk, session_id, only, names, error)
    return once.keep(session, asked, _address(session_id, only, names, done="sent_out"), desk.clock)


def _do(
    request: Request,
    session: WriteSession,
    desk: Desk,
    session_id: int,
    step: Callable[[], None],
    only: str,
    names: str,
) -> Response:
    """Takes a step; when somebody else was quicker or a gate shuts, the screen says so and shows how things
    stand."""
    try:
        with session.begin_nested():
            step()
    except AppError as error:
        if error.status not in _BACK:
            raise
        return _refused(request, session, desk, session_id, only, names, error)
    return RedirectResponse(_address(session_id, only, names), 303)


def _refused(
    request: Request,
    session: WriteSession,
    desk: Desk,
    session_id: int,
    only: str,
    names: str,
    error: AppError,
) -> Response:
    board = show_board(session, desk.actor, session_id, desk.clock, full_names=bool(names))
    return _screen(request, session, desk, board, only, error)


def _address(session_id: int, only: str, names: str, done: str = "") -> str:
    known = only if only.isalnum() else ""
    pairs = (("only", known), ("names", "1" if names else ""), ("done", done))
    query = "&".join(f"{key}={value}" for key, value in pairs if value)
    return f"{HOME}/{session_id}" + (f"?{query}" if query else "")


def _require_staff(desk: Desk) -> None:
    if not may_work_referrals(desk.actor):
        raise Forbidden("对接会由镇里、县里的同事来开。")
