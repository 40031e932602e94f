"""我的岗位: one posting of the firm's own: what it says, its code; change, stop, go on, close, confirm."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.accounts.actor import Actor
from app.codes.signing import code_url, make_numbered_code
from app.codes.terms import CodeKind
from app.core.clock import Clock
from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.jobs import policies, queries, rules, service
from app.jobs.models import JobPosting
from app.jobs.schemas import JobPatch
from app.jobs.terms import JobAction, JobEventKind, JobState
from app.jobs.vetting import has_block
from app.occupations.terms import WorkProfile
from app.referrals import queries as referral_queries
from app.referrals.queries import ReferralFilters
from app.referrals.terms import ReferralState
from app.web import qr
from app.web.csrf import check_csrf
from app.web.employer import job_form
from app.web.employer.figures import facts_of
from app.web.employer.findings import FoundWords, WrittenWords, found_words, written_words
from app.web.employer.home import WAITING
from app.web.employer.page import Desk, FirmDesk, employer_page
from app.web.employer.posting import PostForm, places_of
from app.web.portal.posting import build_job
from app.web.portal.views import JobPage
from app.web.reader import read_reader
from app.web.staff.forms import SentForm, problems_of, version_in

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)

_MOST: Final = 100
_WORDS: Final = {
    JobAction.SUBMIT: "交上去",
    JobAction.RESUME: "接着招",
    JobAction.CONFIRM: "还在招",
    JobAction.PAUSE: "先停一停",
    JobAction.CLOSE: "不招了",
}
# What segno draws: the square and its one path, moved half a line down.
_CODE: Final = re.compile(r'<svg[^>]* width="(\d+)".*? d="([^"]+)"', re.DOTALL)
_TEXTS: Final = ("title", "description", "wage_text", "address")


@dataclass(frozen=True)
class OwnJob:
    """我的一个岗位: `said` why an office sent it back; `steps` what may be done now, the usual first."""

    id: int
    page: JobPage
    state: str
    tone: str
    said: str
    line: str
    steps: tuple[tuple[str, str], ...]
    may_edit: bool
    waiting: int
    coming: int
    written: tuple[WrittenWords, ...]
    found: tuple[FoundWords, ...]
    is_blocked: bool
    is_open: bool
    version: int
    figures: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Poster:
    """打印的一页: `lines` the code as one path, in a square of `size`."""

    id: int
    page: JobPage
    lines: str
    size: int
    until: date


@router.get("/employer/jobs/{job_id:int}")
def show_job(request: Request, session: ReadSession, desk: FirmDesk, job_id: int) -> Response:
    """The posting as people see it, where it stands, and what can be done."""
    job = queries.get_managed_job(session, desk.actor, job_id)
    return _job_page(request, session, desk, job)


@router.post("/employer/jobs/{job_id:int}")
def act(
    request: Request,
    session: WriteSession,
    desk: FirmDesk,
    job_id: int,
    action: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """One tap. A step that does not fit any more is told on the posting's own page."""
    wanted = next((each for each in _WORDS if each.value == action), None)
    if wanted is None:
        return RedirectResponse(f"/employer/jobs/{job_id}", 303)
    try:
        with session.begin_nested():
            take_step(session, desk.actor, job_id, wanted, desk.clock)
    except AppError as error:
        if error.status not in (409, 422, 403):
            raise
        job = queries.get_managed_job(session, desk.actor, job_id)
        return _job_page(request, session, desk, job, problem=error.title, status=error.status)
    return RedirectResponse(f"/employer/jobs/{job_id}?done={wanted.value}", 303)


def take_step(
    session: WriteSession, actor: Actor, job_id: int, action: JobAction, clock: Clock
) -> JobPosting:
    """A step of the firm's. Who says "still hiring" means another month: a long job's last day moves along.

    Raises what `act_on_job` raises.
    """
    job = queries.get_managed_job(session, actor, job_id)
    until = rules.default_deadline(clock.today())
    is_long = job.profile is WorkProfile.LONG or job.valid_until < clock.today()
    if action is JobAction.CONFIRM and is_long and job.valid_until < until:
        service.edit_job(session, actor, job_id, JobPatch(valid_until=until), clock)
    return service.act_on_job(session, actor, job_id, action, clock)


@router.get("/employer/jobs/{job_id:int}/edit")
def show_edit(request: Request, session: ReadSession, desk: FirmDesk, job_id: int) -> Response:
    """The posting in the form it was written in."""
    job = queries.get_managed_job(session, desk.actor, job_id)
    return employer_page(request, "post.html", _form(job, job_form.typed_of_job(job)), firm=job.employer)


