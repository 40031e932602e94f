"""用工计划接口: `/demand-plans`, and the balance of demand and supply of a place."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.accounts.dependencies import SignedInActor, StaffActor
from app.core.http import CurrentClock, ReadSession, Route, WriteSession
from app.core.pagination import Page
from app.demand_plans import queries, service
from app.demand_plans.models import DemandPlan
from app.demand_plans.queries import PlanFilters
from app.demand_plans.schemas import (
    BalanceRowOut,
    DemandPlanIn,
    DemandPlanOut,
    DemandPlanVersionOut,
    NewDemandPlan,
)
from app.demand_plans.showing import show_balance
from app.employers.dependencies import IfMatch, etag

router = APIRouter(prefix="/demand-plans", tags=["demand plans"], route_class=Route)
Region = Annotated[str, Query(max_length=12)]


@router.get("")
def list_plans(
    session: ReadSession,
    actor: SignedInActor,
    employer: int | None = None,
    region: Region = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Page[DemandPlanOut]:
    """管得着的用工计划，先要人的在前。"""
    filters = PlanFilters(employer_id=employer, region_code=region or None)
    plans, following = queries.list_plans(session, actor, filters, limit=limit, cursor=cursor)
    return Page(items=[DemandPlanOut.of(plan) for plan in plans], next=following)


@router.post("", status_code=201)
def state_plan(
    data: NewDemandPlan, session: WriteSession, actor: SignedInActor, clock: CurrentClock, response: Response
) -> DemandPlanOut:
    """报一个用工计划。"""
    form = DemandPlanIn.model_validate(data.model_dump(exclude={"employer_id"}))
    plan = service.state_plan(session, actor, data.employer_id, form, clock)
    response.headers["Location"] = f"/api/v1/demand-plans/{plan.id}"
    return _shown(plan, response)


@router.get("/balance")
def balance(
    session: ReadSession, actor: StaffActor, clock: CurrentClock, region: Region
) -> Page[BalanceRowOut]:
    """一个地方今后一年的供需，按工种和月份；太少的人数不给。"""
    shown = show_balance(session, actor, region, clock.today())
    return Page(items=[BalanceRowOut.of(row) for row in shown.rows], next=None)


@router.get("/{plan_id}")
def show_plan(plan_id: int, session: ReadSession, actor: SignedInActor, response: Response) -> DemandPlanOut:
    """看一个用工计划。"""
    return _shown(queries.get_plan(session, actor, plan_id), response)


@router.put("/{plan_id}")
def edit_plan(
    plan_id: int,
    data: DemandPlanIn,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    if_match: IfMatch,
    response: Response,
) -> DemandPlanOut:
    """改一个用工计划，整份送来；If-Match 带上看到的版本。"""
    return _shown(service.edit_plan(session, actor, plan_id, data, clock, version=if_match), response)


@router.get("/{plan_id}/versions")
def list_versions(plan_id: int, session: ReadSession, actor: SignedInActor) -> Page[DemandPlanVersionOut]:
    """计划的每一版，新的在前。"""
    plan = queries.get_plan(session, actor, plan_id)
    versions = queries.list_versions(session, plan.id)
    return Page(items=[DemandPlanVersionOut.of(version) for version in versions], next=None)


@router.post("/{plan_id}/posting", status_code=201)
def draft_posting(
    plan_id: int, session: WriteSession, actor: SignedInActor, clock: CurrentClock, response: Response
) -> DemandPlanOut:
    """把计划写成岗位草稿（Location 指着它，job_id 是它）；再点一次还是那一个。"""
    job = service.draft_posting(session, actor, plan_id, clock)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return _shown(queries.get_plan(session, actor, plan_id), response)


@router.post("/{plan_id}/withdraw")
def withdraw_plan(
    plan_id: int,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    if_match: IfMatch,
    response: Response,
) -> DemandPlanOut:
    """不要人了。"""
    return _shown(service.withdraw_plan(session, actor, plan_id, clock, version=if_match), response)


def _shown(plan: DemandPlan, response: Response) -> DemandPlanOut:
    response.headers["ETag"] = etag(plan.version)
    return DemandPlanOut.of(plan)
