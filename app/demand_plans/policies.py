"""谁能看、报、改用工计划, asked of the table of permissions (row "demand_plan")."""

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may, reading_prefixes, require
from app.demand_plans.errors import PlanNotFound
from app.demand_plans.models import DemandPlan
from app.employers.models import Employer


def may_state_plan(actor: Actor, employer: Employer) -> bool:
    """The firm's own people, its broker, and the officers of the firm's place state what it needs."""
    target = Target(region_code=employer.office_code, employer_ids=frozenset({employer.id}))
    return may(actor, Action.CREATE, Resource.DEMAND_PLAN, target) is not None


def may_edit_plan(actor: Actor, plan: DemandPlan) -> bool:
    """The firm's own people, its broker, the township and county office that keep it."""
    return may(actor, Action.EDIT, Resource.DEMAND_PLAN, _target(plan)) is not None


def require_edit(actor: Actor, plan: DemandPlan) -> None:
    """Raises PlanNotFound outside the actor's business, Forbidden inside it."""
    require(actor, Action.EDIT, Resource.DEMAND_PLAN, _target(plan), missing=PlanNotFound)


def may_plan_anywhere(actor: Actor) -> bool:
    """Whether the colleague sees the demand of any place."""
    return bool(reading_prefixes(actor, Resource.DEMAND_PLAN))


def may_state_anywhere(actor: Actor) -> bool:
    """Whether the colleague states plans for firms of any place."""
    return bool(reading_prefixes(actor, Resource.DEMAND_PLAN, Action.CREATE))


def may_export(actor: Actor, region_code: str) -> bool:
    """Whether the colleague takes the plans of a place out as a file."""
    target = Target(region_code=region_code)
    return may(actor, Action.EXPORT, Resource.DEMAND_PLAN, target) is not None


def _target(plan: DemandPlan) -> Target:
    return Target(region_code=plan.office_code, employer_ids=frozenset({plan.employer_id}))
