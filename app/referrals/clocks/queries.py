"""时限的查询: postings whose confirmation is due, by the times of the county that keeps them."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.core.clock import Clock
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.occupations.terms import WorkProfile
from app.referrals.clocks.rules import DEFAULTS, ProfileClocks, with_overrides
from app.referrals.models import ClockSettings
from app.seekers.queries import lies_in_any

Profiles = Mapping[WorkProfile, ProfileClocks]
_ASKED = (WorkProfile.LONG, WorkProfile.SEASON)


def list_unconfirmed(session: Session, clock: Clock, limit: int) -> list[JobPosting]:
    """Open postings that nobody has confirmed for too long, and day work whose day is over."""
    now = clock.now()

    def too_long(profiles: Profiles) -> ColumnElement[bool]:
        late = [
            and_(
                JobPosting.profile == profile,
                JobPosting.confirmed_at < now - timedelta(minutes=profiles[profile].switch_off),
            )
            for profile in _ASKED
        ]
        return or_(*late)

    is_over = and_(JobPosting.profile == WorkProfile.DAY, JobPosting.starts_on < clock.today())
    return _list(session, or_(is_over, _by_county(session, too_long)), limit)


def list_to_confirm(session: Session, clock: Clock, limit: int) -> list[JobPosting]:
    """Those that came of age for asking since yesterday: once each, when the task runs daily."""
    now = clock.now()

    def came_of_age(profiles: Profiles) -> ColumnElement[bool]:
        due = []
        for profile in _ASKED:
            since = now - timedelta(minutes=profiles[profile].confirm_again)
            due.append(
                and_(
                    JobPosting.profile == profile,
                    JobPosting.confirmed_at <= since,
                    JobPosting.confirmed_at > since - timedelta(days=1),
                )
            )
        return or_(*due)

    return _list(session, _by_county(session, came_of_age), limit)


def _by_county(session: Session, condition: Callable[[Profiles], ColumnElement[bool]]) -> ColumnElement[bool]:
    """The condition with each county's own times, and with REFERRALS' for all others."""
    own = {row.region_code: with_overrides(row.overrides) for row in session.scalars(select(ClockSettings))}
    inside = {code: lies_in_any(JobPosting.office_code, [code]) for code in own}
    elsewhere = not_(or_(false(), *inside.values()))
    return or_(
        and_(elsewhere, condition(DEFAULTS)),
        *(and_(inside[code], condition(profiles)) for code, profiles in own.items()),
    )


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
