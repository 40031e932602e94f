"""问一个岗位: what each code of the people's columns is worth for one posting, and which gates it fails.

Gates are bits in gate order, so the lowest bit of a person is the gate the reference names. What a gate looks
at has few different values; for each the reference's own gate is asked once.
"""

from calendar import isleap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np

from app.matching.facts import MatchContext, PersonFacts, PostingFacts, Vocabulary, WordKnowledge
from app.matching.index.columns import Flags, Floats, Ints, scope_key, scope_range
from app.matching.people.columns import MONITORED, NOBODY_EMPLOYED, Bits, Books, Bounds, Codes, Pace
from app.matching.people.trades import KEPT_BYTES, TradeTable
from app.matching.rules import gates, places, scoring, wages
from app.matching.rules.scoring import WEIGHTS
from app.matching.terms import Gate

BITS: Final = {gate: 1 << place for place, gate in enumerate(Gate)}
SLACK: Final = 1e-4
"""Added to a bound held in single precision: far more than rounding can take away from it."""
PAIR: Final = scoring.PEOPLE_WEIGHTS["pair"]
HOUSEHOLD: Final = 100.0 * scoring.PEOPLE_WEIGHTS["household"]
WAITING: Final = 100.0 * scoring.PEOPLE_WEIGHTS["waiting"]
NEEDS: Final = np.array(
    [
        (0.5 if need & MONITORED else 0.0) + (0.5 if need & NOBODY_EMPLOYED else 0.0)
        for need in range((MONITORED | NOBODY_EMPLOYED) + 1)
    ]
)
"""Half for a monitored household, half for one where nobody is employed, by code."""
LOOKED_AT: Final[dict[Gate, tuple[str, ...]]] = {
    Gate.EDUCATION: ("education_step",),
    Gate.CERTIFICATE: ("certificates",),
    Gate.LIMITS: ("demands", "shifts"),
    Gate.CLASS: ("employer_kind", "suits", "age_max"),
    Gate.HOURS: ("profile", "demands", "shifts", "suits"),
    Gate.BOARD: ("board", "lodging"),
    Gate.WELFARE: ("employer_kind",),
}
"""What these gates look at of a posting; their answers are kept by it."""
KEPT: Final = 4_000
_ANYBODY: Final = PersonFacts(home_scope="")
_POSTING_GATES: Final = (Gate.CLOSED, Gate.EMPLOYER, Gate.EXPIRED, Gate.FULL)
_TEST: Final = dict(gates.GATES)
_DAYS_BEFORE_ALL: Final = 0
_DAY_AFTER_ALL: Final = 2**30


def _reader(names: tuple[str, ...]) -> Callable[[PostingFacts], tuple[Any, ...]]:
    """Reads some facts of a posting as a tuple, also where it is one fact only."""
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda posting: (read(posting),)


_READ: Final = {gate: _reader(names) for gate, names in LOOKED_AT.items()}


