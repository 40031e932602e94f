"""举报: a page of its own for saying that a posting is wrong. No name, no sign-in, no script."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response

from app.accounts.actor import PUBLIC
from app.accounts.dependencies import CurrentActor, CurrentCipher
from app.core.errors import TooMany
from app.core.http import CurrentClock, CurrentSettings, ReadSession, WriteSession
from app.jobs import queries, reports
from app.jobs.terms import ReportReason
from app.vetting.numbers import hide_numbers
from app.web import sessions
from app.web.csrf import check_public_form
from app.web.languages import mark
from app.web.portal.routes import portal_page
from app.web.reader import Reader, read_reader

router = APIRouter(dependencies=[Depends(check_public_form)], include_in_schema=False)

_WORDS: Final = {
    ReportReason.MONEY: mark("要我交钱、交押金"),
    ReportReason.PAPERS: mark("要扣我的身份证"),
    ReportReason.FALSE: mark("说的和实际不一样"),
    ReportReason.CHEAT: mark("像是骗子、叫去外国"),
    ReportReason.UNFAIR: mark("不要女的、不要年纪大的"),
    ReportReason.WAGES: mark("干了活不给钱"),
    ReportReason.OTHER: mark("别的毛病"),
}


@dataclass(frozen=True)
class ReportPage:
    """举报页: `is_sent` after it was taken; `problem` when it was not."""

    title: str
    employer: str
    action: str
    back_href: str
    reasons: tuple[tuple[str, str], ...]
    is_sent: bool = False
    problem: str = ""


def _page_of(reader: Reader, job_id: int, title: str, employer: str) -> ReportPage:
    reasons = tuple((reason.value, words) for reason, words in _WORDS.items())
    return ReportPage(title, employer, f"/jobs/{job_id}/report", reader.url(f"/jobs/{job_id}"), reasons)


@router.get("/jobs/{job_id}/report")
def show_report(
    job_id: int,
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    clock: CurrentClock,
    settings: CurrentSettings,
) -> Response:
    """The form. Raises JobNotFound, JobGone."""
    reader = read_reader(request)
    job = queries.get_visible_job(session, PUBLIC, job_id, clock.today())
    view = _page_of(reader, job_id, hide_numbers(job.title), job.employer.name)
    return portal_page(request, settings, reader, "portal/report.html", view)


@router.post("/jobs/{job_id}/report")
def report(
    job_id: int,
    request: Request,
    session: WriteSession,
    actor: CurrentActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    reason: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Takes a report; the same person counts once. Raises JobNotFound, JobGone."""
    reader = read_reader(request)
    job = queries.get_visible_job(session, PUBLIC, job_id, clock.today())
    page = _page_of(reader, job_id, hide_numbers(job.title), job.employer.name)
    if reason not in set(ReportReason):
        view = _with_problem(page, mark("先点一下是什么毛病。"))
        return portal_page(request, settings, reader, "portal/report.html", view, status=422)
    who = f"user {actor.user_id}" if actor.user_id is not None else sessions.client_address(request)
    key = cipher.blind_index("job_reporter", who)
    try:
        reports.report_job(session, job_id, key, ReportReason(reason), " ".join(note.split()), clock)
    except TooMany:
        view = _with_problem(page, mark("今天举报得太多了，打 12333 说吧。"))
        return portal_page(request, settings, reader, "portal/report.html", view, status=429)
    sent = ReportPage(page.title, page.employer, page.action, page.back_href, page.reasons, is_sent=True)
    return portal_page(request, settings, reader, "portal/report.html", sent)


def _with_problem(page: ReportPage, words: str) -> ReportPage:
    return ReportPage(page.title, page.employer, page.action, page.back_href, page.reasons, problem=words)
