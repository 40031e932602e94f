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
    """词频账: how many postings, how many with each skill word, and all their middle pays, rising."""

    size: int
    counts: Counter[str]
    pays: Ints

    @classmethod
    def over(cls, said: Iterable[Said]) -> "Tally":
        """Count postings."""
        return cls(0, Counter(), np.zeros(0, np.int64)).changed((), said)

    def changed(self, gone: Iterable[Said], come: Iterable[Said]) -> "Tally":
        """The tally after some postings went and others came."""
        counts, pays, size = Counter(self.counts), self.pays, self.size
        left = [_middle(said) for said in gone if _add(counts, said, -1)]
        new = [_middle(said) for said in come if _add(counts, said, 1)]
        size += len(new) - len(left)
        less = np.sort(np.array([pay for pay in left if pay is not None], np.int64))
        if len(less):
            # Equal pays are taken away one after another.
            first = np.searchsorted(less, less, "left")
            pays = np.delete(pays, np.searchsorted(pays, less) + np.arange(len(less)) - first)
        more = np.sort(np.array([pay for pay in new if pay is not None], np.int64))
        if len(more):
            pays = np.insert(pays, np.searchsorted(pays, more), more)
        return Tally(size, Counter({word: count for word, count in counts.items() if count}), pays)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """As `Vocabulary.from_postings` counts it."""
        usual = int(self.pays[len(self.pays) // 2]) if len(self.pays) else USUAL_PAY
        return Vocabulary(self.size, self.counts, usual)


def _add(counts: Counter[str], said: Said, sign: int) -> bool:
    for word in said[0]:
        counts[word] += sign
    return True


def _middle(said: Said) -> int | None:
    _, low, high = said
    # NaN is not above 0.
    return (int(low) + int(high)) // 2 if low > 0 and high > 0 else None
