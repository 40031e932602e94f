"""推荐意见查询: the only place with conditions on recommendations."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.pagination import SortKey, paginate
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.referrals.models import Referral
from app.referrals.recommending.giving import InHand
from app.referrals.recommending.models import LeftOut, Recommendation, RecommendationRun
from app.referrals.recommending.terms import LeftOutReason
from app.referrals.rules import NOT_AGAIN_WITHIN
from app.referrals.terms import ReferralState
from app.regions.scope import scope_prefix
from app.seekers import queries as seeker_queries
from app.seekers.models import Person
from app.seekers.queries import lies_in_any
from app.seekers.terms import SeekerStatus

REJECTED_FOR: Final = timedelta(days=30)
"""For so long what an officer rejected is not drafted again (ours)."""


def lies_in(home_scope: str, region_code: str | None) -> bool:
    """Whether a home lies in a region (None: everywhere). Raises UnknownRegion."""
    return region_code is None or home_scope.startswith(scope_prefix(region_code))


def places_left(session: Session) -> dict[int, int]:
    """Posting -> places neither filled nor held for somebody hired, of the open ones that have some."""
    left = JobPosting.openings - JobPosting.filled - JobPosting.held
    rows = session.execute(select(JobPosting.id, left).where(JobPosting.state == JobState.OPEN, left > 0))
    return {job_id: int(count) for job_id, count in rows}


def find_run(session: Session, region_code: str, made_on: date) -> RecommendationRun | None:
    """The draft of a region and day."""
    return session.scalar(
        select(RecommendationRun).where(
            RecommendationRun.region_code == region_code, RecommendationRun.made_on == made_on
        )
    )


def read_in_hand(session: Session, now: datetime, people: Collection[int] | None = None) -> InHand:
    """What people have in hand (None: everybody): offers that wait for their answer, what they were
    recommended within seven days or still have under way, and what an officer rejected lately."""
    waiting = (
        select(Referral.person_id, func.count())
        .where(Referral.state == ReferralState.OFFERED)
        .group_by(Referral.person_id)
    )
    lately = select(Referral.person_id, Referral.job_id).where(
        or_(Referral.ended_at.is_(None), Referral.created_at > now - NOT_AGAIN_WITHIN)
    )
    rejected = select(Recommendation.person_id, Recommendation.job_id).where(
        Recommendation.rejected_why != "", Recommendation.settled_at > now - REJECTED_FOR
    )
    if people is not None:
        waiting = waiting.where(Referral.person_id.in_(people))
        lately = lately.where(Referral.person_id.in_(people))
        rejected = rejected.where(Recommendation.person_id.in_(people))
    barred = {(row[0], row[1]) for statement in (lately, rejected) for row in session.execute(statement)}
    return InHand({row[0]: row[1] for row in session.execute(waiting)}, frozenset(barred))


def delete_drafts(session: Session, region_code: str | None, made_on: date) -> None:
    """Takes out what was drafted on a day, by whatever run, for the people of a region (None: everywhere) and
    is not settled, and who of them was left out. Raises UnknownRegion."""
    of_day = select(RecommendationRun.id).where(RecommendationRun.made_on == made_on)
    drafts = delete(Recommendation).where(
        Recommendation.run_id.in_(of_day), Recommendation.settled_at.is_(None)
    )
    left_out = delete(LeftOut).where(LeftOut.run_id.in_(of_day))
    if region_code is not None:
        people = select(Person.id).where(lies_in_any(Person.region_code, [scope_prefix(region_code)]))
        drafts = drafts.where(Recommendation.person_id.in_(people))
        left_out = left_out.where(LeftOut.person_id.in_(people))
    for statement in (drafts, left_out):
        session.execute(statement.execution_options(synchronize_session=False))


def _left_out(actor: Actor, made_on: date, region_code: str | None) -> Select[LeftOut]:
    """Who of the actor's area got nothing that day, still looks for work and was not sent anything since.
    Raises UnknownRegion."""
    offered = exists().where(
        Referral.person_id == LeftOut.person_id, Referral.created_at >= RecommendationRun.made_at
    )
    statement = (
        select(LeftOut)
        .join(RecommendationRun, RecommendationRun.id == LeftOut.run_id)
        .join(Person, Person.id == LeftOut.person_id)
        .where(
            RecommendationRun.made_on == made_on,
            lies_in_any(Person.region_code, reading_prefixes(actor, Resource.REFERRAL)),
            seeker_queries.is_kept(Person),
            Person.status == SeekerStatus.SEEKING,
            ~offered,
        )
    )
    if region_code is not None:
        statement = statement.where(lies_in_any(Person.region_code, [scope_prefix(region_code)]))
    return statement


def list_left_out(
    session: Session, actor: Actor, made_on: date, *, region_code: str | None = None, limit: int
) -> list[LeftOut]:
    """The first of those of the actor's area who got nothing that day, by reason. Raises UnknownRegion."""
    statement = _left_out(actor, made_on, region_code).order_by(LeftOut.why, LeftOut.person_id)
    return list(session.scalars(statement.limit(limit)))


