"""岗位格: runs of postings of one county and occupation, with the best that anyone could score there.

Postings stand sorted by county, then occupation; every reach from the county up is one run of cells. A
bound is never under a score that one of the cell's postings can get, so the search may stop exactly; it need
not be exact itself, so it is kept in half the width, rounded up. On a later day freshness has only fallen:
the bounds hold on.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from app.matching.facts import USUAL_PAY
from app.matching.index import columns as c
from app.matching.index.columns import Flags, Floats, Ints
from app.matching.index.packed import (
    NOWHERE,
    Array,
    PostingColumns,
    Tables,
    frozen,
    least_pay_grade,
    narrowed,
    numbered,
)
from app.matching.index.scores import Asker, has_any
from app.matching.rules import places, scoring
from app.matching.rules.scoring import WEIGHTS

CELL_ROWS: Final = 16
SLACK: Final = 1e-6
"""Added to a bound: far more than rounding can take away from it."""


@dataclass(frozen=True)
class Cells:
    """岗位格: per cell the rows `starts[i]:ends[i]`, the county, the bests; per county its cells."""

    edges: Ints
    """The first row of each cell, and the number of rows."""
    county: Ints
    """Number of the county in `counties`."""
    trade: Ints
    """Twice the occupation's number, and 1 more where the cell's postings are open to all (`trade_of`)."""
    box: Ints
    """West, east, south, north, in lines; NOWHERE where no posting of the cell has a point."""
    pointless: Flags
    """Whether some posting of the cell has no point."""
    steady: Floats
    """Best sum of the parts that don't depend on the person."""
    middle: Floats
    least: Floats
    pay_max: Floats
    flags_any: Ints
    likely_all: Ints
    suits_any: Ints
    shifts_any: Ints
    counties: Ints
    """The counties (`county_of`), rising, and by county: its first cell (and the number of cells), and the
    numbers of its places among the scopes, from and up to."""
    county_edges: Ints
    span_from: Ints
    span_to: Ints

    @property
    def starts(self) -> Ints:
        return self.edges[:-1]

    @property
    def ends(self) -> Ints:
        return self.edges[1:]

    def __len__(self) -> int:
        return len(self.county)

    def run_of(self, area: str) -> tuple[int, int]:
        """The cells of an area of at most six digits: from, and up to but without."""
        first, last = self.county_edges[self.counties.searchsorted(county_range(area))].tolist()
        return first, last

    @classmethod
    def over(cls, columns: PostingColumns, tables: Tables) -> Self:
        """Group rows that stand as `sort_rows` has them, at most `CELL_ROWS` together."""
        county = county_of(columns.scopes)[columns.scope]
        trade = trade_of(columns)
        edges = _edges(county, trade)
        starts = edges[:-1]
        counties, numbers = numbered(county[starts], np.uint16)
        first = counties // 16 * STEP
        shifts = tables.shifts[columns.shifts]
        return cls(
            edges=edges,
            county=numbers,
            trade=narrowed(trade[starts], np.uint32),
            **_where(columns, starts),
            steady=_rounded_up(np.maximum.reduceat(steady_parts(columns, tables), starts)),
            middle=_rounded_up(np.maximum.reduceat(tables.middle[columns.pay], starts)),
            least=_rounded_up(np.maximum.reduceat(least_pay_grade(columns, tables, slice(None)), starts)),
            pay_max=_rounded_up(np.maximum.reduceat(tables.upper[columns.pay], starts)),
            flags_any=frozen(np.bitwise_or.reduceat(columns.flags, starts)),
            likely_all=frozen(np.bitwise_and.reduceat(columns.likely, starts)),
            suits_any=frozen(np.bitwise_or.reduceat(columns.suits, starts)),
            shifts_any=frozen(np.bitwise_or.reduceat(shifts, starts)),
            counties=counties,
            county_edges=frozen(np.searchsorted(numbers, np.arange(len(counties) + 1)), np.int32),
            span_from=frozen(columns.scopes.searchsorted(first), np.int32),
            span_to=frozen(columns.scopes.searchsorted(first + STEP), np.int32),
        )


def _edges(county: Ints, trade: Ints) -> Ints:
    if not len(county):
        return frozen(np.zeros(1, np.int32))
    changes = (np.diff(county) != 0) | (np.diff(trade) != 0)
    runs = np.concatenate([[0], np.flatnonzero(changes) + 1])
    place = np.arange(len(county))
    place -= np.repeat(runs, np.diff(np.append(runs, len(county))))
    return frozen(np.append(np.flatnonzero(place % CELL_ROWS == 0), len(county)), np.int32)


def _where(columns: PostingColumns, starts: Ints) -> dict[str, Array]:
    nowhere = columns.x == NOWHERE
    lines = []
    for values in (columns.x, columns.y):
        lines.append(np.minimum.reduceat(np.where(nowhere, -(NOWHERE + 1), values), starts))
        lines.append(np.maximum.reduceat(np.where(nowhere, NOWHERE, values), starts))
    box = np.vstack(lines)
    box[:, np.logical_and.reduceat(nowhere, starts)] = NOWHERE
    return {"box": frozen(box, np.int32), "pointless": frozen(np.logical_or.reduceat(nowhere, starts))}


def _rounded_up(values: Floats) -> Array:
    narrow = values.astype(np.float32)
    return frozen(np.where(narrow < values, np.nextafter(narrow, np.float32(np.inf)), narrow))


