"""Giving out postings: within the openings, nearly the best possible, and the proof of it holds."""

from functools import cache
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.referrals.recommending.assigning import EPSILON, Assigned, Wishes, _highest_first, assign
from app.referrals.recommending.certifying import bound_total

ROUNDING = 2 / 65_536
"""Of a point: bids are whole numbers of 1/65,536."""

Market = tuple[Wishes, np.ndarray, np.ndarray]


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Up to five people and five postings, some listed by nobody, some without a place, people who get up to
    three; scores with ties and with broken figures."""
    people, postings = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    width = draw(st.integers(1, postings))
    worth = st.one_of(st.integers(1, 100), st.sampled_from([50.0, 50.1, 99.9]), st.floats(0.01, 100.0))
    jobs = np.full((people, width), -1, np.int64)
    scores = np.zeros((people, width))
    for row in range(people):
        listed = draw(st.lists(st.integers(0, postings - 1), max_size=width, unique=True))
        jobs[row, : len(listed)] = listed
        scores[row, : len(listed)] = sorted((float(draw(worth)) for _ in listed), reverse=True)
    places = draw(st.lists(st.integers(0, 3), min_size=postings, max_size=postings))
    most = draw(st.lists(st.integers(0, 3), min_size=people, max_size=people))
    return Wishes(jobs, scores), np.array(places, np.int64), np.array(most, np.int64)


def best_possible(wishes: Wishes, places: np.ndarray, most: np.ndarray) -> float:
    """By trying everything."""
    rows = [
        [(int(job), float(score)) for job, score in zip(jobs, scores, strict=True) if job >= 0]
        for jobs, scores in zip(wishes.jobs, wishes.scores, strict=True)
    ]

    @cache
    def best(row: int, room: tuple[int, ...]) -> float:
        if row == len(rows):
            return 0.0
        found = 0.0
        for size in range(most[row] + 1):
            for chosen in combinations(rows[row], size):
                left = list(room)
                for job, _ in chosen:
                    left[job] -= 1
                if min(left, default=0) >= 0:
                    worth = sum(score for _, score in chosen)
                    found = max(found, worth + best(row + 1, tuple(left)))
        return found

    return best(0, tuple(int(count) for count in places))


def assign_greedily(wishes: Wishes, places: np.ndarray, most: int = 3) -> Assigned:
    """What a list for each person alone would give: each takes their best postings that have room, in order.
    What the auction must beat."""
    room = places.copy()
    people: list[int] = []
    jobs: list[int] = []
    worth: list[float] = []
    for person, row in enumerate(wishes.jobs):
        taken = 0
        for at, job in enumerate(row):
            if job < 0 or taken == most:
                break
            if room[job]:
                room[job] -= 1
                taken += 1
                people.append(person)
                jobs.append(int(job))
                worth.append(float(wishes.scores[person, at]))
    return Assigned(
        np.array(people, np.int64), np.array(jobs, np.int64), np.array(worth), sum(worth), float("inf")
    )


def check_lawful(found: Assigned, wishes: Wishes, places: np.ndarray, most: np.ndarray) -> None:
    pairs = list(zip(found.people.tolist(), found.jobs.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    worth = {
        (person, job): score
        for person, row in enumerate(wishes.jobs.tolist())
        for job, score in zip(row, wishes.scores[person].tolist(), strict=True)
    }
    assert [worth[pair] for pair in pairs] == found.scores.tolist(), "everybody listed what they got"
    assert (np.bincount(found.people, minlength=len(most)) <= most).all()
    assert (np.bincount(found.jobs, minlength=len(places)) <= places).all()


@given(markets())
def test_nearly_the_best_possible_and_the_bound_holds(market: Market) -> None:
    wishes, places, most = market
    found = assign(wishes, places, most)
    check_lawful(found, wishes, places, most)
    best = best_possible(wishes, places, most)
    assert found.total <= best + 1e-9
    assert best <= found.bound + 1e-9
    assert found.bound - found.total <= (EPSILON + ROUNDING) * max(1, len(found.people))


@given(markets())
def test_finer_bids_come_as_near_as_they_say(market: Market) -> None:
    wishes, places, most = market
    found = assign(wishes, places, most, epsilon=0.001)
    best = best_possible(wishes, places, most)
    assert best - found.total <= (0.001 + ROUNDING) * max(1, len(found.people))


@given(markets(), st.lists(st.floats(0, 120), min_size=5, max_size=5))
def test_at_any_prices_the_bound_is_one(market: Market, prices: list[float]) -> None:
    wishes, places, most = market
    listed = wishes.jobs >= 0
    scores, column = np.where(listed, wishes.scores, -np.inf), np.where(listed, wishes.jobs, 0)
    best = best_possible(wishes, places, most)
    asked = np.array(prices[: len(places)])
    for found in (0.0, best):
        assert bound_total(scores, column, places, most, asked, found) >= best - 1e-9


@given(markets())
def test_greed_is_never_better(market: Market) -> None:
    wishes, places, _ = market
    most = np.full(len(wishes.jobs), 2, np.int64)
    greedy = assign_greedily(wishes, places, 2)
    check_lawful(greedy, wishes, places, most)
    assert greedy.total <= best_possible(wishes, places, most) + 1e-9


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1),
    st.sampled_from([0, 5, 40, 61]),
)
def test_one_number_sorts_like_three(bids: list[tuple[int, int]], shift: int) -> None:
    """With many postings (2^61) the three don't fit into one."""
    jobs = np.array([job for job, _ in bids], np.int64) << shift
    units = np.array([bid for _, bid in bids], np.int64)
    assert _highest_first(jobs, units).tolist() == np.lexsort((-units, jobs)).tolist()


def crowd(people: int, postings: int, listed: int) -> tuple[Wishes, np.ndarray]:
    """Many people who like the same postings of their town."""
    dice = np.random.default_rng(7)
    jobs = np.full((people, listed), -1, np.int64)
    scores = np.zeros((people, listed))
    liked = dice.normal(0, 6, postings)
    for row in range(people):
        near = dice.choice(postings, listed, replace=False)
        worth = np.clip(55 + liked[near] + dice.normal(0, 6, listed), 1, 100)
        order = np.argsort(-worth)
        jobs[row], scores[row] = near[order], worth[order]
    return Wishes(jobs, scores), dice.integers(1, 4, postings)


def test_a_crowd_beats_greed_and_the_gap_is_certified_small() -> None:
    wishes, places = crowd(600, 500, 30)
    found = assign(wishes, places, 3)
    greedy = assign_greedily(wishes, places, 3)
    assert found.gap < 0.001
    assert len(found.people) >= len(greedy.people)
    assert found.total > 1.09 * greedy.total


def test_the_same_question_has_the_same_answer() -> None:
    wishes, places = crowd(300, 200, 20)
    first, second = assign(wishes, places), assign(wishes, places)
    assert first.jobs.tolist() == second.jobs.tolist()
    assert first.people.tolist() == second.people.tolist()
