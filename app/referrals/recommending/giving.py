"""给活: people ranked and postings given out to them, households in which nobody works first.

Their people are given postings alone, the others what is left (a constraint, not a weight). What somebody
has in hand already counts: who waits for an answer to two offers gets one more, and no posting is given that
was recommended lately. Shared by the day's draft (`running`) and the weekly sessions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from app.matching.facts import HouseholdFacts, PersonFacts, PostingFacts
from app.matching.index.market import PostingMarket
from app.referrals.recommending.assigning import Assigned, Ints, Wishes, assign
from app.referrals.rules import MOST_LIVE_OFFERS

MOST_LISTED: Final = 60
"""So many of a person's best postings take part; further down nobody is helped by a posting."""
MOST_EACH: Final = MOST_LIVE_OFFERS
"""Recommendations to one person (REFERRALS: at most three offers wait for an answer)."""
ReportPerson = Callable[[int, int], None]
Candidate = tuple[PersonFacts, HouseholdFacts]


@dataclass(frozen=True)
class InHand:
    """手头已有的: how many offers each person has waiting, and which (person, posting) are not to be made."""

    waiting: Mapping[int, int] = field(default_factory=dict)
    barred: frozenset[tuple[int, int]] = frozenset()

    def most_of(self, person_id: int) -> int:
        """How many more a person may get."""
        return max(0, MOST_EACH - self.waiting.get(person_id, 0))


NOTHING_IN_HAND: Final = InHand()


@dataclass(frozen=True)
class Pair:
    """一对: a posting given to a person."""

    person_id: int
    job_id: int
    score: float
    goes_first: bool


@dataclass(frozen=True)
class GivenOut:
    """给活结果: the pairs, what they are worth, what no other way could exceed, and how many postings took
    part."""

    pairs: tuple[Pair, ...]
    total: float
    bound: float
    postings: int

    @property
    def gap(self) -> float:
        """How far from the best possible this can be at most, as a share."""
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.total) / self.bound)


def give_out(
    market: PostingMarket,
    people: Sequence[Candidate],
    rooms: Mapping[int, int],
    in_hand: InHand = NOTHING_IN_HAND,
    *,
    progress: ReportPerson | None = None,
) -> GivenOut:
    """Gives the postings with room (`rooms`: posting -> people it takes) to the people. Deterministic."""
    wishes, job_ids = _rank(market, people, rooms, in_hand, progress)
    places = np.array([rooms[job_id] for job_id in job_ids], np.int64)
    most = np.array([in_hand.most_of(person.id) for person, _ in people], np.int64)
    is_first = np.array([not household.anyone_employed for _, household in people], bool)
    early = _assign_some(wishes, places, most, np.flatnonzero(is_first))
    taken = np.bincount(early.jobs, minlength=len(places)) if len(places) else places
    late = _assign_some(wishes, places - taken, most, np.flatnonzero(~is_first))
    pairs = [
        Pair(
            people[row][0].id,
            job_ids[job],
            float(wishes.scores[row, np.flatnonzero(wishes.jobs[row] == job)[0]]),
            bool(is_first[row]),
        )
        for part in (early, late)
        for row, job in zip(part.people.tolist(), part.jobs.tolist(), strict=True)
    ]
    return GivenOut(tuple(pairs), early.total + late.total, early.bound + late.bound, len(job_ids))


def narrow(market: PostingMarket, postings: Sequence[PostingFacts]) -> PostingMarket:
    """Some of the market's postings, worth to everybody what they are worth in the whole of it."""
    some = PostingMarket.over(postings, market.today, market.knowledge)
    return replace(some, tally=market.tally)


def _rank(
    market: PostingMarket,
    people: Sequence[Candidate],
    rooms: Mapping[int, int],
    in_hand: InHand,
    progress: ReportPerson | None,
) -> tuple[Wishes, list[int]]:
    """Everybody's best postings with room, as rows of numbers, and the ids behind the numbers."""
    numbers: dict[int, int] = {}
    jobs = np.full((len(people), MOST_LISTED), -1, np.int64)
    scores = np.zeros((len(people), MOST_LISTED))
    for row, (person, _) in enumerate(people):
        if in_hand.most_of(person.id):
            keys = [
                key
                for key in market.rank(person, MOST_LISTED)
                if rooms.get(key[2], 0) > 0 and (person.id, key[2]) not in in_hand.barred
            ]
            for at, (negative, _turn, job_id) in enumerate(keys):
                jobs[row, at] = numbers.setdefault(job_id, len(numbers))
                scores[row, at] = -negative
        if progress is not None:
            progress(row + 1, len(people))
    return Wishes(jobs, scores), list(numbers)


def _assign_some(wishes: Wishes, places: Ints, most: Ints, rows: Ints) -> Assigned:
    """As `assign`, for some of the people; rows are those of all people."""
    if not len(rows) or not len(places):
        nobody = np.zeros(0, np.int64)
        return Assigned(nobody, nobody, 0.0, 0.0)
    found = assign(Wishes(wishes.jobs[rows], wishes.scores[rows]), places, most[rows])
    return Assigned(rows[found.people], found.jobs, found.total, found.bound)
