"""快路: hands a question to the compiled search of `kernel`. Gives `PostingIndex.rank`'s own answer."""

from typing import Any

import numpy as np

from app.matching.index import kernel
from app.matching.index.columns import Ints
from app.matching.index.locks import Key
from app.matching.reference import OrderKey

NO_ROWS: Ints = np.zeros(0, np.int64)
_ALL_ALIVE = np.zeros(0, np.bool_)


class SwiftSearch:
    """快路: one index's arrays in the order in which the compiled loop takes them."""

    def __init__(self, index: Any) -> None:
        columns, cells, locks = index.columns, index.cells, index.locks
        self._ids = index.ids
        self._width = locks.words.shape[0]
        self._day = np.uint64((index.today * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
        self._columns = (
            *(columns.figures, columns.occupation, columns.skills, columns.flags, columns.likely),
            *(columns.suits, columns.shifts, columns.scope, index.sets.words),
        )
        self._gates = (locks.words, locks.starts, locks.pay_max)
        self._cells = (
            *(cells.starts, cells.ends, cells.trade, np.vstack([cells.county_from, cells.county_to])),
            *(cells.box, cells.pointless),
            np.vstack([cells.steady, cells.middle, cells.least, cells.pay_max]),
            np.vstack([cells.flags_any, cells.likely_all, cells.suits_any, cells.shifts_any]).astype(
                np.int64
            ),
        )

    def search(
        self,
        question: Any,
        rows: Ints,
        parts: list[tuple[int, int]],
        alive: Any,
        limit: int,
        after: OrderKey | None,
        skip: Ints = NO_ROWS,
    ) -> list[OrderKey]:
        """The first `limit` order keys among `rows` (rising) and the cells of `parts`, of which the rows of
        `skip` (rising) are left out."""
        asker, grades = question.asker, question.asker.grades
        gates = (*self._gates, *self._key(question.key))
        who = kernel.person_figures(asker)
        trade = (grades.occupation, grades.unasked, grades.best)
        tables = (*asker.tiers, asker.known, asker.asked, *trade)
        mark = (
            (0.0, np.uint64(0), 0, False)
            if after is None
            else (-after[0], np.uint64(after[1]), after[2], True)
        )
        moment = (self._ids, _ALL_ALIVE if alive is None else alive, self._day, *mark)
        found = (np.zeros(limit), np.zeros(limit, np.uint64), np.zeros(limit, np.int64))
        count = 0
        if len(rows):
            fetched = np.zeros(len(rows), np.bool_)
            if len(question.buses):
                places = np.minimum(question.buses.searchsorted(rows), len(question.buses) - 1)
                fetched = question.buses[places] == rows
            alone = np.vstack([rows, rows + 1])
            count = kernel.look_at(
                count, alone, fetched, NO_ROWS, self._columns, gates, who, tables, moment, found
            )
        if parts:
            left_out = np.union1d(rows, skip) if len(skip) else rows
            count = kernel.search_cells(
                *(count, np.array(parts, np.int64), left_out, self._cells, self._columns, gates),
                *(who, tables, moment, found),
            )
        scores, turns, ids = (part[:count].tolist() for part in found)
        return [(-score, turn, identity) for score, turn, identity in zip(scores, turns, ids, strict=True)]

    def _key(self, key: Key) -> tuple[Ints, Any]:
        words = np.zeros((len(key.words), self._width), np.uint64)
        for line, (_, bits) in enumerate(key.words):
            for number, word in bits:
                words[line, number] = word
        return np.array([day for day, _ in key.words], np.int64), words
