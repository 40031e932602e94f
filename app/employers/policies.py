"""谁能对用人单位做什么 (SAFETY, row "employer's papers"), asked of the table of permissions."""

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may
from app.employers.models import Employer
from app.employers.terms import EmployerAction


def may_register_employer(actor: Actor) -> bool:
    """Whoever is signed in may register a firm; an office then looks at it."""
    return actor.is_system or actor.is_signed_in


def may_act_on_employer(actor: Actor, employer: Employer, action: EmployerAction) -> bool:
    """The county office that keeps the record verifies, rejects, bars and unbars. Nobody decides about a firm
    they belong to or act for."""
    if action in (EmployerAction.REGISTER, EmployerAction.EXPIRE):
        return actor.is_system
    return _permission(actor, Action.DECIDE, employer) is not None


def may_see_contact(actor: Actor, employer: Employer) -> bool:
    """The firm's own people, its broker, and the township and county of its area see its phone and credit
    code; where the table says masked they are left out."""
    permission = _permission(actor, Action.READ, employer)
    return permission is not None and not permission.is_masked


def _permission(actor: Actor, action: Action, employer: Employer) -> Permission | None:
    target = Target(region_code=employer.office_code, employer_ids=frozenset({employer.id}))
    return may(actor, action, Resource.EMPLOYER_PAPERS, target)
