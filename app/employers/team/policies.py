"""谁能管单位的同事 (SAFETY, row "staff accounts": own company's members)."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.accounts.terms import Role
from app.core.clock import Clock
from app.employers.models import Employer
from app.employers.team import queries
from app.employers.team.terms import MemberRole


def may_manage_members(session: Session, actor: Actor, employer: Employer, clock: Clock) -> bool:
    """Only an owner of the firm takes colleagues in and away, and gives mandates."""
    target = Target(employer_ids=frozenset({employer.id}), account_roles=frozenset({Role.EMPLOYER}))
    if may(actor, Action.CREATE, Resource.STAFF_ACCOUNT, target) is None:
        return False
    members = queries.list_members(session, employer.id, clock.now())
    return any(each.user_id == actor.user_id and each.role is MemberRole.OWNER for each in members)
