"""The people market follows the database: what is committed is in the next answer of every process, what is
not stays out, and no writer of people, households or consents is forgotten."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.matching import candidates
from app.matching.facts import MatchContext, Vocabulary
from app.matching.people import market
from app.matching.people.following import current_people, forget_people
from app.matching.reference import rank_people
from app.matching.words import OCCUPATION_WORDS
from app.regions.models import Region
from app.seekers import bulk, households, merging, people
from app.seekers.changes import PERSON_CHANGES, WATCHED
from app.seekers.models import Household, Person
from app.seekers.privacy import consents
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.schemas import HouseholdIn, HouseholdPatch, MemberIn, PersonPatch
from app.seekers.terms import SeekerStatus
from tests.matching.samples import posting
from tests.seekers import factories as given

PLACES = (given.VILLAGE, given.OTHER_VILLAGE, given.FAR_VILLAGE)
OFFER = posting(region_scope=given.TOWN, skills=("sewing",), pickup=(given.OTHER_TOWN,), x=None, y=None)


@pytest.fixture(autouse=True)
def _own_people(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Changed people stand loose, in a small index and in the large one within a few changes."""
    monkeypatch.setattr(market, "MOST_LOOSE", 3)
    monkeypatch.setattr(market, "LEAST_MERGED", 8)
    forget_people()
    yield
    forget_people()


@pytest.fixture
def cipher(own_settings: Settings) -> FieldCipher:
    return cipher_of(own_settings)


@pytest.fixture
def five(own_database: Database, cipher: FieldCipher, clock: FixedClock) -> list[int]:
    with own_database.write() as session:
        homes = [given.household(session, cipher, clock, region_code=code) for code in PLACES]
        return [
            given.seeker(
                *(session, cipher, clock, homes[number % 3]),
                id_number=given.id_number(sequence=number + 20),
                skills=["平车"] if number % 2 else [],
            ).id
            for number in range(5)
        ]


def ids_now(session: Session, today: date) -> list[int]:
    around = MatchContext(today.toordinal(), Vocabulary.from_postings([OFFER]), OCCUPATION_WORDS)
    now = current_people(session, today)
    return [key[2] for key in now.rank(now.ask(OFFER, around), around)]


def agree_with_reference(session: Session, today: date) -> None:
    """Order, score bits and counts, everywhere and in one town."""
    around = MatchContext(today.toordinal(), Vocabulary.from_postings([OFFER]), OCCUPATION_WORDS)
    now = current_people(session, today)
    question = now.ask(OFFER, around)
    for area in (None, (given.TOWN,)):
        prefixes = ("",) if area is None else area
        seen = [
            (each.person, each.household)
            for each in candidates.iterate_candidates(session, SYSTEM, today)
            if each.region_code.startswith(prefixes)
        ]
        ranking = rank_people(OFFER, seen, around)
        assert now.rank(question, around, area) == [match.key for match in ranking.matches]
        assert now.count(question, around, area) == (ranking.total, ranking.excluded)


