"""带队人的链接: /b/{code}, the roll on the way to work. Nobody signs in: the last four digits of the leader's
phone open the list, and what the leader saw is written down for the officer who named them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response

from app.accounts.dependencies import CurrentActor, CurrentCipher
from app.core.clock import Clock
from app.core.errors import Conflict
from app.core.http import CurrentClock, CurrentSettings, ReadSession, WriteSession
from app.core.settings import Settings
from app.referrals.rolls import service
from app.referrals.rolls.service import CalledRoll
from app.referrals.terms import ReferralAction, ReferralState
from app.regions import gazetteer
from app.web.csrf import FORM_FIELD, check_public_form, issue_form_token, read_form_token
from app.web.employer.page import employer_page
from app.web.reader import read_reader
from app.web.staff.forms import SentForm

router = APIRouter(dependencies=[Depends(check_public_form)], include_in_schema=False)
WRONG_TAIL: Final = "这四个数不对。是您自己手机号的最后四位。"
_ACTIONS: Final = {
    action.value: action for action in (ReferralAction.DEPART, ReferralAction.ARRIVE, ReferralAction.NO_SHOW)
}


@dataclass(frozen=True)
class RollRow:
    """名单上的一个人."""

    id: int
    name: str
    place: str
    said: str


@dataclass(frozen=True)
class LeaderView:
    """带队点名. Without `token` the page asks for the digits and names nobody."""

    leader: str
    title: str
    firm: str
    day: str
    count: int
    action: str
    token: str = ""
    rows: tuple[RollRow, ...] = ()
    told: str = ""
    problem: str = ""


@router.get("/b/{code}")
def show_roll(
    code: str,
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    clock: CurrentClock,
    settings: CurrentSettings,
) -> Response:
    """How many there are; nobody is named before the digits. Raises NotFound, Gone."""
    called = service.open_link(session, settings.secret_key.get_secret_value(), code, clock)
    return _page(request, called, code)


@router.post("/b/{code}")
def call_roll(
    code: str,
    request: Request,
    session: WriteSession,
    actor: CurrentActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    sent: SentForm,
    tail: Annotated[str, Form(max_length=20)] = "",
    act: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """The digits open the list; then what the leader saw is said for everybody ticked."""
    key = settings.secret_key.get_secret_value()
    called = service.open_link(session, key, code, clock)
    purpose = f"/b/{called.roll.id}"
    token = str(sent.get(FORM_FIELD, ""))
    if not token:
        if not service.shows_tail(session, called.roll, tail, cipher, clock):
            return _page(request, called, code, problem=WRONG_TAIL, status=422)
        return _page(request, called, code, token=issue_form_token(settings, clock, purpose))
    read_form_token(settings, clock, purpose, token)
    return _say(request, session, settings, clock, called, code, token, sent.getlist("person"), act, cipher)


def _say(
    request: Request,
    session: WriteSession,
    settings: Settings,
    clock: Clock,
    called: CalledRoll,
    code: str,
    token: str,
    ticked: Sequence[object],
    act: str,
    cipher: CurrentCipher,
) -> Response:
    ids = {int(text) for text in map(str, ticked) if text.isascii() and text.isdigit() and len(text) < 16}
    action = _ACTIONS.get(act)
    if action is None or not ids:
        return _page(request, called, code, token=token, problem="先勾上人，再点下面的一个。", status=422)
    try:
        done = service.call_roll(session, called, action, ids, cipher=cipher, clock=clock)
    except Conflict as error:
        return _page(request, called, code, token=token, problem=error.title, status=409)
    again = service.open_link(session, settings.secret_key.get_secret_value(), code, clock)
    return _page(request, again, code, token=token, told=f"记下了 {done} 个人。")


def _page(
    request: Request,
    called: CalledRoll,
    code: str,
    *,
    token: str = "",
    told: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    roll, job = called.roll, called.job
    rows = tuple(
        RollRow(
            referral.id,
            referral.person.name,
            place.name if (place := gazetteer.find_nearest(referral.person.region_code)) else "",
            "上车了" if referral.state is ReferralState.DEPARTING else "",
        )
        for referral in called.people
    )
    view = LeaderView(
        roll.leader_name,
        job.title,
        job.employer.name,
        f"{roll.day.month} 月 {roll.day.day} 日",
        len(rows),
        read_reader(request).url(f"/b/{code}"),
        token,
        rows if token else (),
        told,
        problem,
    )
    return employer_page(request, "leader.html", view, firm=job.employer, status=status)
