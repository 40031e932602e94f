"""The index over postings gives the reference's ids, order and score bits, and its counts."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.facts import MatchContext, PersonFacts, PostingFacts, Vocabulary
from app.matching.index import cells, kernel, postings
from app.matching.index.columns import Books, encode_postings, scope_key, scope_range
from app.matching.index.market import PostingMarket
from app.matching.index.scores import score_rows
from app.matching.reference import order_key, rank_postings
from app.matching.words import OCCUPATION_WORDS
from bench.matching.market import PREFECTURE, make_people, make_postings
from bench.matching.market import TODAY as MARKET_DAY
from tests.matching import strategies
from tests.matching.samples import HOME, NEXT_TOWN, TODAY, TOWN, WORDS, context, month, person, posting

OFFERS = st.lists(strategies.postings(), max_size=40, unique_by=lambda offer: offer.id)


@pytest.fixture(params=["all rows", "by bounds", "row by row"], autouse=True)
def search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways through the index, on markets far smaller than those they are made for."""
    if request.param == "by bounds":
        monkeypatch.setattr(postings, "FEW_ROWS", 0)
        monkeypatch.setattr(postings, "FIRST_ROWS", 3)
        monkeypatch.setattr(postings, "LATER_ROWS", 4)
    if request.param != "all rows":
        monkeypatch.setattr(cells, "CELL_ROWS", 3)
    # The compiled loop's own code, run by Python where numba is missing.
    monkeypatch.setattr(kernel, "IS_COMPILED", request.param == "row by row")
    monkeypatch.setattr(kernel, "MOST_CELLS", 2)
    name: str = request.param
    return name


def index_of(offers: list[PostingFacts], gone: set[int] | None = None) -> postings.PostingIndex:
    books = Books()
    return postings.PostingIndex(encode_postings(offers, books), books, TODAY, WORDS).without(gone or set())


def market_of(offers: list[PostingFacts]) -> MatchContext:
    return MatchContext(TODAY, Vocabulary.from_postings(offers), WORDS)


def check(who: PersonFacts, index: postings.PostingIndex, offers: list[PostingFacts], limit: int) -> None:
    """Every page and every count as the reference has them."""
    market = market_of(offers)
    ranking = rank_postings(who, offers, market)
    keys = [match.key for match in ranking.matches]
    question = index.ask(who, market.vocabulary)
    pages = []
    after = None
    with np.errstate(over="ignore"):
        assert index.rank(question, None) == keys
        while page := index.rank(question, limit, after):
            pages += page
            after = page[-1]
    assert pages == keys
    counts = index.count(question)
    assert counts.pop(None, 0) == ranking.total
    assert counts == ranking.excluded


@settings(max_examples=50)
@given(
    st.lists(strategies.people(), min_size=1, max_size=4),
    OFFERS,
    st.integers(1, 8),
    st.sets(st.integers(0, 39), max_size=4),
)
def test_the_index_answers_like_the_reference(
    who: list[PersonFacts], offers: list[PostingFacts], limit: int, gone: set[int]
) -> None:
    lost = {offers[place].id for place in gone if place < len(offers)}
    index = index_of(offers, lost)
    left = [offer for offer in offers if offer.id not in lost]
    assert all((offer.id in index) == (offer.id not in lost) for offer in offers)
    for one in who:
        check(one, index, left, limit)


@settings(max_examples=20)
@given(st.data())
def test_a_whole_prefecture_in_small(data: st.DataObject) -> None:
    """Real places, trades and words: 600 postings and a few of their people."""
    offers, people = SMALL_PREFECTURE
    who = people[data.draw(st.integers(0, len(people) - 1))]
    places = st.tuples(st.sampled_from(offers), st.sampled_from([2, 4, 6, 9]))
    refused = {offer.region_scope[:digits] for offer, digits in data.draw(st.lists(places, max_size=3))}
    who = replace(who, refused=tuple(sorted(refused)))
    market = PostingMarket.over(offers, MARKET_DAY, OCCUPATION_WORDS)
    ranking = rank_postings(who, offers, market.context)
    with np.errstate(over="ignore"):
        found = market.rank(who, 20)
    assert found == [match.key for match in ranking.matches[:20]]
    assert market.count(who) == (ranking.total, ranking.excluded)


SMALL_PREFECTURE = (
    list(make_postings(600, PREFECTURE)),
    [one for one, _ in make_people(200, PREFECTURE)],
)


def test_the_day_s_rotation_settles_equals() -> None:
    offers = [posting(id=identity) for identity in range(1, 60)]
    market = market_of(offers)
    expected = sorted(
        order_key(match.score, match.id, TODAY) for match in rank_postings(person(), offers, market).matches
    )
    index = index_of(offers)
    question = index.ask(person(), market.vocabulary)
    with np.errstate(over="ignore"):
        assert index.rank(question, 7) == expected[:7]
        assert index.rank(question, 7, expected[6]) == expected[7:14]


