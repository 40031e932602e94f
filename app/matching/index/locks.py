"""门槛位: every gate as bits of 64-bit words, so that one AND tells whether a posting is shut to a person.

A condition of a posting ("asks for schooling step 3", "no lodging") is a bit of its lock; a person's key
holds the bits that shut them out. Bits stand in the order of the gates, so the lowest bit of lock AND key is
the gate that the reference names. Pay is no bit: it is compared with the person's floor where it is asked.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from app.matching.facts import PersonFacts, WordKnowledge
from app.matching.index import columns as c
from app.matching.index.columns import Books, Flags, Ints, Words
from app.matching.rules import gates
from app.matching.terms import Gate

WORD: Final = 64
ORDER: Final = tuple(gate for gate, _ in gates.GATES)
BEFORE_REACH: Final = frozenset(ORDER[: ORDER.index(Gate.REACH)])
FULL_WORD: Final = (1 << WORD) - 1

Condition = tuple[Gate, Hashable, Flags]
Rows = npt.NDArray[np.void]


def list_conditions(rows: Rows, books: Books, today: int) -> Iterator[Condition]:
    """Every condition the rows make, in the order of the gates, and which rows make it."""
    flags, every = rows["flags"], np.ones(len(rows), np.bool_)
    yield Gate.UNDER_16, "all", every
    yield Gate.CLOSED, "all", flags & c.OPEN == 0
    yield Gate.EMPLOYER, "all", flags & (c.VERIFIED | c.MUTED) != c.VERIFIED
    yield Gate.EXPIRED, "all", rows["valid_until"] < today
    yield Gate.FULL, "all", flags & c.FULL != 0
    for age in np.unique(rows["age_min"]).tolist():
        if age > 0:
            yield Gate.AGE, ("min", age), rows["age_min"] == age
    for age in np.unique(rows["age_max"]).tolist():
        if age < c.NO_LIMIT:
            yield Gate.AGE, ("max", age), rows["age_max"] == age
    yield Gate.AGE, "minor", flags & (c.BARRED | c.HEIGHTS) != 0
    for step in np.unique(rows["education"]).tolist():
        if step > 0:
            yield Gate.EDUCATION, step, rows["education"] == step
    yield from _certificates(rows, books)
    for number, demand in enumerate(books.demands.values):
        if demand != "night":
            yield Gate.LIMITS, demand, rows["demands"] >> number & 1 != 0
    yield Gate.LIMITS, "night", flags & c.NIGHT != 0
    yield Gate.WAGE, "all", ~every
    yield from _classes(rows, books)
    yield Gate.WELFARE, "all", flags & c.WELFARE != 0
    yield from _hours(rows, books)
    yield Gate.BOARD, "board", flags & c.BOARD == 0
    yield Gate.BOARD, "lodging", flags & c.LODGING == 0


def _certificates(rows: Rows, books: Books) -> Iterator[Condition]:
    sets = books.certificates.values
    asked = {code for number in np.unique(rows["certificates"]).tolist() for code in sets[number]}
    for code in sorted(asked):
        asks = np.array([code in certificates for certificates in sets], np.bool_)
        yield Gate.CERTIFICATE, code, asks[rows["certificates"]]


def _classes(rows: Rows, books: Books) -> Iterator[Condition]:
    kinds = np.array([kind in gates.KINDS_FOR_EVERY_CLASS for kind in books.kinds.values] + [False], np.bool_)
    suits = rows["suits"]
    open_to_all = kinds[rows["kind"]] | (suits & books.suits.known_bits(["home_work"]) != 0)
    for labour_class, marks in (("semi", ("semi", "weak")), ("weak", ("weak",))):
        shut = ~open_to_all & (suits & books.suits.known_bits(marks) == 0)
        yield Gate.CLASS, (labour_class, False), shut
        # Whoever is weak only through age may take a posting that asks for people of that age.
        yield Gate.CLASS, (labour_class, True), shut & (rows["age_max"] == c.NO_LIMIT)


def _hours(rows: Rows, books: Books) -> Iterator[Condition]:
    for number in np.unique(rows["profile"]).tolist():
        yield Gate.HOURS, ("profile", books.profiles.values[number]), rows["profile"] == number
    rigid = rows["flags"] & c.CARE == 0
    yield Gate.HOURS, "night", rigid & (rows["flags"] & c.NIGHT != 0)
    for number in np.unique(rows["shifts"]).tolist():
        if books.shifts.values[number]:
            yield Gate.HOURS, ("shifts", books.shifts.values[number]), rigid & (rows["shifts"] == number)


@dataclass(frozen=True)
class Key:
    """钥匙: the words of bits that shut a person out, by the first day on which they hold (birthdays), and
    the pay they need."""

    words: tuple[tuple[int, tuple[tuple[int, np.uint64], ...]], ...]
    """(from this start day on, ((number of the word, its bits), ...)), the first from ever."""
    floor: int | None


@dataclass
class LockPlan:
    """锁位表: which bit stands for which condition."""

    bits: dict[tuple[Gate, Hashable], int]
    last_start: int
    """The latest day on which any posting starts."""
    today: int
    knowledge: WordKnowledge
    by_gate: dict[Gate, dict[Hashable, int]] = field(init=False)
    width: int = field(init=False)
    most_ages: int = field(init=False)
    """At most so many ages a person has from today to the latest start."""

    def __post_init__(self) -> None:
        self.by_gate = {gate: {} for gate in ORDER}
        for (gate, name), bit in self.bits.items():
            self.by_gate[gate][name] = 1 << bit
        self.width = -(-len(self.bits) // WORD)
        self.gate_of_place: tuple[Gate | None, ...] = (None, *(gate for gate, _ in self.bits))
        self.wage_bit = self.bits[Gate.WAGE, "all"]
        self._key: Callable[..., int] = lru_cache(maxsize=20_000)(self._bits_of_part)
        years = date.fromordinal(max(self.last_start, self.today)).year - date.fromordinal(self.today).year
        self.most_ages = years + 2

    @classmethod
    def over(cls, rows: Rows, books: Books, today: int, knowledge: WordKnowledge) -> "LockPlan":
        """Give every condition of these rows a bit."""
        bits: dict[tuple[Gate, Hashable], int] = {}
        for gate, name, _ in list_conditions(rows, books, today):
            bits[gate, name] = len(bits)
        return cls(bits, int(rows["starts_on"].max(initial=0)), today, knowledge)

    def lock(self, rows: Rows, books: Books) -> Words | None:
        """The locks of rows, one line a word; None where a row makes a condition that has no bit."""
        words = np.zeros((self.width, len(rows)), np.uint64)
        for gate, name, makes in list_conditions(rows, books, self.today):
            bit = self.bits.get((gate, name))
            if bit is None:
                if makes.any():
                    return None
                continue
            words[bit // WORD] |= makes.astype(np.uint64) << np.uint64(bit % WORD)
        return words

    def before_reach(self) -> Words:
        """One word a line with the bits of the gates that are asked before the way is."""
        total = sum(1 << bit for (gate, _), bit in self.bits.items() if gate in BEFORE_REACH)
        return np.array(
            [total >> (WORD * number) & FULL_WORD for number in range(self.width)], np.uint64
        ).reshape(-1, 1)

    def key(self, person: PersonFacts) -> Key:
        """The key of a person."""
        fixed = self.fixed_bits(person)
        lines = [(day, self._split(fixed | bits)) for day, bits in self.age_bits(person.born_on, person.age)]
        return Key(tuple(lines), person.pay_floor)

    def fixed_bits(self, person: PersonFacts) -> int:
        """The bits that shut a person out whatever their age."""
        return (
            self._key("always")
            | self._key("education", person.education_step)
            | self._key("certificates", person.certificates)
            | self._key("limits", person.limits)
            | self._key("class", person.labour_class, person.class_from_age)
            | self._key("hours", person.profiles, person.shifts, person.cares_for_family)
            | self._key("rest", person.welfare_eligible, person.needs_board, person.needs_lodging)
        )

    def age_bits(self, born_on: int | None, age: int | None) -> tuple[tuple[int, int], ...]:
        """The bits that shut a person's age out, each with the day (ordinal) from which they hold; the first
        from ever."""
        ages = list_ages(born_on, age, self.today, self.last_start)
        return tuple((day, self._key("age", age)) for day, age in ages)

    def hours_key(self, person: PersonFacts) -> Key:
        """As `key`, for the gate of hours alone."""
        hours = self._key("hours", person.profiles, person.shifts, person.cares_for_family)
        return Key(((0, self._split(hours)),), None)

    def gate_words(self, gate: Gate) -> list[np.uint64]:
        """All bits of a gate, one word after another."""
        total = sum(self.by_gate[gate].values())
        return [np.uint64(total >> (WORD * number) & FULL_WORD) for number in range(self.width)]

    @staticmethod
    def _split(total: int) -> tuple[tuple[int, np.uint64], ...]:
        found: list[tuple[int, np.uint64]] = []
        number = 0
        while total:
            if total & FULL_WORD:
                found.append((number, np.uint64(total & FULL_WORD)))
            total >>= WORD
            number += 1
        return tuple(found)

    def _bits_of_part(self, part: str, *values: Any) -> int:
        return sum(
            bit for gate, bits in self.by_gate.items() for name, bit in bits.items()
            if PARTS[part](gate, name, self.knowledge, *values)
        )  # fmt: skip


@lru_cache(maxsize=1_000)
def _birthdays(month: int, day: int, today: int, last_day: int) -> tuple[int, ...]:
    """The birthdays (ordinals) after today, up to a day."""
    found = []
    for year in range(date.fromordinal(today).year, date.fromordinal(last_day).year + 1):
        leap_day = (month, day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400))
        birthday = (date(year, 3, 1) if leap_day else date(year, month, day)).toordinal()
        if today < birthday <= last_day:
            found.append(birthday)
    return tuple(found)


def list_ages(
    born_on: int | None, age: int | None, today: int, last_day: int
) -> list[tuple[int, int | None]]:
    """Somebody's ages up to a day, each with the day (ordinal) from which it holds; the first from ever."""
    if born_on is None:
        return [(0, age)]
    years, born = gates.years_on(born_on, today), date.fromordinal(born_on)
    later = _birthdays(born.month, born.day, today, last_day) if last_day > today else ()
    return [(0, years), *((birthday, years + more) for more, birthday in enumerate(later, 1))]


