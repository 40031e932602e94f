"""举报岗位: anybody may say that a posting is wrong; enough different people take it out of sight at once."""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC
from app.core import ratelimit
from app.core.clock import Clock
from app.core.errors import TooMany
from app.core.ratelimit import Limit
from app.jobs import queries, service
from app.jobs.models import JobPosting, JobReport
from app.jobs.terms import ReportReason

REPORTS_TO_HOLD: Final = 3
"""As many different reporters within `COUNTED_FOR` hold a posting; one of money or papers weighs no less."""
COUNTED_FOR: Final = timedelta(days=7)
PER_REPORTER: Final = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))


def report_job(
    session: Session, job_id: int, reporter_key: str, reason: ReportReason, note: str, clock: Clock
) -> bool:
    """Notes a report; the same reporter counts once for a posting. True where the posting was held by it.

    `reporter_key` is a keyed digest. Raises JobNotFound, JobGone, TooMany.
    """
    job = queries.get_visible_job(session, PUBLIC, job_id, clock.today())
    wait_s = ratelimit.hit(session, f"job_reports:{reporter_key}", PER_REPORTER, clock.now())
    if wait_s:
        raise TooMany(retry_after_s=wait_s)
    known = session.scalar(
        select(JobReport.id).where(JobReport.job_id == job_id, JobReport.reporter_key == reporter_key)
    )
    if known is None:
        session.add(
            JobReport(
                job_id=job_id, reporter_key=reporter_key, reason=reason, note=note[:200], at=clock.now()
            )
        )
        session.flush()
    many = count_reports(session, job_id, clock)
    if many < REPORTS_TO_HOLD:
        return False
    days = COUNTED_FOR.days
    return service.hold_job(session, job, f"{days} 天里有 {many} 个人举报，先收起来，请人看。", clock)


def count_reports(session: Session, job_id: int, clock: Clock) -> int:
    """Different reporters of a posting that still count: lately, and since the office last let it out."""
    counted = (
        select(func.count(JobReport.id))
        .join(JobPosting, JobPosting.id == JobReport.job_id)
        .where(
            JobReport.job_id == job_id,
            JobReport.at > clock.now() - COUNTED_FOR,
            JobReport.at > JobPosting.published_at,
        )
    )
    return session.scalar(counted) or 0


def list_reports(session: Session, job_id: int) -> list[JobReport]:
    """Reports of a posting, newest first. The caller has made sure it may be seen."""
    return list(
        session.scalars(
            select(JobReport).where(JobReport.job_id == job_id).order_by(JobReport.id.desc()).limit(20)
        )
    )
