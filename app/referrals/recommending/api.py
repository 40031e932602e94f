"""推荐意见接口: the day's draft of `songgang match run`, for an officer to look at and push."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from app.accounts.dependencies import SignedInActor
from app.core.http import CurrentClock, ReadSession, Route
from app.core.pagination import Page
from app.referrals.recommending import queries

router = APIRouter(prefix="/recommendations", tags=["referrals"], route_class=Route)


class RecommendationOut(BaseModel):
    """推荐意见: ids to push with POST /referrals; `goes_first`: nobody of the household works."""

    seeker_id: int
    job_id: int
    score: float
    goes_first: bool


@router.get("")
def list_recommendations(
    session: ReadSession,
    actor: SignedInActor,
    clock: CurrentClock,
    region: Annotated[str | None, Query(max_length=12)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Page[RecommendationOut]:
    """今天的推荐意见（草稿），只有自己管的人。"""
    rows, following = queries.list_recommendations(
        session, actor, clock.today(), region_code=region or None, limit=limit, cursor=cursor
    )
    items = [
        RecommendationOut(
            seeker_id=row.person_id, job_id=row.job_id, score=round(row.score, 2), goes_first=row.goes_first
        )
        for row in rows
    ]
    return Page(items=items, next=following)
