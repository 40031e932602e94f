"""报名回电: somebody asked for a posting; the officer calls, finds their file, and makes it a referral."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.core.errors import AppError, Invalid
from app.core.http import ReadSession, WriteSession, get_settings
from app.referrals.wishes import queries, service
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.terms import WishClose, WishState, WishWay
from app.seekers import masking, sealing
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.models import Person
from app.web.csrf import check_csrf, issue_form_token
from app.web.formats import phone_words
from app.web.staff import once
from app.web.staff.file_views import line_of
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page
from app.web.staff.pushing_views import JobLine, job_line
from app.web.staff.today_views import due_words
from app.web.staff.wording import day_words, place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)


@dataclass(frozen=True)
class LikelyPerson:
    """可能是这个人: the phone's last four digits, for comparing."""

    id: int
    name: str
    line: str
    place: str
    phone: str
    token: str


@dataclass(frozen=True)
class WishView:
    """一条报名: `tel` only right after it was asked for."""

    id: int
    name: str
    by: str
    asked: str
    asked_on: str
    place: str
    due: str
    tone: str
    state: str
    is_waiting: bool
    referral_href: str
    job: JobLine
    may_work: bool
    has_phone: bool
    likely: tuple[LikelyPerson, ...]
    tel: str = ""
    tel_words: str = ""
    problem: str = ""
    closings: tuple[tuple[str, str], ...] = tuple((one.value, one.label) for one in WishClose)


@router.get("/staff/wishes/{wish_id}")
def show(request: Request, session: ReadSession, desk: StaffDesk, wish_id: int) -> Response:
    """Who asked for what, and whose file it may be."""
    return _page(request, session, desk, wish_id)


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    wish_id: int,
    *,
    tel: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    wish = queries.get_wish(session, desk.actor, wish_id)
    target = Target(region_code=wish.region_code)
    reading = may(desk.actor, Action.READ, Resource.REFERRAL, target)
    is_masked = reading is None or reading.is_masked
    may_work = may(desk.actor, Action.CREATE, Resource.REFERRAL, target) is not None
    is_waiting = wish.state is WishState.WAITING
    people = (
        queries.list_likely_people(session, desk.actor, wish, desk.cipher) if is_waiting and may_work else ()
    )
    codes = {wish.region_code, wish.job.region_code, *(person.region_code for person in people)}
    villages = ledger.list_village_names(session, codes)
    words, tone = due_words(wish.due_at, desk.clock.now())
    view = WishView(
        id=wish.id,
        name=masking.mask_name(wish.name) if is_masked else wish.name,
        by="家里人替报的" if wish.is_for_family else "自己报的",
        asked="想去" if wish.way is WishWay.WANT else "想问问",
        asked_on=day_words(wish.created_at, desk.today),
        place=place_name(wish.region_code, villages),
        due=words,
        tone=tone,
        state=_state(wish),
        is_waiting=is_waiting,
        referral_href=f"/staff/referrals/{wish.referral_id}" if wish.referral_id else "",
        job=job_line(wish.job, villages),
        may_work=may_work,
        has_phone=wish.phone is not None and not is_masked,
        likely=tuple(_likely(request, desk, wish.id, person, villages) for person in people),
        tel=tel,
        tel_words=phone_words(tel),
        problem=problem,
    )
    return console_page(request, desk.actor, "staff/wish.html", view, now="today", status=status)


def _likely(
    request: Request, desk: Desk, wish_id: int, person: Person, villages: dict[str, str]
) -> LikelyPerson:
    return LikelyPerson(
        person.id,
        person.name,
        line_of(person, desk.today),
        place_name(person.region_code, villages),
        masking.mask_phone(sealing.open_phone(person, desk.cipher)) or "没有电话",
        # For the form's own address: the page is shown at the phone's too.
        issue_form_token(get_settings(request), desk.clock, f"/staff/wishes/{wish_id}"),
    )


def _state(wish: JobWish) -> str:
    if wish.state is WishState.CLOSED and wish.close_reason is not None:
        return f"{wish.state.label}：{wish.close_reason.label}"
    return wish.state.label


@router.post("/staff/wishes/{wish_id}/phone")
def show_phone(request: Request, session: WriteSession, desk: StaffDesk, wish_id: int) -> Response:
    """The number, with the button that dials it; that it was read is written down."""
    tel = service.read_phone(session, desk.actor, wish_id, cipher=desk.cipher, clock=desk.clock)
    problem = "" if tel else "号码已经删了（办完超过 90 天），打不了了。"
    return _page(request, session, desk, wish_id, tel=tel, problem=problem)


@router.post("/staff/wishes/{wish_id}")
def refer(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    wish_id: int,
    form: SentForm,
    person: Annotated[int, Form(ge=1, lt=2**53)],
) -> Response:
    """就是他: the wish becomes a referral to which the person said yes on the phone."""
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    try:
        with session.begin_nested():
            referral = service.refer_wish(
                session, desk.actor, wish_id, person, cipher=desk.cipher, clock=desk.clock
            )
    except AppError as error:
        if error.status != 409:
            raise
        return _page(request, session, desk, wish_id, problem=error.title, status=error.status)
    return once.keep(session, asked, f"/staff/referrals/{referral.id}?done=yes", desk.clock)


@router.post("/staff/wishes/{wish_id}/close")
def close(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    wish_id: int,
    reason: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Nothing came of it; closed twice, it is closed once."""
    try:
        found = next((one for one in WishClose if one.value == reason), None)
        if found is None:
            raise Invalid("请点一个原因，本人看得到。")
        with session.begin_nested():
            service.close_wish(session, desk.actor, wish_id, found, clock=desk.clock)
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _page(request, session, desk, wish_id, problem=error.title, status=error.status)
    return RedirectResponse("/staff/today?done=wish_closed", 303)


def wish_name(session: ReadSession, desk: Desk, wish_id: int) -> str:
    """The name somebody asked under, for a new file's form. Raises WishNotFound."""
    return queries.get_wish(session, desk.actor, wish_id).name
