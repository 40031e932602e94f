"""Repeatable chance: the same key throws the same numbers on every machine and every Python.

Only `Random.random()` is promised by Python to stay the same between versions, so everything is built on it;
a text key is hashed by Python with SHA-512, not with the process's own hash seed.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """One stream of throws. Give each purpose its own key, so that adding throws here moves nothing there."""

    def __init__(self, *key: str | int) -> None:
        self._random = random.Random("/".join(str(part) for part in key))  # noqa: S311 - no secret is made

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        return int(self._random.random() * count)

    def between(self, low: int, high: int, step: int = 1) -> int:
        """A whole number from `low` to `high`, both included, in steps from `low`."""
        return low + step * self.below((high - low) // step + 1)

    def chance(self, percent: int) -> bool:
        """True in `percent` of 100 throws."""
        return self.below(100) < percent

    def pick(self, items: Sequence[Item]) -> Item:
        """One of them, all alike."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[tuple[Item, int]]) -> Item:
        """One of them by weight."""
        left = self.below(sum(weight for _, weight in items))
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        raise ValueError("weights must be positive")

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """A new list in another order (Fisher and Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """`count` different ones (fewer if there are fewer), in the order given."""
        chosen = set(self.shuffled(range(len(items)))[:count])
        return [item for index, item in enumerate(items) if index in chosen]