Part = Callable[..., bool]


def _always(gate: Gate, name: Any, _: WordKnowledge) -> bool:
    return gate in (Gate.CLOSED, Gate.EMPLOYER, Gate.EXPIRED, Gate.FULL)


def _age(gate: Gate, name: Any, _: WordKnowledge, age: int | None) -> bool:
    if age is None or gate not in (Gate.UNDER_16, Gate.AGE):
        return False
    if gate is Gate.UNDER_16:
        return age < gates.LOWEST_AGE
    if name == "minor":
        return age < gates.ADULT_AGE
    side, limit = name
    return bool(age < limit if side == "min" else age > limit)


def _education(gate: Gate, name: Any, _: WordKnowledge, step: int | None) -> bool:
    return gate is Gate.EDUCATION and step is not None and step < name


def _held(gate: Gate, name: Any, words: WordKnowledge, held: tuple[str, ...]) -> bool:
    return gate is Gate.CERTIFICATE and not words.covers(held, name)


def _limits(gate: Gate, name: Any, _: WordKnowledge, limits: tuple[str, ...]) -> bool:
    return gate is Gate.LIMITS and name in limits


def _class(gate: Gate, name: Any, _: WordKnowledge, labour_class: str, from_age: bool) -> bool:
    return (
        gate is Gate.CLASS
        and labour_class in gates.CLASSES_WITH_OWN_WORK
        and name == (labour_class, from_age)
    )


