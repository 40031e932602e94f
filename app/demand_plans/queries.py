"""用工计划查询: the only place with conditions on plans. Everything shown starts from `visible_plans`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.pagination import SortKey, paginate
from app.demand_plans.errors import PlanNotFound
from app.demand_plans.models import DemandPlan, DemandPlanVersion
from app.demand_plans.rules import UNREAD, Need
from app.demand_plans.terms import DemandPlanState
from app.employers.models import Employer
from app.employers.queries import firms_of
from app.jobs.models import JobPosting
from app.jobs.queries import lies_in
from app.regions.scope import scope_prefix

_LIVE = (DemandPlanState.STATED, DemandPlanState.POSTED)


@dataclass(frozen=True)
class PlanFilters:
    """用工计划筛选: of a firm or a place; `group` of occupations (rules.group_for); `since_on`: live ones for
    which people are needed on that day or later."""

    employer_id: int | None = None
    region_code: str | None = None
    group: str | None = None
    since_on: date | None = None


def visible_plans(actor: Actor) -> Select[DemandPlan]:
    """Plans `actor` may see, each with its employer: of their own firms, or kept in their area."""
    ways = [lies_in(DemandPlan.office_code, prefix) for prefix in _area(actor)]
    firms = firms_of(actor)
    if firms:
        ways.append(DemandPlan.employer_id.in_(sorted(firms)))
    return (
        select(DemandPlan)
        .join(Employer, Employer.id == DemandPlan.employer_id)
        .options(contains_eager(DemandPlan.employer))
        .where(or_(*ways) if ways else false())
    )


def _area(actor: Actor) -> tuple[str, ...]:
    return reading_prefixes(actor, Resource.DEMAND_PLAN)


def _conditions(filters: PlanFilters) -> Iterable[ColumnElement[bool]]:
    if filters.employer_id is not None:
        yield DemandPlan.employer_id == filters.employer_id
    if filters.region_code is not None:
        yield lies_in(DemandPlan.office_code, scope_prefix(filters.region_code))
    if filters.group == UNREAD:
        yield DemandPlan.occupation_code.is_(None)
    elif filters.group is not None:
        yield DemandPlan.occupation_code.startswith(filters.group, autoescape=True)
    if filters.since_on is not None:
        yield DemandPlan.state.in_(_LIVE)
        yield DemandPlan.needed_on >= filters.since_on


def get_plan(session: Session, actor: Actor, plan_id: int) -> DemandPlan:
    """One plan, freshly read with its employer. Raises PlanNotFound."""
    plan = session.scalar(
        visible_plans(actor).where(DemandPlan.id == plan_id).execution_options(populate_existing=True)
    )
    if plan is None:
        raise PlanNotFound
    return plan


def list_plans(
    session: Session, actor: Actor, filters: PlanFilters, *, limit: int, cursor: str | None = None
) -> tuple[list[DemandPlan], str | None]:
    """One page, those needed first on top. Raises UnknownRegion."""
    table = DemandPlan.__table__.c
    return paginate(
        session,
        visible_plans(actor).where(*_conditions(filters)),
        [SortKey(table.needed_on), SortKey(table.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda plan: (plan.needed_on.isoformat(), plan.id),
        parse=(date.fromisoformat, int),
    )


def list_needs(session: Session, actor: Actor, filters: PlanFilters) -> list[Need]:
    """What the plans `actor` may see still ask for: who was hired on a plan's posting is found. One
    statement. Raises UnknownRegion."""
    found = func.coalesce(JobPosting.filled, 0)
    statement = (
        visible_plans(actor)
        .where(*_conditions(filters))
        .outerjoin(JobPosting, JobPosting.id == DemandPlan.job_id)
        .with_only_columns(DemandPlan.occupation_code, DemandPlan.needed_on, DemandPlan.headcount - found)
    )
    return [Need(code, day, max(0, int(left))) for code, day, left in session.execute(statement)]


def list_versions(session: Session, plan_id: int) -> list[DemandPlanVersion]:
    """Every version of a plan, the newest first. The caller has made sure it may be seen."""
    statement = select(DemandPlanVersion).where(DemandPlanVersion.plan_id == plan_id)
    return list(session.scalars(statement.order_by(DemandPlanVersion.number.desc())))
