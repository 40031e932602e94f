"""岗位索引: the best postings for a person out of one frozen set, and why the others are left out, exactly as
`reference.rank_postings` has it."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from app.matching.facts import PersonFacts, Vocabulary, WordKnowledge
from app.matching.index import kernel
from app.matching.index.cells import bound_cells
from app.matching.index.columns import Books, Flags, Floats, Ints
from app.matching.index.compiled import turn_start
from app.matching.index.locks import Key, LockPlan, Locks
from app.matching.index.packed import Rows, Tables
from app.matching.index.parts import IndexParts
from app.matching.index.runs import are_among, expand_runs, merge_rows
from app.matching.index.scores import Asker, find_scopes, read_asker, score_rows
from app.matching.index.swift import SwiftSearch
from app.matching.index.trades import SkillSets, TradeTable
from app.matching.reference import OrderKey
from app.matching.rules import places
from app.matching.terms import Gate

FEW_ROWS: Final = 6_000
"""So many postings are scored without asking for bounds first."""
FIRST_ROWS: Final = 512
LATER_ROWS: Final = 6_000
"""About so many postings are looked at in the first round of a search, and in each later one."""
COUNTY_DIGITS: Final = 6
_ONE: Final = np.uint64(1)


def turns_of_day(day: int, ids: Ints) -> npt.NDArray[np.uint64]:
    """`reference.turn_of_day` for many ids."""
    word = ids.astype(np.uint64) + turn_start(day)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def best_keys(scores: Floats, ids: Ints, day: int, limit: int | None) -> list[OrderKey]:
    """The first `limit` order keys (`reference.order_key`), sorted."""
    if limit is not None and len(scores) > limit:
        kept = scores >= np.partition(scores, len(scores) - limit)[len(scores) - limit]
        scores, ids = scores[kept], ids[kept]
    turns = turns_of_day(day, ids)
    order = np.lexsort((ids, turns, -scores))[:limit]
    return list(zip((-scores[order]).tolist(), turns[order].tolist(), ids[order].tolist(), strict=True))


def come_after(scores: Floats, ids: Ints, day: int, after: OrderKey) -> Flags:
    """Which rows stand behind a key in the order."""
    behind = scores < -after[0]
    equal = np.flatnonzero(scores == -after[0])
    if len(equal):
        turns = turns_of_day(day, ids[equal])
        mark = np.uint64(after[1])
        behind[equal] = (turns > mark) | ((turns == mark) & (ids[equal] > after[2]))
    return behind


@dataclass(frozen=True)
class Question:
    """一次询问: a person as one index needs them."""

    person: PersonFacts
    vocabulary: Vocabulary
    asker: Asker
    key: Key
    buses: Ints
    """Rows of postings whose bus comes to the person, rising."""


class PostingIndex:
    """岗位索引: frozen; `without` gives a copy that lacks some postings."""

    def __init__(self, rows: Rows, books: Books, today: int, knowledge: WordKnowledge) -> None:
        self._put_together(IndexParts.over(rows, books, today, knowledge), books, today, knowledge)

    @classmethod
    def of_parts(cls, parts: IndexParts, books: Books, today: int, knowledge: WordKnowledge) -> Self:
        """An index whose parts are there already."""
        index = object.__new__(cls)
        index._put_together(parts, books, today, knowledge)
        return index

    def _put_together(self, parts: IndexParts, books: Books, today: int, knowledge: WordKnowledge) -> None:
        self.parts = parts
        self.books = books
        self.columns = parts.columns
        self.ids: Ints = parts.columns.ids
        self.cells = parts.cells
        self.sets = SkillSets(books.skills.values)
        pairs = (parts.orders.asked_under, parts.orders.asked)
        self.trades = TradeTable(self.sets.names, books.occupations.values, pairs, knowledge)
        self._weights: tuple[Vocabulary | None, tuple[Floats, Floats]] = (None, (np.zeros(0), np.zeros(0)))
        self._stops = {stop: number for number, stop in enumerate(parts.stops)}
        self.gone: Ints = np.zeros(0, np.int64)
        self.alive: Flags | None = None
        self._begin_day(today, parts.plan)

    def _begin_day(self, today: int, plan: LockPlan) -> None:
        columns = self.columns
        self.today = today
        self.tables = Tables.over(columns, self.books, today)
        tables = (self.tables.upper, columns.days)
        self.locks = Locks(plan, self.parts.words, columns.pay, columns.starts, tables)
        self.swift = SwiftSearch(self) if kernel.IS_COMPILED and len(self.ids) else None

    def on_day(self, today: int) -> "PostingIndex":
        """The same postings on a later day; those that expire meanwhile are for the caller to take out."""
        copy = self._copied()
        copy._begin_day(today, replace(self.locks.plan, today=today))
        return copy

    def _copied(self) -> "PostingIndex":
        copy = object.__new__(PostingIndex)
        copy.__dict__.update(self.__dict__)
        return copy

    def unpacked(self) -> Rows:
        """Every row as `columns.encode_postings` gave it, but those of postings that are gone."""
        every = np.arange(len(self.ids)) if self.alive is None else np.flatnonzero(self.alive)
        return self.columns.unpack(every)

    def without(self, ids: set[int]) -> "PostingIndex":
        """The same index lacking some postings (those it has)."""
        gone = [place for identity in ids if (place := self.place_of(identity)) is not None]
        if not gone:
            return self
        copy = self._copied()
        copy.gone = np.union1d(self.gone, np.array(gone, np.int64))
        copy.alive = np.ones(len(self.ids), np.bool_)
        copy.alive[copy.gone] = False
        return copy

    def place_of(self, identity: int) -> int | None:
        """The row of a posting, None where it isn't here."""
        by_id = self.parts.orders.by_id
        at = bisect_left(by_id, identity, key=self.ids.__getitem__)
        if at == len(by_id) or self.ids[by_id[at]] != identity:
            return None
        place = int(by_id[at])
        return place if self.alive is None or self.alive[place] else None

    def __contains__(self, identity: int) -> bool:
        return self.place_of(identity) is not None

    def weights(self, vocabulary: Vocabulary) -> tuple[Floats, Floats]:
        """Word weights and set sums under a vocabulary; those of the last one asked for are kept."""
        kept = self._weights
        if kept[0] is not vocabulary:
            kept = self._weights = (vocabulary, self.sets.weigh(vocabulary))
        return kept[1]

    def ask(self, person: PersonFacts, vocabulary: Vocabulary) -> Question:
        """Work out once what a person's questions need."""
        grades = self.trades.grade(person)
        weights, scopes = self.weights(vocabulary), self.columns.scopes
        asker = read_asker(person, grades, weights, self.sets, vocabulary, self.books, scopes)
        buses = self.without_refused(self.buses_to(person.home_scope), person)
        return Question(person, vocabulary, asker, self.locks.plan.key(person), buses)

    def refuses(self, rows: Ints, person: PersonFacts) -> Flags:
        """Which rows lie in a place the person will not go to (`places.is_refused`)."""
        found = np.zeros(len(rows), np.bool_)
        for area in person.refused:
            found |= self.lie_in(rows, area)
        return found

    def without_refused(self, rows: Ints, person: PersonFacts) -> Ints:
        """The rows, but for those in a place the person will not go to."""
        return rows[~self.refuses(rows, person)] if person.refused and len(rows) else rows

    def _refused_cells(self, person: PersonFacts) -> list[tuple[int, int]]:
        """The runs of cells (from, up to) of refused counties and wider places, rising and apart."""
        found: list[tuple[int, int]] = []
        for area in person.refused:
            first, last = self.cells.run_of(area) if len(area) <= COUNTY_DIGITS else (0, 0)
            if first < last and (not found or first >= found[-1][1]):
                found.append((first, last))
        return found

    def _refused_within(self, person: PersonFacts) -> Ints:
        """The rows, rising, of refused places smaller than a county."""
        rows = _NO_ROWS
        for area in person.refused:
            if len(area) > COUNTY_DIGITS:
                rows = merge_rows(rows, self.rows_in(area))
        return rows

    def buses_to(self, home: str) -> Ints:
        """Rows of postings whose bus comes to a home, rising."""
        if not self._stops:
            return _NO_ROWS
        keys = [home[:size] for size in (2, 4, 6, 9, 12) if size <= len(home)]
        if len(home) >= places.TOWN_DIGITS:
            keys.append(f"{home[: places.TOWN_DIGITS]}*")
        rows, orders = _NO_ROWS, self.parts.orders
        for key in keys:
            number = self._stops.get(key)
            if number is not None:
                start, end = orders.stop_edges[number : number + 2].tolist()
                rows = merge_rows(rows, orders.stop_rows[start:end].astype(np.int64))
        return rows

    def rank_person(
        self, person: PersonFacts, vocabulary: Vocabulary, limit: int | None, after: OrderKey | None = None
    ) -> list[OrderKey]:
        """`rank` for a person who asks nothing else."""
        if self.swift is not None and limit is not None:
            return self.swift.rank(person, vocabulary, self.alive, limit, after)
        return self.rank(self.ask(person, vocabulary), limit, after)

    def rank(self, question: Question, limit: int | None, after: OrderKey | None = None) -> list[OrderKey]:
        """The first `limit` order keys behind `after`."""
        person = question.person
        if not len(self.ids):
            return []
        if self.swift is not None and limit is not None:
            return self.swift.rank(person, question.vocabulary, self.alive, limit, after)
        area = places.reach_area(person, person.reach)
        buses = question.buses if person.reach != "village" else _NO_ROWS
        if len(buses):
            buses = buses[~self.lie_in(buses, area)]
        where = self._places_of(area)
        few = isinstance(where, np.ndarray) or where.stop - where.start <= FEW_ROWS
        if limit is None or few:
            rows = self.without_refused(self.open_rows(question.key, where), person)
            if len(buses):
                rows = np.sort(np.concatenate([rows, self.open_rows(question.key, buses)]))
            return best_keys(*self._score(question, rows, after), self.today, limit)
        return self._search(question, area, limit, after)

    def open_rows(self, key: Key, where: slice | Ints) -> Ints:
        """Those of the rows, rising, that no gate shuts, the way left aside."""
        keep = self.locks.opens(key, where)
        if self.alive is not None:
            keep &= self.alive[where]
        return np.flatnonzero(keep) + where.start if isinstance(where, slice) else where[keep]

    def reached_rows(self, question: Question) -> Ints:
        """Every row within a person's reach that is still there, rising."""
        person = question.person
        area = places.reach_area(person, person.reach)
        buses = question.buses if person.reach != "village" else _NO_ROWS
        rows = merge_rows(self.without_refused(self.rows_in(area), person), buses)
        return rows if self.alive is None else rows[self.alive[rows]]

    def rows_in(self, area: str) -> Ints:
        """The rows inside an area, rising."""
        if len(area) <= COUNTY_DIGITS:
            run = self._run_of(area)
            return np.arange(run.start, run.stop)
        first, last = find_scopes(self.columns.scopes, area)
        start, end = self.parts.orders.scope_edges[[first, last]].tolist()
        return np.sort(self.parts.orders.by_scope[start:end]).astype(np.int64)

    def _score(self, question: Question, rows: Ints, after: OrderKey | None) -> tuple[Floats, Ints]:
        """Scores and ids of those rows, rising, that stand behind `after`."""
        if not len(rows):
            return np.zeros(0), _NO_ROWS
        fetched = are_among(rows, question.buses) if len(question.buses) else None
        scores, ids = score_rows(self.columns, self.tables, question.asker, rows, fetched), self.ids[rows]
        if after is not None:
            behind = come_after(scores, ids, self.today, after)
            scores, ids = scores[behind], ids[behind]
        return scores, ids

    def _search(self, question: Question, area: str, limit: int, after: OrderKey | None) -> list[OrderKey]:
        """Cells with the best bound first, until no cell left can hold one of the best."""
        person = question.person
        first, last = self.cells.run_of(area)
        bounds = bound_cells(self.cells, question.asker, slice(first, last))
        sizes = self.cells.ends[first:last] - self.cells.starts[first:last]
        # Those whose way the bounds don't know: of the home village, or with a bus from home.
        special = question.buses if person.reach != "village" else _NO_ROWS
        if question.asker.village is not None:
            home = self.rows_in(person.home_scope)
            special = merge_rows(special, self.without_refused(home[self.lie_in(home, area)], person))
        scores, ids = self._score(question, self.open_rows(question.key, special), after)
        special = merge_rows(special, self._refused_within(person))
        for begin, end in self._refused_cells(person):
            bounds[max(begin - first, 0) : max(end - first, 0)] = 0.0
        want = FIRST_ROWS
        left = np.flatnonzero(bounds > 0.0)
        while len(left):
            if len(scores) >= limit:
                floor = np.partition(scores, len(scores) - limit)[len(scores) - limit]
                left = left[bounds[left] >= floor]
                if not len(left):
                    break
            now, left = _take_best(left, bounds, sizes, want)
            now.sort()
            rows = expand_runs(self.cells.starts[first + now], sizes[now])
            if len(special):
                rows = rows[~are_among(rows, special)]
            more, their_ids = self._score(question, self.open_rows(question.key, rows), after)
            scores, ids = np.concatenate([scores, more]), np.concatenate([ids, their_ids])
            want = LATER_ROWS
        return best_keys(scores, ids, self.today, limit)

    def lie_in(self, rows: Ints, area: str) -> Flags:
        """Which rows lie inside an area."""
        start, end = find_scopes(self.columns.scopes, area)
        scopes = self.columns.scope[rows]
        return (scopes >= start) & (scopes < end)

    def count(self, question: Question) -> dict[Gate | None, int]:
        """How many postings each gate shuts first; under None those that are open."""
        if not len(self.ids):
            return {}
        person, key = question.person, question.key
        area = places.reach_area(person, person.reach)
        counts = self.parts.census.count(self.locks.plan, self.columns.days, key)
        buses = question.buses if person.reach != "village" else _NO_ROWS
        outside = buses[~self.lie_in(buses, area)] if len(buses) else buses
        where = self._places_of(area)
        if person.refused:
            where = self.without_refused(self.rows_in(area), person)
        inside = self.locks.count_gates(self.locks.first_places(key, where))
        if len(outside):
            _add(inside, self.locks.count_gates(self.locks.first_places(key, outside)), 1)
        if len(self.gone):
            gone = self.locks.first_places(key, self.gone)
            reached = self.lie_in(self.gone, area) & ~self.refuses(self.gone, person)
            reached |= np.isin(self.gone, outside)
            _add(inside, self.locks.count_gates(gone[reached]), -1)
            whole = self.locks.count_gates(gone)
            _add(counts, self._only_before_reach(whole), -1)
        passing = counts.pop(None, 0)
        later = {gate: count for gate, count in inside.items() if gate not in _BEFORE}
        counts[Gate.REACH] = passing - sum(later.values())
        _add(counts, later, 1)
        return {gate: count for gate, count in counts.items() if count}

    def _places_of(self, area: str) -> slice | Ints:
        return self._run_of(area) if len(area) <= COUNTY_DIGITS else self.rows_in(area)

    def _run_of(self, area: str) -> slice:
        """The run of rows of an area of at most six digits."""
        first, last = self.cells.run_of(area)
        if first == last:
            return slice(0, 0)
        return slice(int(self.cells.starts[first]), int(self.cells.ends[last - 1]))

    @staticmethod
    def _only_before_reach(counts: dict[Gate | None, int]) -> dict[Gate | None, int]:
        found: dict[Gate | None, int] = {}
        for gate, count in counts.items():
            _add(found, {gate if gate in _BEFORE else None: count}, 1)
        return found


_NO_ROWS: Final[Ints] = np.zeros(0, np.int64)
_BEFORE: Final[frozenset[Gate | None]] = frozenset(
    gate for gate in Gate if list(Gate).index(gate) < list(Gate).index(Gate.REACH)
)


def _add(sums: dict[Gate | None, int], more: dict[Gate | None, int], sign: int) -> None:
    for gate, count in more.items():
        sums[gate] = sums.get(gate, 0) + sign * count


def _take_best(left: Ints, bounds: Floats, sizes: Ints, want: int) -> tuple[Ints, Ints]:
    """Split off the cells with the best bounds that together hold about `want` rows."""
    average = max(1, int(sizes[left].sum()) // len(left))
    cells = max(1, want // average)
    if cells >= len(left):
        return left, left[:0]
    order = np.argpartition(-bounds[left], cells)
    return left[order[:cells]], left[order[cells:]]