class Tables:
    """对照表: the dictionaries' values as arrays, as far as they were filled when this was made."""

    def __init__(self, books: Books, knowledge: WordKnowledge) -> None:
        self.knowledge = knowledge
        self.sizes = books.sizes()
        self.trades = TradeTable(books.trades.values, knowledge)
        self.scopes = _ints(scope_key(scope) for _, scope in books.places.values)
        self.areas = dict(zip(books.areas.values, range(len(books.areas)), strict=True))
        self.floors = np.array([floor or 0 for floor in books.floors.values], np.float64)
        self.scales = np.array([_scale(pace) for pace in books.paces.values], np.float64)
        self.homebound = np.array([pace.reach == "village" for pace in books.paces.values], np.bool_)
        self.refused = tuple(books.refused.values)
        self._education, self._schooling = _coded(papers.education_step for papers in books.papers.values)
        self._certificates, self._held = _coded(papers.certificates for papers in books.papers.values)
        self._terms = _ints([part for terms in books.terms.values for part in terms]).reshape(-1, 5)
        self._limits = tuple(books.limits.values)
        self._labour = tuple(books.labour.values)
        self._hours = tuple(books.hours.values)
        self._made_up = self._make_up(books)
        kept = KEPT_BYTES // (16 * max(len(self._terms), 1)) + 1
        self._fits = lru_cache(maxsize=kept)(self._work_out_fits)
        self._shut = lru_cache(maxsize=KEPT)(self._work_out_shut)
        self._site = lru_cache(maxsize=KEPT)(self._work_out_site)

    def ask(self, posting: PostingFacts, context: MatchContext) -> "Question":
        """Works out once what a posting's questions need."""
        skill, occupation = self.trades.grade(posting, context)
        wage = self._wage(posting, context)
        near, far = self._fits(posting.suits, posting.shifts, posting.likely_demands)
        papers, terms = self._gate_bits(posting)
        answers = scoring.NO_OPINION
        if posting.answer_permille is not None:
            answers = posting.answer_permille / 1000.0
        steady = (
            WEIGHTS["answers"] * answers,
            WEIGHTS["freshness"] * scoring.freshness(posting, context.today),
            WEIGHTS["fair_share"] * scoring.fair_share(posting),
        )
        weighted = (WEIGHTS["skill"] * skill, WEIGHTS["wage"] * wage, WEIGHTS["occupation"] * occupation)
        best = weighted[0] + weighted[2] + (WEIGHTS["place"] + weighted[1].max(initial=0.0) + sum(steady))
        return Question(
            posting=posting,
            tables=self,
            skill=weighted[0],
            wage=weighted[1],
            occupation=weighted[2],
            steady=steady,
            bound=(PAIR * 100.0 * best + SLACK).astype(np.float32),
            near=near,
            far=far,
            papers=papers,
            terms=terms,
            refused=self._refused_bits(posting),
            floors=self._floor_bits(posting),
            always=sum(BITS[gate] for gate in _POSTING_GATES if _TEST[gate](_ANYBODY, posting, context)),
            ages=_AgeGate.of(posting, context.today),
            served=self._served(posting),
            site=self._site(posting.region_scope),
        )

    def _wage(self, posting: PostingFacts, context: MatchContext) -> Floats:
        """`wages.wage_fit` of every floor."""
        low, high = posting.pay_min, posting.pay_max
        if low is None and high is None:
            grade: Floats = np.full(len(self.floors), wages.UNKNOWN_PAY)
        else:
            floors, least = self.floors, low or 0
            base = np.where(floors > 0, floors, context.vocabulary.usual_pay)
            most = high if high is not None and high > least else least
            middle = (least + most) / 2.0
            grade = np.minimum(0.5 * (middle / base), 1.0)
            grade = np.where(least < floors, 0.5 * (least / base), grade)
        if posting.employer_kind == "public_welfare":
            return np.maximum(grade, scoring.NO_OPINION)
        return grade

    def _work_out_fits(self, suits: Codes, shifts: Codes, likely: Codes) -> tuple[Floats, Floats]:
        """`scoring.circumstances_fit` of every set of terms, for a daily way and for a longer one, by what it
        looks at of a posting."""
        posting = PostingFacts(0, "", suits=suits, shifts=shifts, likely_demands=likely)
        limits, labour, hours, _, _ = self._terms.T
        plain = scoring.CARE_PLAIN_DAY if "day" in posting.shifts else scoring.CARE_UNKNOWN_HOURS
        care = 1.0 if gates.has_care_hours(posting) else plain
        cares = np.array([each[2] for each in self._hours], np.bool_).take(hours)
        unnamed = [bool(each[1]) and set(each[1]).isdisjoint(posting.shifts) for each in self._hours]
        burdened = [
            any(demand in ((*said, "night") if nights else said) for demand in posting.likely_demands)
            for said, nights in self._limits
        ]
        unmarked = [
            name in gates.CLASSES_WITH_OWN_WORK and name not in posting.suits for name, _ in self._labour
        ]
        first: Floats = np.where(cares, care, 1.0)
        away: Floats = np.where(cares, first * scoring.CARE_FAR_AWAY, first)

        def lower(fit: Floats) -> Floats:
            fit = fit * _share(burdened, scoring.LIKELY_CONFLICT).take(limits)
            fit = fit * _share(unnamed, scoring.SHIFT_NOT_NAMED).take(hours)
            return fit * _share(unmarked, scoring.CLASS_NOT_MARKED).take(labour)

        return lower(first), lower(away)

    def _make_up(self, books: Books) -> dict[Gate, list[PersonFacts]]:
        """For each gate that looks at few things, one person for each value of what it looks at; papers
        first, then in the order of `Terms`."""

        def made(**facts: Any) -> PersonFacts:
            return replace(_ANYBODY, **facts)

        return {
            Gate.EDUCATION: [made(education_step=step) for step in self._schooling],
            Gate.CERTIFICATE: [made(certificates=codes) for codes in self._held],
            Gate.LIMITS: [made(limits=limits) for limits, _ in books.limits.values],
            Gate.CLASS: [made(labour_class=name, class_from_age=aged) for name, aged in books.labour.values],
            Gate.HOURS: [
                made(profiles=profiles, shifts=shifts, cares_for_family=cares)
                for profiles, shifts, cares in books.hours.values
            ],
            Gate.BOARD: [made(needs_board=board, needs_lodging=bed) for board, bed in books.board.values],
            Gate.WELFARE: [made(welfare_eligible=may) for may in books.welfare.values],
        }

    def _gate_bits(self, posting: PostingFacts) -> tuple[Bits, Bits]:
        """What papers and terms shut."""
        education, certificate, *rest = [self._shut(gate, _READ[gate](posting)) for gate in self._made_up]
        papers = education.take(self._education) | certificate.take(self._certificates)
        terms = np.zeros(len(self._terms), np.uint16)
        for column, bits in enumerate(rest):
            terms |= bits.take(self._terms[:, column])
        return papers, terms

    def _work_out_shut(self, gate: Gate, looked_at: tuple[Any, ...]) -> Bits:
        """A gate's bit for each of the made-up people: the reference's own gate is asked, of a posting of
        which no more is known than that gate looks at."""
        posting = PostingFacts(0, "", **dict(zip(LOOKED_AT[gate], looked_at, strict=True)))
        context = MatchContext(0, Vocabulary(0, {}, 0), self.knowledge)
        return np.array(
            [BITS[gate] * _TEST[gate](who, posting, context) for who in self._made_up[gate]], np.uint16
        )

    def _refused_bits(self, posting: PostingFacts) -> Bits:
        shuts = [posting.region_scope.startswith(areas) for areas in self.refused]
        return np.where(np.array(shuts, np.bool_), BITS[Gate.REACH], 0).astype(np.uint16)

    def _floor_bits(self, posting: PostingFacts) -> Bits:
        if posting.pay_max is None:
            return np.zeros(len(self.floors), np.uint16)
        return np.where(posting.pay_max < self.floors, BITS[Gate.WAGE], 0).astype(np.uint16)

    def _work_out_site(self, scope: str) -> "Site":
        found = (self.areas.get(scope[:digits]) for digits in range(len(scope) + 1))
        areas = tuple(area for area in found if area is not None)
        return Site(areas, _tiers(scope), _village(scope))

    def _served(self, posting: PostingFacts) -> Flags | None:
        """Places to which the employer's bus comes (see `places.bus_serves`); None without a bus."""
        if not posting.pickup:
            return None
        served = np.zeros(len(self.scopes), np.bool_)
        for stop in posting.pickup:
            for stretch in {stop, stop[: places.TOWN_DIGITS]}:
                if stretch == stop or len(stretch) == places.TOWN_DIGITS:
                    start, end = scope_range(stretch)
                    served |= (self.scopes >= start) & (self.scopes < end)
        return served


