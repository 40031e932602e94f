"""词频账: the vocabulary of the live postings, kept up as postings come and go (see `Vocabulary`)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.matching.facts import USUAL_PAY, Vocabulary
from app.matching.index.columns import Ints

Said = tuple[tuple[str, ...], float, float]
"""What one posting says: its skill words, lowest and highest pay (0 or NaN where it names none)."""


@dataclass(frozen=True)
class Tally:
    """词频账: how many postings, how many with each skill word, and with each middle pay, rising."""

    size: int
    counts: Counter[str]
    pays: Ints
    pay_counts: Ints

    @classmethod
    def over(cls, said: Iterable[Said]) -> "Tally":
        """Count postings."""
        nothing = np.zeros(0, np.int64)
        return cls(0, Counter(), nothing, nothing).changed((), said)

    def changed(self, gone: Iterable[Said], come: Iterable[Said]) -> "Tally":
        """The tally after some postings went and others came."""
        counts, size = Counter(self.counts), self.size
        steps: Counter[int] = Counter()
        for sign, some in ((-1, gone), (1, come)):
            for said in some:
                size += sign
                for word in said[0]:
                    counts[word] += sign
                pay = _middle(said)
                if pay is not None:
                    steps[pay] += sign
        pays, pay_counts = self._stepped(steps)
        return Tally(
            size, Counter({word: count for word, count in counts.items() if count}), pays, pay_counts
        )

    def _stepped(self, steps: Counter[int]) -> tuple[Ints, Ints]:
        pays = np.union1d(self.pays, np.array(list(steps), np.int64))
        counts = np.zeros(len(pays), np.int64)
        counts[pays.searchsorted(self.pays)] = self.pay_counts
        counts[pays.searchsorted(np.array(list(steps), np.int64))] += np.array(list(steps.values()), np.int64)
        left = counts > 0
        return pays[left], counts[left]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """As `Vocabulary.from_postings` counts it."""
        usual, sums = USUAL_PAY, np.cumsum(self.pay_counts)
        if len(sums):
            usual = int(self.pays[sums.searchsorted(sums[-1] // 2, "right")])
        return Vocabulary(self.size, self.counts, usual)


def _middle(said: Said) -> int | None:
    _, low, high = said
    # NaN is not above 0.
    return (int(low) + int(high)) // 2 if low > 0 and high > 0 else None
