"""报、改、写成岗位、撤: what firms and offices do with a demand plan. Each step makes a version."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Stale
from app.demand_plans import policies, queries
from app.demand_plans.errors import PlanClosed
from app.demand_plans.models import DemandPlan, DemandPlanVersion
from app.demand_plans.schemas import DemandPlanIn
from app.demand_plans.terms import DemandPlanAction, DemandPlanState
from app.employers import queries as employer_queries
from app.employers.errors import EmployerBarred
from app.employers.terms import EmployerState
from app.jobs import queries as job_queries
from app.jobs import service as job_service
from app.jobs.models import JobPosting
from app.jobs.rules import LONGEST_VALID_FOR
from app.jobs.schemas import JobIn
from app.jobs.values import read_occupation_code
from app.occupations.terms import WorkProfile


def state_plan(
    session: Session, actor: Actor, employer_id: int, data: DemandPlanIn, clock: Clock
) -> DemandPlan:
    """A firm says whom it needs by when. Raises Invalid (no such firm, place, occupation; a day that has
    passed or lies beyond a year), EmployerBarred, Forbidden."""
    try:
        employer = employer_queries.get_visible_employer(session, actor, employer_id)
    except NotFound as error:
        raise Invalid(fields=[FieldProblem("employer_id", "没有这家单位，请重新选")]) from error
    if not policies.may_state_plan(actor, employer):
        raise Forbidden("您只能给自己的单位，或自己管的地方的单位报计划。")
    if employer.state is EmployerState.BARRED:
        raise EmployerBarred
    _check_days(data, clock.today())
    now = clock.now()
    plan = DemandPlan(
        **_columns(session, employer_id, data),
        employer_id=employer_id,
        office_code=employer.office_code,
        state=DemandPlanState.STATED,
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(plan)
    session.flush()
    _keep_version(session, actor, plan, data, DemandPlanAction.STATE, clock)
    return queries.get_plan(session, actor, plan.id)


def edit_plan(
    session: Session,
    actor: Actor,
    plan_id: int,
    data: DemandPlanIn,
    clock: Clock,
    *,
    version: int | None = None,
) -> DemandPlan:
    """Changes a plan; what it said before stays as a version. The posting made from it does not change.
    Raises PlanNotFound, Forbidden, Stale, PlanClosed, Invalid."""
    plan = _get_to_change(session, actor, plan_id, version)
    if data.needed_on != plan.needed_on or data.until_on != plan.until_on:
        _check_days(data, clock.today())
    columns = _columns(session, plan.employer_id, data)
    if all(getattr(plan, name) == value for name, value in columns.items()):
        return plan
    return _move(session, actor, plan, DemandPlanAction.EDIT, columns, data, clock)


def withdraw_plan(
    session: Session, actor: Actor, plan_id: int, clock: Clock, *, version: int | None = None
) -> DemandPlan:
    """The firm needs nobody any more. Its posting goes on by itself. Raises PlanNotFound, Forbidden, Stale,
    PlanClosed."""
    plan = _get_to_change(session, actor, plan_id, version)
    change = {"state": DemandPlanState.WITHDRAWN}
    return _move(session, actor, plan, DemandPlanAction.WITHDRAW, change, content_of(plan), clock)


def draft_posting(session: Session, actor: Actor, plan_id: int, clock: Clock) -> JobPosting:
    """The plan as a draft posting, once: asked again, the same posting is given. What is missing is filled in
    on the posting's own page. Raises PlanNotFound, Forbidden, PlanClosed, EmployerBarred, Invalid."""
    plan = queries.get_plan(session, actor, plan_id)
    policies.require_edit(actor, plan)
    if plan.job_id is not None:
        return job_queries.get_managed_job(session, actor, plan.job_id)
    if plan.state is not DemandPlanState.STATED:
        raise PlanClosed
    job = job_service.create_job(session, actor, job_form(plan, clock.today()), clock)
    change = {"state": DemandPlanState.POSTED, "job_id": job.id}
    _move(session, actor, plan, DemandPlanAction.POST, change, content_of(plan), clock)
    return job


