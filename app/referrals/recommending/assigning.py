"""分配: who is given which posting, so that the scores add up to the most, with a proof of how near that is.

A person gets at most three postings, a posting at most its places. Auction (Bertsekas 1988, for similar
objects): every person without enough postings bids for the one that leaves them best off at the present
prices, by what it is worth to them above the next best, plus EPSILON; a posting keeps its highest bids and
costs what the lowest of them offered. The prices that come out are the dual solution: with them, no way of
giving out the listed postings can be worth more than `bound` (weak duality).
"""

from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import Final

import numpy as np
import numpy.typing as npt

EPSILON: Final = 0.25
"""Of a score of 100. The result is within EPSILON for each posting given of the best possible."""
_NONE: Final = -1

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Wishes:
    """谁合适什么: row i holds person i's postings, best first, padded with -1."""

    jobs: Ints
    scores: Floats


@dataclass(frozen=True)
class Assigned:
    """分配结果: pairs (person row, posting column), their total score, and what no assignment can exceed."""

    people: Ints
    jobs: Ints
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
    """Bids in rounds of all who want more, as arrays; when few are left, one by one."""

    FEW: Final = 400

    def __init__(self, wishes: Wishes, places: Ints, most: Ints, epsilon: float) -> None:
        self.wishes, self.most, self.epsilon = wishes, most, epsilon
        self.listed = wishes.jobs != _NONE
        self.column = np.where(self.listed, wishes.jobs, 0)
        # No posting needs more places than people who list it.
        asked = np.bincount(self.column[self.listed], minlength=len(places))
        self.places = np.minimum(np.maximum(places, 0), asked)
        self.prices = np.where(self.places > 0, 0.0, np.inf)
        # The places of posting j are the slots starts[j] .. starts[j + 1]: who holds it at what offer, the
        # highest offer first.
        self.starts = np.concatenate([[0], np.cumsum(self.places)])
        self.holder = np.full(self.starts[-1], _NONE, np.int64)
        self.offer = np.full(self.starts[-1], -np.inf)
        self.at = np.zeros(self.starts[-1], np.int64)
        self.holds = np.zeros(wishes.jobs.shape, bool)

    def run(self) -> None:
        """Rounds of bids until nobody wants more at these prices. Prices only rise, so it ends."""
        bidders = np.flatnonzero(self.listed.any(axis=1))
        while len(bidders) > self.FEW:
            bidders = self._settle(*self._bids(bidders))
        _Haggle(self).run(bidders.tolist())

    def _bids(self, bidders: Ints) -> tuple[Ints, Ints, Floats]:
        """The bids of all bidders: for as many of their best postings as they still want, each up to what it
        is worth above the first that they would not get."""
        want = self.most[bidders] - self.holds[bidders].sum(axis=1)
        free = self.listed[bidders] & ~self.holds[bidders]
        prices = self.prices[self.column[bidders]]
        value = np.where(free, self.wishes.scores[bidders] - prices, -np.inf)
        width = value.shape[1]
        depth = min(int(self.most.max()) + 1, width)
        order = np.argpartition(-value, depth - 1, axis=1)[:, :depth]
        rows = np.arange(len(bidders))[:, None]
        order = order[rows, np.argsort(-value[rows, order], axis=1, kind="stable")]
        top = np.concatenate([value[rows, order], np.full((len(bidders), 1), -np.inf)], axis=1)
        following = np.maximum(top[rows[:, 0], np.minimum(want, depth)], 0.0)
        wants = (np.arange(depth)[None, :] < want[:, None]) & (top[:, :depth] > 0)
        who, nth = np.nonzero(wants)
        at = order[who, nth]
        bids = prices[who, at] + top[who, nth] - following[who] + self.epsilon
        return bidders[who], at, bids

    def _settle(self, who: Ints, at: Ints, bids: Floats) -> Ints:
        """Every posting keeps its highest bids, old and new; returns who wants more in the next round."""
        if not len(who):
            return who
        jobs = self.column[who, at]
        touched = np.unique(jobs)
        sizes = self.places[touched]
        slots = np.repeat(self.starts[touched] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
        slots += np.arange(len(slots))
        every_job = np.concatenate([np.repeat(touched, sizes), jobs])
        every_who = np.concatenate([self.holder[slots], who])
        every_at = np.concatenate([self.at[slots], at])
        every_bid = np.concatenate([self.offer[slots], bids])
        order = np.lexsort((every_who, -every_bid, every_job))
        every_job, every_who = every_job[order], every_who[order]
        every_at, every_bid = every_at[order], every_bid[order]
        first = np.searchsorted(every_job, touched)
        counts = np.diff(np.append(first, len(every_job)))
        kept = np.arange(len(every_job)) - np.repeat(first, counts) < self.places[every_job]
        self.holder[slots], self.at[slots] = every_who[kept], every_at[kept]
        self.offer[slots] = every_bid[kept]
        self.prices[touched] = np.maximum(self.offer[self.starts[touched + 1] - 1], 0.0)
        self.holds[who, at] = True
        lost = ~kept & (every_who != _NONE)
        self.holds[every_who[lost], every_at[lost]] = False
        return np.unique(every_who[lost])

    def result(self) -> Assigned:
        rows, columns = np.nonzero(self.holds)
        total = float(self.wishes.scores[rows, columns].sum())
        return Assigned(rows, self.column[rows, columns], total, self._bound())

    def _bound(self) -> float:
        """The dual: the prices of all places, and for each person their best postings above these prices."""
        prices = np.where(self.places > 0, self.prices, 0.0)
        surplus = np.where(self.listed, self.wishes.scores - self.prices[self.column], 0.0)
        best = -np.sort(-np.maximum(surplus, 0.0), axis=1)
        counts = np.arange(best.shape[1])[None, :] < self.most[:, None]
        return float((prices * self.places).sum() + np.where(counts, best, 0.0).sum())


class _Haggle:
    """The last rounds, one bidder at a time: cheaper than arrays for a handful, and the same rule."""

    def __init__(self, auction: _Auction) -> None:
        self.auction = auction
        self.prices: list[float] = auction.prices.tolist()
        self.open: dict[int, list[tuple[float, int, int]]] = {}

    def run(self, bidders: list[int]) -> None:
        auction, queue = self.auction, list(reversed(bidders))
        while queue:
            person = queue.pop()
            want = int(auction.most[person] - auction.holds[person].sum())
            for at, job, bid in self._bids(person, want):
                loser = self._take(person, at, job, bid)
                if loser is not None:
                    queue.append(loser)
        auction.prices = np.array(self.prices)

    def _bids(self, person: int, want: int) -> list[tuple[int, int, float]]:
        if want <= 0:
            return []
        auction, prices = self.auction, self.prices
        jobs = auction.wishes.jobs[person].tolist()
        scores = auction.wishes.scores[person].tolist()
        held = auction.holds[person].tolist()
        worth = sorted(
            (
                (prices[job] - score, at)
                for at, (job, score) in enumerate(zip(jobs, scores, strict=True))
                if job != _NONE and not held[at] and score > prices[job]
            )
        )
        following = -worth[want][0] if len(worth) > want else 0.0
        return [
            (at, jobs[at], prices[jobs[at]] - loss - following + auction.epsilon) for loss, at in worth[:want]
        ]

    def _take(self, person: int, at: int, job: int, bid: float) -> int | None:
        """Puts the bid into the posting's lowest place; returns who held that place."""
        auction = self.auction
        heap = self.open.get(job)
        if heap is None:
            slots = range(int(auction.starts[job]), int(auction.starts[job + 1]))
            heap = [(float(auction.offer[s]), int(auction.holder[s]), int(auction.at[s])) for s in slots]
            heapify(heap)
            self.open[job] = heap
        _, loser, lost_at = heapreplace(heap, (bid, person, at))
        self.prices[job] = max(heap[0][0], 0.0)
        auction.holds[person, at] = True
        if loser == _NONE:
            return None
        auction.holds[loser, lost_at] = False
        return loser