STEP: Final = 10 ** (c.KEY_DIGITS - 6) * 16
"""Scope numbers from one county to the next."""


def county_of(scopes: Ints) -> Ints:
    """The numbers of the counties (or of the wider places) that scopes lie in, in tree order."""
    numbers: Ints = scopes // STEP * 16 + np.minimum(scopes % 16, 6)
    return numbers


def county_range(area: str) -> tuple[int, int]:
    """The numbers (see `county_of`) of an area of at most six digits: from, and up to but without."""
    start, end = c.scope_range(area)
    return start // STEP * 16 + len(area), end // STEP * 16


def trade_of(columns: PostingColumns) -> Ints:
    """Occupations with a mark (the lowest bit) where anyone is graded well: no skill asked, or taught."""
    open_to_all = (columns.skills == 0) | (columns.flags & c.TRAINS != 0)
    trades: Ints = columns.occupation.astype(np.int64) * 2 + open_to_all
    return trades


def steady_parts(columns: PostingColumns, tables: Tables) -> Floats:
    """The sum of the parts of every posting's score that are the same for everybody."""
    answers, freshness = tables.answers[columns.answer], tables.freshness[columns.confirmed]
    total: Floats = answers + freshness + tables.shares[columns.share]
    return total


def sort_rows(columns: PostingColumns, tables: Tables) -> Ints:
    """The order of rows in which cells are runs: county, trade, then the steady parts, best first."""
    steady = steady_parts(columns, tables)
    pay = np.minimum(tables.middle[columns.pay] / (2.0 * USUAL_PAY), 1.0) * WEIGHTS["wage"]
    county = county_of(columns.scopes)[columns.scope]
    return np.lexsort((-steady - pay, trade_of(columns), county))


def bound_cells(cells: Cells, asker: Asker, where: slice) -> Floats:
    """An upper bound of the scores in each cell of a run; 0 where all of them pay too little."""
    flags = cells.flags_any[where]
    ways = _shortest_ways(cells, asker, where)
    daily = ways
    taken_home = flags & c.HOME_WORK != 0
    if taken_home.any():
        daily = np.where(taken_home, np.minimum(ways, places.TIER_M[places.TOWN_DIGITS]), ways)
    place = 1.0 / (1.0 + daily / asker.scale)
    far = daily > places.COMMUTE_M
    if far.any():
        place = np.where(far & (flags & c.LODGING == 0), place * 0.7, place)
    middle = cells.middle[where].astype(np.float64)
    wage = np.maximum(np.minimum(0.5 * (middle / asker.base), 1.0), cells.least[where])
    total = asker.grades.best.take(cells.trade[where])
    total += WEIGHTS["place"] * place
    total += WEIGHTS["wage"] * wage
    total += cells.steady[where]
    total *= 100.0
    total = _times_best_fit(cells, asker, where, ways, total)
    total += SLACK
    if asker.floor:
        total = np.where(cells.pay_max[where] < asker.floor, 0.0, total)
    return total


def _shortest_ways(cells: Cells, asker: Asker, where: slice) -> Floats:
    """Metres under which no way to a posting of the cell lies; postings of the home village are told apart
    before (see `postings`)."""
    if asker.x is None:
        return _typical(cells, asker, where)
    west, east, south, north = cells.box[:, where].astype(np.float64)
    across = np.maximum(np.maximum(west - asker.x, asker.x - east), 0.0)
    along = np.maximum(np.maximum(south - asker.y, asker.y - north), 0.0)
    ways: Floats = np.maximum(np.sqrt(across * across + along * along) - 1.0, asker.blur)
    pointless = cells.pointless[where]
    if pointless.any():
        ways = np.where(pointless, np.fmin(ways, _typical(cells, asker, where)), ways)
    return ways


def _typical(cells: Cells, asker: Asker, where: slice) -> Floats:
    """The shortest typical way from home into a cell's county."""
    bounds, tiers = asker.tiers
    start, end = cells.span_from[cells.county[where]], cells.span_to[cells.county[where]]
    low = tiers.take(np.searchsorted(bounds, start, "right"))
    # Where a division of the home begins or ends inside the county's numbers, the nearest tier counts.
    cut = np.searchsorted(bounds, start, "right") != np.searchsorted(bounds, end - 1, "right")
    return np.where(cut, asker.least_tier, low)


def _times_best_fit(cells: Cells, asker: Asker, where: slice, ways: Floats, total: Floats) -> Floats:
    if asker.cares:
        care = cells.flags_any[where] & c.CARE != 0
        total = np.where(care, total, total * scoring.CARE_PLAIN_DAY)
        total = np.where(ways > places.COMMUTE_M, total * scoring.CARE_FAR_AWAY, total)
    if asker.burdens:
        likely = has_any(cells.likely_all[where], asker.burdens)
        total = np.where(likely, total * scoring.LIKELY_CONFLICT, total)
    if asker.wanted_shift:
        unnamed = cells.shifts_any[where] & asker.shifts == 0
        total = np.where(unnamed, total * scoring.SHIFT_NOT_NAMED, total)
    if asker.class_mark:
        unmarked = ~has_any(cells.suits_any[where], max(asker.class_mark, 0))
        total = np.where(unmarked, total * scoring.CLASS_NOT_MARKED, total)
    return total
