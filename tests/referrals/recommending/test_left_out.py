"""Nobody who wants work is left while a posting that suits them has room; a run says who is left, and why."""

from datetime import timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.matching.index.market import PostingMarket
from app.matching.words import OCCUPATION_WORDS
from app.referrals.recommending import giving, queries
from app.referrals.recommending.giving import Candidate, InHand, give_out
from app.referrals.recommending.models import LeftOut, Recommendation
from app.referrals.recommending.running import draft_here
from app.referrals.recommending.terms import LeftOutReason
from bench.matching import market as made
from tests.referrals.situations import COUNTY, VILLAGE, Scene
from tests.seekers import factories as given

PEOPLE: list[Candidate] = list(made.make_people(60, made.PREFECTURE))
MARKET = PostingMarket.over(made.make_postings(80, made.PREFECTURE), made.TODAY, OCCUPATION_WORDS)
JOBS = range(1, 81)


@pytest.fixture
def scene(session: Session, cipher: FieldCipher, clock: FixedClock) -> Scene:
    return Scene(session, cipher, clock)


def whys(session: Session) -> dict[int, LeftOutReason]:
    return {row.person_id: row.why for row in session.scalars(select(LeftOut))}


def test_further_down_than_sixty_somebody_is_still_found_a_posting(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their own lists end before the posting that has room; a second look finds it."""
    monkeypatch.setattr(giving, "MOST_LISTED", 1)
    monkeypatch.setattr(giving, "MOST_EACH", 1)
    for _ in range(3):
        scene.neighbour(status="seeking", travel="county")
    for title in ("平车工", "锁边工", "裁剪工"):
        scene.posting(title=title, openings=1)
    scene.session.flush()
    done = draft_here(scene.session, given.VILLAGE, scene.clock)
    assert (done.people_with_some, done.left_out) == (3, {})
    jobs = scene.session.scalars(select(Recommendation.job_id)).all()
    assert len(set(jobs)) == 3


def test_who_is_left_is_told_of_with_the_reason(scene: Scene) -> None:
    lucky, other = scene.neighbour(status="seeking"), scene.neighbour(status="seeking")
    choosy = scene.neighbour(status="seeking", wage_floor_fen=99_000_00)
    job = scene.posting(openings=1)
    asked = scene.neighbour(status="seeking")
    scene.push(VILLAGE, job, asked)
    scene.session.flush()
    done = draft_here(scene.session, given.VILLAGE, scene.clock)
    found = whys(scene.session)
    taken = ({lucky.id, other.id} - set(scene.session.scalars(select(Recommendation.person_id)))).pop()
    assert found == {
        choosy.id: LeftOutReason.NOTHING_FITS,
        taken: LeftOutReason.ALL_TAKEN,
        asked.id: LeftOutReason.ASKED_ALREADY,
    }
    assert done.left_out == dict.fromkeys(LeftOutReason, 1)


def test_who_has_three_offers_to_answer_is_not_left_out(scene: Scene) -> None:
    person = scene.neighbour(status="seeking")
    for title in ("平车工", "锁边工", "裁剪工"):
        scene.push(VILLAGE, scene.posting(title=title), person)
    scene.posting(title="烫工")
    scene.session.flush()
    done = draft_here(scene.session, given.VILLAGE, scene.clock)
    assert (done.given, done.left_out) == (0, {})


def test_run_again_the_list_is_the_later_one_s(scene: Scene) -> None:
    person = scene.neighbour(status="seeking")
    scene.session.flush()
    draft_here(scene.session, given.VILLAGE, scene.clock)
    assert whys(scene.session) == {person.id: LeftOutReason.NOTHING_FITS}
    scene.posting()
    scene.session.flush()
    draft_here(scene.session, given.VILLAGE[:9], scene.clock)
    assert whys(scene.session) == {}


def test_officers_read_of_their_own_people_who_still_wait(scene: Scene) -> None:
    person = scene.neighbour(status="seeking")
    scene.session.flush()
    today = scene.clock.today()
    draft_here(scene.session, given.VILLAGE, scene.clock)
    for actor, count in ((VILLAGE, 1), (COUNTY, 1), (given.village_officer(given.OTHER_VILLAGE), 0)):
        assert len(queries.list_left_out(scene.session, actor, today, limit=9)) == count
        assert sum(queries.count_left_out(scene.session, actor, today).values()) == count
    assert queries.list_left_out(scene.session, COUNTY, today, region_code=given.OTHER_VILLAGE, limit=9) == []
    assert queries.list_left_out(scene.session, COUNTY, today + timedelta(days=1), limit=9) == []
    scene.push(VILLAGE, scene.posting(), person)
    assert queries.list_left_out(scene.session, COUNTY, today, limit=9) == [], "an offer was made since"


@settings(max_examples=40)
@drawn(
    st.lists(st.integers(0, 2), min_size=len(JOBS), max_size=len(JOBS)),
    st.lists(st.integers(0, 3), min_size=len(PEOPLE), max_size=len(PEOPLE)),
    st.integers(0, 2**32),
)
def test_households_without_a_worker_get_all_they_could_get_alone(
    rooms: list[int], waiting: list[int], seed: int
) -> None:
    """A constraint, not a weight: the others take nothing from them, whatever they score."""
    room = dict(zip(JOBS, rooms, strict=True))
    busy = {person.id: count for (person, _), count in zip(PEOPLE, waiting, strict=True)}
    in_hand = InHand(busy, frozenset({(1 + seed % 60, 1 + seed % 80)}))
    together = give_out(MARKET, PEOPLE, room, in_hand)
    alone = give_out(MARKET, [each for each in PEOPLE if not each[1].anyone_employed], room, in_hand)
    early = [pair for pair in together.pairs if pair.goes_first]
    assert {(pair.person_id, pair.job_id) for pair in early} == {
        (pair.person_id, pair.job_id) for pair in alone.pairs
    }
    for given_out in (together, alone):
        counts: dict[int, int] = {}
        for pair in given_out.pairs:
            counts[pair.job_id] = counts.get(pair.job_id, 0) + 1
            assert (pair.person_id, pair.job_id) not in in_hand.barred
        assert all(count <= room[job] for job, count in counts.items())
        mine = [sum(pair.person_id == person for pair in given_out.pairs) for person in busy]
        assert all(got <= 3 - count for got, count in zip(mine, busy.values(), strict=True))
        assert given_out.total <= given_out.bound + 1e-9
    assert give_out(MARKET, PEOPLE, room, in_hand) == together, "the same question has the same answer"
    helped = {pair.person_id for pair in together.pairs}
    assert helped | set(together.left_out) | {p for p, count in busy.items() if count >= 3} == set(busy)
    assert not helped & set(together.left_out)