def test_a_birthday_before_the_work_starts() -> None:
    """Not yet 16 today, 16 and then 18 on the days some work starts, and on the very day it starts."""
    who = person(age=None, born_on=date(2010, 12, 26).toordinal())
    sixteen, eighteen = (date(year, 12, 26).toordinal() - TODAY for year in (2026, 2028))
    days = (0, sixteen - 1, sixteen, 40, 400, eighteen - 1, eighteen, 900)
    offers = [posting(id=1 + days.index(day), starts_on=TODAY + day, age_min=18) for day in days]
    offers += [posting(id=11 + days.index(day), starts_on=TODAY + day) for day in days]
    check(who, index_of(offers), offers, 3)


def test_more_conditions_than_one_word_holds() -> None:
    offers = [
        posting(id=number, certificates=(f"paper {number}",), age_min=16 + number % 20, age_max=36 + number)
        for number in range(1, 150)
    ]
    check(person(certificates=("paper 140", "paper 7"), age=40), index_of(offers), offers, 5)


def test_what_is_the_same_for_everybody_can_settle_it_in_the_home_village() -> None:
    """Whichever is met first, the better paid one loses to the one whose boss answers and just confirmed."""
    trades = ("6-05-01-03", "6-06-01-01")
    who = person(reach="anywhere", occupations=trades)
    stale = {
        "answer_permille": 0,
        "confirmed_on": TODAY - 29,
        "pay_min": month(3_050),
        "pay_max": month(3_050),
    }
    fresh = {"answer_permille": 1000, "confirmed_on": TODAY, "pay_min": month(3_000), "pay_max": month(3_000)}
    for better, worse in (trades, trades[::-1]):
        offers = [
            posting(id=1, region_scope=HOME, x=0, occupation_code=worse, skills=(), **stale),
            posting(id=2, region_scope=HOME, x=0, occupation_code=better, skills=(), **fresh),
        ]
        assert rank_postings(who, offers, market_of(offers)).matches[0].id == 2
        check(who, index_of(offers), offers, 1)


def test_a_bus_leads_beyond_the_reach() -> None:
    """To the village itself or to its township, among postings of the village with and without a bus."""
    stops: tuple[tuple[str, ...], ...] = ((), (HOME,), (TOWN,))
    places = [(scope, stop) for scope in (HOME, NEXT_TOWN) for stop in stops]
    offers = [
        posting(id=number, region_scope=scope, pickup=stop) for number, (scope, stop) in enumerate(places)
    ]
    for reach, brought in (("village", 0), ("township", 2), ("county", 3)):
        who = person(reach=reach)
        assert rank_postings(who, offers, market_of(offers)).total == 3 + brought
        check(who, index_of(offers), offers, 2)


def test_of_the_wished_trade_the_near_one_wins_though_the_far_one_pays_more() -> None:
    """Rows stand by pay: the far one is met first, and must not shut the other out."""
    trades = [f"6-{group:02}-01-01" for group in range(1, 13)]
    offers = [
        posting(id=2 * number + far, occupation_code=trade, skills=(), x=1_000 + 2_000 * far, pay_max=None)
        for number, trade in enumerate(trades)
        for far in (0, 1)
    ]
    offers = [replace(offer, pay_min=month(3_000 + 10 * (offer.id % 2))) for offer in offers]
    for number, wished in enumerate(trades):
        who = person(occupations=(wished,))
        assert rank_postings(who, offers, market_of(offers)).matches[0].id == 2 * number
        check(who, index_of(offers), offers, 1)


def test_nothing_at_all_can_be_asked() -> None:
    index = index_of([])
    question = index.ask(person(), context().vocabulary)
    assert index.rank(question, 5) == []
    assert index.count(question) == {}


def test_scopes_as_numbers_stand_in_tree_order() -> None:
    scopes = ["", "61", "6102", "610202", "610204", TOWN, HOME, "6103", "62"]
    assert sorted(scopes, key=scope_key) == sorted(scopes)
    for area in scopes:
        start, end = scope_range(area)
        inside = [scope for scope in scopes if start <= scope_key(scope) < end]
        assert inside == [scope for scope in scopes if scope.startswith(area)]


@settings(max_examples=50)
@given(strategies.people(), OFFERS)
def test_no_posting_scores_above_the_bound_of_its_cell(who: PersonFacts, offers: list[PostingFacts]) -> None:
    if not offers:
        return
    index = index_of(offers)
    question = index.ask(who, market_of(offers).vocabulary)
    rows = np.arange(len(offers))
    at_home = index.lie_in(rows, who.home_scope)
    told_apart = np.isin(rows, question.buses) | (at_home & (len(who.home_scope) == 12))
    underpaid = index.locks.is_underpaid(question.key, slice(None))
    scores = score_rows(index.columns, index.tables, question.asker, rows)
    bounds = cells.bound_cells(index.cells, question.asker, slice(None))
    of_cell = np.repeat(bounds, index.cells.ends - index.cells.starts)
    lost = (scores > of_cell) & ~told_apart & (True if underpaid is None else ~underpaid)
    assert not lost.any()
