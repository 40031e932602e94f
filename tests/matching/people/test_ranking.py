"""The index over people gives the reference's ids, order and score bits, and its counts, in every area."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.facts import HouseholdFacts, MatchContext, PersonFacts, PostingFacts, Vocabulary
from app.matching.people import index, kernel, market, tables
from app.matching.people.columns import Candidate
from app.matching.people.market import PeopleMarket
from app.matching.reference import rank_people
from app.matching.rules import gates
from app.matching.words import OCCUPATION_WORDS
from bench.matching.market import PREFECTURE, make_people, make_postings
from bench.matching.market import TODAY as MARKET_DAY
from tests.matching import strategies
from tests.matching.samples import HOME, TODAY, TOWN, WORDS, context, person, posting

HOUSEHOLDS = st.builds(HouseholdFacts, st.booleans(), st.booleans(), st.integers(-3, 400))
CANDIDATES = st.builds(
    lambda who, home: Candidate(who, home, who.home_scope.ljust(6, "0")), strategies.people(), HOUSEHOLDS
)
CROWDS = st.lists(CANDIDATES, max_size=30, unique_by=lambda each: each.person.id)
# Numbers of 64 bits roll over, as they should; plain Python warns of it.
pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered")
AREAS = st.sampled_from(
    [None, ("",), (TOWN,), (HOME,), ("610204", TOWN), ("6102", "4403"), ("61",), ("99",), ()]
)


@pytest.fixture(
    params=["all rows", "by bounds", "by papers", "by bounds, one by one", "by papers, one by one"],
    autouse=True,
)
def search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """All ways through the index, on crowds far smaller than those they are made for."""
    # The compiled loop's own code, run by Python where numba is missing.
    monkeypatch.setattr(kernel, "IS_COMPILED", "one by one" in request.param)
    monkeypatch.setattr(index, "FEW_HOLDERS", 1_000 if "by papers" in request.param else -1)
    if request.param != "all rows":
        monkeypatch.setattr(index, "FEW_ROWS", 0)
        monkeypatch.setattr(index, "FIRST_RUNS", 2)


def check(
    offer: PostingFacts,
    now: PeopleMarket,
    people: list[Candidate],
    around: MatchContext,
    area: tuple[str, ...] | None,
    limit: int,
) -> None:
    """Every page and every count as the reference has them for those of the area."""
    prefixes = ("",) if area is None else area
    seen = [(each.person, each.household) for each in people if each.region_code.startswith(prefixes)]
    ranking = rank_people(offer, seen, around)
    keys = [match.key for match in ranking.matches]
    question = now.ask(offer, around)
    assert now.rank(question, around, area) == keys
    pages, after = [], None
    while page := now.rank(question, around, area, limit, after):
        pages += page
        after = page[-1]
    assert pages == keys
    assert now.count(question, around, area) == (ranking.total, ranking.excluded)


@settings(max_examples=150)
@given(strategies.postings(), CROWDS, AREAS, st.integers(1, 5))
def test_any_people_for_any_posting(
    offer: PostingFacts, people: list[Candidate], area: tuple[str, ...] | None, limit: int
) -> None:
    check(offer, PeopleMarket.over(people, TODAY, WORDS), people, context(offer), area, limit)


@settings(max_examples=75)
@given(strategies.postings(), CROWDS, CROWDS, st.sets(st.integers(1, 1_000)), AREAS)
def test_after_changes(
    offer: PostingFacts,
    before: list[Candidate],
    changed: list[Candidate],
    left: set[int],
    area: tuple[str, ...] | None,
) -> None:
    """Loose people, a small index beside the large one, and both merged, one after another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(market, "MOST_LOOSE", 2)
        patch.setattr(market, "LEAST_MERGED", 6)
        now = PeopleMarket.over(before, TODAY, WORDS)
        people = {each.person.id: each for each in before}
        gone = {identity for identity in left if identity in people}
        for change in ({each.person.id: each} for each in changed):
            now = now.changed(change)
            people |= change
        now = now.changed(dict.fromkeys(gone))
        for identity in gone:
            del people[identity]
        assert len(now) == len(people)
        assert all(identity in now for identity in people)
        check(offer, now, list(people.values()), context(offer), area, 3)