class Site(NamedTuple):
    """地点: what depends on nothing but the work place's region."""

    open_areas: tuple[int, ...]
    """The areas of reach that hold it."""
    tiers: tuple[Ints, Floats]
    """Bounds of its divisions in scope numbers, widest first, and the typical way between."""
    village: tuple[int, int] | None
    """The scope numbers of homes in its village."""


@dataclass(frozen=True)
class Question:
    """一次询问: a posting as the indexes need it. Arrays run over the codes of `tables`; parts of the score
    are weighted."""

    posting: PostingFacts
    tables: Tables
    skill: Floats
    wage: Floats
    occupation: Floats
    steady: tuple[float, float, float]
    bound: Bounds
    """No person with these skills and wishes scores more, but for household and waiting; in float32."""
    near: Floats
    far: Floats
    papers: Bits
    terms: Bits
    refused: Bits
    floors: Bits
    always: int
    """Gates shut for everybody."""
    ages: "_AgeGate"
    served: Flags | None
    site: "Site"

    @cached_property
    def lines(self) -> tuple[Any, ...]:
        """What the compiled loop looks up by code."""
        tables, shut = self.tables, (self.terms, self.papers, self.floors, self.refused)
        grades = (self.bound, self.skill, self.occupation, self.wage, self.near, self.far)
        return (*grades, tables.scales, tables.scopes, shut)

    @cached_property
    def figures(self) -> tuple[Any, ...]:
        """What the compiled loop needs of the posting itself."""
        posting, ages = self.posting, self.ages
        has_point = posting.x is not None and posting.y is not None
        point = (float(posting.x or 0), float(posting.y or 0), float(posting.blur_m), has_point)
        served = np.zeros(0, np.bool_) if self.served is None else self.served
        return (
            (*point, posting.lodging, "home_work" in posting.suits, *(self.site.village or (0, 0))),
            self.steady,
            (ages.lawful, ages.youngest, ages.oldest, ages.least, ages.most),
            (*self.site.tiers, served, NEEDS),
        )


