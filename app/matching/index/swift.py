"""快路: hands questions to the compiled search of `kernel`, one person's or a whole crowd's.

A person becomes a few rows of numbers. What many people share (the home's place in the tree, the grades of a
set of skills, the bits of a set of limits) is worked out once and kept as bytes, which are put one behind the
other faster than numbers into an array. Gives `PostingIndex.rank`'s own answer.
"""

from array import array
from collections.abc import Iterable, Sequence, Sized
from functools import lru_cache
from threading import local
from typing import Any, Final, NamedTuple, TypeVar

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
from app.matching.reference import OrderKey
from app.matching.rules import places
from app.matching.rules.gates import CLASSES_WITH_OWN_WORK

COUNTY_DIGITS: Final = 6
KEPT: Final = 4_000
"""Homes, areas and sets of wishes that are kept."""
LISTS: Final = 3
"""Lists of rows a home may have: for who stays in the village, in the township, or goes further."""
BIRTHDAYS_KEPT: Final = 20_000
Codes = tuple[str, ...]
Shared = TypeVar("Shared")
NO_ROWS: Ints = np.zeros(0, np.int64)
ALL_ALIVE: Flags = np.zeros(0, np.bool_)
NO_MARK: Final = (False, 0.0, np.uint64(0), 0)


class People(NamedTuple):
    """一批人: a row of figures, numbers, spans, days and keys each (see `kernel` for their places); of the
    rest people share rows, told by their spans."""

    figures: Any
    numbers: Any
    spans: Any
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
        self._ages = lru_cache(maxsize=BIRTHDAYS_KEPT)(self._read_ages)
        self._grades = lru_cache(maxsize=KEPT)(self._read_grades)
        self._refused = lru_cache(maxsize=KEPT)(self._read_refused)

    def rank(
        self, person: PersonFacts, vocabulary: Vocabulary, alive: Any, limit: int, after: OrderKey | None
    ) -> list[OrderKey]:
        """The first `limit` order keys behind `after`."""
        read = self._read(person, vocabulary)
        figures, numbers, days, ages, fixed, refused, (listed, fetched), grades = read
        spans = (0, 0, len(listed), 0, len(refused))
        people = People(
            *(np.array([figures], np.float64), _rows_of([numbers]), np.array([spans])),
            *(_rows_of([days]), self._keys([ages], [fixed])),
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
        read = [self._read(person, vocabulary) for person in people]
        figures, numbers, days, ages, fixed, refused, listed, grades = zip(*read, strict=True)
        (graded, lines), (lists, spots) = _number(grades), _number(listed)
        edges, cuts = _edges(rows for rows, _ in lists), _edges(refused)
        spans = (lines, edges[spots], edges[spots + 1], cuts[:-1], cuts[1:])
        return People(
            *(np.array(figures, np.float64), _rows_of(numbers), np.stack(spans, axis=1)),
            *(_rows_of(days), self._keys(ages, fixed)),
            *(np.concatenate(refused), *(np.concatenate(part) for part in zip(*lists, strict=True))),
            *(np.concatenate(part) for part in zip(*graded, strict=True)),
        )

    def _keys(self, ages: Sequence[bytes], fixed: Sequence[bytes]) -> Any:
        """What shuts people out, at each of their ages."""
        width = self._index.locks.plan.width
        of_ages = np.frombuffer(b"".join(ages), np.uint64).reshape(len(ages), -1, width)
        return of_ages | np.frombuffer(b"".join(fixed), np.uint64).reshape(len(ages), 1, width)

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
        index, words = (self._columns, self._tables), (self._index.sets.words, weights, asked)
        alive = ALL_ALIVE if alive is None else alive
        kernel.rank_people(
            *(begin, end, tuple(people), index, words, self._cells, self._counties, alive),
            *((self._start, *mark), *found),
        )

    def _read(self, person: PersonFacts, vocabulary: Vocabulary) -> tuple[Any, ...]:
        """A person's own figures, and what they share with others: numbers, days and the words that shut
        each age out, the words that shut them out at any age, refused places, listed rows, grades."""
        home, area = person.home_scope, places.reach_area(person, person.reach)
        coarse = person.blur_m > scores.COARSE_M or person.x is None or person.y is None
        x, y = (0, 0) if coarse else (person.x, person.y)
        scale = places.SCALE_M[person.reach if person.reach_is_said else "county"]
        if person.cares_for_family:
            scale = min(scale, places.SCALE_M["county"]) / 2.0
        floor = person.pay_floor or 0
        fixed, wants = self._wants(
            *(person.education_step, person.certificates, person.limits, person.labour_class),
            *(person.class_from_age, person.profiles, person.shifts, person.cares_for_family),
            *(person.welfare_eligible, person.needs_board, person.needs_lodging),
        )
        lines, days, ages = self._ages(person.born_on, person.age)
        marks = _MARKS[coarse], _MARKS[person.reach != "village"]
        numbers = b"".join((*marks, self._home(home), self._area(area), wants, lines))
        figures = (x, y, person.blur_m, scale, floor, person.pay_floor or vocabulary.usual_pay)
        refused = self._refused(person.refused) if person.refused else _NOTHING_REFUSED
        grades = self._grades(person.skills, person.occupations, person.names_a_wish)
        listed = self._listed(home, area if len(area) > COUNTY_DIGITS else None)
        return figures, numbers, days, ages, fixed, refused, listed, grades

    def _read_home(self, home: str) -> bytes:
        """How many levels of the tree a home is known by, its village's scopes, and each level's."""
        ranges = [c.scope_range(home[:size]) for size in scores.LEVEL_DIGITS if size <= len(home)]
        codes = [self._codes(*both) for both in ranges]
        village = codes[-1] if len(codes) == len(scores.LEVEL_DIGITS) else (0, 0)
        codes += [(0, 0)] * (len(scores.LEVEL_DIGITS) - len(codes))
        return _bytes_of(len(ranges), *village, *(code for both in codes for code in both))

    def _read_area(self, area: str) -> bytes:
        """An area's scopes and counties; none of these where it is smaller than a county."""
        counties = (0, 0)
        if len(area) <= COUNTY_DIGITS:
            first, last = self._county_numbers.searchsorted(county_range(area)).tolist()
            counties = (first, last)
        return _bytes_of(*self._codes(*c.scope_range(area)), *counties)

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
        comes = np.ones(len(buses), np.bool_)
        joined: tuple[Ints, Flags] = kernel.join_rows(buses, comes, rows)
        return joined

    def _read_wants(
        self, step: int | None, certificates: Codes, limits: Codes, labour_class: str, from_age: bool,
        profiles: Codes, shifts: Codes, cares: bool, welfare: bool, board: bool, lodging: bool,
    ) -> tuple[bytes, bytes]:  # fmt: skip
        """The words of bits that shut a person out whatever their age, and what lowers the grade."""
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
        lowers = _bytes_of(cares, burdens, wanted, bool(shifts), has_class, mark)
        return self._words_of(self._index.locks.plan.fixed_bits(person)), lowers

    def _read_ages(self, born_on: int | None, age: int | None) -> tuple[bytes, bytes, bytes]:
        """How many ages somebody has while postings start, the numbers of the days from which on, and the
        words of bits that shut each age out; the first age once more in the places that are left."""
        plan = self._index.locks.plan
        bits = plan.age_bits(born_on, age)
        days = [0, *self._days.searchsorted([day for day, _ in bits[1:]]).tolist()]
        left = plan.most_ages - len(bits)
        words = [self._words_of(shut) for _, shut in bits]
        return _bytes_of(len(bits)), _bytes_of(*days, *[0] * left), b"".join(words + words[:1] * left)

    def _words_of(self, bits: int) -> bytes:
        places = range(self._index.locks.plan.width)
        return array("Q", [bits >> (WORD * place) & FULL_WORD for place in places]).tobytes()

    def _read_refused(self, areas: tuple[str, ...]) -> Ints:
        return np.array([self._codes(*c.scope_range(area)) for area in areas], np.int64)

    def _read_grades(self, skills: Codes, occupations: Codes, wish: bool) -> Grades:
        grades = self._index.trades.grade_words(skills, occupations, wish)
        order = self._trades[np.argsort(-grades.best[self._trades], kind="stable")]
        parts = (grades.known, grades.occupation, grades.unasked, grades.best, order)
        return Grades(*(part.reshape(1, -1) for part in parts))


_NOTHING_REFUSED: Final[Ints] = np.zeros((0, 2), np.int64)


def _bytes_of(*numbers: int) -> bytes:
    return array("q", numbers).tobytes()


_MARKS: Final = (_bytes_of(0), _bytes_of(1))


def _rows_of(rows: Sequence[bytes]) -> Ints:
    """Rows of numbers, all of one length."""
    return np.frombuffer(b"".join(rows), np.int64).reshape(len(rows), -1)


def _number(shared: Sequence[Shared]) -> tuple[list[Shared], Ints]:
    """The different ones among things that people share, and which of them is whose."""
    different = {id(one): one for one in shared}
    number = {name: place for place, name in enumerate(different)}
    return list(different.values()), np.array([number[id(one)] for one in shared])


def _edges(parts: Iterable[Sized]) -> Ints:
    """Where each part begins, and the last ends, when they are put one behind the other."""
    return np.cumsum([0, *map(len, parts)])


def make_room(people: int, limit: int) -> Found:
    """Arrays for what is found."""
    size = (people, limit)
    return Found(
        np.zeros(size), np.zeros(size, np.uint64), np.full(size, -1, np.int64), np.zeros(people, np.int64)
    )
