"""分数列: the formula of `rules.scoring` over many postings at once, in the same order of operations.

Only + - * / sqrt and comparisons on float64, each as the reference does it: the same bits come out.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from app.matching.facts import PersonFacts, Vocabulary
from app.matching.index import columns as c
from app.matching.index.columns import Books, Flags, Floats, Ints
from app.matching.index.packed import NOWHERE, PostingColumns, Tables, least_pay_grade, shift_bits
from app.matching.index.trades import SkillSets, TradeGrades
from app.matching.rules import gates, places, scoring
from app.matching.rules.scoring import WEIGHTS

LEVEL_DIGITS: Final = (2, 4, 6, 9, 12)
COARSE_M: Final = places.BLUR_M[places.TOWN_DIGITS]
"""With a home known less well the way is not measured."""


@dataclass(frozen=True)
class Asker:
    """问的人: what the score needs of one person, worked out once for a query."""

    x: float | None
    y: float
    blur: float
    tiers: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
    """Bounds of the home's divisions as numbers of the index's scopes, widest first, and the typical way
    between them."""
    village: tuple[int, int] | None
    scale: float
    cares: bool
    floor: float
    base: float
    burdens: int
    shifts: int
    class_mark: int
    """Bit of the mark the person's class wants, 0 where it needs none, -1 where no posting bears it."""
    wanted_shift: bool
    grades: TradeGrades
    known: Floats
    """Weight x known x known, by word."""
    asked: Floats
    sets: SkillSets
    least_tier: float


def read_asker(
    person: PersonFacts,
    grades: TradeGrades,
    weights: tuple[Floats, Floats],
    sets: SkillSets,
    vocabulary: Vocabulary,
    books: Books,
    scopes: Ints,
) -> Asker:
    """Work out what the score needs of a person, of an index with those scopes."""
    coarse = person.blur_m > COARSE_M or person.x is None or person.y is None
    digits = [size for size in LEVEL_DIGITS if size <= len(person.home_scope)]
    ranges = [find_scopes(scopes, person.home_scope[:size]) for size in digits]
    ways = [places.TIER_M[size] for size in (0, *digits)]
    bounds = np.array([*(start for start, _ in ranges), *(end for _, end in ranges[::-1])], np.int64)
    tiers = np.array([*ways, *ways[-2::-1]], np.float64)
    scale = places.SCALE_M[person.reach if person.reach_is_said else "county"]
    if person.cares_for_family:
        scale = min(scale, places.SCALE_M["county"]) / 2.0
    burdens = (*person.limits, "night") if person.cares_for_family else person.limits
    mark = 0
    if person.labour_class in gates.CLASSES_WITH_OWN_WORK:
        mark = books.suits.known_bits([person.labour_class]) or -1
    return Asker(
        None if coarse else float(person.x or 0),
        float(person.y or 0),
        float(person.blur_m),
        (bounds, tiers),
        ranges[-1] if digits and digits[-1] == places.VILLAGE_DIGITS else None,
        scale,
        person.cares_for_family,
        float(person.pay_floor or 0),
        float(person.pay_floor or vocabulary.usual_pay),
        books.demands.known_bits(burdens),
        shift_bits(person.shifts),
        mark,
        bool(person.shifts),
        grades,
        weights[0] * grades.known * grades.known,
        weights[1],
        sets,
        float(ways[-1]),
    )


def find_scopes(scopes: Ints, area: str) -> tuple[int, int]:
    """The numbers of the scopes that lie inside an area: from, and up to but without."""
    start, end = scopes.searchsorted(c.scope_range(area)).tolist()
    return start, end


def has_any(values: npt.NDArray[Any], bits: int) -> Flags:
    """Which values have one of some bits, of which there may be more than the values are wide."""
    found: Flags = values & values.dtype.type(bits & int(np.iinfo(values.dtype).max)) != 0
    return found


def score_rows(
    columns: PostingColumns, tables: Tables, asker: Asker, rows: Ints, fetched: Flags | None = None
) -> Floats:
    """The scores of some rows, 0..100; `fetched` tells which of them the employer's bus serves."""
    flags = columns.flags.take(rows)
    occupation = columns.occupation.take(rows)
    pay = columns.pay.take(rows)
    skill = _skill(columns, asker, rows, occupation, flags)
    ways = _ways(columns, tables, asker, rows)
    place = _place(asker, ways, flags, fetched)
    least = least_pay_grade(columns, tables, rows)
    wage = asker_pay(asker, tables.low.take(pay), tables.middle.take(pay), least)
    total = WEIGHTS["skill"] * skill
    total += WEIGHTS["place"] * place
    total += WEIGHTS["wage"] * wage
    total += WEIGHTS["occupation"] * asker.grades.occupation.take(occupation)
    total += tables.answers.take(columns.answer.take(rows))
    total += tables.freshness.take(columns.confirmed.take(rows))
    total += tables.shares.take(columns.share.take(rows))
    total *= 100.0
    return _times_fit(columns, tables, asker, rows, ways, flags, total)