@dataclass(frozen=True)
class _AgeGate:
    """年龄门槛: born after `youngest` is too young, on or before `oldest` too old; the same in full years."""

    lawful: int
    youngest: int
    oldest: int
    least: int
    most: int

    @classmethod
    def of(cls, posting: PostingFacts, today: int) -> "_AgeGate":
        day = gates.start_day(posting, today)
        is_adult_work = posting.barred_to_minors or "heights" in posting.demands
        least = max(posting.age_min or 0, gates.ADULT_AGE if is_adult_work else 0)
        most = 1_000 if posting.age_max is None else posting.age_max
        return cls(
            latest_birth(gates.LOWEST_AGE, day),
            latest_birth(least, day),
            latest_birth(most + 1, day),
            least,
            most,
        )

    def bits(self, born: Ints, age: Ints) -> Bits:
        """The gates UNDER_16 and AGE of some people."""
        under: Flags = born > self.lawful
        outside = (born > self.youngest) | (born <= self.oldest)
        unborn = born == 0
        if unborn.any():
            said = age >= 0
            under = np.where(unborn, said & (age < gates.LOWEST_AGE), under)
            outside = np.where(unborn, said & ((age < self.least) | (age > self.most)), outside)
        bits: Bits = under * np.uint16(BITS[Gate.UNDER_16])
        bits |= outside * np.uint16(BITS[Gate.AGE])
        return bits


def latest_birth(age: int, day: int) -> int:
    """Who was born on this day (ordinal) or before has `age` full years or more on `day`."""
    if age <= 0:
        return _DAY_AFTER_ALL
    then = date.fromordinal(day)
    year = then.year - age
    if year < 1:
        return _DAYS_BEFORE_ALL
    if (then.month, then.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28).toordinal()
    return date(year, then.month, then.day).toordinal()


def _coded(values: Iterable[Any]) -> tuple[Ints, tuple[Any, ...]]:
    """Values as codes, and the different ones by code."""
    codes: dict[Any, int] = {}
    numbers = _ints(codes.setdefault(value, len(codes)) for value in values)
    return numbers, tuple(codes)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _share(holds: list[bool], share: float) -> Floats:
    return np.where(np.array(holds, np.bool_), share, 1.0)


def _scale(pace: Pace) -> float:
    scale = places.SCALE_M[pace.reach if pace.is_said else "county"]
    return min(scale, places.SCALE_M["county"]) / 2.0 if pace.cares else scale


def _tiers(scope: str) -> tuple[Ints, Floats]:
    digits = [size for size in (2, 4, 6, 9, 12) if size <= len(scope)]
    ranges = [scope_range(scope[:size]) for size in digits]
    ways = [places.TIER_M[size] for size in (0, *digits)]
    bounds = _ints([*(start for start, _ in ranges), *(end for _, end in ranges[::-1])])
    return bounds, np.array([*ways, *ways[-2::-1]], np.float64)


def _village(scope: str) -> tuple[int, int] | None:
    return scope_range(scope) if len(scope) == places.VILLAGE_DIGITS else None
