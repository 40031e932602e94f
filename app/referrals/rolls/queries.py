"""带队点名查询: who is to start where on which day, and who takes them there."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.models import User
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.referrals.models import Referral
from app.referrals.queries import lies_in
from app.referrals.rolls.models import ArrivalRoll
from app.referrals.rules import HOLDING_A_PLACE
from app.seekers.models import Household, Person
from app.seekers.queries import is_kept

AHEAD: Final = timedelta(days=30)
BEHIND: Final = timedelta(days=1)
"""Leaders are named for the coming month; a roll may be called until the day after."""


def list_expected(
    session: Session,
    actor: Actor,
    since: date,
    until: date,
    *,
    job_id: int | None = None,
) -> list[Referral]:
    """People of the actor's area who were hired to start on these days and have not arrived, person, posting
    and employer loaded, by day, posting and name."""
    recording = {*reading_prefixes(actor, Resource.REFERRAL, Action.CREATE)}
    recording |= {*reading_prefixes(actor, Resource.REFERRAL, Action.EDIT)}
    statement = (
        select(Referral)
        .join(Person, Person.id == Referral.person_id)
        .join(Household, Household.id == Person.household_id)
        .join(JobPosting, JobPosting.id == Referral.job_id)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(
            contains_eager(Referral.person).contains_eager(Person.household),
            contains_eager(Referral.job).contains_eager(JobPosting.employer),
        )
        .where(
            Referral.state.in_(HOLDING_A_PLACE),
            Referral.starts_on.between(since, until),
            lies_in(sorted(recording)),
            is_kept(Person),
        )
        .order_by(Referral.starts_on, Referral.job_id, Person.name, Referral.id)
        .execution_options(populate_existing=True)
    )
    if job_id is not None:
        statement = statement.where(Referral.job_id == job_id)
    return list(session.scalars(statement))


def list_rolls(session: Session, job_ids: Collection[int], since: date) -> list[ArrivalRoll]:
    """The rolls of some postings from a day on that were not taken back."""
    rows = session.scalars(
        select(ArrivalRoll)
        .where(ArrivalRoll.job_id.in_(job_ids), ArrivalRoll.day >= since, ArrivalRoll.ended_at.is_(None))
        .order_by(ArrivalRoll.id)
    )
    return list(rows)


def find_roll(session: Session, roll_id: int) -> ArrivalRoll | None:
    return session.get(ArrivalRoll, roll_id)


def find_job(session: Session, job_id: int) -> JobPosting | None:
    """A posting in whatever state, employer loaded."""
    return session.scalar(
        select(JobPosting)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(contains_eager(JobPosting.employer))
        .where(JobPosting.id == job_id)
    )


def list_users_by_work_phone(session: Session, phone: str) -> list[User]:
    """Staff accounts (brokers among them) with this number."""
    return list(session.scalars(select(User).where(User.work_phone == phone)))
