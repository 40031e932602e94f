"""健康值守: appointing a county officer to read health facts, and ending that."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import credentials, duty
from app.core.errors import FieldProblem, Invalid
from app.core.http import WriteSession
from app.seekers.dependencies import StaffDesk
from app.web.csrf import check_csrf
from app.web.staff.colleagues import colleague_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)


@router.post("/staff/accounts/{user_id}/duty")
def appoint(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    user_id: int,
    place: Annotated[str, Form(max_length=12)] = "",
    until: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Appoints the colleague from now to a day."""
    credentials.get_subordinate(session, desk.clock, desk.actor, user_id)
    try:
        duty.appoint(session, desk.cipher, desk.clock, desk.actor, user_id, place, _read_day(until))
    except Invalid as error:
        return colleague_page(request, session, desk, user_id, problem=error, at="duty")
    return RedirectResponse(f"/staff/accounts/{user_id}?done=duty", 303)


@router.post("/staff/accounts/{user_id}/duty/{duty_id}/end")
def end(session: WriteSession, desk: StaffDesk, user_id: int, duty_id: int) -> Response:
    """Ends the appointment at once."""
    credentials.get_subordinate(session, desk.clock, desk.actor, user_id)
    duty.end_duty(session, desk.cipher, desk.clock, desk.actor, duty_id)
    return RedirectResponse(f"/staff/accounts/{user_id}?done=duty_ended", 303)


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        message = "请写值守到哪天，例如 2027-03-31。"
        raise Invalid(message, fields=[FieldProblem("until", message)]) from None