@router.post("/employer/jobs/{job_id:int}/edit")
def edit(request: Request, session: WriteSession, desk: FirmDesk, job_id: int, sent: SentForm) -> Response:
    """Saves the change; what was typed stays where something is wrong."""
    job = queries.get_managed_job(session, desk.actor, job_id)
    typed = job_form.read_typed(sent, job_form.typed_of_job(job))
    before = job.state
    try:
        data = job_form.read_job(typed, job.employer_id)
        fields = data.model_dump(exclude_unset=True, exclude={"employer_id"})
        if data.title != job.title:
            fields["occupation"] = None  # read from the new title
        patch = JobPatch.model_validate(fields)
        with session.begin_nested():
            job = service.edit_job(session, desk.actor, job_id, patch, desk.clock, version=version_in(sent))
    except (AppError, ValidationError) as error:
        title, problems, status = problems_of(error)
        form = replace(_form(job, typed), problem=title, problems=job_form.at_form(problems))
        return employer_page(request, "post.html", form, firm=job.employer, status=status)
    went_back = job.state is JobState.REVIEW and before is not JobState.REVIEW
    return RedirectResponse(f"/employer/jobs/{job_id}?done={'review' if went_back else 'saved'}", 303)


def _form(job: JobPosting, typed: job_form.Typed) -> PostForm:
    address = f"/employer/jobs/{job.id}/edit"
    return PostForm(typed, address, "改好了", places_of(job.employer), version=job.version)


@router.get("/employer/jobs/{job_id:int}/print")
def show_print(request: Request, session: ReadSession, desk: FirmDesk, job_id: int) -> Response:
    """One page to hang at the gate: what the work is, and its code to scan."""
    job = queries.get_managed_job(session, desk.actor, job_id)
    key = desk.settings.secret_key.get_secret_value()
    url = code_url(desk.settings.public_url, make_numbered_code(key, CodeKind.POSTING, job.id))
    page = build_job(job, read_reader(request), None, desk.clock.today(), desk.settings.public_url)
    lines, size = _draw(url)
    return employer_page(
        request,
        "print.html",
        Poster(job.id, page, lines, size, job.valid_until),
        firm=job.employer,
    )


def _draw(url: str) -> tuple[str, int]:
    """The code of an address as one path, and the side of its square."""
    found = _CODE.search(qr.draw_svg(url))
    if found is None:
        raise ValueError(url)
    return found[2], int(found[1])


def _job_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    job: JobPosting,
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    people, _next = referral_queries.list_referrals(
        session, desk.actor, ReferralFilters(job_id=job.id, live_only=True), desk.clock.now(), limit=_MOST
    )
    page = build_job(job, read_reader(request), None, desk.clock.today(), desk.settings.public_url)
    may_edit = policies.may_edit_job(desk.actor, job) and job.state in rules.EDITABLE
    line = f"要 {job.openings} 个，来了 {job.filled} 个"
    if job.held:
        line += f"，说好要来的 {job.held} 个"
    was_shown = job.state not in (JobState.DRAFT, JobState.REVIEW, JobState.REJECTED)
    tones = {JobState.OPEN: "ok", JobState.REJECTED: "late", JobState.EXPIRED: "late"}
    view = OwnJob(
        job.id,
        page,
        job.state.label,
        tones.get(job.state, "now"),
        _sent_back(session, job),
        line,
        _steps(desk.actor, job),
        may_edit,
        sum(each.state in WAITING for each in people),
        sum(each.state in (ReferralState.HIRED, ReferralState.DEPARTING) for each in people),
        written_words({name: getattr(job, name) for name in _TEXTS}, job.findings),
        found_words(job.findings),
        has_block(job.findings),
        job.state is JobState.OPEN,
        job.version,
        facts_of(session, [job.id], desk.clock.now(), desk.clock.today())[job.id].rows if was_shown else (),
        problem,
    )
    return employer_page(request, "job.html", view, firm=job.employer, status=status)


def _steps(actor: Actor, job: JobPosting) -> tuple[tuple[str, str], ...]:
    allowed = [each for each in rules.actions_from(job.state) if policies.may_act_on_job(actor, job, each)]
    return tuple((each.value, words) for each, words in _WORDS.items() if each in allowed)


def _sent_back(session: ReadSession, job: JobPosting) -> str:
    """Why the office sent it back, where that was the last word."""
    if job.state is not JobState.REJECTED:
        return ""
    events = [event for event in queries.list_events(session, job.id) if event.kind is JobEventKind.REJECT]
    return events[-1].reason if events else ""
