"""找人: one box for name, pinyin, initials, ID number and phone or their last four, and the village.

find_people(session, actor, "wgl", ...)        王桂兰 by initials
find_people(session, actor, "柳树塬 王 2041", ...)   a 王 of that village whose phone or ID ends in 2041
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, literal, or_, select
from sqlalchemy.orm import Session, load_only

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.crypto import FieldCipher
from app.core.pagination import SortKey, paginate
from app.core.search import index_aside, search_words, text_matches
from app.regions.models import Region
from app.regions.scope import scope_prefix
from app.seekers import sealing
from app.seekers.id_numbers import find_id_number
from app.seekers.models import Household, Person
from app.seekers.phones import find_phone
from app.seekers.queries import PeopleFilters, conditions, is_kept, lies_in_any, visible_people

_PART: Final = re.compile(r"\d{3,17}[\dXx]|[^\s\d]+")
_TAIL: Final = re.compile(r"\d{3}[\dX]")
_MOST_PARTS: Final = 6
_MOST_PLACES: Final = 60
_SHORTEST_PLACE: Final = 2
_SHORTEST_NAME: Final = 2
_VILLAGE_DIGITS: Final = 12
# Marks the cursor of a list found by places; other cursors never begin so.
_BY_PLACE: Final = "p"


@dataclass(frozen=True)
class Sought:
    """要找的: what a typed line was read as; every part must fit."""

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = field(default=(), repr=False)


def read_sought(text: str) -> Sought:
    """Splits a line into words and numbers: "王桂兰2041" is a name and a tail."""
    parts = [part for part in _PART.findall(text) if search_words(part)][:_MOST_PARTS]
    return Sought(
        tuple(part for part in parts if not part[0].isdigit()),
        tuple(part.upper() for part in parts if part[0].isdigit()),
    )


def find_people(
    session: Session,
    actor: Actor,
    text: str,
    today: date,
    *,
    cipher: FieldCipher,
    limit: int,
    cursor: str | None = None,
    filters: PeopleFilters | None = None,
) -> tuple[list[Person], str | None]:
    """One page of the people `actor` may read who fit everything typed, those of exactly this
    name first. Where no name fits, words are looked for among the towns and villages of the area.

    Nothing typed finds nobody. Raises UnknownRegion, Invalid for a bad cursor.
    """
    sought = read_sought(text)
    if not sought.words and not sought.numbers:
        return [], None
    filters = filters or PeopleFilters()
    column = _scope_column(actor, filters)
    statement = (
        select(Person)
        .options(load_only(Person.id, Person.name))
        .where(lies_in_any(column, reading_prefixes(actor, Resource.SEEKER_CARD)), is_kept(Person))
        .where(*conditions(filters, today, column))
    )
    for number in sought.numbers:
        statement = statement.where(_has_number(number, today, cipher))
    goes_on_by_place = cursor is not None and cursor.startswith(_BY_PLACE)
    if not goes_on_by_place:
        named = statement
        for phrase in search_words(" ".join(sought.words)):
            named = named.where(_has_words(phrase, sought))
        found = _named_page(session, actor, named, sought, limit, cursor)
        if found[0] or cursor or not sought.words:
            return found
    by_place = _with_places(session, actor, statement, sought)
    if by_place is None:
        return [], None
    people, following = _page(session, actor, by_place, limit, cursor[len(_BY_PLACE) :] if cursor else None)
    return people, following and _BY_PLACE + following


def _scope_column(actor: Actor, filters: PeopleFilters) -> ColumnElement[str]:
    """What the area is asked of. In a single village its index is the shorter way; in anything wider the
    words or numbers are, and the expression keeps the database from starting with the area."""
    areas = reading_prefixes(actor, Resource.SEEKER_CARD)
    if filters.region_code is not None:
        areas = (scope_prefix(filters.region_code),)
    if areas and all(len(prefix) == _VILLAGE_DIGITS for prefix in areas):
        return Person.__table__.c.region_code
    return index_aside(Person.__table__.c.region_code)


def _named_page(
    session: Session, actor: Actor, statement: Select[Person], sought: Sought, limit: int, cursor: str | None
) -> tuple[list[Person], str | None]:
    """Those who bear exactly the typed name come first. A single sign is nobody's name, and sorting all the
    王 of a county would take longer than finding them."""
    typed = "".join(sought.words)
    if len(typed) < _SHORTEST_NAME or typed.isascii():
        return _page(session, actor, statement, limit, cursor)
    page: tuple[list[Person], str | None] = paginate(
        session,
        statement,
        [SortKey(case((Person.name == typed, 0), else_=1)), SortKey(Person.__table__.c.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda person: (0 if person.name == typed else 1, person.id),
        parse=(int, int),
    )
    return _complete(session, actor, page[0]), page[1]


def _page(
    session: Session, actor: Actor, statement: Select[Person], limit: int, cursor: str | None
) -> tuple[list[Person], str | None]:
    page: tuple[list[Person], str | None] = paginate(
        session,
        statement,
        [SortKey(Person.__table__.c.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda person: (person.id,),
        parse=(int,),
    )
    return _complete(session, actor, page[0]), page[1]


def _complete(session: Session, actor: Actor, people: list[Person]) -> list[Person]:
    """The rest of a page's people, and their households: of ten thousand 王 only twenty are shown."""
    if not people:
        return []
    whole = visible_people(actor).where(Person.id.in_([person.id for person in people]))
    found = {person.id: person for person in session.scalars(whole.execution_options(populate_existing=True))}
    return [found[person.id] for person in people if person.id in found]


