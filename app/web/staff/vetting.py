"""审岗位: the office's queue of postings, decided one by one or, where nothing was found, together.

Made for the keyboard without scripts: Tab goes through the queue and the decision, Enter decides, and after
each decision the next posting stands there; access keys are written beside the buttons.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, WriteSession
from app.jobs import policies, queries, reports, second_look, service, twins, vetting_queue
from app.jobs.models import JobPosting
from app.jobs.terms import JobAction, JobState
from app.seekers.dependencies import Desk, StaffDesk
from app.vetting.queries import list_tiers
from app.web.csrf import check_csrf
from app.web.employer.figures import facts_of
from app.web.staff import vetting_views as views
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_HOME = "/staff/vetting"


@router.get("/staff/vetting")
def show_queue(
    request: Request, session: ReadSession, desk: StaffDesk, job: Annotated[int | None, Query()] = None
) -> Response:
    """The queue and one posting of it, the first where none is asked for."""
    return _page(request, session, desk, job)


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    chosen: int | None,
    problem: str = "",
    status: int = 200,
) -> Response:
    if not vetting_queue.may_decide_anywhere(desk.actor):
        raise Forbidden("审岗位是镇、县人社工作人员的事。")
    waiting = vetting_queue.list_waiting(session, desk.actor)
    now = desk.clock.now()
    found = next((job for job in waiting if job.id == chosen), None)
    if found is None and chosen is not None:
        found = vetting_queue.find_waiting(session, desk.actor, chosen)
    found = found or (waiting[0] if waiting else None)
    counts = vetting_queue.reports_by_job(session, [job.id for job in waiting])
    rows = tuple(
        views.queue_row(job, counts.get(job.id, 0), now, found.id if found else None) for job in waiting
    )
    posting = None
    if found is not None:
        at = waiting.index(found) if found in waiting else -1
        after = waiting[(at + 1) % len(waiting)]
        posting = views.build_posting(
            found,
            vetting_queue.firm_record(session, found),
            reports.list_reports(session, found.id),
            desk.today,
            is_own=policies.is_own_decision(desk.actor, found),
            next_href=f"{_HOME}?job={after.id}" if after is not found else "",
            known=_known(session, desk, found),
        )
    view = views.VettingView(
        rows,
        vetting_queue.count_waiting(session, desk.actor),
        sum(row.is_clean for row in rows),
        views.waited_words(now - min(job.updated_at for job in waiting)) if waiting else "",
        posting,
        problem,
        chosen is not None,
    )
    return console_page(request, desk.actor, "staff/vetting.html", view, now="vetting", status=status)


def _known(session: ReadSession, desk: Desk, job: JobPosting) -> views.Known:
    same = twins.list_twins(session, job, but=job.id)
    lines = tuple((each.id, f"{each.title}，{each.state.label}，要 {each.openings} 人") for each in same)
    waits = ""
    if job.first_approved_by_id is not None:
        who = "您" if job.first_approved_by_id == desk.actor.user_id else "一位同事"
        waits = f"新单位头一回发岗位，要两位同事看。{who}已经同意了，还差一位。"
    elif job.state is JobState.REVIEW and second_look.needs_second(session, desk.actor, job):
        waits = "新单位头一回发岗位：单位是您核验的，您同意以后还要另一位同事看过才放出去。"
    return views.Known(
        list_tiers(session),
        "、".join(kind.label for kind in twins.list_sources(session, job)),
        facts_of(session, [job.id], desk.clock.now(), desk.today)[job.id].line,
        lines,
        waits,
    )


@router.post("/staff/vetting/{job_id}/join")
def join(
    request: Request, session: WriteSession, desk: StaffDesk, job_id: int, into: Annotated[int, Form(ge=1)]
) -> Response:
    """One vacancy told twice: it is noted at the posting that stands, and the new one is closed."""
    job = queries.get_managed_job(session, desk.actor, job_id)
    if not policies.may_act_on_job(desk.actor, job, JobAction.REJECT):
        raise Forbidden
    try:
        stays = twins.join_job(session, desk.actor, job_id, into, desk.clock)
        reason = f"和已经在招的“{stays.title}”（{stays.id} 号）是同一个活，并到那一个。"
        service.act_on_job(session, desk.actor, job_id, JobAction.CLOSE, desk.clock, reason=reason)
    except AppError as error:
        return _page(request, session, desk, job_id, error.title, error.status)
    return RedirectResponse(f"{_HOME}?done=joined", 303)


@router.post("/staff/vetting/clean")
def approve_clean(request: Request, session: WriteSession, desk: StaffDesk) -> Response:
    """Approves all in which nothing was found and nobody reported; what can't be opened stays."""
    waiting = vetting_queue.list_waiting(session, desk.actor)
    counts = vetting_queue.reports_by_job(session, [job.id for job in waiting])
    refused = ""
    for job in waiting:
        if job.findings or counts.get(job.id) or job.state is not JobState.REVIEW:
            continue
        try:
            service.act_on_job(session, desk.actor, job.id, JobAction.APPROVE, desk.clock)
        except AppError as error:
            refused = f"“{job.title}”没放出去：{error.title}"
    if refused:
        return _page(request, session, desk, None, refused)
    return RedirectResponse(f"{_HOME}?done=vetted", 303)


@router.post("/staff/vetting/{job_id}")
def decide(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    job_id: int,
    action: Annotated[str, Form(max_length=10)],
    version: Annotated[int, Form()],
    letter: Annotated[str, Form(max_length=400)] = "",
    why: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """通过, 退回, 关掉, or 放着 for one that is open already."""
    reason = " ".join((why if action in ("approve", "keep") else letter).split())[: views.LETTER_MOST]
    try:
        _decide(session, desk, job_id, action, version, reason)
    except AppError as error:
        words = error.fields[0].message if getattr(error, "fields", None) else ""
        problem = f"{error.title} {words}".strip()
        return _page(request, session, desk, job_id, problem, error.status)
    if action == "approve" and _waits(session, desk, job_id):
        return RedirectResponse(f"{_HOME}?done=first_yes", 303)
    done = {"approve": "vetted", "keep": "vetted", "reject": "sent_back", "close": "vet_closed"}[action]
    following = next(
        (job for job in vetting_queue.list_waiting(session, desk.actor) if job.id != job_id), None
    )
    chosen = f"&job={following.id}" if following else ""
    return RedirectResponse(f"{_HOME}?done={done}{chosen}", 303)


def _waits(session: ReadSession, desk: Desk, job_id: int) -> bool:
    """Whether the yes just said was the first of two."""
    return queries.get_managed_job(session, desk.actor, job_id).first_approved_by_id is not None


def _decide(session: WriteSession, desk: Desk, job_id: int, action: str, version: int, reason: str) -> None:
    if action == "keep":
        service.keep_open(session, desk.actor, job_id, reason, desk.clock)
        return
    asked = {"approve": JobAction.APPROVE, "reject": JobAction.REJECT, "close": JobAction.CLOSE}.get(action)
    if asked is None:
        raise Forbidden
    job = queries.get_managed_job(session, desk.actor, job_id)
    if not policies.may_act_on_job(desk.actor, job, JobAction.APPROVE):
        raise Forbidden
    service.act_on_job(session, desk.actor, job_id, asked, desk.clock, reason=reason, version=version)
