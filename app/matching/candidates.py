"""在册求职者: people of the ledger as the rules see them. No ORM object is made for a list of thousands."""

import json
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, cast, exists, select
from sqlalchemy.orm import Session, aliased

from app.accounts.actor import Actor
from app.matching.facts import HouseholdFacts, PersonFacts
from app.matching.people.columns import Candidate
from app.matching.reading.people import PersonReading, read_person
from app.matching.schemas import SeekerProfile
from app.regions.gazetteer import Point
from app.regions.models import Region
from app.regions.projection import unproject
from app.seekers.id_numbers import age_on
from app.seekers.models import Household, Person
from app.seekers.privacy.consents import is_allowed_for
from app.seekers.privacy.terms import ConsentPurpose
from app.seekers.queries import PeopleFilters, conditions, lies_in_any, visible_people
from app.seekers.rules import WEAK_FROM_AGE, WORKING
from app.seekers.terms import SeekerStatus

_SAME: Final = (
    *("region_code", "birth_on", "education", "travel", "wage_floor_fen", "wage_floor_unit"),
    *("needs_board", "needs_lodging", "cares_for_family", "welfare_eligible"),
)
_LISTS: Final = (
    *("skills", "certificates", "occupations", "limits", "shifts", "profiles"),
    "refused_places",
)
_OWN: Final = ("id", "labour_class", "class_reason", "x", "y")
_NAMES: Final = (*_OWN, *_SAME, *_LISTS)
_BIRTH: Final = _NAMES.index("birth_on")


def profile_of(values: dict[str, Any], today: date) -> SeekerProfile:
    """A stored person's columns as the profile they would send. The class of somebody over 60 is left to
    follow from the age where nobody set it by hand, so that the reasons say so."""
    form = {name: values[name] for name in (*_SAME, *_LISTS)}
    if values["x"] is not None and values["y"] is not None:
        form["lng"], form["lat"] = unproject(values["x"], values["y"])
    if values["class_reason"] is not None or not _is_aged(values["birth_on"], today):
        form["labour_class"] = values["labour_class"]
    return SeekerProfile.model_validate(form)


def _is_aged(born_on: date | None, today: date) -> bool:
    return born_on is not None and age_on(born_on, today) >= WEAK_FROM_AGE


def read_stored_person(person: Person, today: date, village: Point | None) -> PersonReading:
    """One person's facts, and what their words are read as."""
    values = {name: getattr(person, name) for name in _NAMES}
    return read_person(profile_of(values, today), today, identity=person.id, home_point=village)


def list_candidates(
    session: Session,
    actor: Actor,
    today: date,
    among: Collection[int] | None = None,
    *,
    within: str = "",
) -> list[tuple[PersonFacts, HouseholdFacts]]:
    """Everybody `actor` may read who is 16 or over and looks for work, with what an officer weighs besides:
    whether the household is a monitored one, whether anyone in it has work, how long they wait. Who said no
    to being helped to find work is left out. `among`: only these people; `within`: all of whom live where
    codes begin so, which tells the database where to look."""
    only = () if among is None else (Person.id.in_(among), lies_in_any(Person.region_code, [within]))
    return [(each.person, each.household) for each in iterate_candidates(session, actor, today, *only)]


def iterate_candidates(
    session: Session, actor: Actor, today: date, *only: ColumnElement[bool]
) -> Iterator[Candidate]:
    """As `list_candidates`, one after another, with the place that manages each; `only`: further
    conditions."""
    columns: list[ColumnElement[Any]] = [Person.__table__.c[name] for name in (*_OWN, *_SAME)]
    columns += [cast(Person.__table__.c[name], Text) for name in _LISTS]
    statement = (
        _seeking(actor, today)
        .where(*only)
        .with_only_columns(Household.is_monitored, _somebody_works(), Person.seeking_since_on, *columns)
    )
    place = 3 + _NAMES.index("region_code")
    villages: dict[str, Point] = {}
    looked_up: set[str] = set()
    for rows in session.execute(statement).partitions(_ROWS_AT_ONCE):
        codes = {row[place] for row in rows} - looked_up
        looked_up |= codes
        villages |= list_village_points(session, codes)
        for row in rows:
            is_monitored, somebody_works, since, *own = row
            waiting = (today - since).days if since is not None else 0
            person = _read_columns(tuple(own), _is_aged(own[_BIRTH], today), villages.get(row[place]))
            yield Candidate(person, HouseholdFacts(is_monitored, somebody_works, waiting), row[place])


def list_homes(session: Session, actor: Actor, today: date) -> list[tuple[int, str, bool]]:
    """The people of `list_candidates`, in its order, only as id, home and whether anyone in the household has
    work: for who has their facts read elsewhere."""
    statement = _seeking(actor, today).with_only_columns(Person.id, Person.region_code, _somebody_works())
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def _seeking(actor: Actor, today: date) -> Select[Person]:
    filters = PeopleFilters(status=SeekerStatus.SEEKING, seekers_only=True)
    return (
        visible_people(actor)
        .where(*conditions(filters, today), is_allowed_for(ConsentPurpose.LEDGER))
        .order_by(Person.id)
    )


def _somebody_works() -> ColumnElement[bool]:
    other = aliased(Person)
    return exists().where(
        other.household_id == Person.household_id,
        other.status.in_(WORKING),
        other.closed_at.is_(None),
        other.merged_into_id.is_(None),
    )


def list_village_points(session: Session, codes: set[str]) -> dict[str, Point]:
    """The points offices gave to those of the places that are villages."""
    villages = sorted(code for code in codes if len(code) == 12)
    found: dict[str, Point] = {}
    for start in range(0, len(villages), _AT_ONCE):
        rows = session.execute(
            select(Region.code, Region.x, Region.y).where(Region.code.in_(villages[start : start + _AT_ONCE]))
        )
        found |= {code: (x, y) for code, x, y in rows if x is not None and y is not None}
    return found


_AT_ONCE: Final = 500


_ROWS_AT_ONCE: Final = 5_000


@lru_cache(maxsize=200_000)
def _read_columns(columns: tuple[Any, ...], is_aged: bool, village: Point | None) -> PersonFacts:
    """The facts of a row. They follow from the row, the village, and whether somebody is over 60: good on
    another day, too."""
    values = dict(zip(_NAMES, columns, strict=True))
    for name in _LISTS:
        values[name] = json.loads(values[name])
    today = date.max if is_aged else date.min
    return read_person(profile_of(values, today), today, identity=values["id"], home_point=village).facts