def asker_pay(asker: Asker, low: Floats, middle: Floats, least: Floats) -> Floats:
    """The pay grade (see `wages.wage_fit`)."""
    grade = np.minimum(0.5 * (middle / asker.base), 1.0)
    if asker.floor:
        grade = np.where(low < asker.floor, 0.5 * (low / asker.base), grade)
    return np.maximum(grade, least)


def _skill(columns: PostingColumns, asker: Asker, rows: Ints, occupation: Ints, flags: Ints) -> Floats:
    sets = columns.skills.take(rows)
    known = np.zeros(len(rows))
    for line in asker.sets.words:
        known += asker.known.take(line.take(sets))
    grade = np.sqrt(known / asker.asked.take(sets))
    unasked = sets == 0
    if unasked.any():
        grade = np.where(unasked, asker.grades.unasked.take(occupation), grade)
    is_taught = flags & c.TEACHES == c.TEACHES
    return np.where(is_taught, np.maximum(grade, scoring.BEGINNERS_WELCOME), grade)


def _ways(columns: PostingColumns, tables: Tables, asker: Asker, rows: Ints) -> Floats:
    """Metres of the way (see `places.travel_m`)."""
    bounds, tiers = asker.tiers
    if asker.x is None:
        typical: Floats = tiers.take(np.searchsorted(bounds, columns.scope.take(rows), "right"))
        return typical
    x = columns.x.take(rows)
    east, north = x - asker.x, columns.y.take(rows) - asker.y
    ways: Floats = np.floor(np.sqrt(east * east + north * north))
    ways = np.maximum(np.maximum(ways, asker.blur), tables.blurs.take(columns.blur.take(rows)))
    unknown = x == NOWHERE
    if unknown.any():
        typical = tiers.take(np.searchsorted(bounds, columns.scope.take(rows), "right"))
        ways = np.where(unknown, typical, ways)
    if asker.village is not None:
        scope = columns.scope.take(rows)
        inside = (scope >= asker.village[0]) & (scope < asker.village[1])
        if inside.any():
            ways = np.where(inside, np.minimum(ways, places.TIER_M[places.VILLAGE_DIGITS]), ways)
    return ways


def _place(asker: Asker, ways: Floats, flags: Ints, fetched: Flags | None) -> Floats:
    """The place grade (see `places.place_fit`)."""
    brought = flags & c.HOME_WORK != 0
    if fetched is not None:
        brought |= fetched
    if brought.any():
        daily = np.where(ways <= places.COMMUTE_M, places.TIER_M[places.TOWN_DIGITS], places.COMMUTE_M)
        ways = np.where(brought & (ways > places.TIER_M[places.TOWN_DIGITS]), daily, ways)
    grade = 1.0 / (1.0 + ways / asker.scale)
    far = ways > places.COMMUTE_M
    if far.any():
        grade = np.where(far & (flags & c.LODGING == 0), grade * 0.7, grade)
    return grade


def _times_fit(
    columns: PostingColumns,
    tables: Tables,
    asker: Asker,
    rows: Ints,
    ways: Floats,
    flags: Ints,
    total: Floats,
) -> Floats:
    """Times what sits less well (see `scoring.circumstances_fit`)."""
    fit: Floats | None = None

    def lower(where: Flags, share: float | Floats) -> None:
        nonlocal fit
        fit = np.ones(len(rows)) if fit is None else fit
        fit = np.where(where, fit * share, fit)

    if asker.cares:
        plain = np.where(flags & c.DAY != 0, scoring.CARE_PLAIN_DAY, scoring.CARE_UNKNOWN_HOURS)
        lower(flags & c.CARE == 0, plain)
        lower(ways > places.COMMUTE_M, scoring.CARE_FAR_AWAY)
    if asker.burdens:
        lower(has_any(columns.likely.take(rows), asker.burdens), scoring.LIKELY_CONFLICT)
    if asker.wanted_shift:
        lower(tables.shifts.take(columns.shifts.take(rows)) & asker.shifts == 0, scoring.SHIFT_NOT_NAMED)
    if asker.class_mark:
        unmarked = ~has_any(columns.suits.take(rows), max(asker.class_mark, 0))
        lower(unmarked, scoring.CLASS_NOT_MARKED)
    return total if fit is None else total * fit
