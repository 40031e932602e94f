"""数组的次序: an index's arrays in the order in which the compiled loop of `kernel` takes them. Nothing is
copied but the bounds of counties, which are few.
"""

from typing import Any, NamedTuple

import numpy as np

from app.matching.index.cells import Cells
from app.matching.index.packed import NOWHERE


class Columns(NamedTuple):
    """列: the postings' columns as the compiled loop reads them."""

    ids: Any
    x: Any
    y: Any
    scope: Any
    blur: Any
    pay: Any
    answer: Any
    confirmed: Any
    share: Any
    starts: Any
    flags: Any
    likely: Any
    suits: Any
    shifts: Any
    occupation: Any
    skills: Any
    locks: Any


class Tables(NamedTuple):
    """表: what the columns' codes stand for."""

    low: Any
    middle: Any
    upper: Any
    answers: Any
    freshness: Any
    shares: Any
    blur: Any
    shifts: Any


class Bounds(NamedTuple):
    """格: the cells as the compiled loop reads them."""

    starts: Any
    ends: Any
    west: Any
    east: Any
    south: Any
    north: Any
    pointless: Any
    steady: Any
    middle: Any
    least: Any
    pay_max: Any
    flags_any: Any
    likely_all: Any
    suits_any: Any
    shifts_any: Any


class Counties(NamedTuple):
    """县: bounds over all cells of a county, and where the cells of each of its trades begin."""

    begin: Any
    end: Any
    west: Any
    east: Any
    south: Any
    north: Any
    pointless: Any
    steady: Any
    middle: Any
    least: Any
    flags: Any
    trades: int
    groups: Any


def read_columns(index: Any) -> Columns:
    """An index's columns."""
    columns = index.columns
    return Columns(
        *(columns.ids, columns.x, columns.y, columns.scope, columns.blur, columns.pay, columns.answer),
        *(columns.confirmed, columns.share, columns.starts, columns.flags, columns.likely, columns.suits),
        *(columns.shifts, columns.occupation, columns.skills, index.parts.words),
    )


def read_tables(index: Any) -> Tables:
    """What the codes of an index stand for."""
    tables = index.tables
    return Tables(
        *(tables.low, tables.middle, tables.upper, tables.answers, tables.freshness, tables.shares),
        *(tables.blurs, tables.shifts),
    )


def read_bounds(cells: Cells) -> Bounds:
    """The cells' bounds."""
    west, east, south, north = cells.box
    return Bounds(
        *(cells.starts, cells.ends, west, east, south, north, cells.pointless, cells.steady, cells.middle),
        *(cells.least, cells.pay_max, cells.flags_any, cells.likely_all, cells.suits_any, cells.shifts_any),
    )


def read_counties(index: Any) -> Counties:
    """Bounds of whole counties, out of those of their cells."""
    cells, starts = index.cells, index.cells.county_edges[:-1]
    far = -(NOWHERE + 1)
    west, east, south, north = cells.box
    west, south = (np.where(side == NOWHERE, far, side) for side in (west, south))
    trades = 2 * len(index.trades.occupations)
    group = cells.county.astype(np.int64) * trades + cells.trade
    return Counties(
        cells.span_from,
        cells.span_to,
        np.minimum.reduceat(west, starts),
        np.maximum.reduceat(east, starts),
        np.minimum.reduceat(south, starts),
        np.maximum.reduceat(north, starts),
        np.logical_or.reduceat(cells.pointless, starts),
        np.maximum.reduceat(cells.steady, starts).astype(np.float64),
        np.maximum.reduceat(cells.middle, starts).astype(np.float64),
        np.maximum.reduceat(cells.least, starts).astype(np.float64),
        np.bitwise_or.reduceat(cells.flags_any, starts),
        trades,
        group.searchsorted(np.arange(len(cells.counties) * trades + 1)).astype(np.int32),
    )
