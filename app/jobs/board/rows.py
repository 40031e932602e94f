"""看板的行: every open posting of one day as numpy columns, by id. A change makes a new board."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from app.employers.terms import EmployerKind
from app.jobs.queries import FAR, Point
from app.regions.gazetteer import ancestors
from app.regions.scope import reach_prefix
from app.regions.terms import Reach

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.void]

REGION_DIGITS: Final = 12
OCCUPATION_DIGITS: Final = 7
"""4-01-02-03 without its dashes."""
NOWHERE: Final = np.iinfo(np.int64).min
"""Stands for a coordinate that is not known."""
KINDS: Final = tuple(EmployerKind)

COLUMNS: Final = np.dtype(
    [
        ("id", np.int64),
        ("employer", np.int64),
        ("kind", np.int64),
        ("region", np.int64),
        ("occupation", np.int64),
        ("x", np.int64),
        ("y", np.int64),
        ("wage", np.int64),
        ("published", np.int64),
    ]
)


class OpenPosting(NamedTuple):
    """一条: what the board knows of a posting. `wage` in fen a month, `published` in microseconds of UTC."""

    id: int
    employer_id: int
    kind: EmployerKind
    region_code: str
    occupation_code: str | None
    x: int | None
    y: int | None
    wage: int
    published: int
    stops: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """岗位看板: see the module. `stops` are the places where the bus of a posting stops, by its id."""

    today: int
    rows: Rows
    stops: Mapping[int, tuple[str, ...]]

    @classmethod
    def over(cls, postings: Iterable[OpenPosting], today: int) -> "Board":
        """A board of these postings."""
        listed = sorted(postings)
        return cls(today, _encode(listed), {each.id: each.stops for each in listed if each.stops})

    def changed(self, looked_at: Collection[int], found: Sequence[OpenPosting]) -> "Board":
        """The board after the postings `looked_at` were read again; those not `found` are open no longer."""
        kept = self.rows[~np.isin(self.rows["id"], np.fromiter(looked_at, np.int64, len(looked_at)))]
        rows = np.concatenate([kept, _encode(found)])
        stops = {identity: stops for identity, stops in self.stops.items() if identity not in looked_at}
        stops |= {each.id: each.stops for each in found if each.stops}
        return Board(self.today, rows[np.argsort(rows["id"], kind="stable")], stops)

    def list_of_employers(self, employers: Collection[int]) -> set[int]:
        """Ids of the open postings of some employers."""
        theirs = np.isin(self.rows["employer"], np.fromiter(employers, np.int64, len(employers)))
        return set(self.rows["id"][theirs].tolist())

    def everywhere(self) -> Flags:
        """All of them."""
        return np.ones(len(self.rows), np.bool_)

    def lies_in(self, prefix: str) -> Flags:
        """Whose region code begins with `prefix`."""
        if not prefix:
            return self.everywhere()
        return _between(self._regions, prefix, REGION_DIGITS)

    def is_within(self, region_code: str, reach: Reach) -> Flags:
        """Within reach of someone at a place; a bus that stops there counts. Raises UnknownRegion."""
        inside = self.lies_in(reach_prefix(region_code, reach))
        if reach in (Reach.VILLAGE, Reach.ANYWHERE):
            return inside
        return inside | self._bus_comes_to(region_code)

    def has_occupation(self, prefixes: Sequence[str]) -> Flags:
        """Whose occupation begins with one of `prefixes`."""
        found = np.zeros(len(self.rows), np.bool_)
        for prefix in prefixes:
            found |= _between(self._occupations, prefix.replace("-", ""), OCCUPATION_DIGITS)
        return found

    def is_of_kind(self, kind: EmployerKind) -> Flags:
        """Of employers of one kind."""
        of_kind: Flags = self.rows["kind"] == KINDS.index(kind)
        return of_kind

    def squared_way(self, start: Point) -> Ints:
        """Squared metres from `start`, as the database computes them."""
        known = self.rows["x"] != NOWHERE
        east = np.where(known, self.rows["x"], 0) - start[0]
        north = np.where(known, self.rows["y"], 0) - start[1]
        return np.where(known, east * east + north * north, FAR)

    def _bus_comes_to(self, region_code: str) -> Flags:
        codes = {step.code for step in ancestors(region_code)} | {region_code}
        town = region_code[:9] if len(region_code) >= 9 else None
        ids = [
            theirs
            for stop, theirs in self._by_stop.items()
            if stop in codes or (town is not None and stop.startswith(town))
        ]
        if not ids:
            return np.zeros(len(self.rows), np.bool_)
        return np.isin(self.rows["id"], np.concatenate(ids))

    # Columns that every question reads, side by side instead of row by row.
    @cached_property
    def _regions(self) -> Ints:
        return np.ascontiguousarray(self.rows["region"])

    @cached_property
    def _occupations(self) -> Ints:
        return np.ascontiguousarray(self.rows["occupation"])

    @cached_property
    def _by_stop(self) -> dict[str, Ints]:
        found: dict[str, list[int]] = {}
        for identity, stops in self.stops.items():
            for stop in stops:
                found.setdefault(stop, []).append(identity)
        return {stop: np.array(ids, np.int64) for stop, ids in found.items()}


def _between(column: Ints, prefix: str, digits: int) -> Flags:
    first, last = int(prefix.ljust(digits, "0")), int(prefix.ljust(digits, "9"))
    return (column >= first) & (column <= last)


def _encode(postings: Sequence[OpenPosting]) -> Rows:
    rows = np.empty(len(postings), COLUMNS)
    for place, each in enumerate(postings):
        is_known = each.x is not None and each.y is not None
        rows[place] = (
            each.id,
            each.employer_id,
            KINDS.index(each.kind),
            int(each.region_code.ljust(REGION_DIGITS, "0")),
            -1 if each.occupation_code is None else int(each.occupation_code.replace("-", "")),
            each.x if is_known else NOWHERE,
            each.y if is_known else NOWHERE,
            each.wage,
            each.published,
        )
    return rows
