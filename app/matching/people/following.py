"""跟随变更: the market of people of this process, in step with the database (jobs.following).

Nothing is read before somebody asks for the people of a posting.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.actor import SYSTEM
from app.jobs.following import Followers, Source
from app.matching.candidates import iterate_candidates
from app.matching.people.columns import Candidate
from app.matching.people.market import PeopleMarket
from app.matching.words import OCCUPATION_WORDS
from app.seekers.changes import PERSON_CHANGES
from app.seekers.models import Person

_AT_ONCE: Final = 500


def _read_all(session: Session, today: date) -> PeopleMarket:
    people = iterate_candidates(session, SYSTEM, today)
    return PeopleMarket.over(people, today.toordinal(), OCCUPATION_WORDS)


def _read_changed(
    session: Session, market: PeopleMarket, people: set[int], households: set[int], today: date
) -> PeopleMarket:
    """Who moved out of a household has a change of their own, so those who live there now are enough."""
    fresh: dict[int, Candidate | None] = dict.fromkeys(people)
    for homes in _batches(households):
        fresh |= dict.fromkeys(session.scalars(select(Person.id).where(Person.household_id.in_(homes))))
    for column, wanted in ((Person.id, people), (Person.household_id, households)):
        fresh |= {each.person.id: each for each in _read(session, column, wanted, today)}
    return market.changed(fresh)


def _read(
    session: Session, column: InstrumentedAttribute[int], wanted: Collection[int], today: date
) -> Iterator[Candidate]:
    for some in _batches(wanted):
        yield from iterate_candidates(session, SYSTEM, today, column.in_(some))


def _batches(numbers: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


CROWDS: Final = Followers(Source("people", _read_all, _read_changed, PERSON_CHANGES))


def current_people(session: Session, today: date) -> PeopleMarket:
    """Everybody who looks for work in the session's database, as the session sees it."""
    return CROWDS.current(session, today)


def forget_people() -> None:
    """Let go of every market, for a process that starts over on another database of the same name."""
    CROWDS.forget()
