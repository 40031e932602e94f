"""快路: hands questions to the compiled search of `kernel`, one person's or a whole crowd's.

A person becomes a few rows of numbers. What many people share (the home's place in the tree, the grades of a
set of skills, the bits of a set of limits) is worked out once and kept. Gives `PostingIndex.rank`'s own
answer.
"""

from array import array
from collections.abc import Sequence
from functools import lru_cache
from threading import local
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from app.matching.facts import PersonFacts, Vocabulary
from app.matching.index import columns as c
from app.matching.index import kernel, layout, scores
from app.matching.index.cells import county_range
from app.matching.index.columns import Flags, Floats, Ints
from app.matching.index.compiled import turn_start
from app.matching.index.locks import FULL_WORD, WORD
from app.matching.index.packed import shift_bits
from app.matching.index.runs import are_among, merge_rows
from app.matching.reference import OrderKey
from app.matching.rules import places
from app.matching.rules.gates import CLASSES_WITH_OWN_WORK

COUNTY_DIGITS: Final = 6
KEPT: Final = 4_000
"""Homes, birthdays and sets of wishes that are kept."""
LISTS: Final = 3
"""Lists of rows a home may have: for who stays in the village, in the township, or goes further."""
Codes = tuple[str, ...]
NO_ROWS: Ints = np.zeros(0, np.int64)
ALL_ALIVE: Flags = np.zeros(0, np.bool_)
NO_MARK: Final = (False, 0.0, np.uint64(0), 0)


class People(NamedTuple):
    """一批人: see the places of figures and numbers in `kernel`; of the other arrays people share rows."""

    figures: Any
    numbers: Any
    days: Any
    keys: Any
    refused: Any
    listed: Any
    fetched: Any
    known: Any
    trade: Any
    unasked: Any
    best: Any
    order: Any


class Grades(NamedTuple):
    """手艺行: a set of skills and wishes graded, as rows of one line."""

    known: Any
    trade: Any
    unasked: Any
    best: Any
    order: Any
    """The index's trades, the best for this person first."""


class Found(NamedTuple):
    """所得: order keys, a line a person, best first, and how many each has."""

    scores: Floats
    turns: npt.NDArray[np.uint64]
    ids: Ints
    counts: Ints


class Room(local):
    """A thread's own arrays for one person's answer."""

    found: Found | None = None


