"""谁能对户和人做什么: SAFETY's rows "seeker card", "phone", "ID number", "health", "household file", asked of
the table of permissions (app/accounts/permissions.toml)."""

from dataclasses import replace
from datetime import datetime

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may, require
from app.core.errors import Forbidden
from app.seekers.access.ties import NO_TIES, Ties
from app.seekers.errors import HouseholdNotFound, PersonNotFound
from app.seekers.models import Household, Person


def target_of_household(household: Household) -> Target:
    """The facts about a household on which permissions depend."""
    return Target(
        region_code=household.region_code,
        household_officer_id=household.officer_id,
        is_erased=household.erased_at is not None,
    )


def target_of_person(person: Person, ties: Ties | None = None) -> Target:
    """The facts about a person (household loaded) on which permissions depend; `ties` from access.ties, for
    who may come by another way than the area."""
    known = ties or NO_TIES
    return Target(
        region_code=person.region_code,
        owner_user_id=known.owner_user_id,
        assignments=known.assignments,
        related_employer_ids=known.related_employer_ids,
        household_officer_id=person.household.officer_id,
        is_erased=person.erased_at is not None,
    )


def may_create_household(actor: Actor, region_code: str) -> bool:
    """Who looks after a place opens household files in it."""
    return _may(actor, Action.CREATE, Resource.HOUSEHOLD_FILE, Target(region_code=region_code))


def may_add_person(actor: Actor, region_code: str) -> bool:
    """Who writes seekers' cards in a place adds people to its households."""
    return _may(actor, Action.CREATE, Resource.SEEKER_CARD, Target(region_code=region_code))


def may_edit_household_in(actor: Actor, region_code: str) -> bool:
    """Whether household files of a place may be changed, as for one that is to move there."""
    return _may(actor, Action.EDIT, Resource.HOUSEHOLD_FILE, Target(region_code=region_code))


def require_edit_of_household(actor: Actor, household: Household) -> None:
    """Raises HouseholdNotFound outside the actor's area, Forbidden inside it."""
    target = target_of_household(household)
    require(actor, Action.EDIT, Resource.HOUSEHOLD_FILE, target, missing=HouseholdNotFound)


def require_edit_of_person(actor: Actor, person: Person, ties: Ties | None = None) -> None:
    """Raises PersonNotFound outside the actor's area, Forbidden inside it."""
    target = target_of_person(person, ties)
    require(actor, Action.EDIT, Resource.SEEKER_CARD, target, missing=PersonNotFound)


def may_assign(actor: Actor, person: Person) -> bool:
    """Who writes a person's card as an officer of the area gives the person to a labour broker."""
    return _may(actor, Action.EDIT, Resource.SEEKER_CARD, target_of_person(person))


def require_assigning(actor: Actor, person: Person) -> Permission:
    """As `may_assign`. Raises PersonNotFound outside the actor's area, Forbidden inside it."""
    target = target_of_person(person)
    return require(actor, Action.EDIT, Resource.SEEKER_CARD, target, missing=PersonNotFound)


def require_reveal(
    actor: Actor,
    person: Person,
    field: str,
    on_duty: frozenset[int] = frozenset(),
    *,
    ties: Ties | None = None,
    now: datetime | None = None,
) -> Permission:
    """What must be given (a reason) to see one sealed field in full; `on_duty` are the colleagues appointed
    to read health facts in the place. A phone is read by who may read it, else revealed once (employers).
    Raises PersonNotFound, Forbidden."""
    action, resource = _REVEALS[field]
    target = replace(target_of_person(person, ties), duty_user_ids=on_duty)
    if resource is Resource.PHONE and may(actor, action, resource, target, now=now) is None:
        action = Action.REVEAL
    permission = require(actor, action, resource, target, now=now, missing=PersonNotFound)
    if permission.is_masked:
        raise Forbidden("您的账号只能看打码的，看不了全文。")
    return permission


def view_of_household(actor: Actor, household: Household) -> Permission:
    """How the file is shown. Raises HouseholdNotFound."""
    target = target_of_household(household)
    return require(actor, Action.READ, Resource.HOUSEHOLD_FILE, target, missing=HouseholdNotFound)


def require_history(actor: Actor, household: Household) -> None:
    """The timeline tells names and old values, so it is for those who see the file unmasked. Raises
    Forbidden."""
    if view_of_household(actor, household).is_masked:
        raise Forbidden("您的账号只能看打码的户档，看不了变更历史。")


_REVEALS = {
    "id_number": (Action.REVEAL, Resource.ID_NUMBER),
    "phone": (Action.READ, Resource.PHONE),
    "health": (Action.READ, Resource.HEALTH),
    "ledger": (Action.READ, Resource.HOUSEHOLD_FILE),
}


def _may(actor: Actor, action: Action, resource: Resource, target: Target) -> bool:
    return may(actor, action, resource, target) is not None
