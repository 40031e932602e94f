"""收信人: whom a campaign is for, by place and by what their files say, within one's own area."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, load_only

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.regions.terms import Reach
from app.seekers.models import Household, Person
from app.seekers.queries import PeopleFilters, conditions, is_kept, lies_in_any
from app.seekers.terms import HouseholdKind, LabourClass, SeekerStatus
from app.seekers.words import read_skill_words

# From the nearest to the farthest: who would go far would also go near.
_REACHES = tuple(Reach)


class AudienceFilters(BaseModel):
    """收信人筛选: several values of one field are "one of them"; fields left empty ask for nothing. `reach`:
    who would go at least so far. `skills` as people say them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region_code: str = Field(max_length=12)
    statuses: tuple[SeekerStatus, ...] = ()
    classes: tuple[LabourClass, ...] = ()
    kinds: tuple[HouseholdKind, ...] = ()
    skills: tuple[str, ...] = Field(default=(), max_length=10)
    reach: Reach | None = None


@dataclass(frozen=True)
class AudienceCount:
    """收信人数: everybody asked for, and how many of them have a phone number in their file."""

    people: int
    with_phone: int


def audience(actor: Actor, filters: AudienceFilters, today: date) -> Select[Person]:
    """People of 16 and over whose card `actor` may read and who are asked for; only what a message needs is
    loaded. Raises UnknownRegion."""
    prefixes = reading_prefixes(actor, Resource.SEEKER_CARD)
    found = PeopleFilters(region_code=filters.region_code, seekers_only=True)
    return (
        select(Person)
        .options(load_only(Person.id, Person.name, Person.phone))
        .where(
            lies_in_any(Person.region_code, prefixes),
            is_kept(Person),
            *conditions(found, today),
            *_asked_for(filters),
        )
    )


def count_audience(session: Session, actor: Actor, filters: AudienceFilters, today: date) -> AudienceCount:
    """How many people are asked for; one statement. Raises UnknownRegion."""
    counted = audience(actor, filters, today).with_only_columns(func.count(), func.count(Person.phone))
    people, with_phone = session.execute(counted).one()
    return AudienceCount(int(people), int(with_phone))


def next_people(
    session: Session, actor: Actor, filters: AudienceFilters, today: date, *, after: int, limit: int
) -> Sequence[Person]:
    """The next of them by id. Raises UnknownRegion."""
    statement = audience(actor, filters, today).where(Person.id > after).order_by(Person.id).limit(limit)
    return session.scalars(statement).all()


def _asked_for(filters: AudienceFilters) -> Iterable[ColumnElement[bool]]:
    if filters.statuses:
        yield Person.status.in_(filters.statuses)
    if filters.classes:
        yield Person.labour_class.in_(filters.classes)
    if filters.reach is not None:
        yield Person.travel.in_(_REACHES[_REACHES.index(filters.reach) :])
    if filters.skills:
        yield or_(*(_lists(Person.skills, word) for word in read_skill_words(filters.skills)))
    if filters.kinds:
        named = or_(*(_lists(Household.kinds, kind.value) for kind in filters.kinds))
        yield Person.household_id.in_(select(Household.id).where(named))


def _lists(column: InstrumentedAttribute[list[str]], word: str) -> ColumnElement[bool]:
    """Whether a list of words (JSON) has this one; SQLite keeps Chinese letters as \\u escapes."""
    text = cast(column, Text)
    plain, escaped = json.dumps(word, ensure_ascii=False), json.dumps(word)
    return or_(text.contains(plain, autoescape=True), text.contains(escaped, autoescape=True))
