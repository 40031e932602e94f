"""发岗位: one page from a template, an earlier posting or a pasted text; as the phone shows it; then sent.

Nothing is stored before "send". What was typed travels along, so no mistake costs a word; of two taps on the
last button one posting comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.clock import Clock
from app.core.errors import AppError, NotFound
from app.core.http import ReadSession, WriteSession
from app.employers.models import Employer
from app.jobs import queries as job_queries
from app.jobs import service as job_service
from app.jobs import twins
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.jobs.schemas import JobIn
from app.jobs.terms import JobAction, JobState
from app.jobs.values import check_dates, read_values
from app.jobs.vetting import findings_of_columns, has_block
from app.regions import gazetteer
from app.regions.terms import Level
from app.vetting.queries import list_tiers
from app.web.csrf import check_csrf
from app.web.employer import job_form
from app.web.employer.findings import FoundWords, WrittenWords, found_words, written_words
from app.web.employer.job_form import Typed
from app.web.employer.page import Desk, FirmDesk, employer_page
from app.web.employer.pasted import read_pasted
from app.web.employer.trades import Trade, find_trade, trades
from app.web.portal.posting import build_job
from app.web.portal.views import JobPage
from app.web.reader import read_reader
from app.web.staff import once
from app.web.staff.forms import SentForm, problems_of

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)

ADDRESS: Final = "/employer/post"
_MOST_EARLIER: Final = 5


@dataclass(frozen=True)
class PostForm:
    """岗位表页: `typed` what stands in the fields; `was_read` after a text was read into them."""

    typed: Mapping[str, str]
    action: str
    button: str
    places: tuple[tuple[str, str], ...]
    trades: tuple[Trade, ...] = ()
    earlier: tuple[tuple[int, str], ...] = ()
    pasted: str = ""
    was_read: bool = False
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    care: tuple[tuple[str, str], ...] = job_form.CARE
    units: tuple[tuple[str, str], ...] = job_form.UNITS
    shifts: tuple[tuple[str, str], ...] = job_form.SHIFTS
    profiles: tuple[tuple[str, str], ...] = job_form.PROFILES
    demands: tuple[tuple[str, str], ...] = job_form.DEMANDS
    insurance: tuple[tuple[str, str], ...] = job_form.INSURANCE
    schooling: tuple[tuple[str, str], ...] = job_form.SCHOOLING


@dataclass(frozen=True)
class Preview:
    """手机上的样子: the posting as people will see it, and what must be changed or looked at first."""

    page: JobPage
    typed: Mapping[str, str]
    token: str
    written: tuple[WrittenWords, ...]
    found: tuple[FoundWords, ...]
    is_blocked: bool
    twin: tuple[int, str] | None = None


@router.get(ADDRESS)
def show_form(
    request: Request,
    session: ReadSession,
    desk: FirmDesk,
    t: Annotated[str, Query(max_length=20)] = "",
    again: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The form: empty, from a template, or as an earlier posting of the firm's own."""
    firm = desk.find_firm(session)
    if firm is None:
        return RedirectResponse("/employer", 303)
    typed = job_form.blank(firm)
    trade = find_trade(t)
    if trade is not None:
        typed |= trade.typed
    if again:
        job = job_queries.get_managed_job(session, desk.actor, again)
        if job.employer_id != firm.id:
            raise NotFound
        typed = job_form.typed_again(job)
    return _form_page(request, session, desk, firm, typed)


