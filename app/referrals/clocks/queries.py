"""时限的查询: postings whose confirmation is due."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.core.clock import Clock
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.occupations.terms import WorkProfile
from app.referrals.clocks.rules import DEFAULTS


def list_unconfirmed(session: Session, clock: Clock, limit: int) -> list[JobPosting]:
    """Open postings that nobody has confirmed for too long, and day work whose day is over."""
    now, today = clock.now(), clock.today()
    late: list[ColumnElement[bool]] = [
        and_(
            JobPosting.profile == profile,
            JobPosting.confirmed_at < now - timedelta(minutes=DEFAULTS[profile].switch_off),
        )
        for profile in (WorkProfile.LONG, WorkProfile.SEASON)
    ]
    late.append(and_(JobPosting.profile == WorkProfile.DAY, JobPosting.starts_on < today))
    return _list(session, or_(*late), limit)


def list_to_confirm(session: Session, clock: Clock, limit: int) -> list[JobPosting]:
    """Those that came of age for asking since yesterday: once each, when the task runs daily."""
    now = clock.now()
    due: list[ColumnElement[bool]] = []
    for profile in (WorkProfile.LONG, WorkProfile.SEASON):
        since = now - timedelta(minutes=DEFAULTS[profile].confirm_again)
        due.append(
            and_(
                JobPosting.profile == profile,
                JobPosting.confirmed_at <= since,
                JobPosting.confirmed_at > since - timedelta(days=1),
            )
        )
    return _list(session, or_(*due), limit)


def _list(session: Session, condition: ColumnElement[bool], limit: int) -> list[JobPosting]:
    return list(
        session.scalars(
            select(JobPosting)
            .join(Employer, Employer.id == JobPosting.employer_id)
            .options(contains_eager(JobPosting.employer))
            .where(JobPosting.state == JobState.OPEN, condition)
            .order_by(JobPosting.id)
            .limit(limit)
        )
    )
