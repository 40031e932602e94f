"""分配: who is given which posting, so that the scores add up to the most, with a proof of how near that is.

A person gets at most three postings, a posting at most its places. Auction (Bertsekas 1988, for similar
objects), in rounds: everybody without enough postings bids for those that leave them best off at the present
prices, each by what it is worth to them above the first they would not get, plus EPSILON; a posting keeps its
highest bids and costs what the lowest of them offered. `certifying` says from the prices how near the best
possible that is.

Bids are whole numbers of 1/65,536 of a point: exact, quick to sort, the same on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.referrals.recommending.certifying import bound_total

EPSILON: Final = 0.5
"""Of a score of 100. What is given out is within EPSILON for each posting given of the best possible."""
_NONE: Final = -1
_UNIT: Final = 65_536
_NEVER: Final = -(2**29)
"""In units: worth less than anything may cost."""
_BLOCK: Final = 2_048
"""So many people bid at once: what they look at fits a processor's cache."""

Ints = npt.NDArray[np.int64]
Units = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bids = tuple[Ints, Ints, Ints]
"""Who, for which of their postings (its place in their row), how much in units."""


@dataclass(frozen=True)
class Wishes:
    """谁合适什么: row i holds person i's postings, best first, padded with -1."""

    jobs: Ints
    scores: Floats


@dataclass(frozen=True)
class Assigned:
    """分配结果: pairs (person row, posting column) by person, best first, their total score, and what no
    assignment can exceed."""

    people: Ints
    jobs: Ints
    scores: Floats
    total: float
    bound: float

    @property
    def gap(self) -> float:
        """How far from the best possible this can be at most, as a share of it."""
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.total) / self.bound)


def assign(wishes: Wishes, places: Ints, most: int | Ints = 3, epsilon: float = EPSILON) -> Assigned:
    """Gives out postings; `places[j]` is how many people posting j takes, `most` how many a person gets (one
    number for all, or one for each). Deterministic."""
    auction = _Auction(wishes, places, np.broadcast_to(np.int64(most), len(wishes.jobs)), epsilon)
    auction.run()
    return auction.result()


