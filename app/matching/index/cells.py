"""岗位格: runs of postings of one county and occupation, with the best that anyone could score there.

Postings stand sorted by county, then occupation; every reach from the county up is one run of cells. A
bound is never under a score that one of the cell's postings can get, so the search may stop exactly.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.matching.facts import USUAL_PAY
from app.matching.index import columns as c
from app.matching.index.columns import Flags, Floats, Ints
from app.matching.index.scores import ANSWERS, FAIR_SHARE, FRESHNESS, LEAST, MIDDLE, Asker, ScoreColumns, X, Y
from app.matching.rules import places, scoring
from app.matching.rules.scoring import WEIGHTS

CELL_ROWS: Final = 16
SLACK: Final = 1e-6
"""Added to a bound: far more than rounding can take away from it."""


@dataclass(frozen=True)
class Cells:
    """岗位格: per cell the rows `starts[i]:ends[i]`, the county as numbers, the bests."""

    starts: Ints
    ends: Ints
    county: Ints
    county_from: Ints
    county_to: Ints
    trade: Ints
    """Twice the occupation's number, and 1 more where the cell's postings are open to all (`trade_of`)."""
    box: Floats
    """West, east, south, north, in lines; NaN where no posting of the cell has a point."""
    pointless: Flags
    steady: Floats
    """Best sum of the parts that don't depend on the person."""
    middle: Floats
    least: Floats
    pay_max: Floats
    flags_any: Ints
    flags_all: Ints
    likely_all: Ints
    suits_any: Ints
    shifts_any: Ints


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


def trade_of(columns: ScoreColumns) -> Ints:
    """Occupations with a mark (the lowest bit) where anyone is graded well: no skill asked, or taught."""
    open_to_all = (columns.skills == 0) | (columns.flags & c.TRAINS != 0)
    trades: Ints = columns.occupation.astype(np.int64) * 2 + open_to_all
    return trades


def sort_rows(columns: ScoreColumns) -> Ints:
    """The order of rows in which cells are runs: county, trade, then the steady parts, best first."""
    figures = columns.figures
    steady = figures[:, ANSWERS] + figures[:, FRESHNESS] + figures[:, FAIR_SHARE]
    pay = np.minimum(figures[:, MIDDLE] / (2.0 * USUAL_PAY), 1.0) * WEIGHTS["wage"]
    return np.lexsort((-steady - pay, trade_of(columns), county_of(columns.scope)))


def group_cells(columns: ScoreColumns, pay_max: Floats) -> Cells:
    """Group rows that stand as `sort_rows` has them, at most `CELL_ROWS` together."""
    county = county_of(columns.scope)
    trade = trade_of(columns)
    changes = (np.diff(county) != 0) | (np.diff(trade) != 0)
    runs = np.concatenate([[0], np.flatnonzero(changes) + 1]) if len(county) else np.zeros(0, np.int64)
    place = np.arange(len(county))
    place -= np.repeat(runs, np.diff(np.append(runs, len(county))))
    starts = np.flatnonzero(place % CELL_ROWS == 0)
    ends = np.append(starts[1:], len(county)) if len(county) else starts
    figures = columns.figures
    x, y = figures[:, X], figures[:, Y]
    west, east = np.fmin.reduceat(x, starts), np.fmax.reduceat(x, starts)
    south, north = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    first = county[starts] // 16 * STEP
    paid = np.where(np.isnan(pay_max), np.inf, pay_max)
    return Cells(
        starts,
        ends,
        county[starts],
        first,
        first + STEP,
        trade[starts],
        np.vstack([west, east, south, north]),
        np.logical_or.reduceat(np.isnan(x), starts),
        np.maximum.reduceat(figures[:, ANSWERS] + figures[:, FRESHNESS] + figures[:, FAIR_SHARE], starts),
        np.maximum.reduceat(figures[:, MIDDLE], starts),
        np.maximum.reduceat(figures[:, LEAST], starts),
        np.maximum.reduceat(paid, starts),
        np.bitwise_or.reduceat(columns.flags, starts),
        np.bitwise_and.reduceat(columns.flags, starts),
        np.bitwise_and.reduceat(columns.likely, starts),
        np.bitwise_or.reduceat(columns.suits, starts),
        np.bitwise_or.reduceat(columns.shifts, starts),
    )


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
    wage = np.maximum(np.minimum(0.5 * (cells.middle[where] / asker.base), 1.0), cells.least[where])
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
    west, east, south, north = cells.box[:, where]
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
    start, end = cells.county_from[where], cells.county_to[where]
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
        likely = cells.likely_all[where] & asker.burdens != 0
        total = np.where(likely, total * scoring.LIKELY_CONFLICT, total)
    if asker.wanted_shift:
        unnamed = cells.shifts_any[where] & asker.shifts == 0
        total = np.where(unnamed, total * scoring.SHIFT_NOT_NAMED, total)
    if asker.class_mark:
        unmarked = cells.suits_any[where] & max(asker.class_mark, 0) == 0
        total = np.where(unmarked, total * scoring.CLASS_NOT_MARKED, total)
    return total