@router.post(ADDRESS)
def take_form(request: Request, session: WriteSession, desk: FirmDesk, sent: SentForm) -> Response:
    """One step of posting: `read` a pasted text, `show` the posting, `edit` again, `send`."""
    firm, step = desk.get_firm(session), sent.get("step", "show")
    typed = job_form.read_typed(sent, job_form.blank(firm))
    if step == "read":
        return _read(request, session, desk, firm, sent)
    if step == "edit":
        return _form_page(request, session, desk, firm, typed)
    asked = once.read(request, desk.clock, sent) if step == "send" else None
    if asked is not None and (given := once.find(session, asked)) is not None:
        return given
    try:
        data = job_form.read_job(typed, firm.id)
        if asked is not None:
            with session.begin_nested():
                job = job_service.create_job(session, desk.actor, data, desk.clock)
                job_service.act_on_job(session, desk.actor, job.id, JobAction.SUBMIT, desk.clock)
            return once.keep(session, asked, f"/employer/jobs/{job.id}?done=sent", desk.clock)
        preview = _preview(request, session, desk, firm, data, typed)
    except (AppError, ValidationError) as error:
        title, problems, status = problems_of(error)
        form = _form(session, desk, firm, typed)
        form = replace(form, problem=title, problems=job_form.at_form(problems))
        return employer_page(request, "post.html", form, firm=firm, tab="post", status=status)
    return employer_page(request, "preview.html", preview, firm=firm)


def _read(request: Request, session: ReadSession, desk: Desk, firm: Employer, sent: SentForm) -> Response:
    pasted = sent.get("pasted", "")
    text = pasted.strip() if isinstance(pasted, str) else ""
    if not text:
        form = replace(_form(session, desk, firm, job_form.blank(firm)), problem="先把那段话贴上。")
        return employer_page(request, "post.html", form, firm=firm, tab="post", status=422)
    towns = {name: code for code, name in places_of(firm)}
    typed = job_form.blank(firm) | read_pasted(text, towns)
    return _form_page(request, session, desk, firm, typed, was_read=True)


def _form_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    firm: Employer,
    typed: Typed,
    *,
    was_read: bool = False,
) -> Response:
    form = replace(_form(session, desk, firm, typed), was_read=was_read)
    return employer_page(request, "post.html", form, firm=firm, tab="post")


def _form(session: ReadSession, desk: Desk, firm: Employer, typed: Typed) -> PostForm:
    jobs, _next = job_queries.list_managed_jobs(
        session, desk.actor, JobFilters(employer_id=firm.id), limit=_MOST_EARLIER
    )
    earlier = tuple((job.id, job.title) for job in jobs)
    return PostForm(typed, ADDRESS, "看看样子", places_of(firm), trades(), earlier)


def places_of(firm: Employer) -> tuple[tuple[str, str], ...]:
    """Where the work may be: the firm's own place, then the towns of its county."""
    county = gazetteer.ancestor_at(firm.region_code, Level.COUNTY)
    nearest = gazetteer.get_nearest(firm.region_code)
    found = {firm.region_code: nearest.name}
    if county is not None:
        found.setdefault(county.code, county.name)
        found |= {town.code: town.name for town in gazetteer.children(county.code)}
    return tuple(found.items())


def _preview(
    request: Request, session: ReadSession, desk: Desk, firm: Employer, data: JobIn, typed: Typed
) -> Preview:
    """Raises Invalid where the service would."""
    today = desk.clock.today()
    check_dates(data, today)
    values = read_values(data, firm.name, job_queries.list_places(session, [data.region_code]), today=today)
    findings = findings_of_columns(values, firm.kind, today, list_tiers(session))
    job = _unsaved(values, firm, desk.clock)
    page = build_job(job, read_reader(request), None, today, desk.settings.public_url)
    return Preview(
        page,
        typed,
        once.token_for(request, desk.clock),
        written_words(values, findings),
        found_words(findings),
        has_block(findings),
        _twin(session, job),
    )


def _twin(session: ReadSession, job: JobPosting) -> tuple[int, str] | None:
    """A live posting of the firm that says the same."""
    found = twins.list_twins(session, job)
    return (found[0].id, f"{found[0].title}，{found[0].state.label}") if found else None


def _unsaved(values: Mapping[str, object], firm: Employer, clock: Clock) -> JobPosting:
    """A posting that is only looked at; it belongs to no session."""
    now = clock.now()
    return JobPosting(
        id=0,
        **values,
        employer=firm,
        state=JobState.DRAFT,
        filled=0,
        held=0,
        applicants=0,
        confirmed_at=now,
        published_at=now,
    )
