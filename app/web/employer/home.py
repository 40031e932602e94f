"""单位首页: who waits for an answer first, then the firm's postings, and how reliably the firm answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.cases import queries as case_queries
from app.core.clock import office_day
from app.core.http import ReadSession
from app.employers.membership import list_firms
from app.employers.models import Employer
from app.employers.terms import EmployerState
from app.jobs import queries as job_queries
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.jobs.terms import JobState
from app.referrals.clocks.rules import DEFAULTS
from app.referrals.models import Referral
from app.referrals.terms import ReferralState
from app.web.csrf import check_csrf
from app.web.employer import joining
from app.web.employer.figures import facts_of
from app.web.employer.page import Desk, FirmDesk, employer_page
from app.web.employer.people_views import list_firm_people

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)

MOST_POSTINGS: Final = 60
WAITING: Final = (ReferralState.SUBMITTED, ReferralState.VIEWED)
# The posting is taken off when nobody has confirmed it for so long; said some days ahead.
_SAID_AHEAD: Final = timedelta(days=5)
_TONES: Final = {
    JobState.OPEN: "ok",
    JobState.REVIEW: "now",
    JobState.REJECTED: "late",
    JobState.EXPIRED: "late",
}
_LAST: Final = (JobState.CLOSED,)


@dataclass(frozen=True)
class PostingRow:
    """你招的一个活."""

    id: int
    title: str
    state: str
    tone: str
    line: str
    percent: int
    waiting: int
    asks: bool
    figures: str = ""


@dataclass(frozen=True)
class HomeView:
    """单位首页: `stands` what its registration means now; `several` other firms of the same account."""

    name: str
    stands: str
    tone: str
    waiting: int
    oldest_days: int
    answers: str
    rows: tuple[PostingRow, ...]
    closed: int
    coming: int
    several: tuple[tuple[int, str], ...]
    asked: int = 0


@router.get("/employer")
def show_home(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """Home; who has no firm yet is shown how to register one."""
    firm = desk.find_firm(session)
    if firm is None:
        if desk.actor.is_staff:
            return RedirectResponse("/staff", 303)
        return joining.join_page(request, session, desk)
    return employer_page(request, "home.html", _view(session, desk, firm), firm=firm, tab="home")


def _view(session: ReadSession, desk: Desk, firm: Employer) -> HomeView:
    now, today = desk.clock.now(), desk.clock.today()
    people = list_firm_people(session, desk.actor, desk.clock, firm.id)
    waiting = [each for each in people if each.state in WAITING]
    by_job = Counter(each.job_id for each in waiting)
    jobs, _next = job_queries.list_managed_jobs(
        session, desk.actor, JobFilters(employer_id=firm.id), limit=MOST_POSTINGS
    )
    shown = sorted((job for job in jobs if job.state not in _LAST), key=lambda job: -by_job[job.id])
    facts = facts_of(session, [job.id for job in shown], now, today)
    stands, tone = _standing(firm)
    return HomeView(
        firm.name,
        stands,
        tone,
        len(waiting),
        oldest_days(waiting, now),
        answer_words(firm),
        tuple(_row(job, by_job[job.id], today, facts[job.id].line) for job in shown),
        len(jobs) - len(shown),
        sum(each.state in (ReferralState.HIRED, ReferralState.DEPARTING) for each in people),
        tuple((each.id, each.name) for each in list_firms(session, desk.actor) if each.id != firm.id),
        case_queries.count_waiting_for_firm(session, desk.actor, firm.id),
    )


def oldest_days(waiting: Sequence[Referral], now: datetime) -> int:
    """For how many whole days the longest waiting person has had no answer."""
    return max(((now - each.submitted_at).days for each in waiting if each.submitted_at), default=0)


def answer_words(firm: Employer) -> str:
    """The firm's own figures in words, shown to itself first; too few say nothing yet."""
    if firm.answer_permille is None:
        return "回满 5 个人，这里就有你回得快不快"
    words = f"这三个月 {firm.answer_permille // 10}% 都回了"
    if firm.median_answer_hours is not None:
        hours = firm.median_answer_hours
        words += f"，一般{f' {hours} 小时' if hours < 48 else f' {hours // 24} 天'}回"
    return words


def _standing(firm: Employer) -> tuple[str, str]:
    if firm.state is EmployerState.PENDING:
        return "人社局还没看你的登记，一般两天。活可以先写好交上来，看过一起放出去。", "wait"
    if firm.state is EmployerState.REJECTED:
        return "登记没通过。带上执照去镇劳保所问一问，改好就行。", "stop"
    if firm.state is EmployerState.BARRED:
        return "这家单位现在不能在这里招人，有疑问请到县人社局问。", "stop"
    if firm.muted_until is not None:
        return "前一阵有人没等到你回话，这几天先不给你送人。把等着的回了，马上恢复。", "wait"
    return "", ""


def _ends(job: JobPosting) -> tuple[date, date]:
    """The day it is taken off unless somebody says "still hiring", and the day that is asked for."""
    clocks, said_on = DEFAULTS[job.profile], office_day(job.confirmed_at)
    off_on = said_on + timedelta(minutes=clocks.switch_off)
    return min(job.valid_until, off_on), said_on + timedelta(minutes=clocks.confirm_again)


def _row(job: JobPosting, waiting: int, today: date, figures: str) -> PostingRow:
    line = f"要 {job.openings} 个，来了 {job.filled} 个"
    if job.held:
        line += f"，说好要来的 {job.held} 个"
    state, tone, asks = job.state.label, _TONES.get(job.state, ""), False
    if job.state is JobState.OPEN:
        ends_on, asked_on = _ends(job)
        if (left := ends_on - today) <= _SAID_AHEAD or asked_on <= today:
            asks, tone = True, "late"
            state = f"{left.days} 天后下架" if left.days > 0 else "今天下架"
    elif job.state is JobState.EXPIRED:
        asks = True
    percent = min(100, job.filled * 100 // job.openings)
    return PostingRow(job.id, job.title, state, tone, line, percent, waiting, asks, figures)
