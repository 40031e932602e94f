"""匹配接口 (CONTRACT, /matches, /seekers/{id}/matches, /jobs/{id}/matches)."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.dependencies import StaffActor
from app.core.http import CurrentClock, ReadSession, Route
from app.core.pagination import Limit
from app.matching import service
from app.matching.schemas import FormulaOut, PeopleRankingOut, RankingOut, SeekerProfile

router = APIRouter(tags=["matches"], route_class=Route)


@router.post("/matches/jobs")
def match_jobs(
    profile: SeekerProfile,
    session: ReadSession,
    clock: CurrentClock,
    limit: Annotated[Limit, Query()] = 20,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> RankingOut:
    """说说自己的情况，看看哪些岗位合适。不用登录，什么也不记。"""
    return service.match_profile(session, profile, clock.today(), limit=limit, cursor=cursor)


@router.get("/matches/formula")
def show_formula() -> FormulaOut:
    """活是怎么排的：先看哪些门槛，再按哪几样打分、各占多少。谁都能看。"""
    return service.describe_formula()


@router.get("/seekers/{seeker_id}/matches")
def match_seeker(
    seeker_id: int,
    session: ReadSession,
    actor: StaffActor,
    clock: CurrentClock,
    limit: Annotated[Limit, Query()] = 20,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> RankingOut:
    """给一个求职者排合适的岗位。"""
    return service.match_seeker(session, actor, seeker_id, clock.today(), limit=limit, cursor=cursor)


@router.get("/jobs/{job_id}/matches")
def match_job(
    job_id: int,
    session: ReadSession,
    actor: StaffActor,
    clock: CurrentClock,
    limit: Annotated[Limit, Query()] = 20,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> PeopleRankingOut:
    """给一个岗位排自己管的地方里合适的、想找活的人。"""
    return service.match_job(session, actor, job_id, clock.today(), limit=limit, cursor=cursor)