def _time(
    gate: Gate, name: Any, _: WordKnowledge, profiles: tuple[str, ...], shifts: tuple[str, ...], cares: bool
) -> bool:
    if gate is not Gate.HOURS:
        return False
    taken = gates.accepted_shifts(PersonFacts(home_scope="", shifts=shifts))
    if name == "night":
        return cares or (bool(taken) and taken.isdisjoint(gates.NIGHT_SHIFTS))
    kind, value = name
    if kind == "profile":
        return bool(profiles) and value not in profiles
    return bool(taken) and taken.isdisjoint(value)


def _rest(gate: Gate, name: Any, _: WordKnowledge, eligible: bool, board: bool, lodging: bool) -> bool:
    if gate is Gate.WELFARE:
        return not eligible
    return gate is Gate.BOARD and (board if name == "board" else lodging)


PARTS: Final[dict[str, Part]] = {
    "always": _always,
    "age": _age,
    "education": _education,
    "certificates": _held,
    "limits": _limits,
    "class": _class,
    "hours": _time,
    "rest": _rest,
}


PayAndDays = tuple[npt.NDArray[np.float64], Ints]
"""What is paid at most, by number of the pay; the days, by number."""


class Locks:
    """锁: the locks of a set of postings, with what they pay and when they start.

    `pay` and `starts` are numbers of a table: `upper` is what is paid at most, `days` the days, both rising.
    """

    def __init__(self, plan: LockPlan, words: Words, pay: Ints, starts: Ints, tables: PayAndDays) -> None:
        self.plan = plan
        self.words = words
        self.pay = pay
        self.starts = starts
        self.upper, self.days = tables

    def meet(self, key: Key, where: slice | Ints) -> dict[int, Words]:
        """Lock AND key at some rows, by number of the word; words in which nothing shuts are left out."""
        met = {number: self.words[number, where] & bits for number, bits in key.words[0][1]}
        for day, lines in key.words[1:]:
            late = self.starts[where] >= self.days.searchsorted(day)
            if late.any():
                then = dict(lines)
                for number in {*met, *then}:
                    lock = self.words[number, where]
                    now = met.get(number, np.uint64(0))
                    met[number] = np.where(late, lock & then.get(number, np.uint64(0)), now)
        return met

    def is_underpaid(self, key: Key, where: slice | Ints) -> Flags | None:
        """Which rows pay too little even at most; None where the person names no floor."""
        if key.floor is None:
            return None
        # Pays stand by what is paid at most.
        underpaid: Flags = self.pay[where] < self.upper.searchsorted(key.floor)
        return underpaid

    def opens(self, key: Key, where: slice | Ints) -> Flags:
        """Which rows no gate shuts, the way left aside."""
        met = list(self.meet(key, where).values())
        shut = met[0] if met else np.zeros(self.starts[where].shape, np.uint64)
        for other in met[1:]:
            shut = shut | other
        underpaid = self.is_underpaid(key, where)
        opens: Flags = shut == 0
        return opens if underpaid is None else opens & ~underpaid

    def first_places(self, key: Key, where: slice | Ints) -> Ints:
        """For each row 1 + the bit of the first gate that shuts it, 0 where none does."""
        met = self.meet(key, where)
        underpaid = self.is_underpaid(key, where)
        if underpaid is not None:
            number, bit = divmod(self.plan.wage_bit, WORD)
            wage = underpaid.astype(np.uint64) << np.uint64(bit)
            met[number] = met[number] | wage if number in met else wage
        places = np.zeros(self.starts[where].shape, np.int64)
        for number in sorted(met, reverse=True):
            lowest = met[number] & (~met[number] + np.uint64(1))
            # The exponent of a power of two, read off its float64.
            exponent = lowest.astype(np.float64).view(np.int64) >> 52
            places = np.where(exponent > 0, exponent + (WORD * number - 1022), places)
        return places

    def count_gates(self, places: Ints, counts: Ints | None = None) -> dict[Gate | None, int]:
        """How many rows each gate shuts first, from `first_places`; under None those that are open."""
        sums = np.bincount(places, weights=counts, minlength=1)
        found: dict[Gate | None, int] = {}
        for place in np.flatnonzero(sums).tolist():
            gate = self.plan.gate_of_place[place]
            found[gate] = found.get(gate, 0) + int(sums[place])
        return found