class _Auction:
    def __init__(self, wishes: Wishes, places: Ints, most: Ints, epsilon: float) -> None:
        self.most, self.epsilon = most, max(1, round(epsilon * _UNIT))
        listed = wishes.jobs != _NONE
        # No posting needs more places than people who list it.
        asked = np.bincount(wishes.jobs[listed], minlength=len(places))
        self.places: Ints = np.minimum(np.maximum(places, 0), asked)
        self.listed = listed & (self.places[wishes.jobs] > 0)
        self.column: Ints = np.where(self.listed, wishes.jobs, 0)
        self.scores = wishes.scores
        self.worth: Units = np.where(self.listed, np.rint(wishes.scores * _UNIT), _NEVER).astype(np.int32)
        self.free = self.worth.copy()
        """What each posting is worth, but for those held."""
        self.count: Ints = np.zeros(len(most), np.int64)
        self.prices: Units = np.zeros(len(places), np.int32)
        # The places of posting j are the slots starts[j] .. starts[j + 1]: who holds it, where in their row
        # it stands, and at what offer, the highest first.
        self.starts: Ints = np.concatenate([[0], np.cumsum(self.places)])
        self.holder: Ints = np.full(self.starts[-1], _NONE, np.int64)
        self.at: Ints = np.zeros(self.starts[-1], np.int64)
        self.offer: Ints = np.zeros(self.starts[-1], np.int64)

    def run(self) -> None:
        """Rounds of bids until nobody wants more at these prices. Prices only rise, so it ends."""
        bidders = np.flatnonzero(self.listed.any(axis=1) & (self.most > 0))
        while len(bidders):
            bidders = self._settle(*self._bid(bidders))

    def _bid(self, bidders: Ints) -> Bids:
        want = self.most[bidders] - self.count[bidders]
        bids = [
            each
            for wanted in range(1, int(want.max()) + 1)
            for rows in _blocks(bidders[want == wanted])
            for each in self._bid_for(rows, wanted)
        ]
        who, at, units = zip(*bids, strict=True)
        return np.concatenate(who), np.concatenate(at), np.concatenate(units)

    def _bid_for(self, rows: Ints, wanted: int) -> Iterator[Bids]:
        """The bids of people who want as many postings: for each of their best, up to what it is worth above
        the first that they would not get."""
        value = self.free[rows] - self.prices[self.column[rows]]
        lines = np.arange(len(rows))
        found = []
        for _ in range(wanted):
            spot = value.argmax(axis=1)
            found.append((spot, value[lines, spot]))
            value[lines, spot] = 2 * _NEVER
        following = np.maximum(value.max(axis=1), 0)
        for spot, top in found:
            wants = top > 0
            who, at = rows[wants], spot[wants]
            over: Ints = (top - following)[wants].astype(np.int64)
            yield who, at, self.prices[self.column[who, at]] + over + self.epsilon

    def _settle(self, who: Ints, at: Ints, bids: Ints) -> Ints:
        """Every posting keeps its highest bids, old and new, of equal ones the older; returns who lost
        one and bids in the next round."""
        if not len(who):
            return who
        jobs = self.column[who, at]
        touched = np.unique(jobs)
        sizes = self.places[touched]
        slots = np.repeat(self.starts[touched] - (np.cumsum(sizes) - sizes), sizes)
        slots += np.arange(len(slots))
        every_job = np.concatenate([np.repeat(touched, sizes), jobs])
        every_bid = np.concatenate([self.offer[slots], bids])
        order = _highest_first(every_job, every_bid)
        first = every_job[order].searchsorted(touched)
        counts = np.diff(np.append(first, len(order)))
        kept = np.arange(len(order)) - np.repeat(first, counts) < np.repeat(sizes, counts)
        every_who = np.concatenate([self.holder[slots], who])[order]
        every_at = np.concatenate([self.at[slots], at])[order]
        self.holder[slots], self.at[slots] = every_who[kept], every_at[kept]
        self.offer[slots] = every_bid[order][kept]
        self.prices[touched] = self.offer[self.starts[touched + 1] - 1]
        lost = ~kept & (every_who != _NONE)
        losers, lost_at = every_who[lost], every_at[lost]
        self.free[who, at] = _NEVER
        self.free[losers, lost_at] = self.worth[losers, lost_at]
        np.add.at(self.count, who, 1)
        np.subtract.at(self.count, losers, 1)
        return np.unique(losers)

    def result(self) -> Assigned:
        """What is held at the end, and the bound from the prices at which it is."""
        slots = np.flatnonzero(self.holder != _NONE)
        people, at = self.holder[slots], self.at[slots]
        order = np.lexsort((at, people))
        people, at = people[order], at[order]
        scores = self.scores[people, at]
        total = float(scores.sum())
        bound = bound_total(
            np.where(self.listed, self.scores, -np.inf),
            self.column,
            self.places,
            self.most,
            self.prices / _UNIT,
            total,
        )
        return Assigned(people, self.column[people, at], scores, total, bound)


def _blocks(rows: Ints) -> Iterator[Ints]:
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]


def _highest_first(jobs: Ints, bids: Ints) -> Ints:
    """The order by posting, the highest bid first, equal ones as they stand. All three go into one number
    where they fit (a prefecture's take 57 bits), as sorting numbers is ten times quicker than an order."""
    highest = int(bids.max())
    for_bid, for_place = highest.bit_length(), len(jobs).bit_length()
    if int(jobs.max()).bit_length() + for_bid + for_place >= np.iinfo(np.int64).bits:
        return np.lexsort((-bids, jobs))
    keys = (((jobs << for_bid) + (highest - bids)) << for_place) + np.arange(len(jobs))
    keys.sort()
    return keys & ((1 << for_place) - 1)
