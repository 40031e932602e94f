"""谁能办个人信息的事: asked of the table of permissions, with SAFETY's laws about sealed records on top."""

from dataclasses import replace

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may, require
from app.accounts.terms import Role
from app.core.errors import Forbidden, Invalid
from app.seekers import policies
from app.seekers.errors import PersonNotFound
from app.seekers.models import Person

require_edit = policies.require_edit_of_person


def target_of(person: Person, owner_user_id: int | None = None) -> Target:
    """As policies.target_of_person, with the account known to be the person's own."""
    return replace(policies.target_of_person(person), owner_user_id=owner_user_id)


def require_recording_consent(actor: Actor, person: Person, owner_user_id: int | None = None) -> Permission:
    """The person, or who may change their card, writes down what they agree to. Raises PersonNotFound,
    Forbidden."""
    target = target_of(person, owner_user_id)
    return require(actor, Action.EDIT, Resource.SEEKER_CARD, target, missing=PersonNotFound)


def require_reading_consents(actor: Actor, person: Person, owner_user_id: int | None = None) -> Permission:
    """Who may read the card sees what the person agreed to. Raises PersonNotFound."""
    target = target_of(person, owner_user_id)
    return require(actor, Action.READ, Resource.SEEKER_CARD, target, missing=PersonNotFound)


def require_copy(actor: Actor, person: Person, owner_user_id: int | None = None) -> Permission:
    """The person, or an officer who may show the ID number in full, makes the copy of all that is held.
    Raises PersonNotFound, Forbidden."""
    target = target_of(person, owner_user_id)
    own = may(actor, Action.EXPORT, Resource.PEOPLE_FILE, target)
    if own is not None and own.role is Role.SEEKER:
        return own
    return require(actor, Action.REVEAL, Resource.ID_NUMBER, target, missing=PersonNotFound)


def may_copy_health(
    actor: Actor,
    person: Person,
    owner_user_id: int | None = None,
    duty_user_ids: frozenset[int] = frozenset(),
) -> bool:
    """Health facts go into a copy only where whoever makes it may read them; `duty_user_ids` is who is on
    duty for health in the county."""
    target = replace(target_of(person, owner_user_id), duty_user_ids=duty_user_ids)
    return may(actor, Action.READ, Resource.HEALTH, target) is not None


def require_requesting_erasure(actor: Actor, person: Person, owner_user_id: int | None = None) -> Permission:
    """The person by their own account, or who may change the card and heard them, asks. Raises
    PersonNotFound, Forbidden."""
    target = target_of(person, owner_user_id)
    return require(actor, Action.EDIT, Resource.SEEKER_CARD, target, missing=PersonNotFound)


def require_erasing(actor: Actor, person: Person) -> Permission:
    """Who may change a person's card writes the request down, and another of them carries it out. Raises
    PersonNotFound, Forbidden."""
    target = target_of(person)
    return require(actor, Action.EDIT, Resource.SEEKER_CARD, target, missing=PersonNotFound)


def require_welcoming_back(actor: Actor, region_code: str) -> Permission:
    """Who adds people in a place writes down that one of them agreed to come back. Raises Forbidden."""
    permission = may(actor, Action.CREATE, Resource.SEEKER_CARD, Target(region_code=region_code))
    if permission is None:
        raise Forbidden
    return permission


def require_opening_sealed(actor: Actor, person: Person, reason: str) -> Permission:
    """A sealed record is there only for a county officer of its county, who says why. Raises PersonNotFound,
    Invalid without a reason."""
    target = replace(target_of(person), is_erased=False)
    permission = may(actor, Action.REVEAL, Resource.ID_NUMBER, target)
    if permission is None or permission.role is not Role.COUNTY_OFFICER:
        raise PersonNotFound
    problem = permission.unmet(reason=reason)
    if problem is not None:
        raise Invalid(problem)
    return permission


def require_managing_holds(actor: Actor, person: Person) -> Permission:
    """Who decides on household files (the county) says how long a record must be kept, a sealed one too,
    which is there for nobody else. Raises PersonNotFound, Forbidden."""
    target = replace(target_of(person), is_erased=False)
    if person.erased_at is None:
        return require(actor, Action.DECIDE, Resource.HOUSEHOLD_FILE, target, missing=PersonNotFound)
    permission = may(actor, Action.DECIDE, Resource.HOUSEHOLD_FILE, target)
    if permission is None:
        raise PersonNotFound
    return permission
