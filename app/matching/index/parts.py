"""索引部件: everything an index of postings is made of, as arrays. None of it depends on the day."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from app.matching.facts import WordKnowledge
from app.matching.index.cells import Cells, sort_rows
from app.matching.index.census import GateCensus
from app.matching.index.columns import Books, Ints, Words
from app.matching.index.locks import LockPlan, Locks
from app.matching.index.packed import PostingColumns, Rows, Tables, frozen
from app.matching.index.trades import SkillSets
from app.matching.rules import places


@dataclass(frozen=True)
class Orders:
    """各种次序: the rows by place, by id and by bus stop, and the words asked under each occupation."""

    by_scope: Ints
    scope_edges: Ints
    """Where the rows of each scope begin in `by_scope`, and the number of rows."""
    by_id: Ints
    stop_edges: Ints
    stop_rows: Ints
    """The rows of each stop, rising, stop after stop."""
    asked_under: Ints
    """Numbers of occupations, rising, with `asked`: a word (its number) that a posting of it asks for."""
    asked: Ints

    @classmethod
    def over(cls, columns: PostingColumns, sets: SkillSets, stops: "dict[str, list[int]]") -> Self:
        """Put the rows in every order."""
        by_scope = np.argsort(columns.scope, kind="stable")
        scopes = np.arange(len(columns.scopes) + 1)
        asked_under, asked = _pair_words(columns, sets)
        return cls(
            frozen(by_scope, np.int32),
            frozen(np.searchsorted(columns.scope[by_scope], scopes), np.int32),
            frozen(np.argsort(columns.ids), np.int32),
            frozen(np.cumsum([0, *(len(rows) for rows in stops.values())]), np.int32),
            frozen(np.array([row for rows in stops.values() for row in rows]), np.int32),
            frozen(asked_under, np.int32),
            frozen(asked, np.int32),
        )


def _pair_words(columns: PostingColumns, sets: SkillSets) -> tuple[Ints, Ints]:
    occupation, width = columns.occupation.astype(np.int64), len(sets.names) + 1
    lines = [occupation * width + line[columns.skills] for line in sets.words]
    pairs = np.unique(np.concatenate(lines)) if lines else np.zeros(0, np.int64)
    pairs = pairs[pairs % width != width - 1]
    return pairs // width, pairs % width


@dataclass(frozen=True)
class IndexParts:
    """索引部件: see the module. Rows stand in the order of `cells.sort_rows`."""

    columns: PostingColumns
    plan: LockPlan
    words: Words
    """The locks."""
    census: GateCensus
    cells: Cells
    stops: tuple[str, ...]
    """Bus stops, and `<town>*` for every stop of a town."""
    orders: Orders

    @classmethod
    def over(cls, rows: Rows, books: Books, today: int, knowledge: WordKnowledge) -> Self:
        """Build an index over rows in any order."""
        columns = PostingColumns.over(rows)
        tables = Tables.over(columns, books, today)
        order = sort_rows(columns, tables)
        columns, rows = columns.ordered(order), rows[order]
        plan = LockPlan.over(rows, books, today, knowledge)
        words = plan.lock(rows, books)
        if words is None:
            raise ValueError("a plan over these rows must lock them")
        words = frozen(words)
        locks = Locks(plan, words, columns.pay, columns.starts, (tables.upper, columns.days))
        stops = _bus_stops(columns, books)
        return cls(
            columns,
            plan,
            words,
            GateCensus.over(locks),
            Cells.over(columns, tables),
            tuple(stops),
            Orders.over(columns, SkillSets(books.skills.values), stops),
        )


def _bus_stops(columns: PostingColumns, books: Books) -> dict[str, list[int]]:
    """Rows, rising, by each stop, and by each township in which a stop lies."""
    found: dict[str, dict[int, None]] = {}
    pickups = books.pickups.values
    for row, number in zip(columns.bus_rows.tolist(), columns.bus_stops.tolist(), strict=True):
        for stop in pickups[number]:
            found.setdefault(stop, {})[row] = None
            if len(stop) >= places.TOWN_DIGITS:
                found.setdefault(f"{stop[: places.TOWN_DIGITS]}*", {})[row] = None
    return {stop: list(rows) for stop, rows in found.items()}
