"""The market of postings after changes: as the reference ranks what is left."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.facts import MatchContext, PersonFacts, PostingFacts, Vocabulary
from app.matching.index import market
from app.matching.reference import rank_postings
from tests.matching import strategies
from tests.matching.samples import TODAY, WORDS, person, posting


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market, "MOST_LOOSE", 2)
    monkeypatch.setattr(market, "LEAST_MERGED", 6)


@settings(max_examples=50)
@given(
    strategies.people(),
    st.lists(strategies.postings(), max_size=20, unique_by=lambda offer: offer.id),
    st.lists(st.tuples(strategies.postings(), st.booleans()), max_size=12),
    st.integers(1, 8),
)
def test_every_change_is_in_the_next_answer(
    who: PersonFacts, offers: list[PostingFacts], steps: list[tuple[PostingFacts, bool]], limit: int
) -> None:
    now = market.PostingMarket.over(offers, TODAY, WORDS)
    live = {offer.id: offer for offer in offers}
    for offer, closes in steps:
        before, old = now, (now.rank(who), len(now))
        now = now.changed({offer.id: None if closes else offer})
        live.pop(offer.id, None)
        if not closes:
            live[offer.id] = offer
        context = MatchContext(TODAY, Vocabulary.from_postings(live.values()), WORDS)
        assert now.context.vocabulary == context.vocabulary
        ranking = rank_postings(who, live.values(), context)
        keys = [match.key for match in ranking.matches]
        assert (now.rank(who), now.rank(who, limit)) == (keys, keys[:limit])
        assert now.count(who) == (ranking.total, ranking.excluded)
        # A reader who held the market of before keeps it whole.
        assert (before.rank(who), len(before)) == old


def test_the_parts_grow_into_each_other() -> None:
    now = market.PostingMarket.over([posting(id=number) for number in range(1, 5)], TODAY, WORDS)
    shapes = []
    for number in range(5, 14):
        now = now.changed({number: posting(id=number, employer_id=number)})
        shapes.append((len(now.base.ids), len(now.recent.ids) if now.recent else 0, len(now.loose)))
    assert shapes[1:4] == [(4, 0, 2), (4, 3, 0), (4, 3, 1)]
    assert (10, 0, 0) in shapes or (11, 0, 0) in shapes or (13, 0, 0) in shapes
    assert len(now) == 13
    assert sorted(now.list_of_employers({5, 13})) == [5, 13]
    assert {key[2] for key in now.rank(person())} == set(range(1, 14))
