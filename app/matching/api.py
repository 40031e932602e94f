"""匹配接口 (CONTRACT, /matches)."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.core.http import CurrentClock, ReadSession, Route
from app.core.pagination import Limit
from app.matching import service
from app.matching.schemas import RankingOut, SeekerProfile

router = APIRouter(prefix="/matches", tags=["matches"], route_class=Route)


@router.post("/jobs")
def match_jobs(
    profile: SeekerProfile,
    session: ReadSession,
    clock: CurrentClock,
    limit: Annotated[Limit, Query()] = 20,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> RankingOut:
    """说说自己的情况，看看哪些岗位合适。不用登录，什么也不记。"""
    return service.match_profile(session, profile, clock.today(), limit=limit, cursor=cursor)
