"""行与行段: rising row numbers as sets, and runs (from, up to) of rows or cells."""

import numpy as np

from app.matching.index.columns import Flags, Ints


def merge_rows(some: Ints, others: Ints) -> Ints:
    """Both sets of rising rows as one."""
    if not len(some) or not len(others):
        return some if len(some) else others
    return np.sort(np.concatenate([some, others[~are_among(others, some)]]))


def are_among(rows: Ints, some: Ints) -> Flags:
    """Which of the rows, rising, are among some few, rising."""
    found = np.zeros(len(rows), np.bool_)
    places = rows.searchsorted(some)
    places, some = places[places < len(rows)], some[: np.count_nonzero(places < len(rows))]
    found[places[rows[places] == some]] = True
    return found


def expand_runs(starts: Ints, sizes: Ints) -> Ints:
    """The rows of runs: starts[0], starts[0] + 1 ... for sizes[0] rows, then the next run's."""
    ends = np.cumsum(sizes)
    rows: Ints = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes)
    return rows
