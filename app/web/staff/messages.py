"""消息的事: messages that need a person, and what is told by phone instead; each decision written down."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import Forbidden
from app.core.http import ReadSession, WriteSession
from app.notifications.stuck import count_stuck
from app.notifications.terms import TroubleDecision
from app.referrals.mailing import calls, troubles
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff import message_views as views
from app.web.staff.page import console_page, may_work_referrals

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_LIST: Final = "/staff/messages"
_CALLS: Final = "/staff/calls"
_PAGE: Final = 30


@router.get(_LIST)
def show_troubles(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """What did not arrive, was not sent, or nobody knows about, in my area."""
    _require(desk)
    now = desk.clock.now()
    found = troubles.list_troubles(session, desk.actor, now, limit=_PAGE)
    villages = ledger.list_village_names(session, [t.person.region_code for t in found if t.person])
    view = views.MessagesView(
        tuple(views.trouble_row(one, desk.actor, villages, desk.cipher, now) for one in found),
        troubles.count_troubles(session, desk.actor, now),
        calls.count_calls(session, desk.actor, now),
        views.stuck_notes(count_stuck(session)),
    )
    return console_page(request, desk.actor, "staff/messages.html", view, now="today")


@router.post(_LIST + "/{message_id}")
def decide(
    session: WriteSession,
    desk: StaffDesk,
    message_id: int,
    decision: Annotated[TroubleDecision, Form()],
) -> Response:
    """What is done about one of them."""
    _require(desk)
    troubles.decide(session, desk.actor, message_id, decision, cipher=desk.cipher, clock=desk.clock)
    done = "to_call" if decision is TroubleDecision.CALL_INSTEAD else "decided"
    return RedirectResponse(f"{_LIST}?done={done}", 303)


@router.get(_CALLS)
def show_calls(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """Whom to ring or visit, and what to say."""
    _require(desk)
    now = desk.clock.now()
    found = calls.list_calls(session, desk.actor, now, desk.cipher, limit=_PAGE)
    villages = ledger.list_village_names(session, [c.person.region_code for c in found if c.person])
    view = views.CallsView(
        tuple(views.call_row(one, desk.actor, villages, desk.cipher, now) for one in found),
        calls.count_calls(session, desk.actor, now),
        troubles.count_troubles(session, desk.actor, now),
    )
    return console_page(request, desk.actor, "staff/calls.html", view, now="today")


@router.post(_CALLS + "/{message_id}")
def record(
    session: WriteSession,
    desk: StaffDesk,
    message_id: int,
    reached: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """How a call went; nobody there: once more tomorrow."""
    _require(desk)
    spoken = reached == "yes"
    calls.record_call(session, desk.actor, message_id, reached=spoken, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse(f"{_CALLS}?done={'called' if spoken else 'tried'}", 303)


def _require(desk: Desk) -> None:
    if not may_work_referrals(desk.actor):
        raise Forbidden("推荐的事由村里、镇上和县里的同事来办。")