def test_nothing_before_a_change_is_altered() -> None:
    one = Candidate(person(id=1), HouseholdFacts(), HOME)
    before = PeopleMarket.over([one], TODAY, WORDS)
    question = before.ask(posting(), context())
    after = before.changed({1: None})
    assert [key[2] for key in before.rank(question, context())] == [1]
    assert after.rank(question, context()) == []


def test_a_crowd_of_the_size_of_a_county(search: None) -> None:
    """3,000 people of a prefecture: every reach, bus, village and certificate occurs."""
    people = [Candidate(who, home, who.home_scope) for who, home in make_people(3_000, PREFECTURE)]
    offers = list(make_postings(60, PREFECTURE))
    around = MatchContext(MARKET_DAY, Vocabulary.from_postings(offers), OCCUPATION_WORDS)
    now = PeopleMarket.over(people, MARKET_DAY, OCCUPATION_WORDS)
    seen = [(each.person, each.household) for each in people]
    for offer in offers[:12]:
        ranking = rank_people(offer, seen, around)
        question = now.ask(offer, around)
        assert now.rank(question, around, None, 20) == [match.key for match in ranking.matches[:20]]
        assert now.count(question, around) == (ranking.total, ranking.excluded)


@given(st.integers(0, 80), st.integers(TODAY - 1_500, TODAY + 1_500), st.integers(0, 75 * 365))
def test_birthdays(age: int, day: int, lived: int) -> None:
    born = day - lived
    is_of_age = (gates.age_on(person(born_on=born), day) or 0) >= age
    assert (born <= tables.latest_birth(age, day)) == is_of_age


def test_every_gate_and_fact_is_looked_at() -> None:
    """A new fact of a person needs a column here: this list says which there are."""
    assert set(PersonFacts.__dataclass_fields__) == {
        *("home_scope", "reach", "reach_is_said", "areas", "refused", "id", "born_on", "age"),
        *("education_step", "labour_class", "class_from_age", "skills", "certificates", "occupations"),
        *("names_a_wish", "pay_floor", "pay_floor_unit", "shifts", "profiles", "needs_board"),
        *("needs_lodging", "cares_for_family", "limits", "welfare_eligible", "x", "y", "blur_m"),
    }
    assert set(HouseholdFacts.__dataclass_fields__) == {"monitored", "anyone_employed", "waiting_days"}
    assert len(gates.GATES) == 15


def test_a_place_someone_refuses() -> None:
    people = [
        Candidate(person(id=1, refused=(TOWN[:6],)), HouseholdFacts(), HOME),
        Candidate(person(id=2), HouseholdFacts(), HOME),
    ]
    offer = replace(posting(), pickup=(TOWN,))
    now = PeopleMarket.over(people, TODAY, WORDS)
    check(offer, now, people, context(offer), None, 1)
    assert [key[2] for key in now.rank(now.ask(offer, context(offer)), context(offer))] == [2]


def test_bounds_are_never_under_a_score() -> None:
    people = [Candidate(who, home, who.home_scope) for who, home in make_people(2_000, PREFECTURE)]
    offers = list(make_postings(20, PREFECTURE))
    around = MatchContext(MARKET_DAY, Vocabulary.from_postings(offers), OCCUPATION_WORDS)
    now = PeopleMarket.over(people, MARKET_DAY, OCCUPATION_WORDS)
    for offer in offers:
        question = now.ask(offer, around)
        every = np.arange(len(people))
        bounds = question.bound.take(now.base.columns["trade"]) + now.base.raised
        assert (bounds >= index.score_people(now.base.columns, question, every)).all()


def test_the_search_is_made_ready_without_anybody() -> None:
    market.compile_people_search(context())
