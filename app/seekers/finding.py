"""找人: one box for name, pinyin, initials, ID number and phone or their last four, and the village.

find_people(session, actor, "wgl", ...)        王桂兰 by initials
find_people(session, actor, "柳树塬 王 2041", ...)   a 王 of that village whose phone or ID ends in 2041
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, literal, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.crypto import FieldCipher
from app.core.pagination import SortKey, paginate
from app.core.search import search_words, text_matches
from app.regions.models import Region
from app.regions.scope import scope_prefix
from app.seekers import sealing
from app.seekers.id_numbers import find_id_number
from app.seekers.models import Household, Person
from app.seekers.phones import find_phone
from app.seekers.queries import PeopleFilters, conditions, lies_in_any, visible_people

_PART: Final = re.compile(r"\d{3,17}[\dXx]|[^\s\d]+")
_TAIL: Final = re.compile(r"\d{3}[\dX]")
_MOST_PARTS: Final = 6
_MOST_PLACES: Final = 60
_SHORTEST_LATIN: Final = 2


@dataclass(frozen=True)
class Sought:
    """要找的: what a typed line was read as; every part must fit."""

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = field(default=(), repr=False)


def read_sought(text: str) -> Sought:
    """Splits a line into words and numbers: "王桂兰2041" is a name and a tail."""
    parts = [part.upper() if part[0].isdigit() else part for part in _PART.findall(text)][:_MOST_PARTS]
    return Sought(
        tuple(part for part in parts if not part[0].isdigit()),
        tuple(part for part in parts if part[0].isdigit()),
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
    """One page of the people `actor` may read who fit everything typed, best first: the very name, names that
    begin so, others. Where no name fits, words are looked for among the towns and villages of the area.

    Nothing typed finds nobody. Raises UnknownRegion, Invalid for a bad cursor.
    """
    sought = read_sought(text)
    if not sought.words and not sought.numbers:
        return [], None
    statement = visible_people(actor).where(*conditions(filters or PeopleFilters(), today))
    for number in sought.numbers:
        statement = statement.where(_has_number(number, today, cipher))
    if sought.words:
        statement = _with_words(session, actor, statement, sought)
    rank = _rank(sought)
    return paginate(
        session,
        statement,
        [SortKey(rank), SortKey(Person.__table__.c.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda person: (rank_of(person.name, sought), person.id),
        parse=(int, int),
    )


def _has_number(number: str, today: date, cipher: FieldCipher) -> ColumnElement[bool]:
    if _TAIL.fullmatch(number):
        return sealing.find_by_tail(number, cipher)
    identity = find_id_number(number, today)
    if identity is not None:
        return sealing.find_by_id_number(identity.number, cipher)
    phone = find_phone(number)
    if phone is not None:
        return sealing.find_by_phone(phone, cipher)
    return Household.household_number == number


def _with_words(session: Session, actor: Actor, statement: Select[Person], sought: Sought) -> Select[Person]:
    named = statement
    for phrase in search_words(" ".join(sought.words)):
        named = named.where(text_matches(Person, phrase))
    if session.scalar(named.with_only_columns(literal(1)).limit(1)) is not None:
        return named
    for word in sought.words:
        places = _places_called(session, actor, word)
        phrases = search_words(word)
        if places:
            statement = statement.where(lies_in_any(Person.region_code, places))
        elif phrases:
            statement = statement.where(*(text_matches(Person, phrase) for phrase in phrases))
    return statement


def _places_called(session: Session, actor: Actor, word: str) -> list[str]:
    """Prefixes of the towns and villages of the actor's area whose name holds the word, or whose pinyin or
    initials begin with it."""
    lower = word.lower()
    by_sound = word.isascii() and len(word) >= _SHORTEST_LATIN
    ways: list[Any] = [Region.name.contains(word, autoescape=True)]
    if by_sound:
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


def rank_of(name: str, sought: Sought) -> int:
    """0 the very name, 1 begins with it, 2 any other fit."""
    typed = "".join(sought.words)
    if name == typed:
        return 0
    return 1 if typed and not typed.isascii() and name.startswith(typed) else 2


def _rank(sought: Sought) -> ColumnElement[int]:
    """As `rank_of`, in the database."""
    typed = "".join(sought.words)
    if not typed or typed.isascii():
        return case((Person.name == typed, 0), else_=2)
    return case((Person.name == typed, 0), (Person.name.startswith(typed, autoescape=True), 1), else_=2)
