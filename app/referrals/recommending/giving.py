"""给活: people ranked and postings given out to them, households in which nobody works first.

Their people are given postings alone, the others what is left (a constraint, not a weight). What somebody
has in hand already counts: who waits for an answer to two offers gets one more, and no posting is given that
was recommended lately. Shared by the day's draft (`running`) and the weekly sessions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from app.matching.facts import HouseholdFacts, PersonFacts, PostingFacts
from app.matching.index.everyone import rank_everyone
from app.matching.index.market import PostingMarket
from app.referrals.recommending.assigning import Assigned, Floats, Ints, Wishes, assign
from app.referrals.recommending.terms import LeftOutReason
from app.referrals.rules import MOST_LIVE_OFFERS

MOST_LISTED: Final = 60
"""So many of a person's best postings take part; further down nobody is helped by a posting."""
MOST_EACH: Final = MOST_LIVE_OFFERS
"""Recommendations to one person (REFERRALS: at most three offers wait for an answer)."""
_NONE: Final = -1
Flags = npt.NDArray[np.bool_]
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
    """给活结果: the pairs, what they are worth, what no other way could exceed, how many postings took part,
    and who got none, with the reason. Who waits for an answer to three offers is not left out."""

    pairs: tuple[Pair, ...]
    total: float
    bound: float
    postings: int
    left_out: Mapping[int, LeftOutReason]

    @property
    def gap(self) -> float:
        """How far from the best possible this can be at most, as a share."""
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.total) / self.bound)


@dataclass(frozen=True)
class Lists:
    """各人的单子: row i holds the ids of the postings that suit `people[i]` best and their scores, best
    first, padded with -1. Made in one process or, county by county, in many."""

    people: Ints
    jobs: Ints
    scores: Floats

    @classmethod
    def of(cls, people: Sequence[int]) -> "Lists":
        """Empty lists."""
        shape = (len(people), MOST_LISTED)
        return cls(np.array(people, np.int64), np.full(shape, _NONE, np.int64), np.zeros(shape))


def give_out(
    market: PostingMarket,
    people: Sequence[Candidate],
    rooms: Mapping[int, int],
    in_hand: InHand = NOTHING_IN_HAND,
    *,
    progress: ReportPerson | None = None,
) -> GivenOut:
    """Gives the postings with room (`rooms`: posting -> people it takes) to the people. Deterministic."""
    is_first = np.array([not household.anyone_employed for _, household in people], bool)
    lists = list_best(market, [person for person, _ in people], progress=progress)
    return give_listed(lists, is_first, rooms, in_hand)


def give_listed(lists: Lists, is_first: Flags, rooms: Mapping[int, int], in_hand: InHand) -> GivenOut:
    """As `give_out`, to people whose lists are there; `is_first[i]`: nobody works in the household of
    `people[i]`."""
    people = lists.people.tolist()
    most = np.array([in_hand.most_of(person) for person in people], np.int64)
    open_jobs = _without_barred(lists, in_hand.barred)
    wishes, job_ids = _number(open_jobs, lists.scores, most, rooms)
    places = np.array([rooms[job_id] for job_id in job_ids], np.int64)
    early = _assign_some(wishes, places, most, np.flatnonzero(is_first))
    taken = np.bincount(early.jobs, minlength=len(places)) if len(places) else places
    late = _assign_some(wishes, places - taken, most, np.flatnonzero(~is_first))
    pairs = [
        Pair(people[row], job_ids[job], score, goes_first)
        for part, goes_first in ((early, True), (late, False))
        for row, job, score in zip(
            part.people.tolist(), part.jobs.tolist(), part.scores.tolist(), strict=True
        )
    ]
    helped = {pair.person_id for pair in pairs}
    left_out = {
        person: LeftOutReason.of(is_listed, is_open)
        for person, is_listed, is_open, room in zip(
            people,
            *((jobs != _NONE).any(axis=1).tolist() for jobs in (lists.jobs, open_jobs)),
            most,
            strict=True,
        )
        if room and person not in helped
    }
    return GivenOut(tuple(pairs), early.total + late.total, early.bound + late.bound, len(job_ids), left_out)


def narrow(market: PostingMarket, postings: Sequence[PostingFacts]) -> PostingMarket:
    """Some of the market's postings, worth to everybody what they are worth in the whole of it."""
    some = PostingMarket.over(postings, market.today, market.knowledge)
    return replace(some, tally=market.tally)


def list_best(
    market: PostingMarket,
    people: Sequence[PersonFacts],
    *,
    progress: ReportPerson | None = None,
    workers: int | None = None,
) -> Lists:
    """Everybody's best postings, whether there is room or not, by so many threads or processes (None: one for
    each processor)."""
    found = rank_everyone(market, people, MOST_LISTED, workers=workers, progress=progress)
    return Lists(np.array([person.id for person in people], np.int64), found.ids, found.scores)


def _without_barred(lists: Lists, barred: frozenset[tuple[int, int]]) -> Ints:
    """The postings of the lists, -1 in place of what is not to be offered."""
    jobs = lists.jobs.copy()
    row_of = {person: row for row, person in enumerate(lists.people.tolist())}
    for person_id, job_id in barred:
        if (row := row_of.get(person_id)) is not None:
            jobs[row][jobs[row] == job_id] = _NONE
    return jobs


def _number(listed: Ints, worth: Floats, most: Ints, rooms: Mapping[int, int]) -> tuple[Wishes, list[int]]:
    """The lists without what has no room, postings as numbers in the order in which they first appear, and
    the ids behind the numbers."""
    with_room = np.array([job_id for job_id, room in rooms.items() if room > 0], np.int64)
    kept = np.isin(listed, with_room) & (most > 0)[:, None]
    order = np.argsort(~kept, axis=1, kind="stable")
    kept = np.take_along_axis(kept, order, axis=1)
    jobs = np.take_along_axis(listed, order, axis=1)
    scores = np.where(kept, np.take_along_axis(worth, order, axis=1), 0.0)
    ids, firsts, at = np.unique(jobs[kept], return_index=True, return_inverse=True)
    by_appearance = np.argsort(firsts)
    number = np.empty(len(ids), np.int64)
    number[by_appearance] = np.arange(len(ids))
    jobs[~kept] = _NONE
    jobs[kept] = number[at]
    return Wishes(jobs, scores), ids[by_appearance].tolist()


def _assign_some(wishes: Wishes, places: Ints, most: Ints, rows: Ints) -> Assigned:
    """As `assign`, for some of the people; rows are those of all people."""
    if not len(rows) or not len(places):
        nobody = np.zeros(0, np.int64)
        return Assigned(nobody, nobody, np.zeros(0), 0.0, 0.0)
    found = assign(Wishes(wishes.jobs[rows], wishes.scores[rows]), places, most[rows])
    return replace(found, people=rows[found.people])
