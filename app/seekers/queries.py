"""户与人的查询: the only place with conditions on the ledger. Everything shown starts from `visible_*`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.models import RoleGrant, User
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.accounts.queries import grant_in_force
from app.accounts.terms import OFFICER_ROLES
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.pagination import SortKey, paginate
from app.regions import gazetteer
from app.regions.models import Region
from app.regions.scope import contains, scope_prefix
from app.seekers import sealing
from app.seekers.access.ties import is_own
from app.seekers.errors import HouseholdNotFound, PersonNotFound
from app.seekers.models import Household, Person
from app.seekers.rules import WEAK_FROM_AGE, latest_birth_at, latest_birth_of_seekers
from app.seekers.terms import LabourClass, SeekerStatus

_WIDTHS: Final = (2, 4, 6, 9, 12)


@dataclass(frozen=True)
class PeopleFilters:
    """人员筛选: the people of a place, in a status; `seekers_only` leaves out children under 16."""

    region_code: str | None = None
    status: SeekerStatus | None = None
    seekers_only: bool = False
    with_closed: bool = False


def visible_people(actor: Actor) -> Select[Person]:
    """People whose card `actor` may read, each with the household loaded; no duplicates, nobody erased."""
    prefixes = reading_prefixes(actor, Resource.SEEKER_CARD)
    return (
        select(Person)
        .join(Household, Household.id == Person.household_id)
        .options(contains_eager(Person.household))
        .where(lies_in_any(Person.region_code, prefixes), is_kept(Person))
    )


def is_by_phone(actor: Actor) -> bool:
    """Whether somebody signed in works for no office: no area, but a file of their own."""
    return actor.is_signed_in and not actor.is_staff and not actor.is_system


def own_people(actor: Actor) -> Select[Person]:
    """The people whose files are the account's own (access.links), household loaded, nobody erased."""
    own = is_own(actor.user_id) if actor.user_id is not None else false()
    return (
        select(Person)
        .join(Household, Household.id == Person.household_id)
        .options(contains_eager(Person.household))
        .where(own, is_kept(Person))
    )


def visible_households(actor: Actor) -> Select[Household]:
    """Households whose file `actor` may read; no duplicates, none erased."""
    prefixes = reading_prefixes(actor, Resource.HOUSEHOLD_FILE)
    return select(Household).where(lies_in_any(Household.region_code, prefixes), is_kept(Household))