def job_form(plan: DemandPlan, today: date) -> JobIn:
    """The posting a plan speaks of: recruiting goes on up to the first day of work."""
    latest = today + LONGEST_VALID_FOR
    return JobIn.model_validate(
        {
            "employer_id": plan.employer_id,
            "title": plan.title,
            "occupation": plan.occupation_code,
            "region_code": plan.region_code,
            "wage": {
                "min_fen": plan.wage_min_fen,
                "max_fen": plan.wage_max_fen,
                "unit": plan.wage_unit,
            },
            "openings": plan.headcount,
            "board": plan.board,
            "lodging": plan.lodging,
            "profile": WorkProfile.SEASON if plan.until_on else WorkProfile.LONG,
            "starts_on": plan.needed_on if plan.needed_on >= today else None,
            "valid_until": min(plan.needed_on, latest) if plan.needed_on >= today else None,
            "description": plan.note,
        }
    )


def content_of(plan: DemandPlan) -> DemandPlanIn:
    """A stored plan as it would be sent again."""
    same = {name: getattr(plan, name) for name in DemandPlanIn.model_fields if name != "occupation"}
    return DemandPlanIn.model_validate(same | {"occupation": plan.occupation_code})


def _check_days(data: DemandPlanIn, today: date) -> None:
    if data.needed_on < today:
        raise Invalid(fields=[FieldProblem("needed_on", "要人的日子已经过了，请填今天以后的")])
    if data.needed_on > today + LONGEST_VALID_FOR:
        raise Invalid(fields=[FieldProblem("needed_on", "太远了，最多报一年以内的")])
    if data.until_on is not None and data.until_on > data.needed_on + timedelta(days=366):
        raise Invalid(fields=[FieldProblem("until_on", "一季最长一年；长年要人的，这里空着")])


def _columns(session: Session, employer_id: int, data: DemandPlanIn) -> dict[str, Any]:
    if not job_queries.list_places(session, [data.region_code]):
        raise Invalid(fields=[FieldProblem("region_code", "没有这个地区，请重新选")])
    same = data.model_dump(exclude={"occupation"})
    asked = JobIn(
        employer_id=employer_id,
        title=data.title,
        region_code=data.region_code,
        occupation=data.occupation,
    )
    return same | {"occupation_code": read_occupation_code(asked)}


def _get_to_change(session: Session, actor: Actor, plan_id: int, version: int | None) -> DemandPlan:
    plan = queries.get_plan(session, actor, plan_id)
    policies.require_edit(actor, plan)
    if version is not None and version != plan.version:
        raise Stale
    if plan.state is DemandPlanState.WITHDRAWN:
        raise PlanClosed
    return plan


def _move(
    session: Session,
    actor: Actor,
    plan: DemandPlan,
    action: DemandPlanAction,
    change: dict[str, Any],
    content: DemandPlanIn,
    clock: Clock,
) -> DemandPlan:
    """The guarded update: whoever read an older version changes nothing."""
    moved = session.scalar(
        update(DemandPlan)
        .where(DemandPlan.id == plan.id, DemandPlan.version == plan.version)
        .values(**change, updated_at=clock.now(), version=DemandPlan.version + 1)
        .returning(DemandPlan.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise Conflict
    fresh = queries.get_plan(session, actor, plan.id)
    _keep_version(session, actor, fresh, content, action, clock)
    return fresh


def _keep_version(
    session: Session,
    actor: Actor,
    plan: DemandPlan,
    data: DemandPlanIn,
    action: DemandPlanAction,
    clock: Clock,
) -> None:
    content = data.model_dump(mode="json")
    version = DemandPlanVersion(
        plan_id=plan.id,
        number=plan.version,
        action=action,
        content=content | {"job_id": plan.job_id},
        actor_id=actor.user_id,
        at=clock.now(),
    )
    session.add(version)
    session.flush()
