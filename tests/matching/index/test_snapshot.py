"""A snapshot gives back what was written, from memory nobody can write to, or says why not."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.facts import MatchContext, PersonFacts, PostingFacts, Vocabulary
from app.matching.index.market import PostingMarket
from app.matching.index.near import near_misses_in
from app.matching.index.snapshot import Refused, map_snapshot, write_snapshot
from app.matching.index.stored import describe_market, restore_market
from app.matching.near_misses import find_near_misses
from app.matching.reference import rank_postings
from app.matching.words import OCCUPATION_WORDS
from bench.matching.market import PREFECTURE, make_people, make_postings
from bench.matching.market import TODAY as MARKET_DAY
from tests.matching import strategies
from tests.matching.samples import TODAY, WORDS, posting

ARRAYS = {
    "flags": np.array([True, False, True]),
    "words": np.arange(6, dtype=np.uint64).reshape(2, 3),
    "pay": np.array([1.5, np.nan, np.inf]),
    "none": np.zeros(0, np.int32),
    "no lines": np.zeros((4, 0), np.uint16),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "some.index"
    write_snapshot(found, {"said": ["缝纫", 3, None]}, ARRAYS)
    return found


def test_what_was_written_comes_back(path: Path) -> None:
    facts, arrays = map_snapshot(path)
    assert facts == {"said": ["缝纫", 3, None]}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])
        assert not array.flags.writeable
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["some.index"]


def test_any_damaged_byte_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with pytest.raises(Refused):
            map_snapshot(path)


@pytest.mark.parametrize("cut", [0, 1, 47, 48, 100, -64, -1])
def test_a_file_cut_off_is_refused(path: Path, cut: int) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    with pytest.raises(Refused, match="cut off"):
        map_snapshot(path)
    path.write_bytes(whole + b"more")
    with pytest.raises(Refused, match="cut off"):
        map_snapshot(path)


def test_a_file_others_may_write_is_refused(path: Path) -> None:
    path.chmod(0o620)
    with pytest.raises(Refused, match="somebody else"):
        map_snapshot(path)


def test_a_link_is_not_followed(path: Path) -> None:
    link = path.with_name("link.index")
    link.symlink_to(path)
    with pytest.raises(OSError, match="link"):
        map_snapshot(link)


def test_a_failure_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_snapshot(path, {"said": []}, {})
    assert map_snapshot(path)[0] == {"said": ["缝纫", 3, None]}
    assert [file.name for file in path.parent.iterdir()] == ["some.index"]


def stored(market: PostingMarket, path: Path) -> PostingMarket:
    write_snapshot(path, *describe_market(market))
    return restore_market(*map_snapshot(path), market.knowledge)


def test_a_market_out_of_a_file_answers_alike(tmp_path: Path) -> None:
    offers = list(make_postings(600, PREFECTURE))
    market = PostingMarket.over(offers, MARKET_DAY, OCCUPATION_WORDS)
    again = stored(market, tmp_path / "one.index")
    changes = {posting.id: posting for posting in make_postings(40, PREFECTURE)} | {41: None, 42: None}
    later, later_again = market.changed(changes).folded(), again.changed(changes).folded()
    assert later.is_whole
    for who, _ in make_people(40, PREFECTURE):
        for one, other in ((market, again), (later, later_again)):
            assert other.rank(who) == one.rank(who)
            assert other.rank(who, 20) == one.rank(who, 20)
            assert other.count(who) == one.count(who)
            assert near_misses_in(other, who) == near_misses_in(one, who)
    ranking = rank_postings(who, offers, again.context)
    assert again.rank(who) == [match.key for match in ranking.matches]


def test_an_empty_market_can_be_kept(tmp_path: Path) -> None:
    again = stored(PostingMarket.over([], TODAY, WORDS), tmp_path / "none.index")
    assert len(again) == 0
    assert len(again.changed({7: posting(id=7)})) == 1


@settings(max_examples=40)
@given(
    strategies.people(),
    st.lists(strategies.postings(), max_size=12, unique_by=lambda offer: offer.id),
    st.lists(strategies.postings(), max_size=3, unique_by=lambda offer: offer.id),
    st.integers(1, 50),
)
def test_another_day_is_as_if_all_were_read_again(
    who: PersonFacts, offers: list[PostingFacts], late: list[PostingFacts], days: int
) -> None:
    moved = PostingMarket.over(offers, TODAY, WORDS).changed({offer.id: offer for offer in late})
    moved, today = moved.on_day(TODAY + days), TODAY + days
    live = [
        offer
        for offer in ({offer.id: offer for offer in (*offers, *late)}).values()
        if offer.valid_until is None or offer.valid_until >= today
    ]
    context = MatchContext(today, Vocabulary.from_postings(live), WORDS)
    ranking = rank_postings(who, live, context)
    keys = [match.key for match in ranking.matches]
    with np.errstate(over="ignore"):
        assert (moved.rank(who), moved.rank(who, 3)) == (keys, keys[:3])
    assert moved.count(who) == (ranking.total, ranking.excluded)
    assert near_misses_in(moved, who) == find_near_misses(who, live, context)
