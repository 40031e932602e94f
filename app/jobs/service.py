"""发布与管理岗位: writing a posting, changing it, moving it through its life, taking and freeing places."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.errors import FieldProblem, Forbidden, Invalid, NotFound, Stale
from app.employers import queries as employer_queries
from app.employers.changes import note_change
from app.employers.errors import EmployerBarred
from app.employers.models import Employer
from app.employers.papers.service import check_in_date
from app.employers.team.mandates import check_agency
from app.employers.terms import EmployerState
from app.jobs import caps, policies, queries, rules, second_look, twins
from app.jobs.errors import (
    EmployerNotVerified,
    JobExpired,
    JobFull,
    JobMoveNotAllowed,
    OwnDecision,
    SecondOfficerNeeded,
)
from app.jobs.models import JobEvent, JobPosting
from app.jobs.schemas import JobIn, JobPatch
from app.jobs.terms import JobAction, JobEventKind, JobState
from app.jobs.values import check_dates, fields_of, read_values
from app.jobs.vetting import findings_of_columns, findings_of_job, has_block
from app.vetting.queries import list_tiers


def create_job(
    session: Session, actor: Actor, data: JobIn, clock: Clock, *, content_key: str | None = None
) -> JobPosting:
    """Writes a posting as a draft. Its employer hands it in with `submit`; an office may `approve` its own.

    Raises Invalid (unknown employer, region, occupation, a wrong date), EmployerBarred, Forbidden.
    """
    employer = _employer_of(session, actor, data)
    if not policies.may_post_job(actor, employer, data.region_code):
        raise Forbidden("您只能给自己的单位或自己管的地方发岗位。")
    if employer.state is EmployerState.BARRED:
        raise EmployerBarred
    _check_standing(session, actor, employer, clock)
    check_dates(data, clock.today())
    now = clock.now()
    places = queries.list_places(session, [data.region_code])
    values = read_values(data, employer.name, places, today=clock.today())
    job = JobPosting(
        **values,
        findings=findings_of_columns(values, employer.kind, clock.today(), list_tiers(session)),
        office_code=_office_of(actor, employer, data.region_code),
        state=JobState.DRAFT,
        filled=0,
        source=twins.source_of(actor, employer.id),
        content_key=content_key,
        created_by_id=actor.user_id,
        confirmed_at=now,
        published_at=now,
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(job)
    session.flush()
    _record(
        session,
        job.id,
        JobEventKind.CREATE,
        None,
        JobState.DRAFT,
        actor,
        clock,
        mandate_id=actor.mandate_for(employer.id),
    )
    return _read_again(session, job.id)


def edit_job(
    session: Session, actor: Actor, job_id: int, patch: JobPatch, clock: Clock, *, version: int | None = None
) -> JobPosting:
    """Changes a posting. What an employer rewrites on a checked posting goes back to the office's review.

    Raises JobNotFound, Forbidden, Stale (`version` is not the present one), JobMoveNotAllowed (closed),
    Invalid, and pydantic's ValidationError where the whole does not fit together.
    """
    job = queries.get_managed_job(session, actor, job_id)
    if not policies.may_edit_job(actor, job):
        raise Forbidden
    if version is not None and version != job.version:
        raise Stale
    if job.state not in rules.EDITABLE:
        raise JobMoveNotAllowed("这个岗位已经关了，改不了。要再招人请重新发一个。")
    data = patch.merged_with(job)
    if data.valid_until != job.valid_until:
        check_dates(data, clock.today())
    if data.openings < (taken := job.filled + job.held):
        raise Invalid(fields=[FieldProblem("openings", f"已经招了 {taken} 个人，人数不能比这个少")])
    wage_text = None if "wage" in patch.model_fields_set else job.wage_text
    places = queries.list_places(session, [data.region_code])
    values = read_values(data, job.employer.name, places, today=clock.today(), wage_text=wage_text)
    changed = [column for column, value in values.items() if getattr(job, column) != value]
    if not changed:
        return job
    kind, target = _after_edit(actor, job, data, fields_of(changed))
    extra: dict[str, Any] = {}
    if target is JobState.REVIEW:
        extra |= {"submitted_by_id": actor.user_id, "first_approved_by_id": None}
    extra["findings"] = findings_of_columns(values, job.employer.kind, clock.today(), list_tiers(session))
    extra["needs_look"] = target is JobState.OPEN and has_block(extra["findings"])
    change = {column: values[column] for column in changed} | extra
    _update(session, job, target, change, clock)
    mandate_id = actor.mandate_for(job.employer_id)
    _record(session, job.id, kind, job.state, target, actor, clock, mandate_id=mandate_id)
    note_change(session, job_id=job.id)
    return _read_again(session, job.id)


def _after_edit(
    actor: Actor, job: JobPosting, data: JobIn, fields: set[str]
) -> tuple[JobEventKind, JobState]:
    by_employer = not actor.is_system and not policies.is_office_of(actor, job)
    again = rules.next_state(job.state, JobEventKind.EDIT)
    if by_employer and again is not None and rules.needs_another_look(fields):
        return JobEventKind.EDIT, again
    if job.state is JobState.FILLED and data.openings > job.filled:
        return JobEventKind.REOPEN, JobState.OPEN
    if job.state is JobState.OPEN and data.openings == job.filled:
        return JobEventKind.FILL, JobState.FILLED
    return JobEventKind.EDIT, job.state


def act_on_job(
    session: Session,
    actor: Actor,
    job_id: int,
    action: JobAction,
    clock: Clock,
    *,
    reason: str = "",
    version: int | None = None,
) -> JobPosting:
    """Moves a posting one step (rules.TRANSITIONS).

    Raises JobNotFound, Forbidden, OwnDecision (who submits does not approve), Stale, JobMoveNotAllowed,
    EmployerNotVerified, JobExpired, JobFull, MonthCapReached, SecondOfficerNeeded (409 each), Invalid (a
    reason is needed).
    """
    job = queries.get_managed_job(session, actor, job_id)
    if not policies.may_act_on_job(actor, job, action):
        raise Forbidden
    if version is not None and version != job.version:
        raise Stale
    kind = JobEventKind[action.name]
    target = rules.next_state(job.state, kind)
    if target is None:
        raise JobMoveNotAllowed
    _check_move(actor, job, action, target, reason, clock)
    if action is JobAction.SUBMIT:
        _check_standing(session, actor, job.employer, clock)
    now = clock.now()
    change: dict[str, Any] = {}
    if action is JobAction.SUBMIT:
        if policies.acts_for(actor, job.employer_id):
            caps.check_month(session, job.employer, job.id, clock)
        change |= {"submitted_by_id": actor.user_id, "first_approved_by_id": None}
        change["findings"] = findings_of_job(job, clock.today(), list_tiers(session))
    elif action is JobAction.APPROVE and second_look.needs_second(session, actor, job):
        if job.first_approved_by_id is not None:
            raise SecondOfficerNeeded
        target, change["first_approved_by_id"] = JobState.REVIEW, actor.user_id
    if action in rules.DECISIONS:
        change["needs_look"] = False
    if target is JobState.OPEN:
        change |= {"confirmed_at": now, "first_approved_by_id": None}
        if action is JobAction.APPROVE:
            change["published_at"] = now
    _update(session, job, target, change, clock)
    mandate_id = actor.mandate_for(job.employer_id)
    _record(session, job.id, kind, job.state, target, actor, clock, reason, mandate_id=mandate_id)
    note_change(session, job_id=job.id)
    return _read_again(session, job.id)


def _check_standing(session: Session, actor: Actor, employer: Employer, clock: Clock) -> None:
    """A firm whose licence ran out posts nothing new, nor does an agency for others without a licence of its
    own. Raises PaperExpired, Forbidden."""
    if not actor.is_system:
        check_in_date(session, employer, clock.today())
        check_agency(session, actor, employer.id, clock)


def _check_move(
    actor: Actor, job: JobPosting, action: JobAction, target: JobState, reason: str, clock: Clock
) -> None:
    if action in rules.DECISIONS and policies.is_own_decision(actor, job):
        raise OwnDecision
    is_own = actor.is_system or actor.user_id == job.created_by_id
    if action is JobAction.APPROVE and job.state is JobState.DRAFT and not is_own:
        # An office opens at once only what it wrote itself; someone else's draft has not been handed in.
        raise JobMoveNotAllowed("这个岗位还是草稿，要先交上来才能看。")
    if action is JobAction.APPROVE and not reason and has_block(job.findings):
        # A rule can be wrong and a person right; then that person says why.
        words = "审核查出必须改的地方。请退回让单位改；确实没问题、要放出去的，写清理由再通过。"
        raise Invalid(words, fields=[FieldProblem("reason", "要写明为什么可以通过")])
    if action in rules.NEEDS_REASON and not reason:
        raise Invalid("请写清楚原因。", fields=[FieldProblem("reason", "这一项要填")])
    if target in (JobState.OPEN, JobState.REVIEW):
        if job.valid_until < clock.today():
            raise JobExpired
        if job.employer.state is EmployerState.BARRED:
            raise EmployerBarred
    if target is JobState.OPEN:
        if not job.employer.is_verified:
            raise EmployerNotVerified
        if job.filled >= job.openings:
            raise JobFull


def keep_open(session: Session, actor: Actor, job_id: int, reason: str, clock: Clock) -> JobPosting:
    """An open posting that was found at import may stay as it is: someone of the office looked and says why.

    Raises JobNotFound, Forbidden, JobMoveNotAllowed (nothing to look at), Invalid (a reason is needed).
    """
    job = queries.get_managed_job(session, actor, job_id)
    if not policies.may_act_on_job(actor, job, JobAction.APPROVE):
        raise Forbidden
    if not job.needs_look or job.state is not JobState.OPEN:
        raise JobMoveNotAllowed
    if not reason:
        raise Invalid("请写清楚原因。", fields=[FieldProblem("reason", "这一项要填")])
    _update(session, job, job.state, {"needs_look": False}, clock)
    _record(session, job.id, JobEventKind.CONFIRM, job.state, job.state, actor, clock, reason)
    return _read_again(session, job.id)


def hold_job(session: Session, job: JobPosting, reason: str, clock: Clock) -> bool:
    """Takes an open posting out of sight until the office has looked again; False where it is not open."""
    if job.state is not JobState.OPEN:
        return False
    _update(session, job, rules.TRANSITIONS[JobState.OPEN, JobEventKind.EDIT], {}, clock)
    _record(session, job.id, JobEventKind.EDIT, JobState.OPEN, JobState.REVIEW, SYSTEM, clock, reason)
    note_change(session, job_id=job.id)
    return True


def _update(
    session: Session, job: JobPosting, target: JobState, change: dict[str, Any], clock: Clock
) -> None:
    """The guarded update: whoever read an older version or state changes nothing."""
    moved = session.scalar(
        update(JobPosting)
        .where(JobPosting.id == job.id, JobPosting.state == job.state, JobPosting.version == job.version)
        .values(**change, state=target, updated_at=clock.now(), version=JobPosting.version + 1)
        .returning(JobPosting.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise JobMoveNotAllowed


def _record(
    session: Session,
    job_id: int,
    kind: JobEventKind,
    before: JobState | None,
    after: JobState,
    actor: Actor,
    clock: Clock,
    reason: str = "",
    *,
    mandate_id: int | None = None,
) -> None:
    session.add(
        JobEvent(
            job_id=job_id,
            mandate_id=mandate_id,
            kind=kind,
            from_state=before.value if before else None,
            to_state=after.value,
            actor_id=actor.user_id,
            reason=reason,
            at=clock.now(),
        )
    )


def _read_again(session: Session, job_id: int) -> JobPosting:
    return queries.get_managed_job(session, SYSTEM, job_id)


def _employer_of(session: Session, actor: Actor, data: JobIn) -> Employer:
    try:
        return employer_queries.get_visible_employer(session, actor, data.employer_id)
    except NotFound as error:
        raise Invalid(fields=[FieldProblem("employer_id", "没有这家单位，请重新选")]) from error


def _office_of(actor: Actor, employer: Employer, region_code: str) -> str:
    """An officer keeps what lies in their own area; everything else is kept where the firm is."""
    return region_code if actor.manages(region_code) else employer.office_code
