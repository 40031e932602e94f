"""谁能报余缺、谈协议、记借用: firms and offices by the row "labour_sharing", each worker by the row
"referral" of the place that looks after them."""

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may, reading_prefixes
from app.core.errors import Forbidden
from app.employers.models import Employer
from app.labour_sharing.errors import StayNotFound
from app.labour_sharing.models import SharingAgreement
from app.seekers.models import Person
from app.seekers.policies import target_of_person


def may_speak_for(actor: Actor, employer: Employer, action: Action = Action.CREATE) -> bool:
    """The firm's own people, and the township and county of its place on its word."""
    return may(actor, action, Resource.LABOUR_SHARING, _target(employer)) is not None


def require_deal(actor: Actor, agreement: SharingAgreement) -> None:
    """Who brings two firms together and cancels: an office of either's place. Raises Forbidden."""
    if not any(_is_office(actor, firm) for firm in (agreement.home, agreement.host)):
        raise Forbidden("协议由镇、县的同事来办。")


def may_deal(actor: Actor, home: Employer, host: Employer) -> bool:
    """Whether an office of either firm's place may propose an agreement."""
    return any(_is_office(actor, firm) for firm in (home, host))


def _is_office(actor: Actor, employer: Employer) -> bool:
    target = Target(region_code=employer.office_code)
    return may(actor, Action.CREATE, Resource.LABOUR_SHARING, target) is not None


def is_member(actor: Actor, employer: Employer) -> bool:
    """Whether the actor speaks for the firm itself."""
    return employer.id in actor.employer_ids


def require_care(actor: Actor, person: Person) -> None:
    """Who names a worker and writes down their word: an officer of the person's place, by the same right as
    their answers to referrals. Raises StayNotFound."""
    target = target_of_person(person)
    ways = (Action.CREATE, Action.EDIT) if actor.is_officer or actor.is_system else (Action.EDIT,)
    if not any(may(actor, action, Resource.REFERRAL, target) for action in ways):
        raise StayNotFound


def may_see_anywhere(actor: Actor) -> bool:
    """Whether the colleague sees the sharing of any place."""
    return bool(reading_prefixes(actor, Resource.LABOUR_SHARING))


def may_write_anywhere(actor: Actor) -> bool:
    """Whether the colleague brings firms together anywhere."""
    return bool(reading_prefixes(actor, Resource.LABOUR_SHARING, Action.CREATE))


def _target(employer: Employer) -> Target:
    return Target(region_code=employer.office_code, employer_ids=frozenset({employer.id}))