def count_left_out(
    session: Session, actor: Actor, made_on: date, *, region_code: str | None = None
) -> dict[LeftOutReason, int]:
    """How many people of the actor's area got nothing that day, by reason. Raises UnknownRegion."""
    statement = _left_out(actor, made_on, region_code).with_only_columns(
        LeftOut.why, func.count(func.distinct(LeftOut.person_id))
    )
    return {row[0]: row[1] for row in session.execute(statement.group_by(LeftOut.why))}


def list_settled_pairs(session: Session, run_id: int) -> set[tuple[int, int]]:
    """The (person, posting) of a run that were sent or rejected."""
    rows = session.execute(
        select(Recommendation.person_id, Recommendation.job_id).where(
            Recommendation.run_id == run_id, Recommendation.settled_at.is_not(None)
        )
    )
    return {(row[0], row[1]) for row in rows}


def list_recommendations(
    session: Session,
    actor: Actor,
    made_on: date,
    *,
    region_code: str | None = None,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[Recommendation], str | None]:
    """One page of the day's recommendations that nobody settled yet, for people of the actor's area, in the
    order in which they were written. Raises UnknownRegion, Invalid for a bad cursor."""
    statement = (
        select(Recommendation)
        .join(RecommendationRun, RecommendationRun.id == Recommendation.run_id)
        .join(Person, Person.id == Recommendation.person_id)
        .where(
            RecommendationRun.made_on == made_on,
            Recommendation.settled_at.is_(None),
            lies_in_any(Person.region_code, reading_prefixes(actor, Resource.REFERRAL)),
            seeker_queries.is_kept(Person),
        )
    )
    if region_code is not None:
        statement = statement.where(lies_in_any(Person.region_code, [scope_prefix(region_code)]))
    return paginate(
        session,
        statement,
        [SortKey(Recommendation.__table__.c.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda row: (row.id,),
        parse=(int,),
    )


def count_by_place(session: Session, actor: Actor, made_on: date) -> dict[str, int]:
    """Of how many people of each place, by its code, the day's drafts wait to be looked at."""
    rows = session.execute(
        select(Person.region_code, func.count(func.distinct(Person.id)))
        .join(Recommendation, Recommendation.person_id == Person.id)
        .join(RecommendationRun, RecommendationRun.id == Recommendation.run_id)
        .where(
            RecommendationRun.made_on == made_on,
            Recommendation.settled_at.is_(None),
            lies_in_any(Person.region_code, reading_prefixes(actor, Resource.REFERRAL)),
            seeker_queries.is_kept(Person),
        )
        .group_by(Person.region_code)
    )
    return {row[0]: row[1] for row in rows}


def list_drafts(session: Session, actor: Actor, ids: Collection[int]) -> list[Recommendation]:
    """Those of the recommendations that are for people of the actor's area and not settled, locked, in the
    order of their people."""
    return list(
        session.scalars(
            select(Recommendation)
            .join(Person, Person.id == Recommendation.person_id)
            .where(
                Recommendation.id.in_(ids),
                Recommendation.settled_at.is_(None),
                lies_in_any(Person.region_code, reading_prefixes(actor, Resource.REFERRAL)),
                seeker_queries.is_kept(Person),
            )
            .order_by(Recommendation.person_id, Recommendation.score.desc(), Recommendation.id)
            .with_for_update(of=Recommendation)
            .execution_options(populate_existing=True)
        )
    )


def list_postings(session: Session, ids: Collection[int]) -> dict[int, JobPosting]:
    """Postings of a draft in whatever state, employers loaded."""
    rows = session.scalars(
        select(JobPosting)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(contains_eager(JobPosting.employer))
        .where(JobPosting.id.in_(ids))
    )
    return {job.id: job for job in rows}
