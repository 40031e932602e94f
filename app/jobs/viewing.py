"""看岗位的次数: how often the pages of postings were opened, by day, without following anybody.

No address, cookie or browser is kept, so nobody can be found later or told from somebody else.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.tallies import Key, add_to
from app.jobs.models import JobViewDay


def add_views(session: Session, key: Key, views: int) -> None:
    """Adds to the number of a posting and a day (see core.tallies)."""
    job_id, day = key
    row = JobViewDay(job_id=job_id, viewed_on=day, views=views)
    add_to(session, row, JobViewDay.views, (JobViewDay.job_id, JobViewDay.viewed_on))


def count_views(session: Session, job_ids: Collection[int], since: date) -> dict[int, int]:
    """How often each posting's page was opened since a day, that day included. Unopened ones are absent.
    For postings the caller may see."""
    if not job_ids:
        return {}
    rows = session.execute(
        select(JobViewDay.job_id, func.sum(JobViewDay.views))
        .where(JobViewDay.job_id.in_(job_ids), JobViewDay.viewed_on >= since)
        .group_by(JobViewDay.job_id)
    )
    return {job_id: int(views) for job_id, views in rows}
