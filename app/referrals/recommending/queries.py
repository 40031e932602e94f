"""推荐意见查询: the only place with conditions on recommendations."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.pagination import SortKey, paginate
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.referrals.recommending.models import Recommendation, RecommendationRun
from app.regions.scope import scope_prefix
from app.seekers import queries as seeker_queries
from app.seekers.models import Person
from app.seekers.queries import lies_in_any


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


def list_recommendations(
    session: Session,
    actor: Actor,
    made_on: date,
    *,
    region_code: str | None = None,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[Recommendation], str | None]:
    """One page of the day's recommendations for people of the actor's area, in the order in which they were
    written. Raises UnknownRegion, Invalid for a bad cursor."""
    statement = (
        select(Recommendation)
        .join(RecommendationRun, RecommendationRun.id == Recommendation.run_id)
        .join(Person, Person.id == Recommendation.person_id)
        .where(
            RecommendationRun.made_on == made_on,
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
