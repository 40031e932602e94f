"""Near misses from the index are those found one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.facts import MatchContext, PersonFacts, PostingFacts, Vocabulary
from app.matching.index.market import PostingMarket
from app.matching.index.near import near_misses_in
from app.matching.near_misses import find_near_misses
from app.matching.words import OCCUPATION_WORDS
from bench.matching.market import PREFECTURE, make_people, make_postings
from bench.matching.market import TODAY as MARKET_DAY
from tests.matching import strategies
from tests.matching.samples import TODAY, WORDS


@settings(max_examples=50)
@given(
    strategies.people(),
    st.lists(strategies.postings(), max_size=30, unique_by=lambda offer: offer.id),
    st.lists(strategies.postings(), max_size=4, unique_by=lambda offer: offer.id),
)
def test_any_facts(who: PersonFacts, offers: list[PostingFacts], later: list[PostingFacts]) -> None:
    market = PostingMarket.over(offers, TODAY, WORDS)
    market = market.changed({offer.id: offer for offer in later})
    live = {offer.id: offer for offer in (*offers, *later)}
    context = MatchContext(TODAY, Vocabulary.from_postings(live.values()), WORDS)
    assert near_misses_in(market, who) == find_near_misses(who, live.values(), context)


def test_a_small_prefecture() -> None:
    offers = list(make_postings(700, PREFECTURE))
    market = PostingMarket.over(offers, MARKET_DAY, OCCUPATION_WORDS)
    for who, _ in make_people(60, PREFECTURE):
        assert near_misses_in(market, who) == find_near_misses(who, offers, market.context)
