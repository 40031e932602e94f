"""谁能对用人单位做什么 (SAFETY, row "employer's papers")."""

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.employers.models import Employer
from app.employers.queries import firms_of
from app.employers.terms import EmployerAction

_BARRING = frozenset({EmployerAction.BAR, EmployerAction.UNBAR})


def may_register_employer(actor: Actor) -> bool:
    """Whoever is signed in may register a firm; an office then looks at it."""
    return actor.is_system or actor.is_signed_in


def may_act_on_employer(actor: Actor, employer: Employer, action: EmployerAction) -> bool:
    """The township or county office that keeps the record verifies or rejects; only the county bars and
    unbars. Nobody decides about a firm they belong to or act for."""
    if actor.is_system:
        return True
    if action is EmployerAction.REGISTER or employer.id in firms_of(actor):
        return False
    roles = (Role.COUNTY_OFFICER,) if action in _BARRING else (Role.COUNTY_OFFICER, Role.TOWNSHIP_OFFICER)
    return actor.manages(employer.office_code, *roles)


def may_see_contact(actor: Actor, employer: Employer) -> bool:
    """The firm's own people, its broker, and the officers of its area see its phone and credit code."""
    return actor.is_system or employer.id in firms_of(actor) or actor.manages(employer.office_code)
