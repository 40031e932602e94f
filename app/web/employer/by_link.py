"""短链接: for a firm that only has a phone, without signing in. /e/{code} the people waiting for its answer
(counts at once, the rest after the last four digits of its contact phone), /c/{code} "still hiring"."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response

from app.accounts.actor import SYSTEM
from app.accounts.dependencies import CurrentActor, CurrentCipher
from app.core.clock import Clock
from app.core.errors import AppError, NotFound
from app.core.http import CurrentClock, CurrentSettings, ReadSession, WriteSession
from app.core.settings import Settings
from app.employers import links, queries
from app.employers.models import Employer
from app.employers.terms import EmployerState
from app.jobs import queries as job_queries
from app.jobs.models import JobPosting
from app.jobs.terms import JobAction, JobState
from app.web.csrf import FORM_FIELD, check_public_form, issue_form_token, read_form_token
from app.web.employer.answers import Answered, give_answer, read_answer
from app.web.employer.home import WAITING, answer_words, oldest_days
from app.web.employer.jobs import take_step
from app.web.employer.page import employer_page
from app.web.employer.people import PeopleView
from app.web.employer.people_views import group_people, list_firm_people
from app.web.reader import read_reader
from app.web.staff.forms import SentForm

router = APIRouter(dependencies=[Depends(check_public_form)], include_in_schema=False)

WRONG_TAIL: Final = "这四个数不对。是登记单位时留的那个电话，最后四位。"


@dataclass(frozen=True)
class LinkCounts:
    """链接的头一页: how many wait and how reliably the firm answers; nobody is named before the digits."""

    firm: str
    action: str
    waiting: int
    oldest_days: int
    answers: str = ""
    problem: str = ""


@dataclass(frozen=True)
class StillHiring:
    """还在招吗: one posting, one tap."""

    firm: str
    title: str
    action: str
    state: str
    may: bool
    done: bool = False
    problem: str = ""


@router.get("/e/{code}")
def show_counts(
    code: str,
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    clock: CurrentClock,
    settings: CurrentSettings,
) -> Response:
    """How many people wait. Raises NotFound, Gone."""
    firm = _firm_of(session, settings, clock, code)
    return employer_page(request, "link.html", _counts(request, session, firm, clock), firm=firm)


@router.post("/e/{code}")
def answer_by_link(
    code: str,
    request: Request,
    session: WriteSession,
    actor: CurrentActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    sent: SentForm,
    tail: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """The digits open the list, masked; an answer is said for everybody ticked. Wrong digits are counted."""
    firm = _firm_of(session, settings, clock, code)
    token = str(sent.get(FORM_FIELD, ""))
    if token:
        read_pass = read_form_token(settings, clock, _purpose(firm), token)
        visitor = links.visitor_of(firm.id)
        done = give_answer(session, visitor, read_answer(sent), key=read_pass.key, cipher=cipher, clock=clock)
        # The next answer is another filling-in.
        token = issue_form_token(settings, clock, _purpose(firm))
        return _list(request, session, settings, clock, firm, code, token, done)
    if not links.shows_tail(session, firm, tail, clock, cipher=cipher):
        view = replace(_counts(request, session, firm, clock), problem=WRONG_TAIL)
        return employer_page(request, "link.html", view, firm=firm, status=422)
    token = issue_form_token(settings, clock, _purpose(firm))
    return _list(request, session, settings, clock, firm, code, token, Answered())


def _purpose(firm: Employer) -> str:
    return f"/e/{firm.id}"


def _firm_of(session: ReadSession, settings: Settings, clock: Clock, code: str) -> Employer:
    key = settings.secret_key.get_secret_value()
    number = links.read_link_code(key, links.PEOPLE, code, clock.today())
    return _firm(session, number)


def _firm(session: ReadSession, employer_id: int) -> Employer:
    firm = queries.list_employers_by_id(session, [employer_id]).get(employer_id)
    if firm is None or firm.state is EmployerState.BARRED:
        raise NotFound("这个链接用不了了。请打镇劳保所的电话问一问。")
    return firm


def _counts(request: Request, session: ReadSession, firm: Employer, clock: Clock) -> LinkCounts:
    people = list_firm_people(session, links.visitor_of(firm.id), clock, firm.id)
    waiting = [each for each in people if each.state in WAITING]
    return LinkCounts(
        firm.name, request.url.path, len(waiting), oldest_days(waiting, clock.now()), answer_words(firm)
    )


def _list(
    request: Request,
    session: ReadSession,
    settings: Settings,
    clock: Clock,
    firm: Employer,
    code: str,
    token: str,
    done: Answered,
) -> Response:
    visitor = links.visitor_of(firm.id)
    people = list_firm_people(session, visitor, clock, firm.id)
    view = PeopleView(
        group_people(session, visitor, people, clock),
        read_reader(request).url(f"/e/{code}"),
        token,
        (clock.today() + timedelta(days=1)).isoformat(),
        firm.address,
        told=done.told,
        missed=done.missed,
        problem=done.problem,
        picked=done.picked,
        by_link=True,
        firm=firm.name,
    )
    return employer_page(request, "link_people.html", view, firm=firm, status=done.status)


@router.get("/c/{code}")
def show_still_hiring(
    code: str,
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    clock: CurrentClock,
    settings: CurrentSettings,
) -> Response:
    """The posting's name and one button. Raises NotFound, Gone."""
    job = _job_of(session, settings, clock, code)
    return employer_page(request, "confirm.html", _still(request, job), firm=job.employer)


@router.post("/c/{code}")
def say_still_hiring(
    code: str,
    request: Request,
    session: WriteSession,
    actor: CurrentActor,
    clock: CurrentClock,
    settings: CurrentSettings,
) -> Response:
    """Confirms the posting; again does no harm."""
    job = _job_of(session, settings, clock, code)
    try:
        with session.begin_nested():
            visitor = links.visitor_of(job.employer_id)
            job = take_step(session, visitor, job.id, JobAction.CONFIRM, clock)
    except AppError as error:
        if error.status != 409:
            raise
        view = replace(_still(request, job), problem=error.title)
        return employer_page(request, "confirm.html", view, firm=job.employer, status=409)
    return employer_page(request, "confirm.html", replace(_still(request, job), done=True), firm=job.employer)


def _job_of(session: ReadSession, settings: Settings, clock: Clock, code: str) -> JobPosting:
    key = settings.secret_key.get_secret_value()
    number = links.read_link_code(key, links.POSTING, code, clock.today())
    job = job_queries.get_managed_job(session, SYSTEM, number)
    _firm(session, job.employer_id)
    return job


def _still(request: Request, job: JobPosting) -> StillHiring:
    may = job.state in (JobState.OPEN, JobState.EXPIRED)
    return StillHiring(job.employer.name, job.title, request.url.path, job.state.label, may)
