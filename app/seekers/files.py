"""一户一档的一页: everything one household page shows, in a handful of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_table import permission_table
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.regions.scope import scope_prefix
from app.seekers import officers, policies, queries
from app.seekers.history import TimelineEntry, timeline
from app.seekers.models import Household
from app.seekers.rules import hide_small
from app.seekers.shown import CountOut, CountsOut, HouseholdOut, MemberOut, OfficerOut

TIMELINE_LENGTH = 10


@dataclass(frozen=True)
class HouseholdFile:
    """户档页: the file, what last happened, and whether this reader may change it."""

    household: HouseholdOut
    timeline: list[TimelineEntry]
    timeline_next: str | None
    is_masked: bool


def show_household(
    session: Session, actor: Actor, household_id: int, clock: Clock, *, cipher: FieldCipher
) -> HouseholdOut:
    """The household as the API shows it. Raises HouseholdNotFound."""
    return _read(session, actor, household_id, clock, cipher)[0]


def show_households(
    session: Session, actor: Actor, rows: Sequence[Household], clock: Clock, *, cipher: FieldCipher
) -> list[HouseholdOut]:
    """Households of a list, three statements for all of them."""
    today, now = clock.today(), clock.now()
    members = queries.list_members_of(session, [row.id for row in rows])
    in_office = officers.names_by_household(session, [row.id for row in rows if row.officer_id], now)
    names = queries.list_village_names(session, [row.region_code for row in rows])
    shown = []
    for row in rows:
        is_masked = policies.view_of_household(actor, row).is_masked
        people = [
            MemberOut.of(person, today, cipher, is_masked=is_masked)
            for person in members
            if person.household_id == row.id
        ]
        shown.append(HouseholdOut.of(row, people, _officer(row, in_office), names, is_masked=is_masked))
    return shown


def open_file(
    session: Session, actor: Actor, household_id: int, clock: Clock, *, cipher: FieldCipher
) -> HouseholdFile:
    """The household page: at most six statements. Raises HouseholdNotFound."""
    shown, is_masked = _read(session, actor, household_id, clock, cipher)
    household = queries.get_household(session, actor, household_id)
    entries: list[TimelineEntry] = []
    following = None
    if not is_masked:
        entries, following = timeline(session, household, limit=TIMELINE_LENGTH)
    return HouseholdFile(shown, entries, following, is_masked)


def _read(
    session: Session, actor: Actor, household_id: int, clock: Clock, cipher: FieldCipher
) -> tuple[HouseholdOut, bool]:
    today, now = clock.today(), clock.now()
    household = queries.get_household(session, actor, household_id)
    is_masked = policies.view_of_household(actor, household).is_masked
    people = queries.list_members(session, household.id, with_closed=household.closed_at is not None)
    members = [MemberOut.of(person, today, cipher, is_masked=is_masked) for person in people]
    in_office = officers.names_by_household(session, [household.id] if household.officer_id else [], now)
    names = queries.list_village_names(session, [household.region_code])
    officer = _officer(household, in_office)
    return HouseholdOut.of(household, members, officer, names, is_masked=is_masked), is_masked


def _officer(household: Household, in_office: dict[int, str]) -> OfficerOut | None:
    """Nobody where the officer's role over the place has ended."""
    if household.officer_id is None or household.id not in in_office:
        return None
    return OfficerOut(id=household.officer_id, name=in_office[household.id])


def show_counts(session: Session, actor: Actor, region_code: str, today: date) -> CountsOut:
    """How many people, people of 16 and over, looking for work and employed a place has, whole and by the
    divisions directly below. Who may not read the people themselves is told no number from 1 to 9, nor
    one from which such a number follows. Raises UnknownRegion.
    """
    counts = queries.count_by_part(session, actor, region_code, today)
    prefix = scope_prefix(region_code)
    reads = any(prefix.startswith(own) for own in reading_prefixes(actor, Resource.SEEKER_CARD))
    smallest = 0 if reads else permission_table().smallest_count
    kinds = ("people", "seekers", "seeking", "employed")
    parts = {kind: hide_small([getattr(count, kind) for count in counts], smallest) for kind in kinds}
    totals = {kind: sum(getattr(count, kind) for count in counts) for kind in kinds}
    names = queries.list_village_names(session, [region_code, *(count.code for count in counts)])
    return CountsOut(
        total=CountOut(
            code=region_code,
            name=queries.name_of_place(region_code, names),
            **{kind: None if 0 < number < smallest else number for kind, number in totals.items()},
        ),
        parts=[
            CountOut(
                code=count.code,
                name=queries.name_of_place(count.code, names),
                **{kind: parts[kind][place] for kind in kinds},
            )
            for place, count in enumerate(counts)
        ],
    )
