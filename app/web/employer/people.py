"""看人: the people referred to the firm; one answer for one or for many; a person's own page; the phone,
opened one at a time and written down; the roll of a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.referrals import queries
from app.referrals.models import Referral
from app.referrals.shown import show_referral
from app.referrals.terms import ReferralState
from app.seekers import revealing
from app.web.csrf import check_csrf, issue_form_token, read_form_token
from app.web.employer.answers import Answered, give_answer, read_answer
from app.web.employer.page import Desk, FirmDesk, employer_page
from app.web.employer.people_views import (
    REASONS,
    PeopleGroup,
    PersonRow,
    group_people,
    list_firm_people,
    person_row,
)
from app.web.employer.rolls import RollRow, call_roll, list_roll
from app.web.formats import phone_words
from app.web.staff.forms import SentForm

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)

ADDRESS: Final = "/employer/people"
ROLL: Final = "/employer/roll"


@dataclass(frozen=True)
class PeopleView:
    """看人: `day` and `place` stand in the form for meeting already; `picked` stay ticked after a mistake."""

    groups: tuple[PeopleGroup, ...]
    action: str
    token: str
    day: str
    place: str
    reasons: tuple[tuple[str, str], ...] = REASONS
    told: int = 0
    missed: int = 0
    problem: str = ""
    picked: tuple[int, ...] = ()
    by_link: bool = False
    firm: str = ""

    @property
    def may(self) -> frozenset[str]:
        """What can be said about somebody of the list."""
        return frozenset().union(*(row.actions for group in self.groups for row in group.rows))

    @property
    def starts_on(self) -> str:
        """The first day at work that stands in the form."""
        return self.day

    @property
    def wage(self) -> str:
        """The wage that stands in the form, if it is the same for all."""
        wages = {row.wage for group in self.groups for row in group.rows if "hire" in row.actions}
        return wages.pop() if len(wages) == 1 else ""


@dataclass(frozen=True)
class PersonView:
    """一个人: `phone` only right after it was asked for."""

    row: PersonRow
    action: str
    token: str
    day: str
    place: str
    may_call: bool
    phone: str = ""
    asked: bool = False
    reasons: tuple[tuple[str, str], ...] = REASONS
    problem: str = ""


@dataclass(frozen=True)
class RollView:
    """点名."""

    rows: tuple[RollRow, ...]
    token: str
    today: date
    problem: str = ""


@router.get(ADDRESS)
def show_people(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """Everybody referred to the firm, who waits longest first."""
    if desk.find_firm(session) is None:
        return RedirectResponse("/employer", 303)
    return _people_page(request, session, desk, Answered())


@router.post(ADDRESS)
def answer_people(request: Request, session: WriteSession, desk: FirmDesk, sent: SentForm) -> Response:
    """One answer for everybody ticked."""
    done = _take(session, desk, sent, ADDRESS)
    if not done.problem and not done.missed:
        return RedirectResponse(f"{ADDRESS}?done=answered", 303)
    return _people_page(request, session, desk, done)


def _take(session: WriteSession, desk: Desk, sent: SentForm, address: str) -> Answered:
    read_pass = read_form_token(desk.settings, desk.clock, address, str(sent.get("form_token", "")))
    return give_answer(
        session, desk.actor, read_answer(sent), key=read_pass.key, cipher=desk.cipher, clock=desk.clock
    )


def _people_page(request: Request, session: ReadSession, desk: Desk, done: Answered) -> Response:
    firm = desk.get_firm(session)
    people = list_firm_people(session, desk.actor, desk.clock, firm.id)
    view = PeopleView(
        group_people(session, desk.actor, people, desk.clock),
        ADDRESS,
        issue_form_token(desk.settings, desk.clock, ADDRESS),
        (desk.clock.today() + timedelta(days=1)).isoformat(),
        firm.address,
        told=done.told,
        missed=done.missed,
        problem=done.problem,
        picked=done.picked,
    )
    return employer_page(request, "people.html", view, firm=firm, tab="people", status=done.status)


@router.get("/employer/people/{referral_id:int}")
def show_person(request: Request, session: ReadSession, desk: FirmDesk, referral_id: int) -> Response:
    """One person, and the four answers."""
    return _person_page(request, session, desk, _get(session, desk, referral_id))


@router.post("/employer/people/{referral_id:int}")
def answer_person(
    request: Request, session: WriteSession, desk: FirmDesk, referral_id: int, sent: SentForm
) -> Response:
    """One answer for one person."""
    referral = _get(session, desk, referral_id)
    done = _take(session, desk, sent, f"{ADDRESS}/{referral_id}")
    if done.problem:
        return _person_page(request, session, desk, referral, problem=done.problem, status=done.status)
    return RedirectResponse(f"{ADDRESS}?done=answered", 303)


@router.post("/employer/people/{referral_id:int}/phone")
def open_phone(request: Request, session: WriteSession, desk: FirmDesk, referral_id: int) -> Response:
    """The phone, once; that it was read is counted and written down, and the person can see it."""
    referral = _get(session, desk, referral_id)
    try:
        found = revealing.reveal_field(
            session, desk.actor, referral.person_id, "phone", cipher=desk.cipher, clock=desk.clock
        )
    except AppError as error:
        if error.status != 429:
            raise
        return _person_page(request, session, desk, referral, problem=error.title, status=429)
    number = found.value if isinstance(found.value, str) else ""
    return _person_page(request, session, desk, referral, phone=phone_words(number), asked=True)


def _get(session: ReadSession, desk: Desk, referral_id: int) -> Referral:
    return queries.get_referral(session, desk.actor, referral_id, desk.clock.now())


def _person_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    referral: Referral,
    *,
    phone: str = "",
    asked: bool = False,
    problem: str = "",
    status: int = 200,
) -> Response:
    address = f"{ADDRESS}/{referral.id}"
    view = PersonView(
        person_row(referral, show_referral(session, desk.actor, referral, desk.clock), desk.clock),
        address,
        issue_form_token(desk.settings, desk.clock, address),
        (desk.clock.today() + timedelta(days=1)).isoformat(),
        referral.interview_place or referral.job.address or referral.job.employer.address,
        referral.state is not ReferralState.DRAFT and referral.ended_at is None,
        phone,
        asked,
        problem=problem,
    )
    return employer_page(request, "person.html", view, firm=referral.job.employer, status=status)


@router.get(ROLL)
def show_roll(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """Who was to come by today."""
    if desk.find_firm(session) is None:
        return RedirectResponse("/employer", 303)
    return _roll_page(request, session, desk)


@router.post(ROLL)
def take_roll(request: Request, session: WriteSession, desk: FirmDesk, sent: SentForm) -> Response:
    """What the firm saw: who came, who did not. It never settles an arrival by itself."""
    read_form_token(desk.settings, desk.clock, ROLL, str(sent.get("form_token", "")))
    came = {int(str(each)) for each in sent.getlist("came") if str(each).isdecimal()}
    absent = {int(str(each)) for each in sent.getlist("absent") if str(each).isdecimal()}
    if not came | absent:
        return _roll_page(request, session, desk, problem="先点一下谁来了。", status=422)
    firm = desk.get_firm(session)
    call_roll(session, desk.actor, firm.id, came, absent, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse(f"{ROLL}?done=rolled", 303)


def _roll_page(
    request: Request, session: ReadSession, desk: Desk, *, problem: str = "", status: int = 200
) -> Response:
    firm = desk.get_firm(session)
    rows = list_roll(session, desk.actor, firm.id, desk.clock)
    token = issue_form_token(desk.settings, desk.clock, ROLL)
    view = RollView(rows, token, desk.clock.today(), problem)
    return employer_page(request, "roll.html", view, firm=firm, status=status)
