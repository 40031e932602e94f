"""Giving out postings: within the openings, nearly the best possible, and the proof of it holds."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.referrals.recommending.assigning import EPSILON, Assigned, Wishes, assign

MOST = 2


@st.composite
def markets(draw: st.DrawFn) -> tuple[Wishes, np.ndarray]:
    """Up to five people and five postings, some listed by nobody, some without a place."""
    people, postings = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    width = draw(st.integers(1, postings))
    jobs = np.full((people, width), -1, np.int64)
    scores = np.zeros((people, width))
    for row in range(people):
        listed = draw(st.lists(st.integers(0, postings - 1), max_size=width, unique=True))
        given_scores = sorted((draw(st.integers(1, 100)) for _ in listed), reverse=True)
        jobs[row, : len(listed)] = listed
        scores[row, : len(listed)] = given_scores
    places = np.array(draw(st.lists(st.integers(0, 3), min_size=postings, max_size=postings)), np.int64)
    return Wishes(jobs, scores), places


def best_possible(wishes: Wishes, places: np.ndarray) -> float:
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
        for size in range(MOST + 1):
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
    total = 0.0
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
                total += float(wishes.scores[person, at])
    return Assigned(np.array(people, np.int64), np.array(jobs, np.int64), total, float("inf"))


def check_lawful(found: Assigned, wishes: Wishes, places: np.ndarray) -> None:
    pairs = list(zip(found.people.tolist(), found.jobs.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    assert all(job in wishes.jobs[person] for person, job in pairs)
    assert all(count <= MOST for count in np.bincount(found.people, minlength=1))
    taken = np.bincount(found.jobs, minlength=len(places))
    assert (taken <= places).all()


@given(markets())
def test_nearly_the_best_possible_and_the_bound_holds(market: tuple[Wishes, np.ndarray]) -> None:
    wishes, places = market
    found = assign(wishes, places, MOST)
    check_lawful(found, wishes, places)
    best = best_possible(wishes, places)
    assert found.total <= best + 1e-9
    assert best <= found.bound + 1e-9
    assert found.bound - found.total <= EPSILON * max(1, len(found.people)) + 1e-9


@given(markets())
def test_greed_is_lawful_and_never_better(market: tuple[Wishes, np.ndarray]) -> None:
    wishes, places = market
    greedy = assign_greedily(wishes, places, MOST)
    check_lawful(greedy, wishes, places)
    assert greedy.total <= best_possible(wishes, places) + 1e-9


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


@pytest.mark.parametrize("few", [0, 10_000])
def test_a_crowd_in_rounds_and_one_by_one(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.referrals.recommending.assigning._Auction.FEW", few)
    wishes, places = crowd(600, 500, 30)
    found = assign(wishes, places, 3)
    greedy = assign_greedily(wishes, places, 3)
    assert found.gap < 0.005
    assert len(found.people) >= len(greedy.people)
    assert found.total > greedy.total


def test_the_same_question_has_the_same_answer() -> None:
    wishes, places = crowd(300, 200, 20)
    first, second = assign(wishes, places), assign(wishes, places)
    assert first.jobs.tolist() == second.jobs.tolist()
    assert first.people.tolist() == second.people.tolist()