class SwiftSearch:
    """快路: one index's arrays as the compiled loop takes them, and what is kept of people."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._scopes, self._days = index.columns.scopes, index.columns.days
        # Plain tuples: the compiler takes long to tell the type of any other.
        self._columns, self._tables = tuple(layout.read_columns(index)), tuple(layout.read_tables(index))
        self._cells, self._counties = (
            tuple(layout.read_bounds(index.cells)),
            tuple(layout.read_counties(index)),
        )
        self._county_numbers = index.cells.counties
        self._trades = np.unique(index.cells.trade).astype(np.int32)
        self._start = turn_start(index.today)
        self._room = Room()
        self._home = lru_cache(maxsize=KEPT)(self._read_home)
        self._area = lru_cache(maxsize=KEPT)(self._read_area)
        self._buses = lru_cache(maxsize=KEPT)(index.buses_to)
        self._rows = lru_cache(maxsize=KEPT)(index.rows_in)
        self._listed = lru_cache(maxsize=LISTS * KEPT)(self._list_rows)
        self._wants = lru_cache(maxsize=KEPT)(self._read_wants)
        self._words = lru_cache(maxsize=KEPT)(self._read_words)
        self._grades = lru_cache(maxsize=KEPT)(self._read_grades)
        self._refused = lru_cache(maxsize=KEPT)(self._read_refused)

    def rank(
        self, person: PersonFacts, vocabulary: Vocabulary, alive: Any, limit: int, after: OrderKey | None
    ) -> list[OrderKey]:
        """The first `limit` order keys behind `after`."""
        figures, numbers, days, keys, refused, (listed, fetched), grades = self._read(person, vocabulary)
        numbers[-5:] = (0, 0, len(listed), 0, len(refused))
        people = People(
            *(
                np.array([figures], np.float64),
                np.array([numbers]),
                np.array([days]),
                np.array([keys], np.uint64),
            ),
            *(refused, listed, fetched, *grades),
        )
        found = self._room.found
        if found is None or found.ids.shape[1] != limit:
            found = self._room.found = make_room(1, limit)
        mark = NO_MARK if after is None else (True, -after[0], np.uint64(after[1]), after[2])
        self._search(0, 1, people, vocabulary, alive, mark, found)
        size = found.counts[0]
        lines = ((-found.scores[0, :size]).tolist(), found.turns[0, :size].tolist())
        return list(zip(*lines, found.ids[0, :size].tolist(), strict=True))

    def gather(self, people: Sequence[PersonFacts], vocabulary: Vocabulary) -> People:
        """People as `search` takes them."""
        # Flat, not lists of lists: so many new lists would have the collector walk over every fact in memory.
        figures, numbers, days, keys = array("d"), array("q"), array("q"), array("Q")
        refused: list[Ints] = []
        listed: list[Ints] = []
        fetched: list[Flags] = []
        spots: dict[int, tuple[int, int]] = {}
        lines: dict[int, int] = {}
        graded: list[Grades] = []
        total = cut = 0
        longest, width = self._index.locks.plan.most_ages, self._index.locks.plan.width
        for person in people:
            row, number, day, key, refusing, rows, grades = self._read(person, vocabulary)
            line = lines.get(id(grades))
            if line is None:
                line = lines[id(grades)] = len(graded)
                graded.append(grades)
            spot = spots.get(id(rows))
            if spot is None:
                spot = spots[id(rows)] = (total, total := total + len(rows[0]))
                listed.append(rows[0])
                fetched.append(rows[1])
            number[-5:] = (line, *spot, cut, cut := cut + len(refusing))
            if len(refusing):
                refused.append(refusing)
            figures.extend(row)
            numbers.extend(number)
            days.extend(day + [0] * (longest - len(day)))
            for words in key + [key[0]] * (longest - len(key)):
                keys.extend(words)
        return People(
            np.frombuffer(figures).reshape(len(people), -1),
            np.frombuffer(numbers, np.int64).reshape(len(people), -1),
            np.frombuffer(days, np.int64).reshape(len(people), longest),
            np.frombuffer(keys, np.uint64).reshape(len(people), longest, width),
            *(np.concatenate(refused) if refused else _NOTHING_REFUSED, np.concatenate(listed)),
            *(np.concatenate(fetched), *(np.concatenate(part) for part in zip(*graded, strict=True))),
        )

    def search(
        self, people: People, vocabulary: Vocabulary, alive: Any, limit: int, begin: int, end: int
    ) -> Found:
        """The best postings of some gathered people. Runs without the interpreter's lock."""
        found = make_room(len(people.figures), limit)
        self._search(begin, end, people, vocabulary, alive, NO_MARK, found)
        return found

    def _search(
        self,
        begin: int,
        end: int,
        people: People,
        vocabulary: Vocabulary,
        alive: Any,
        mark: Any,
        found: Found,
    ) -> None:
        weights, asked = self._index.weights(vocabulary)
        index = (self._columns, self._tables, self._index.sets.words, weights, asked)
        alive = ALL_ALIVE if alive is None else alive
        kernel.rank_people(
            begin, end, tuple(people), index, self._cells, self._counties, alive, (self._start, *mark), *found
        )

    def _read(self, person: PersonFacts, vocabulary: Vocabulary) -> tuple[Any, ...]:
        home, area = person.home_scope, places.reach_area(person, person.reach)
        coarse = person.blur_m > scores.COARSE_M or person.x is None or person.y is None
        x, y = (0, 0) if coarse else (person.x, person.y)
        scale = places.SCALE_M[person.reach if person.reach_is_said else "county"]
        if person.cares_for_family:
            scale = min(scale, places.SCALE_M["county"]) / 2.0
        floor = person.pay_floor or 0
        bits, wants = self._wants(
            *(person.education_step, person.certificates, person.limits, person.labour_class),
            *(person.class_from_age, person.profiles, person.shifts, person.cares_for_family),
            *(person.welfare_eligible, person.needs_board, person.needs_lodging),
        )
        days, keys = self._read_lines(person, bits)
        reach = self._area(area)
        takes_bus = person.reach != "village"
        numbers = [coarse, *self._home(home), *reach, takes_bus, *wants, len(days), 0, 0, 0, 0, 0]
        figures = [x, y, person.blur_m, scale, floor, person.pay_floor or vocabulary.usual_pay]
        refused = self._refused(person.refused) if person.refused else _NOTHING_REFUSED
        grades = self._grades(person.skills, person.occupations, person.names_a_wish)
        listed = self._listed(home, area if len(area) > COUNTY_DIGITS else None)
        return figures, numbers, days, keys, refused, listed, grades

    def _read_home(self, home: str) -> tuple[int, ...]:
        """How many levels of the tree a home is known by, its village's scopes, and each level's."""
        ranges = [c.scope_range(home[:size]) for size in scores.LEVEL_DIGITS if size <= len(home)]
        codes = [self._codes(*both) for both in ranges]
        village = codes[-1] if len(codes) == len(scores.LEVEL_DIGITS) else (0, 0)
        codes += [(0, 0)] * (len(scores.LEVEL_DIGITS) - len(codes))
        return (len(ranges), *village, *(code for both in codes for code in both))

    def _read_area(self, area: str) -> tuple[int, ...]:
        """An area's scopes and counties; none of these where it is smaller than a county."""
        counties = (0, 0)
        if len(area) <= COUNTY_DIGITS:
            first, last = self._county_numbers.searchsorted(county_range(area)).tolist()
            counties = (first, last)
        return (*self._codes(*c.scope_range(area)), *counties)

    def _codes(self, begin: int, end: int) -> tuple[int, int]:
        first, last = self._scopes.searchsorted((begin, end)).tolist()
        return first, last

    def _list_rows(self, home: str, area: str | None) -> tuple[Ints, Flags]:
        """The rows that aren't looked for by cells: those with a bus from home, and those of the home village
        or of an area smaller than a county. And whether a bus comes."""
        buses, rows = self._buses(home), NO_ROWS
        if area is not None or len(home) >= places.VILLAGE_DIGITS:
            rows = self._rows(home if area is None else area)
        if not len(buses):
            return rows, np.zeros(len(rows), np.bool_)
        rows = merge_rows(rows, buses)
        return rows, are_among(rows, buses)

    def _read_wants(
        self, step: int | None, certificates: Codes, limits: Codes, labour_class: str, from_age: bool,
        profiles: Codes, shifts: Codes, cares: bool, welfare: bool, board: bool, lodging: bool,
    ) -> tuple[int, tuple[int, ...]]:  # fmt: skip
        """The bits that shut a person out whatever their age, and what lowers the grade."""
        person = PersonFacts(
            home_scope="", education_step=step, certificates=certificates, limits=limits,
            labour_class=labour_class, class_from_age=from_age, profiles=profiles, shifts=shifts,
            cares_for_family=cares, welfare_eligible=welfare, needs_board=board, needs_lodging=lodging,
        )  # fmt: skip
        books = self._index.books
        burdens = books.demands.known_bits((*limits, "night") if cares else limits)
        has_class = labour_class in CLASSES_WITH_OWN_WORK
        mark = books.suits.known_bits([labour_class]) if has_class else 0
        wanted = shift_bits(shifts)
        lowers = (int(cares), burdens, wanted, int(bool(shifts)), int(has_class), mark)
        return self._index.locks.plan.fixed_bits(person), lowers

    def _read_lines(self, person: PersonFacts, fixed: int) -> tuple[list[int], list[tuple[int, ...]]]:
        """The bits that shut a person out, and the number of the day from which on they hold."""
        plan = self._index.locks.plan
        days: list[int] = []
        keys: list[tuple[int, ...]] = []
        for day, bits in plan.age_bits(person.born_on, person.age):
            days.append(int(self._days.searchsorted(day)) if days else 0)
            keys.append(self._words(fixed | bits))
        return days, keys

    def _read_words(self, bits: int) -> tuple[int, ...]:
        return tuple(bits >> (WORD * number) & FULL_WORD for number in range(self._index.locks.plan.width))

    def _read_refused(self, areas: tuple[str, ...]) -> Ints:
        return np.array([self._codes(*c.scope_range(area)) for area in areas], np.int64)

    def _read_grades(self, skills: Codes, occupations: Codes, wish: bool) -> Grades:
        grades = self._index.trades.grade_words(skills, occupations, wish)
        order = self._trades[np.argsort(-grades.best[self._trades], kind="stable")]
        parts = (grades.known, grades.occupation, grades.unasked, grades.best, order)
        return Grades(*(part.reshape(1, -1) for part in parts))


_NOTHING_REFUSED: Final[Ints] = np.zeros((0, 2), np.int64)


def make_room(people: int, limit: int) -> Found:
    """Arrays for what is found."""
    size = (people, limit)
    return Found(
        np.zeros(size), np.zeros(size, np.uint64), np.full(size, -1, np.int64), np.zeros(people, np.int64)
    )
