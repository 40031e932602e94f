"""谁能认定、年审、记扶持 (row "recognised_place"), and which of its numbers somebody is told."""

from app.accounts.actor import Actor
from app.accounts.permission_table import permission_table
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may, reading_prefixes, require
from app.employers.models import Employer
from app.recognised_places.errors import PlaceNotFound
from app.recognised_places.models import RecognisedPlace
from app.recognised_places.rules import Figures, shown, totals_only


def may_recognise(actor: Actor, employer: Employer) -> bool:
    """The county office of the firm's place."""
    target = Target(region_code=employer.office_code)
    return may(actor, Action.CREATE, Resource.RECOGNISED_PLACE, target) is not None


def may_recognise_anywhere(actor: Actor) -> bool:
    """Whether the colleague recognises places anywhere."""
    return bool(reading_prefixes(actor, Resource.RECOGNISED_PLACE, Action.CREATE))


def may_see_register(actor: Actor) -> bool:
    """Whether the colleague sees the register of any place."""
    return bool(reading_prefixes(actor, Resource.RECOGNISED_PLACE))


def may_edit(actor: Actor, place: RecognisedPlace) -> bool:
    """Whether the colleague reviews the place and writes down its support."""
    target = Target(region_code=place.office_code)
    return may(actor, Action.EDIT, Resource.RECOGNISED_PLACE, target) is not None


def require_edit(actor: Actor, place: RecognisedPlace) -> None:
    """Raises PlaceNotFound outside the actor's register, Forbidden inside it."""
    target = Target(region_code=place.office_code, employer_ids=frozenset({place.employer_id}))
    require(actor, Action.EDIT, Resource.RECOGNISED_PLACE, target, missing=PlaceNotFound)


def may_export(actor: Actor) -> bool:
    """Whether the colleague takes the register of their area out as a file."""
    return bool(reading_prefixes(actor, Resource.RECOGNISED_PLACE, Action.EXPORT))


def told(actor: Actor, place: RecognisedPlace, figures: Figures) -> Figures:
    """The numbers of a place as this reader may have them: everything for who reads the household files of
    its county; sums of ten and more for others; a firm learns how many, never of what households."""
    if actor.is_system:
        return figures
    smallest = permission_table().smallest_count
    if not reading_prefixes(actor, Resource.RECOGNISED_PLACE):
        return totals_only(figures, smallest)
    county = place.office_code[:6]
    files = reading_prefixes(actor, Resource.HOUSEHOLD_FILE)
    reads_files = any(county.startswith(prefix) for prefix in files) and may_edit(actor, place)
    return figures if reads_files else shown(figures, smallest)
