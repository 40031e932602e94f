"""岗位窄列: the columns of an index as narrow as they can be without losing a bit.

A value that few postings differ in (pay, days, places) is kept once, rising, and a posting holds its number.
Nothing here depends on the day: what does stands in `Tables`, made anew for each day in no time. All arrays
are read-only, so that they may lie in a file that several processes share (`snapshot`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from app.matching.index import columns as c
from app.matching.index.columns import COLUMNS, Books, Floats, Ints
from app.matching.rules import scoring, wages
from app.matching.rules.scoring import WEIGHTS

Rows = npt.NDArray[np.void]
Array = npt.NDArray[Any]

NOWHERE: Final = -(1 << 31)
"""Stands for unknown metres."""
UNKNOWN: Final = -1.0
"""Stands for pay nobody stated: its grade falls under `Tables.unknown`, which then gives what unknown pay
grades."""
SHIFT_BITS: Final = {"day": 1, "night": 2, "rotating": 4, "flexible": 8}

_UNSIGNED: Final = (np.uint8, np.uint16, np.uint32, np.int64)


def shift_bits(shifts: Iterable[str]) -> int:
    """A word with one bit for each shift."""
    return sum(SHIFT_BITS.get(shift, 0) for shift in set(shifts))


def frozen(values: Array, dtype: Any = None) -> Array:
    """The values in one piece of memory that nobody can write to. Compiled code is made once more for a
    writable array, so every array of an index is read-only, mapped or not."""
    made = np.array(values, dtype or values.dtype, order="C")
    made.setflags(write=False)
    return made


def narrowed(values: Array, least: Any = np.uint8) -> Array:
    """Whole numbers in the narrowest type that holds them, but not in one narrower than `least`:
    the compiled search is made for one width of each column, so a column rarely changes it."""
    lowest, most = int(values.min(initial=0)), int(values.max(initial=0))
    wide_enough = [kind for kind in _UNSIGNED if np.iinfo(kind).min <= lowest and most <= np.iinfo(kind).max]
    kind = max(wide_enough[0], least, key=lambda one: np.dtype(one).itemsize)
    return frozen(values, kind)


def numbered(values: Array, least: Any = np.uint8) -> tuple[Array, Array]:
    """The distinct values, rising, and each value's number among them."""
    distinct, numbers = np.unique(values, return_inverse=True)
    return frozen(distinct), narrowed(numbers.reshape(-1), least)


@dataclass(frozen=True)
class PostingColumns:
    """岗位窄列: see the module. `scopes` ... `blurs` hold distinct values, the rest a number a posting."""

    ids: Ints
    employers: Ints
    x: Ints
    y: Ints
    scope: Ints
    pay: Ints
    skills: Ints
    occupation: Ints
    answer: Ints
    """1 + per mille, 0 where the employer's answers are too few to say."""
    confirmed: Ints
    share: Ints
    starts: Ints
    valid: Ints
    flags: Ints
    demands: Ints
    likely: Ints
    suits: Ints
    shifts: Ints
    blur: Ints
    age_min: Ints
    age_max: Ints
    education: Ints
    kind: Ints
    profile: Ints
    certificates: Ints
    bus_rows: Ints
    """Rows with a bus, rising, and the numbers of its stops' sets."""
    bus_stops: Ints
    scopes: Ints
    pay_min: Floats
    pay_max: Floats
    days: Ints
    """Days as ordinals, the first 0 = none."""
    shares: Floats
    blurs: Ints

    @classmethod
    def over(cls, rows: Rows) -> Self:
        """Pack rows of `COLUMNS`, in their order."""
        scopes, scope = numbered(rows["scope"], np.uint32)
        days, starts, valid, confirmed = _number_days(rows)
        pay_min, pay_max, pay = _number_pay(rows)
        shares, share = numbered(rows["share"], np.uint16)
        blurs, blur = numbered(rows["blur"])
        nowhere = np.isnan(rows["x"]) | np.isnan(rows["y"])
        with_bus = np.flatnonzero(rows["pickup"])
        return cls(
            ids=frozen(rows["id"]),
            employers=narrowed(rows["employer"], np.uint32),
            x=frozen(np.where(nowhere, NOWHERE, rows["x"]), np.int32),
            y=frozen(np.where(nowhere, NOWHERE, rows["y"]), np.int32),
            scope=scope,
            pay=pay,
            skills=narrowed(rows["skills"], np.uint32),
            occupation=narrowed(rows["occupation"], np.uint16),
            answer=narrowed(rows["answer"].astype(np.int64) + 1, np.uint16),
            confirmed=confirmed,
            share=share,
            starts=starts,
            valid=valid,
            flags=narrowed(rows["flags"], np.uint16),
            demands=narrowed(rows["demands"], np.uint16),
            likely=narrowed(rows["likely"], np.uint16),
            suits=narrowed(rows["suits"]),
            shifts=narrowed(rows["shifts"]),
            blur=blur,
            age_min=narrowed(rows["age_min"]),
            age_max=narrowed(rows["age_max"]),
            education=narrowed(rows["education"]),
            kind=narrowed(rows["kind"]),
            profile=narrowed(rows["profile"]),
            certificates=narrowed(rows["certificates"]),
            bus_rows=frozen(with_bus, np.int32),
            bus_stops=frozen(rows["pickup"][with_bus], np.int32),
            scopes=scopes,
            pay_min=pay_min,
            pay_max=pay_max,
            days=days,
            shares=shares,
            blurs=blurs,
        )

    def ordered(self, order: Ints) -> Self:
        """The same rows in another order."""
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        moved = place[self.bus_rows]
        by_place = np.argsort(moved)
        changed = {
            part.name: frozen(getattr(self, part.name)[order])
            for part in fields(self)
            if part.name not in _NOT_BY_ROW
        }
        return replace(
            self,
            **changed,
            bus_rows=frozen(moved[by_place], np.int32),
            bus_stops=frozen(self.bus_stops[by_place]),
        )

    def unpack(self, places: Ints) -> Rows:
        """Some rows as `columns.encode_postings` gave them."""
        rows = np.zeros(len(places), COLUMNS)
        rows["id"], rows["employer"] = self.ids[places], self.employers[places]
        rows["scope"] = self.scopes[self.scope[places]]
        for name in ("x", "y"):
            values = getattr(self, name)[places].astype(np.float64)
            rows[name] = np.where(values == NOWHERE, np.nan, values)
        rows["blur"] = self.blurs[self.blur[places]]
        rows["pay_min"] = self.pay_min[self.pay[places]]
        rows["pay_max"] = self.pay_max[self.pay[places]]
        rows["starts_on"] = self.days[self.starts[places]]
        rows["valid_until"] = self.days[self.valid[places]]
        rows["confirmed_on"] = self.days[self.confirmed[places]]
        rows["share"] = self.shares[self.share[places]]
        rows["answer"] = self.answer[places].astype(np.int16) - 1
        for name in _AS_THEY_ARE:
            rows[name] = getattr(self, name)[places]
        if len(self.bus_rows):
            at = np.minimum(self.bus_rows.searchsorted(places), len(self.bus_rows) - 1)
            rows["pickup"] = np.where(self.bus_rows[at] == places, self.bus_stops[at], 0)
        return rows

    def day_number(self, day: int) -> int:
        """The lowest number of a day not before `day`."""
        return int(self.days.searchsorted(day))


