"""最好能到多少: what no way of giving out the listed postings can exceed, from prices for their places.

Weak duality: at any prices, every assignment is worth at most what all places cost and, for each person,
their best postings above these prices. An auction's prices give a bound already; a few steps down its slope
(Polyak 1969: towards what was found, by as much as the slope promises) bring it four times nearer.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

STEPS: Final = 8
_BLOCK: Final = 2_048

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def bound_total(
    scores: Floats, column: Ints, places: Ints, most: Ints, prices: Floats, found: float
) -> float:
    """The least bound met from `prices` on. `scores[i, k]` is what posting `column[i, k]` is worth to person
    i (-inf: not listed), `most[i]` how many they may get, `found` an assignment's total."""
    least = np.inf
    for _ in range(STEPS):
        bound, asked = _bound_at(scores, column, places, most, prices)
        least = min(least, bound)
        slope = (places - asked).astype(np.float64)
        slope[(slope > 0) & (prices <= 0)] = 0.0
        steepness = float(slope @ slope)
        if steepness == 0.0 or least <= found:
            break
        prices = np.maximum(prices - (bound - found) / steepness * slope, 0.0)
    return float(max(least, found))


def _bound_at(scores: Floats, column: Ints, places: Ints, most: Ints, prices: Floats) -> tuple[float, Ints]:
    """The bound at some prices, and how many would then ask for each posting."""
    bound, asked = float(prices @ places), np.zeros(len(places), np.int64)
    for start in range(0, len(scores), _BLOCK):
        here = slice(start, start + _BLOCK)
        columns, limit = column[here], most[here]
        value = scores[here] - prices[columns]
        lines = np.arange(len(value))
        for nth in range(int(limit.max())):
            spot = value.argmax(axis=1)
            top = value[lines, spot]
            wants = (top > 0) & (limit > nth)
            bound += float(top[wants].sum())
            asked += np.bincount(columns[lines[wants], spot[wants]], minlength=len(asked))
            value[lines, spot] = -np.inf
    return bound, asked
