"""岗位接口 (CONTRACT, /jobs)."""

from math import isqrt
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.accounts.dependencies import CurrentActor, SignedInActor
from app.core.http import CurrentClock, ReadSession, Route, WriteSession
from app.core.pagination import Page
from app.employers.dependencies import IfMatch, etag
from app.jobs import queries, service
from app.jobs.filters import JobListQuery
from app.jobs.models import JobPosting
from app.jobs.schemas import JobActionIn, JobIn, JobOut, JobPatch

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=Route)


@router.get("")
def list_jobs(
    session: ReadSession,
    actor: CurrentActor,
    clock: CurrentClock,
    asked: Annotated[JobListQuery, Query()],
) -> Page[JobOut]:
    """正在招的岗位；带 state 时是自己管的岗位。"""
    filters = asked.to_filters()
    if asked.state is None:
        jobs, cursor = queries.list_open_jobs(
            session, filters, clock.today(), limit=asked.limit, cursor=asked.cursor
        )
    else:
        jobs, cursor = queries.list_managed_jobs(
            session, actor, filters, states=[asked.state], limit=asked.limit, cursor=asked.cursor
        )
    names = queries.list_village_names(session, [job.region_code for job in jobs])
    items = [JobOut.of(job, names, distance_m=_distance(job, filters.near)) for job in jobs]
    return Page(items=items, next=cursor)


@router.get("/{job_id}")
def show_job(
    job_id: int, session: ReadSession, actor: CurrentActor, clock: CurrentClock, response: Response
) -> JobOut:
    """看一个岗位。"""
    return _shown(session, queries.get_visible_job(session, actor, job_id, clock.today()), response)


@router.post("", status_code=201)
def create_job(
    data: JobIn, session: WriteSession, actor: SignedInActor, clock: CurrentClock, response: Response
) -> JobOut:
    """写一个岗位，先存成草稿。"""
    job = service.create_job(session, actor, data, clock)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return _shown(session, job, response)


@router.patch("/{job_id}")
def edit_job(
    job_id: int,
    data: JobPatch,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    if_match: IfMatch,
    response: Response,
) -> JobOut:
    """改一个岗位；If-Match 带上看到的版本。"""
    try:
        job = service.edit_job(session, actor, job_id, data, clock, version=if_match)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
    return _shown(session, job, response)


@router.post("/{job_id}/actions")
def act_on_job(
    job_id: int,
    data: JobActionIn,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    if_match: IfMatch,
    response: Response,
) -> JobOut:
    """交上去、通过、退回、先停一停、接着招、不招了、还在招。"""
    job = service.act_on_job(
        session, actor, job_id, data.action, clock, reason=data.reason or "", version=if_match
    )
    return _shown(session, job, response)


def _shown(session: ReadSession, job: JobPosting, response: Response) -> JobOut:
    response.headers["ETag"] = etag(job.version)
    return JobOut.of(job, queries.list_village_names(session, [job.region_code]))


def _distance(job: JobPosting, near: queries.Point | None) -> int | None:
    if near is None or job.x is None:
        return None
    return isqrt(queries.squared_way(job, near))