def lies_in_any(column: Any, prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Whether a region code begins with one of `prefixes` ("" = everywhere, none = nowhere), as ranges that
    an index serves under every collation."""
    if "" in prefixes:
        return true()
    ranges = [column.between(prefix, prefix.ljust(12, "9")) for prefix in prefixes]
    return or_(*ranges) if ranges else false()


def is_kept(model: type[Household] | type[Person]) -> ColumnElement[bool]:
    """Neither merged into another record nor erased."""
    return and_(model.merged_into_id.is_(None), model.erased_at.is_(None))


def conditions(
    filters: PeopleFilters, today: date, region: ColumnElement[str] = Person.__table__.c.region_code
) -> list[ColumnElement[bool]]:
    """What `filters` ask of a person; `region` is the expression the area is asked of (see `finding`, which
    leaves the column's index aside). Raises UnknownRegion."""
    found: list[ColumnElement[bool]] = []
    if filters.region_code is not None:
        found.append(lies_in_any(region, [scope_prefix(filters.region_code)]))
    if filters.status is not None:
        found.append(Person.status == filters.status)
    if filters.seekers_only:
        found.append(Person.birth_on <= latest_birth_of_seekers(today))
    if not filters.with_closed:
        found.append(Person.closed_at.is_(None))
    return found


def list_people(
    session: Session,
    actor: Actor,
    filters: PeopleFilters,
    today: date,
    *,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[Person], str | None]:
    """One page of the people `actor` may read, in the order they were entered. Raises UnknownRegion."""
    return paginate(
        session,
        visible_people(actor).where(*conditions(filters, today)),
        [SortKey(Person.__table__.c.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda person: (person.id,),
        parse=(int,),
    )


def list_households(
    session: Session,
    actor: Actor,
    *,
    region_code: str | None = None,
    only: ColumnElement[bool] | None = None,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[Household], str | None]:
    """One page of the households `actor` may read, not closed ones; `only` is a condition of
    `household_counts`. Raises UnknownRegion."""
    statement = visible_households(actor).where(Household.closed_at.is_(None))
    if region_code is not None:
        statement = statement.where(lies_in_any(Household.region_code, [scope_prefix(region_code)]))
    if only is not None:
        statement = statement.where(only)
    return paginate(
        session,
        statement,
        [SortKey(Household.__table__.c.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda household: (household.id,),
        parse=(int,),
    )


def get_person(session: Session, actor: Actor, person_id: int, *, to_change: bool = False) -> Person:
    """One person with the household loaded, by area or the actor's own; `to_change` locks the row and reads
    it afresh. Raises PersonNotFound."""
    statement = own_people(actor) if is_by_phone(actor) else visible_people(actor)
    statement = statement.where(Person.id == person_id)
    if to_change:
        statement = statement.with_for_update(of=Person).execution_options(populate_existing=True)
    person = session.scalar(statement)
    if person is None:
        raise PersonNotFound
    return person


def get_seeker(session: Session, actor: Actor, person_id: int, today: date) -> Person:
    """As `get_person`; a child under 16 is not there. Raises PersonNotFound."""
    statement = visible_people(actor).where(
        Person.id == person_id, Person.birth_on <= latest_birth_of_seekers(today)
    )
    person = session.scalar(statement)
    if person is None:
        raise PersonNotFound
    return person


def get_household(session: Session, actor: Actor, household_id: int, *, to_change: bool = False) -> Household:
    """One household; `to_change` locks the row and reads it afresh. Raises HouseholdNotFound."""
    statement = visible_households(actor).where(Household.id == household_id)
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    household = session.scalar(statement)
    if household is None:
        raise HouseholdNotFound
    return household


def list_members(
    session: Session, household_id: int, *, with_closed: bool = False, to_change: bool = False
) -> list[Person]:
    """The members of a household that may be seen, household loaded, in the order they were entered."""
    statement = (
        select(Person)
        .join(Household, Household.id == Person.household_id)
        .options(contains_eager(Person.household))
        .where(Person.household_id == household_id, is_kept(Person))
        .order_by(Person.id)
    )
    if not with_closed:
        statement = statement.where(Person.closed_at.is_(None))
    if to_change:
        statement = statement.with_for_update(of=Person).execution_options(populate_existing=True)
    return list(session.scalars(statement))


def list_people_by_id(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, Person]:
    """Those of the people `actor` may read, household loaded."""
    rows = session.scalars(visible_people(actor).where(Person.id.in_(ids)))
    return {person.id: person for person in rows}


def list_people_grown_weak(session: Session, today: date, limit: int) -> list[Person]:
    """People over 60 whose derived class is still that of younger years, household loaded, locked."""
    statement = (
        select(Person)
        .join(Household, Household.id == Person.household_id)
        .options(contains_eager(Person.household))
        .where(
            Person.birth_on <= latest_birth_at(WEAK_FROM_AGE, today),
            Person.labour_class != LabourClass.WEAK,
            Person.class_reason.is_(None),
            Person.closed_at.is_(None),
            is_kept(Person),
        )
        .order_by(Person.id)
        .limit(limit)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def list_members_of(session: Session, household_ids: Sequence[int]) -> list[Person]:
    """The members of several households, closed ones left out, in the order they were entered."""
    statement = select(Person).where(
        Person.household_id.in_(household_ids), is_kept(Person), Person.closed_at.is_(None)
    )
    return list(session.scalars(statement.order_by(Person.id)))


def find_person_by_id_number(session: Session, number: str, cipher: FieldCipher) -> Person | None:
    """Whoever holds this number, wherever; for finding duplicates, never for showing."""
    return session.scalar(select(Person).where(sealing.find_by_id_number(number, cipher)))


def list_households_of(session: Session, id_indexes: Collection[str]) -> dict[str, int]:
    """In which households the holders of ID numbers are, by keyed digest."""
    if not id_indexes:
        return {}
    rows = session.execute(
        select(Person.id_index, Person.household_id).where(Person.id_index.in_(id_indexes))
    )
    return {index: household_id for index, household_id in rows if index is not None}


def find_merged(session: Session, model: type[Any], record_id: int) -> Any:
    """A record that was merged into another, to undo that; None when it was not."""
    statement = select(model).where(model.id == record_id, model.merged_into_id.is_not(None))
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def list_officer_names(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """What colleagues are called, by id."""
    if not user_ids:
        return {}
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(user_ids)))
    return {row.id: row.display_name for row in rows}


def is_officer_for(session: Session, user_id: int, region_code: str, clock: Clock) -> bool:
    """Whether a colleague holds an officer's role over a place now, with the right to act."""
    held = session.scalars(
        select(RoleGrant.region_code)
        .join(User, User.id == RoleGrant.user_id)
        .where(
            RoleGrant.user_id == user_id,
            RoleGrant.role.in_(OFFICER_ROLES),
            RoleGrant.is_read_only.is_(False),
            User.disabled_at.is_(None),
            grant_in_force(clock.now()),
        )
    )
    return any(code is not None and contains(code, region_code) for code in held)


def list_village_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Names of the villages (12 digits) among these codes: they are not built in."""
    villages = {code for code in codes if len(code) == 12}
    if not villages:
        return {}
    rows = session.execute(select(Region.code, Region.name).where(Region.code.in_(villages)))
    return {row.code: row.name for row in rows}


@dataclass(frozen=True)
class RegionCount:
    """一个地方的人数, as they are; what of them may be told is `rules.hide_small`'s business."""

    code: str
    people: int
    seekers: int
    seeking: int
    employed: int


def count_by_part(session: Session, actor: Actor, region_code: str, today: date) -> list[RegionCount]:
    """How many people the divisions directly below a place have, those with none left out, in code order.

    For who may count there or read there; others get nothing. Raises UnknownRegion.
    """
    prefix = scope_prefix(region_code)
    width = next((width for width in _WIDTHS if width > len(prefix)), 12)
    part = func.substr(Person.region_code, 1, width)
    allowed = reading_prefixes(actor, Resource.SEEKER_CARD, Action.COUNT)
    allowed += reading_prefixes(actor, Resource.SEEKER_CARD)

    def number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    old_enough = Person.birth_on <= latest_birth_of_seekers(today)
    rows = session.execute(
        select(
            part,
            func.count(),
            number_of(old_enough),
            number_of(and_(old_enough, Person.status == SeekerStatus.SEEKING)),
            number_of(and_(old_enough, Person.status == SeekerStatus.EMPLOYED)),
        )
        .where(
            lies_in_any(Person.region_code, [prefix]),
            lies_in_any(Person.region_code, allowed),
            is_kept(Person),
            Person.closed_at.is_(None),
        )
        .group_by(part)
        .order_by(part)
    )
    return [RegionCount(_code_of(row[0]), *(int(number) for number in row[1:])) for row in rows]


def _code_of(prefix: str) -> str:
    """The region code of a prefix: provinces, cities and counties have six digits."""
    return prefix.ljust(6, "0")


def name_of_place(code: str, village_names: dict[str, str]) -> str:
    """What a division or village is called."""
    division = gazetteer.find(code)
    return village_names.get(code) or (division.name if division else code)
