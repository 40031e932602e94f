"""告知查询: what messages about referrals need to know."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.referrals.models import Referral
from app.referrals.spells.models import FollowUpCheck
from app.referrals.terms import ReferralState


def find_state(session: Session, referral_id: int) -> ReferralState | None:
    """Where a referral stands; None when there is none."""
    return session.scalar(select(Referral.state).where(Referral.id == referral_id))


def count_waiting_at(session: Session, employer_id: int) -> list[tuple[JobPosting, int]]:
    """The firm's postings at which somebody waits for a first answer, with how many, employers loaded."""
    waiting = (
        select(Referral.job_id, func.count().label("people"))
        .where(Referral.employer_id == employer_id, Referral.state == ReferralState.SUBMITTED)
        .group_by(Referral.job_id)
        .subquery()
    )
    rows = session.execute(
        select(JobPosting, waiting.c.people)
        .join(waiting, waiting.c.job_id == JobPosting.id)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(contains_eager(JobPosting.employer))
        .order_by(JobPosting.id)
    )
    return [(job, int(people)) for job, people in rows]


def is_check_open(session: Session, referral_id: int, day: int) -> bool:
    """Whether the check of that day, of the work a referral led to, is still to be answered."""
    return (
        session.scalar(
            select(FollowUpCheck.id)
            .join(Referral, Referral.spell_id == FollowUpCheck.spell_id)
            .where(Referral.id == referral_id, FollowUpCheck.day == day, FollowUpCheck.settled_at.is_(None))
        )
        is not None
    )