def _has_number(number: str, today: date, cipher: FieldCipher) -> ColumnElement[bool]:
    if _TAIL.fullmatch(number):
        return sealing.find_by_tail(number, cipher)
    identity = find_id_number(number, today)
    if identity is not None:
        return sealing.find_by_id_number(identity.number, cipher)
    phone = find_phone(number)
    if phone is not None:
        return sealing.find_by_phone(phone, cipher)
    return Person.household_id.in_(select(Household.id).where(Household.household_number == number))


def _has_words(phrase: str, sought: Sought) -> ColumnElement[bool]:
    """Whether somebody's search text holds a phrase. Beside a number, which few people share, it is looked at
    row by row: the text index would bring all the 王 of a county first."""
    if not sought.numbers:
        return text_matches(Person, phrase)
    return (literal(" ") + Person.search_text + " ").contains(f" {phrase} ", autoescape=True)


def _with_places(
    session: Session, actor: Actor, statement: Select[Person], sought: Sought
) -> Select[Person] | None:
    """Words that name places narrow to them, the others stay a name; None when no word names a place."""
    is_placed = False
    for word in sought.words:
        places = _places_called(session, actor, word)
        if places:
            is_placed = True
            statement = statement.where(lies_in_any(Person.region_code, places))
        else:
            statement = statement.where(*(_has_words(phrase, sought) for phrase in search_words(word)))
    return statement if is_placed else None


def _places_called(session: Session, actor: Actor, word: str) -> list[str]:
    """Prefixes of the towns and villages of the actor's area whose name holds the word, or whose pinyin or
    initials begin with it."""
    lower = word.lower()
    if len(word) < _SHORTEST_PLACE:
        return []
    ways: list[Any] = [Region.name.contains(word, autoescape=True)]
    if word.isascii():
        ways = [
            Region.pinyin.startswith(lower, autoescape=True),
            Region.initials.startswith(lower, autoescape=True),
        ]
    prefixes = [prefix for prefix in reading_prefixes(actor, Resource.SEEKER_CARD) if prefix]
    statement = select(Region.code).where(or_(*ways), Region.level.in_(("town", "village")))
    if prefixes:
        statement = statement.where(lies_in_any(Region.code, prefixes))
    codes = session.scalars(statement.order_by(Region.code).limit(_MOST_PLACES)).all()
    return [scope_prefix(code) for code in codes]
