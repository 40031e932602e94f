"""Everybody at once gets what each gets alone."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.facts import PersonFacts, PostingFacts
from app.matching.index import everyone, kernel
from app.matching.index.everyone import rank_everyone
from app.matching.index.market import PostingMarket
from app.matching.words import OCCUPATION_WORDS
from bench.matching import market as made
from tests.matching import strategies
from tests.matching.samples import HOME, PERSON, POSTING, TODAY, TOWN, WORDS

pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered")
"""Plain Python says so where the compiled code counts on."""
OFFERS = st.lists(strategies.postings(), max_size=30, unique_by=lambda offer: offer.id)
PEOPLE = st.lists(strategies.people(), max_size=9)


@pytest.fixture(params=["numpy", "row by row"], autouse=True)
def search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(everyone, "AT_ONCE", 4)
    monkeypatch.setattr(kernel, "IS_COMPILED", request.param == "row by row")
    name: str = request.param
    return name


def agree(market: PostingMarket, people: list[PersonFacts], limit: int, workers: int = 2) -> None:
    told: list[int] = []
    found = rank_everyone(market, people, limit, workers=workers, progress=lambda done, _: told.append(done))
    alone = [market.rank(person, limit) for person in people]
    assert found.counts.tolist() == [len(keys) for keys in alone]
    for row, keys in enumerate(alone):
        padding = limit - len(keys)
        assert found.ids[row].tolist() == [key[2] for key in keys] + [-1] * padding
        assert found.scores[row].tolist() == [-key[0] for key in keys] + [0.0] * padding
    assert told == sorted(told)
    assert not people or not len(market) or told[-1] == len(people)


@settings(max_examples=40)
@given(PEOPLE, OFFERS, st.integers(1, 12))
def test_everyone_gets_what_each_gets_alone(
    people: list[PersonFacts], offers: list[PostingFacts], limit: int
) -> None:
    """Each with a twin, who begins with what was best for the other."""
    agree(PostingMarket.over(offers, TODAY, WORDS), [*people, *people], limit, workers=1)


def test_what_is_best_for_a_neighbour_is_not_counted_twice() -> None:
    """Postings of the home village and those a bus leads to are listed, and best for the neighbour too."""
    near = [replace(POSTING, id=number, region_scope=HOME, x=None, y=None) for number in range(1, 4)]
    bus = [replace(POSTING, id=number, pickup=(TOWN,)) for number in range(4, 7)]
    agree(PostingMarket.over([*near, *bus], TODAY, WORDS), [PERSON, PERSON, PERSON], 5, workers=1)


def test_postings_that_changed_lately_take_part() -> None:
    offers = list(made.make_postings(400, made.PREFECTURE))
    people = [person for person, _ in made.make_people(30, made.PREFECTURE)]
    market = PostingMarket.over(offers[:300], made.TODAY, OCCUPATION_WORDS)
    some = {offer.id: offer for offer in offers[300:380]}
    market = market.changed(some)
    market = market.changed({offer.id: offer for offer in offers[380:390]} | dict.fromkeys(range(1, 12)))
    assert market.recent is not None
    assert market.loose
    agree(market, people, 20)


def test_processes_share_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "IS_COMPILED", False)
    monkeypatch.setattr(everyone, "FEWEST_FOR_PROCESSES", 4)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    market = PostingMarket.over(list(made.make_postings(200, made.PREFECTURE)), made.TODAY, OCCUPATION_WORDS)
    agree(market, [person for person, _ in made.make_people(10, made.PREFECTURE)], 5)
