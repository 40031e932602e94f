"""审核队列: the postings that wait for somebody of the office, and what is known of their firm."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.jobs import queries
from app.jobs.models import JobEvent, JobPosting, JobReport
from app.jobs.terms import JobEventKind, JobState

MOST = 30


@dataclass(frozen=True)
class FirmRecord:
    """单位的底子: earlier postings, how often they were sent back, and what for the last time."""

    postings: int
    sent_back: int
    last_reason: str


def may_decide_anywhere(actor: Actor) -> bool:
    """Whether the colleague decides postings of any place."""
    return bool(reading_prefixes(actor, Resource.POSTING, Action.DECIDE))


def _waiting(actor: Actor) -> ColumnElement[bool]:
    prefixes = reading_prefixes(actor, Resource.POSTING, Action.DECIDE)
    places = [queries.lies_in(JobPosting.office_code, prefix) for prefix in prefixes]
    if not places:
        return false()
    waits = or_(
        JobPosting.state == JobState.REVIEW,
        and_(JobPosting.state == JobState.OPEN, JobPosting.needs_look),
    )
    return and_(waits, or_(*places))


def list_waiting(session: Session, actor: Actor) -> list[JobPosting]:
    """Those that wait, each with its employer: what people reported, then what was handed in, then what was
    found at import; the oldest first."""
    reported = (
        select(JobReport.id)
        .where(JobReport.job_id == JobPosting.id, JobReport.at > JobPosting.published_at)
        .exists()
    )
    statement = queries.managed_jobs(actor).where(_waiting(actor))
    order = (case((reported, 0), else_=1), JobPosting.needs_look, JobPosting.updated_at, JobPosting.id)
    return list(session.scalars(statement.order_by(*order).limit(MOST)))


def find_waiting(session: Session, actor: Actor, job_id: int) -> JobPosting | None:
    """One of those that wait, however far back in the queue it stands."""
    return session.scalar(queries.managed_jobs(actor).where(_waiting(actor), JobPosting.id == job_id))


def count_waiting(session: Session, actor: Actor) -> int:
    return session.scalar(select(func.count()).select_from(JobPosting).where(_waiting(actor))) or 0


def firm_record(session: Session, job: JobPosting) -> FirmRecord:
    """What the office knows of the posting's firm from its other postings."""
    others = JobPosting.employer_id == job.employer_id
    many = session.scalar(select(func.count()).select_from(JobPosting).where(others, JobPosting.id != job.id))
    back = session.execute(
        select(JobEvent.reason)
        .join(JobPosting, JobPosting.id == JobEvent.job_id)
        .where(others, JobEvent.kind == JobEventKind.REJECT)
        .order_by(JobEvent.id.desc())
        .limit(20)
    ).scalars()
    reasons = list(back)
    return FirmRecord(many or 0, len(reasons), reasons[0] if reasons else "")


def reports_by_job(session: Session, ids: list[int]) -> Mapping[int, int]:
    """Number of reports by posting, since the office last let it out."""
    rows: Any = session.execute(
        select(JobReport.job_id, func.count())
        .join(JobPosting, JobPosting.id == JobReport.job_id)
        .where(JobReport.job_id.in_(ids), JobReport.at > JobPosting.published_at)
        .group_by(JobReport.job_id)
    )
    return dict(rows.all())
