"""退订: what somebody tells a colleague about messages to their number, and taking it back on their word.

The number is typed, never part of an address.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, WriteSession
from app.referrals.mailing import opting
from app.referrals.mailing.opting import MessageChoice, NumberChoice
from app.seekers import masking
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.formats import phone_words
from app.web.staff.file_views import line_of
from app.web.staff.page import console_page
from app.web.staff.wording import day_words, place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_PAGE: Final = "/staff/optouts"
_WORDS: Final = {
    MessageChoice.ALL: "都收",
    MessageChoice.OWN: "群发不收，自己的事照收",
    MessageChoice.NONE: "什么都不收（验证码除外）",
}
# Said by the colleague, for the person: what will hold from now on.
_BUTTONS: Final = {
    MessageChoice.ALL: "又愿意收了",
    MessageChoice.OWN: "群发的不要了",
    MessageChoice.NONE: "什么都别发了",
}
Typed = Annotated[str, Form(max_length=40)]


@dataclass(frozen=True)
class OptOutView:
    """退订页: nothing but the box at first; then how the number stands, whose it is, and the choices left."""

    phone: str = ""
    phone_words: str = ""
    now: str = ""
    since: str = ""
    people: tuple[tuple[str, str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    told_by: str = ""
    problem: str = ""


@router.get(_PAGE)
def show_box(request: Request, desk: StaffDesk) -> Response:
    """The box for a number."""
    _require(desk)
    return console_page(request, desk.actor, "staff/optouts.html", OptOutView())


@router.post(_PAGE)
def look_up(request: Request, session: ReadSession, desk: StaffDesk, phone: Typed = "") -> Response:
    """How a number stands."""
    _require(desk)
    try:
        known = opting.look_up(session, desk.actor, phone, cipher=desk.cipher)
    except AppError as error:
        if error.status != 422:
            raise
        view = OptOutView(phone=phone, problem=error.title)
        return console_page(request, desk.actor, "staff/optouts.html", view, status=422)
    return console_page(request, desk.actor, "staff/optouts.html", _view(session, desk, known))


@router.post(_PAGE + "/choice")
def record(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    choice: Annotated[MessageChoice, Form()],
    phone: Typed = "",
    told_by: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """What the person said, and who said it; written down."""
    _require(desk)
    try:
        with session.begin_nested():
            opting.record_choice(
                session, desk.actor, phone, choice, told_by, cipher=desk.cipher, clock=desk.clock
            )
    except AppError as error:
        if error.status not in (409, 422):
            raise
        known = opting.look_up(session, desk.actor, phone, cipher=desk.cipher)
        view = _view(session, desk, known, told_by, error.title)
        return console_page(request, desk.actor, "staff/optouts.html", view, status=error.status)
    return RedirectResponse(f"{_PAGE}?done=choice", 303)


def _view(
    session: ReadSession, desk: Desk, known: NumberChoice, told_by: str = "", problem: str = ""
) -> OptOutView:
    villages = ledger.list_village_names(session, {person.region_code for person in known.people})
    return OptOutView(
        known.phone,
        phone_words(known.phone) if known.people else masking.mask_phone(known.phone) or "",
        _WORDS[known.choice],
        day_words(known.since, desk.today) if known.since else "",
        tuple(
            (
                f"/staff/people/{person.id}",
                person.name,
                f"{line_of(person, desk.today)}，{place_name(person.region_code, villages)}",
            )
            for person in known.people
        ),
        tuple((choice.value, words) for choice, words in _BUTTONS.items() if choice is not known.choice),
        told_by,
        problem,
    )


def _require(desk: Desk) -> None:
    if not opting.may_record(desk.actor):
        raise Forbidden("退订由村里、镇上和县里的同事来记。")