_NOT_BY_ROW: Final = frozenset(
    {"bus_rows", "bus_stops", "scopes", "pay_min", "pay_max", "days", "shares", "blurs"}
)
_AS_THEY_ARE: Final = (
    *("skills", "occupation", "flags", "demands", "likely", "suits", "shifts"),
    *("age_min", "age_max", "education", "kind", "profile", "certificates"),
)


def _number_days(rows: Rows) -> tuple[Array, Array, Array, Array]:
    """The days, and numbers of the three columns of days."""
    names = ("starts_on", "valid_until", "confirmed_on")
    days = np.unique(np.concatenate([[0], *(np.unique(rows[name]) for name in names)]))
    starts, valid, confirmed = (narrowed(days.searchsorted(rows[name]), np.uint16) for name in names)
    return frozen(days, np.int32), starts, valid, confirmed


def _number_pay(rows: Rows) -> tuple[Array, Array, Array]:
    """Lowest and highest pay of each different pair, those that pay least at most first, and the pairs'
    numbers."""
    lows, low = np.unique(rows["pay_min"], return_inverse=True)
    highs, high = np.unique(rows["pay_max"], return_inverse=True)
    width = max(len(lows), 1)
    pairs, numbers = numbered(high.reshape(-1) * width + low.reshape(-1), np.uint32)
    return frozen(lows[pairs % width]), frozen(highs[pairs // width]), numbers


@dataclass(frozen=True)
class Tables:
    """对照表: what the numbers of `PostingColumns` are worth to the score on one day, weighted already where
    that doesn't depend on the person."""

    low: Floats
    middle: Floats
    upper: Floats
    """What is paid at most, as stated, rising; infinite where nothing is."""
    unknown: Floats
    """The least grade of the pay: something where it is unknown."""
    answers: Floats
    freshness: Floats
    shares: Floats
    blurs: Floats
    shifts: Ints
    """Bits of `SHIFT_BITS`."""

    @classmethod
    def over(cls, columns: PostingColumns, books: Books, today: int) -> Self:
        """Work out the tables of a day."""
        unknown = np.isnan(columns.pay_min) & np.isnan(columns.pay_max)
        low = np.nan_to_num(columns.pay_min, nan=0.0)
        high = np.where(columns.pay_max > low, columns.pay_max, low)
        permille = np.arange(int(columns.answer.max(initial=0)) + 1) - 1
        answers = np.where(permille < 0, scoring.NO_OPINION, permille / 1000.0)
        ages = np.maximum(today - columns.days.astype(np.int64), 0)
        fresh = np.where(columns.days == 0, scoring.NO_OPINION, 1.0 / (1.0 + ages / scoring.FRESH_DAYS))
        return cls(
            np.where(unknown, UNKNOWN, low),
            np.where(unknown, UNKNOWN, (low + high) / 2.0),
            np.nan_to_num(columns.pay_max, nan=np.inf),
            np.where(unknown, wages.UNKNOWN_PAY, 0.0),
            WEIGHTS["answers"] * answers,
            WEIGHTS["freshness"] * fresh,
            WEIGHTS["fair_share"] * columns.shares,
            columns.blurs.astype(np.float64),
            np.array([shift_bits(shifts) for shifts in books.shifts.values], np.uint8),
        )


def least_pay_grade(columns: PostingColumns, tables: Tables, rows: slice | Ints) -> Floats:
    """The grade under which the pay of some rows doesn't fall: unknown pay, and public-welfare posts."""
    welfare = columns.flags[rows] & c.WELFARE != 0
    return np.where(welfare, scoring.NO_OPINION, tables.unknown[columns.pay[rows]])


def arrays_of(part: Any) -> Mapping[str, Array]:
    """The arrays of a dataclass by name."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