def test_nothing_is_read_before_somebody_asks(
    own_database: Database, clock: FixedClock, five: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    read = market.PeopleMarket.over
    monkeypatch.setattr(market.PeopleMarket, "over", lambda *rest: (asked.append(True), read(*rest))[1])
    with own_database.read() as session:
        assert not asked
        assert set(ids_now(session, clock.today())) == set(five)
        ids_now(session, clock.today())
    assert asked == [True]


def test_a_writer_sees_its_own_rows_and_nobody_else_does(
    own_database: Database, clock: FixedClock, five: list[int]
) -> None:
    today = clock.today()
    with own_database.read() as session:
        assert set(ids_now(session, today)) == set(five)
    with pytest.raises(ZeroDivisionError), own_database.write() as session:
        session.get_one(Person, five[0]).status = SeekerStatus.EMPLOYED
        session.execute(update(Person).where(Person.id == five[1]).values(status=SeekerStatus.EMPLOYED))
        assert set(ids_now(session, today)) == set(five[2:])
        agree_with_reference(session, today)
        if not own_database.is_sqlite:
            with own_database.read() as other:
                assert set(ids_now(other, today)) == set(five)
        raise ZeroDivisionError
    with own_database.read() as session:
        assert set(ids_now(session, today)) == set(five)


def test_another_day(own_database: Database, clock: FixedClock, five: list[int]) -> None:
    """Days of waiting count on, and people come of age."""
    with own_database.read() as session:
        for days in (0, 1, 400):
            agree_with_reference(session, clock.today() + timedelta(days=days))


Tools = dict[str, Any]


class Life:
    """One random change after another, by the services that make them."""

    def __init__(self, cipher: FieldCipher, clock: FixedClock) -> None:
        self.dice = random.Random(20261122)
        self.tools: Tools = {"cipher": cipher, "clock": clock}
        self.numbers = iter(range(100, 900))
        self.merged: list[tuple[int, int]] = []
        self.kinds: tuple[Callable[[Session], None], ...] = (
            *(self.come, self.come, self.say, self.say, self.status, self.status, self.status),
            *(self.consent, self.kin, self.move, self.merge, self.unmerge, self.close, self.statement),
            *(self.point, self.bulk, self.child),
        )

    def make(self, session: Session) -> None:
        self.dice.choice(self.kinds)(session)

    def _person(self, session: Session) -> Person:
        kept = Person.merged_into_id.is_(None) & Person.closed_at.is_(None)
        return self.dice.choice(session.scalars(select(Person).where(kept).order_by(Person.id)).all())

    def _home(self, session: Session) -> Household:
        return self.dice.choice(session.scalars(select(Household).order_by(Household.id)).all())

    def come(self, session: Session) -> None:
        born = date(1950 + self.dice.randrange(60), 3, 1 + self.dice.randrange(28))
        number = given.id_number(born, next(self.numbers))
        travel = self.dice.choice(["village", "township", "county", "city", "anywhere"])
        status = "seeking" if born.year < 2009 else "studying"
        home = self._home(session)
        given.seeker(session, self.tools["cipher"], self.tools["clock"], home, id_number=number,
                     travel=travel, status=status)  # fmt: skip

    def child(self, session: Session) -> None:
        given.member(session, self.tools["cipher"], self.tools["clock"], self._home(session))

    def _patch(self, session: Session, **values: Any) -> None:
        patch = PersonPatch.model_validate(values)
        people.update_person(session, SYSTEM, self._person(session).id, patch, version=None, **self.tools)

    def say(self, session: Session) -> None:
        self._patch(
            session,
            **self.dice.choice(
                [
                    {"skills": ["平车", "叉车"]},
                    {"travel": "township"},
                    {"wage_floor_fen": self.dice.randrange(2_000, 6_000) * 100},
                    {"refused_places": [given.TOWN]},
                    {"limits": ["night"], "cares_for_family": True},
                    {"education": "primary", "needs_lodging": True},
                    {"name": "王桂芳"},
                ]
            ),
        )

    def status(self, session: Session) -> None:
        person = self._person(session)
        if person.birth_on is None or person.birth_on.year >= 2009:
            return
        status = self.dice.choice(["seeking", "seeking", "employed", "not_seeking"])
        patch = PersonPatch.model_validate({"status": status})
        people.update_person(session, SYSTEM, person.id, patch, version=None, **self.tools)

    def consent(self, session: Session) -> None:
        word = ConsentIn(purpose="ledger", is_given=self.dice.random() < 0.5, method="phone")
        officer = given.county_officer()
        given.add_users(session, self.tools["clock"], officer)
        consents.record_consent(session, officer, self._person(session).id, word, **self.tools)

    def kin(self, session: Session) -> None:
        patch = HouseholdPatch.model_validate({"kinds": self.dice.choice([["sudden"], []])})
        households.update_household(
            session, SYSTEM, self._home(session).id, patch, version=None, **self.tools
        )

    def move(self, session: Session) -> None:
        person, home = self._person(session), self._home(session)
        people.move_person(session, SYSTEM, person.id, home.id, **self.tools)

    def merge(self, session: Session) -> None:
        one, other = self._person(session), self._person(session)
        if one.id != other.id and one.household_id == other.household_id and other.id_number is None:
            merging.merge_people(session, SYSTEM, one.id, other.id, reason="同一个人", **self.tools)
            self.merged.append((one.id, other.id))

    def unmerge(self, session: Session) -> None:
        if self.merged:
            one, other = self.merged.pop()
            merging.unmerge_people(session, SYSTEM, one, other, reason="不是一个人", **self.tools)

    def close(self, session: Session) -> None:
        if session.query(Person).count() > 8:
            person = self._person(session)
            person.closed_at = self.tools["clock"].now()

    def statement(self, session: Session) -> None:
        code = self.dice.choice(PLACES)
        session.execute(update(Person).where(Person.region_code == code).values(needs_board=True))

    def point(self, session: Session) -> None:
        code = self.dice.choice(PLACES)
        step = self.dice.randrange(9_000)
        session.execute(update(Region).where(Region.code == code).values(x=7_000 + step, y=5_000))

    def bulk(self, session: Session) -> None:
        form = {"name": "李秀英", "id_number": given.id_number(sequence=next(self.numbers))}
        draft = bulk.HouseholdDraft(
            HouseholdIn.model_validate({"region_code": self.dice.choice(PLACES), "kinds": ["sudden"]}),
            [MemberIn.model_validate(form | {"relation": "head", "status": "seeking"})],
        )
        bulk.save_households(session, [draft], self.tools["clock"], cipher=self.tools["cipher"])


def answer_questions(settings: Settings, today: date, pipe: Connection) -> None:
    """Another process: tells who fits, whenever it is asked."""
    database = Database(settings)
    while pipe.recv():
        with database.read() as session:
            pipe.send(ids_now(session, today))
    database.dispose()


def run_campaign(database: Database, settings: Settings, life: Life, today: date, changes: int) -> None:
    """After each change this process agrees with the reference, and another one with this."""
    spawn = get_context("spawn")
    pipe, far = spawn.Pipe()
    other = spawn.Process(target=answer_questions, args=(settings, today, far))
    other.start()
    try:
        for _ in range(changes):
            with database.write() as session:
                life.make(session)
            pipe.send(True)
            with database.read() as session:
                agree_with_reference(session, today)
                mine = ids_now(session, today)
            assert pipe.poll(120)
            assert pipe.recv() == mine
    finally:
        pipe.send(False)
        other.join(60)


@pytest.mark.usefixtures("five")
def test_no_stale_answer_after_any_change(
    own_database: Database, own_settings: Settings, cipher: FieldCipher, clock: FixedClock
) -> None:
    run_campaign(own_database, own_settings, Life(cipher, clock), clock.today(), 30)


@pytest.mark.slow
@pytest.mark.usefixtures("five")
def test_no_stale_answer_after_700_changes(
    own_database: Database, own_settings: Settings, cipher: FieldCipher, clock: FixedClock
) -> None:
    run_campaign(own_database, own_settings, Life(cipher, clock), clock.today(), 700)


def test_what_is_read_is_watched() -> None:
    """Every column the facts are read from is one whose changes are noted."""
    assert set(candidates._NAMES) - {"id"} <= set(WATCHED["people"])
    asked = {"household_id", "status", "seeking_since_on", "closed_at", "merged_into_id", "erased_at"}
    assert asked <= set(WATCHED["people"])


def test_what_bears_on_nobody_is_not_noted(
    own_database: Database, cipher: FieldCipher, clock: FixedClock, five: list[int]
) -> None:
    with own_database.write() as session:
        before = PERSON_CHANGES.newest(session)
        patch = PersonPatch.model_validate({"name": "王桂芳", "phone": "13900002042"})
        people.update_person(session, SYSTEM, five[0], patch, version=None, cipher=cipher, clock=clock)
        session.execute(update(Region).where(Region.code == given.VILLAGE).values(name="柳树塬"))
        session.flush()
        assert PERSON_CHANGES.newest(session) == before, PERSON_CHANGES.since(session, before, ())
        session.get_one(Person, five[0]).travel = "city"
        session.flush()
        assert PERSON_CHANGES.newest(session) == before + 1
