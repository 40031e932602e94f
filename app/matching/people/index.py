"""人员索引: one frozen set of people as columns, ranked for a posting.

Rows stand sorted by area of reach, then by skills and wishes, then by what household and waiting add: who
reaches a work place are the few areas that are the place's own divisions ("" .. its village), and whom a bus
fetches. A bound is one look into a table and one addition, first for a run of one area and one set of skills,
then for the rows of runs that can still be among the best.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from app.matching.index.columns import Flags, Floats, Ints
from app.matching.index.compiled import turn_start
from app.matching.index.postings import best_keys, come_after
from app.matching.index.runs import expand_runs
from app.matching.index.swift import NO_MARK, make_room
from app.matching.people import kernel
from app.matching.people.columns import COLUMNS, Bits, Books, Bounds, Rows
from app.matching.people.scores import score_people, standing
from app.matching.people.tables import BITS, Question
from app.matching.reference import OrderKey
from app.matching.terms import Gate

FEW_ROWS: Final = 4_096
"""So many rows are scored one and all: bounds would cost more."""
FEW_HOLDERS: Final = 8_192
"""And so many who hold the papers a posting asks for."""
FIRST_RUNS: Final = 48
"""The best rows of so many runs are scored before the rest is measured against the worst of the best."""
MOST_KEPT: Final = 200
"""Longer pages are worked out column by column."""
MOST_FOUND: Final = 4_096
"""Room for the scores the compiled loop finds on its way to the best."""
MARGIN: Final = 1e-4
"""Far more than single precision takes away from what household and waiting add."""

Area = Sequence[str] | None
"""Prefixes of the region codes of those who may be seen; None = everybody."""

Ranges = list[tuple[int, int]]
_FIRST_BIT: Final = np.array(
    [-1 if not bits else (bits & -bits).bit_length() - 1 for bits in range(1 << len(Gate))], np.int8
)
_NO_ROWS: Final[Ints] = np.zeros(0, np.int64)
_NO_FLAGS: Final[Flags] = np.zeros(0, np.bool_)


class Wanted(NamedTuple):
    """所要的一页: the first `limit` behind `after` among who lives in some ranges of `_by_place`."""

    question: Question
    ranges: Ranges
    limit: int
    after: OrderKey | None


class PeopleIndex:
    """人员索引: see the module; `without` gives a copy that lacks some people."""

    def __init__(self, rows: Rows, books: Books, today: int) -> None:
        raised = standing(rows["need"], rows["waiting"])
        order = np.lexsort((-raised, rows["trade"], rows["area"]))
        self.books, self.today = books, today
        names = COLUMNS.names or ()
        self.columns = {name: np.ascontiguousarray(rows[name][order]) for name in names}
        self.ids = self.columns["id"]
        self.raised = (raised[order] + MARGIN).astype(np.float32)
        self.alive: Flags | None = None
        self._by_id = np.argsort(self.ids, kind="stable").astype(np.int32)
        self._make_runs()
        self._sort_by_place()
        self._sort_by_papers()

    def _make_runs(self) -> None:
        """Runs of one area and one set of skills: where each begins (and the last ends), its set, and the
        most that household and waiting add for any of its people."""
        area, trade = self.columns["area"], self.columns["trade"]
        is_new = np.append(True, (area[1:] != area[:-1]) | (trade[1:] != trade[:-1]))
        starts = np.flatnonzero(is_new[: len(area)])
        self._run_starts: Ints = np.append(starts, len(area))
        self._run_trades, self._run_tops = trade[starts], self.raised[starts]
        areas = area[starts]
        firsts = np.flatnonzero(np.append(True, areas[1:] != areas[:-1])[: len(areas)])
        edges = pairwise([*firsts.tolist(), len(starts)])
        self._runs_of_area = dict(zip(areas[firsts].tolist(), edges, strict=True))

    def _sort_by_place(self) -> None:
        """Rows by managing place: an area is one range of them."""
        place = self.columns["place"]
        found = np.unique(place)
        codes = [self.books.places.values[code][0] for code in found.tolist()]
        rank = np.argsort(np.array(codes, "U12"), kind="stable")
        ranks = np.zeros(int(found[-1]) + 1 if len(found) else 0, np.int32)
        ranks[found[rank]] = np.arange(len(found), dtype=np.int32)
        self._by_place = np.argsort(ranks.take(place), kind="stable").astype(np.int32)
        self._place_names = np.array(codes, "U12")[rank]
        self._place_codes = found[rank]
        counts = np.bincount(ranks.take(place), minlength=len(found))
        self._place_starts = np.concatenate([[0], np.cumsum(counts)])

    def _sort_by_papers(self) -> None:
        """Rows by schooling and certificates: what few people have is asked for by some postings."""
        papers = self.columns["papers"]
        self._by_papers = np.argsort(papers, kind="stable").astype(np.int32)
        self._papers_starts = np.concatenate([[0], np.cumsum(np.bincount(papers))])

    def __len__(self) -> int:
        return len(self.ids) if self.alive is None else int(self.alive.sum())

    @property
    def gone(self) -> int:
        """How many of the rows are no longer there."""
        return len(self.ids) - len(self)

    def without(self, ids: set[int]) -> "PeopleIndex":
        """The same index lacking some people (those it has)."""
        gone = [place for identity in ids if (place := self.place_of(identity)) is not None]
        if not gone:
            return self
        copy = object.__new__(PeopleIndex)
        copy.__dict__.update(self.__dict__)
        copy.alive = np.ones(len(self.ids), np.bool_) if self.alive is None else self.alive.copy()
        copy.alive[gone] = False
        return copy

    def place_of(self, identity: int) -> int | None:
        """The row of a person, None where they aren't here."""
        at = int(np.searchsorted(self.ids, identity, sorter=self._by_id))
        if at == len(self.ids) or self.ids[self._by_id[at]] != identity:
            return None
        place = int(self._by_id[at])
        return place if self.alive is None or self.alive[place] else None

    def kept_rows(self) -> Rows:
        """The rows that are there, for an index with more or fewer people."""
        kept = slice(None) if self.alive is None else self.alive
        rows = np.zeros(len(self), COLUMNS)
        for name, column in self.columns.items():
            rows[name] = column[kept]
        return rows

    def rank(
        self, question: Question, area: Area, limit: int | None, after: OrderKey | None
    ) -> list[OrderKey]:
        """The order keys of `reference.rank_people` among who may be seen: `limit` (None = all) behind
        `after`."""
        if question.always:
            return []
        runs = [self._runs_of_area[code] for code in question.site.open_areas if code in self._runs_of_area]
        rows_of_runs = [(int(self._run_starts[first]), int(self._run_starts[last])) for first, last in runs]
        reached = sum(end - start for start, end in rows_of_runs)
        ranges = self._place_ranges(area)
        seen = sum(end - start for start, end in ranges)
        if limit is not None and min(reached, seen) > FEW_ROWS:
            return self._search(Wanted(question, ranges, limit, after), runs)
        if seen <= reached:
            rows = self._among(ranges)
            rows = rows[~self._too_far(question, lambda name: self.columns[name].take(rows))]
        else:
            rows = np.concatenate(
                [_NO_ROWS, *(np.arange(*rows) for rows in rows_of_runs), self._fetched(question)]
            )
            rows = rows[self._lies_in(ranges, rows)]
        scores, ids = self._scores(question, rows, after)
        return best_keys(scores, ids, self.today, limit)

    def _search(self, wanted: "Wanted", stretches: Ranges) -> list[OrderKey]:
        """The best of the runs of some stretches and of whom the bus fetches."""
        question = wanted.question
        alone, holders = self._fetched(question), self._holders(question, stretches)
        if holders is not None:
            alone, stretches = np.append(alone, holders), []
        if kernel.IS_COMPILED and wanted.limit <= MOST_KEPT:
            keys = self._search_swiftly(wanted, alone, stretches)
            if keys is not None:
                return keys
        return self._look_twice(wanted, alone[self._lies_in(wanted.ranges, alone)], stretches)

    def _holders(self, question: Question, stretches: Ranges) -> Ints | None:
        """The rows of some stretches of runs whose papers will do; None where these are many."""
        starts = self._papers_starts
        codes = np.flatnonzero(question.papers[: len(starts) - 1] == 0)
        share = (starts.take(codes + 1) - starts.take(codes)).sum() / len(self.ids)
        edges = self._run_starts.take(np.array(stretches, np.int64)).ravel().tolist()
        if share * sum(end - begin for begin, end in zip(edges[::2], edges[1::2], strict=True)) > FEW_HOLDERS:
            return None
        found = []
        for code in codes.tolist():
            rows = self._by_papers[starts[code] : starts[code + 1]]
            cuts = rows.searchsorted(edges).tolist()
            found += [rows[begin:end] for begin, end in zip(cuts[::2], cuts[1::2], strict=True)]
        return np.concatenate([_NO_ROWS, *found])

    def _look_twice(self, wanted: "Wanted", alone: Ints, stretches: Ranges) -> list[OrderKey]:
        """The best of some rows and of those with the highest bounds first, then whoever else could be among
        them."""
        question, ranges, limit, after = wanted
        runs = np.concatenate([_NO_ROWS, *(np.arange(first, last) for first, last in stretches)])
        tops = question.bound.take(self._run_trades.take(runs)) + self._run_tops.take(runs)
        scores, ids = self._scores(question, alone, after)
        looked_from, size = np.float32(np.inf), FIRST_RUNS
        while True:
            cut = _rank_from_top(tops, size)
            is_last = size > FIRST_RUNS and len(scores) >= limit
            if is_last:
                worst = np.partition(scores, len(scores) - limit)[len(scores) - limit]
                cut = np.nextafter(np.float32(max(worst, 0.0)), np.float32(0.0))
            rows = self._rows_between(question, runs[tops >= cut], cut, looked_from)
            more = self._scores(question, rows[self._lies_in(ranges, rows)], after)
            scores, ids = np.append(scores, more[0]), np.append(ids, more[1])
            if is_last or cut <= 0.0:
                return best_keys(scores, ids, self.today, limit)
            looked_from, size = min(looked_from, cut), size * 8

    def _search_swiftly(self, wanted: "Wanted", alone: Ints, stretches: Ranges) -> list[OrderKey] | None:
        """The same by the compiled loop; None where it would find more than it has room for."""
        question, ranges, limit, after = wanted
        found = (np.empty(MOST_FOUND, np.int64), np.empty(MOST_FOUND), np.zeros(limit))
        seen = (
            _NO_FLAGS if self.alive is None else self.alive,
            _NO_FLAGS if self._is_everywhere(ranges) else self._place_flags(ranges),
        )
        asked = (self._figures, question.lines, question.figures, seen)
        mark = (False, 0.0) if after is None else (True, -after[0])
        runs = (self._run_starts, self._run_trades, self._run_tops)
        spans = np.array(stretches, np.int64).reshape(-1, 2)
        count = kernel.look_for_best(alone, spans, FIRST_RUNS, runs, *asked, mark, found)
        if count < 0:
            return None
        rows, first = (found[0][:count], found[1][:count]), make_room(1, limit)
        lines = (first.scores[0], first.turns[0], first.ids[0])
        behind = NO_MARK if after is None else (True, -after[0], np.uint64(after[1]), after[2])
        size = kernel.put_in_order(rows, self.ids, turn_start(self.today), behind, lines)
        scores, turns, ids = (line[:size].tolist() for line in (-lines[0], *lines[1:]))
        return list(zip(scores, turns, ids, strict=True))

    @cached_property
    def _figures(self) -> tuple[Ints, ...]:
        """The columns in the order in which the compiled loop takes them."""
        return (self.raised, *(self.columns[name] for name in kernel.COLUMNS))

    def _rows_between(self, question: Question, runs: Ints, low: np.float32, high: np.float32) -> Ints:
        """The rows of some runs whose bound is not under `low` but under `high`."""
        starts = self._run_starts.take(runs)
        rows = expand_runs(starts, self._run_starts.take(runs + 1) - starts)
        bounds = question.bound.take(self.columns["trade"].take(rows)) + self.raised.take(rows)
        return rows[(bounds >= low) & (bounds < high)]

    def _scores(self, question: Question, rows: Ints, after: OrderKey | None) -> tuple[Floats, Ints]:
        """Scores and ids of those of the rows, all within reach, whom no other gate shuts out and who stand
        behind `after`."""
        rows = self._open_rows(question, rows)
        scores, ids = score_people(self.columns, question, rows), self.ids.take(rows)
        if after is not None:
            behind = come_after(scores, ids, self.today, after)
            scores, ids = scores[behind], ids[behind]
        return scores, ids

    def _open_rows(self, question: Question, rows: Ints) -> Ints:
        if self.alive is not None:
            rows = rows[self.alive.take(rows)]
        gates = [("terms", question.terms), ("papers", question.papers), ("floor", question.floors)]
        if question.refused.any():
            gates.append(("refused", question.refused))
        for name, bits in gates:
            rows = rows[bits.take(self.columns[name].take(rows)) == 0]
        born, age = self.columns["born"].take(rows), self.columns["age"].take(rows)
        kept: Ints = rows[question.ages.bits(born, age) == 0]
        return kept

    def count(self, question: Question, area: Area) -> dict[Gate | None, int]:
        """How many of who may be seen each gate shuts first; None = open."""
        ranges = self._place_ranges(area)
        rows = None if self._is_everywhere(ranges) else self._among(ranges)
        bits = self._bits(question, rows)
        if self.alive is not None:
            bits = bits[self.alive if rows is None else self.alive.take(rows)]
        counts = np.bincount(_FIRST_BIT.take(bits) + 1, minlength=len(Gate) + 1)
        named: list[Gate | None] = [None, *Gate]
        return {gate: count for gate, count in zip(named, counts.tolist(), strict=True) if count}

    def _bits(self, question: Question, rows: Ints | None) -> Bits:
        """The gates shut for some rows (None = all), as bits."""

        def column(name: str) -> Ints:
            return self.columns[name] if rows is None else self.columns[name].take(rows)

        bits: Bits = question.terms.take(column("terms"))
        bits |= question.papers.take(column("papers"))
        bits |= question.floors.take(column("floor"))
        bits |= question.ages.bits(column("born"), column("age"))
        if question.always:
            bits |= np.uint16(question.always)
        far = self._too_far(question, column)
        bits |= far * np.uint16(BITS[Gate.REACH])
        if question.refused.any():
            bits |= question.refused.take(column("refused"))
        return bits

    def _too_far(self, question: Question, column: Callable[[str], Ints]) -> Flags:
        is_open = np.zeros(len(self.books.areas), np.bool_)
        is_open[list(question.site.open_areas)] = True
        reached: Flags = is_open.take(column("area"))
        if question.served is not None:
            fetched = question.served.take(column("place"))
            reached |= fetched & ~question.tables.homebound.take(column("pace"))
        return ~reached

    def _fetched(self, question: Question) -> Ints:
        """Rows of people the bus fetches who don't reach the place without it."""
        if question.served is None:
            return _NO_ROWS
        served = np.flatnonzero(question.served.take(self._place_codes))
        rows = self._among([(self._place_starts[at], self._place_starts[at + 1]) for at in served.tolist()])
        homebound = question.tables.homebound.take(self.columns["pace"].take(rows))
        return rows[~homebound & ~np.isin(self.columns["area"].take(rows), question.site.open_areas)]

    def _place_ranges(self, area: Area) -> Ranges:
        """Ranges of `_by_place` that lie in an area, apart from each other."""
        if area is None or "" in area:
            return [(0, len(self.ids))]
        outer = [one for one in area if not any(one != other and one.startswith(other) for other in area)]
        found: Ranges = []
        for prefix in sorted(set(outer)):
            start, end = np.searchsorted(self._place_names, [prefix, prefix + ":"])
            if start < end:
                found.append((int(self._place_starts[start]), int(self._place_starts[end])))
        return found

    def _is_everywhere(self, ranges: Ranges) -> bool:
        return ranges == [(0, len(self.ids))]

    def _among(self, ranges: Ranges) -> Ints:
        """The rows of some ranges of `_by_place`."""
        return np.concatenate([_NO_ROWS, *(self._by_place[start:end] for start, end in ranges)])

    def _place_flags(self, ranges: Ranges) -> Flags:
        """By code of the place, whether it lies in some ranges of `_by_place`."""
        flags = np.zeros(len(self.books.places), np.bool_)
        for start, end in ranges:
            first, last = np.searchsorted(self._place_starts, [start, end])
            flags[self._place_codes[first:last]] = True
        return flags

    def _lies_in(self, ranges: Ranges, rows: Ints) -> Flags:
        if self._is_everywhere(ranges):
            return np.ones(len(rows), np.bool_)
        return self._place_flags(ranges).take(self.columns["place"].take(rows))


def _rank_from_top(bounds: Bounds, wanted: int) -> np.float32:
    """The bound that about `wanted` are not under, 0 where there are fewer."""
    if wanted >= len(bounds):
        return np.float32(0.0)
    return max(np.partition(bounds, len(bounds) - wanted)[len(bounds) - wanted], np.float32(0.0))


def compile_search(books: Books, question: Question) -> None:
    """Has the compiled loop made ready by one question, so that the first officer need not wait."""
    if kernel.IS_COMPILED:
        index = PeopleIndex(np.zeros(1, COLUMNS), books, 1)
        index._search(Wanted(question, [(0, 1)], 1, None), [(0, 1)])
