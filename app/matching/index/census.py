"""门槛总账: how many postings of the whole market each gate before the way shuts, not looking at each."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from app.matching.index.columns import Floats, Ints, Words
from app.matching.index.locks import Key, LockPlan, Locks
from app.matching.index.packed import frozen
from app.matching.terms import Gate


@dataclass(frozen=True)
class GateCensus:
    """门槛总账: see the module.

    Postings with the same bits before the way, that start on the same day to come, are of one kind. `pays`
    holds every posting's pay, rising, kind after kind: the number of the kind times the number of different
    pays, and the pay's own number among them.
    """

    words: Words
    starts: Ints
    counts: Ints
    pays: Ints
    uppers: Floats
    """The different highest pays, rising."""

    @classmethod
    def over(cls, locks: Locks) -> Self:
        """Count the kinds."""
        wanted = locks.words & locks.plan.before_reach()
        later = locks.days.searchsorted(locks.plan.today, "right")
        future = np.where(locks.starts >= later, locks.starts, 0)
        together = np.ascontiguousarray(np.vstack([wanted, future.astype(np.uint64)]).T)
        kinds, group, counts = np.unique(together, axis=0, return_inverse=True, return_counts=True)
        uppers, by_pay = np.unique(locks.upper, return_inverse=True)
        pays = group.reshape(-1).astype(np.int64) * len(uppers) + by_pay.reshape(-1)[locks.pay]
        is_small = len(kinds) * len(uppers) < 1 << 31
        return cls(
            frozen(kinds[:, :-1].T),
            frozen(kinds[:, -1], locks.starts.dtype),
            frozen(counts, np.int32),
            frozen(np.sort(pays.astype(np.int32) if is_small else pays)),
            frozen(uppers),
        )

    def count(self, plan: LockPlan, days: Ints, key: Key) -> dict[Gate | None, int]:
        """How many postings each gate before the way shuts first; under None those that none does."""
        nothing = np.zeros(len(self.counts), np.int64)
        kinds = Locks(plan, self.words, nothing, self.starts, (np.full(1, np.inf), days))
        places = kinds.first_places(key, slice(None))
        found = kinds.count_gates(places, self.counts)
        if key.floor is not None:
            open_kinds = np.flatnonzero(places == 0)
            first = open_kinds * len(self.uppers)
            enough = int(self.uppers.searchsorted(key.floor))
            bounds = np.concatenate([first, first + enough]).astype(self.pays.dtype)
            starts, ends = np.split(self.pays.searchsorted(bounds), 2)
            underpaid = int((ends - starts).sum())
            if underpaid:
                found[Gate.WAGE] = underpaid
                found[None] -= underpaid
        return {gate: count for gate, count in found.items() if count}
