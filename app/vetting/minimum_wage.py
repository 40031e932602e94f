"""最低工资标准: the table an office edits, by county tier and date (data/minimum_wage.toml)."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

_FILE = "minimum_wage.toml"


@dataclass(frozen=True, slots=True)
class Tier:
    """最低工资档: fen a month and an hour (part-time) from `effective_on`, for code prefixes `areas`.

    `areas` empty: which counties belong to it could not be seen. `rest` marks the tier of all other counties.
    """

    province_code: str
    effective_on: date
    name: str
    month_fen: int
    hour_fen: int
    areas: tuple[str, ...]
    rest: bool
    source: str
    is_local: bool = False
    """Put in by a county for itself: it says nothing of other counties of the province."""


@dataclass(frozen=True, slots=True)
class MinimumWage:
    """适用标准: `is_certain` where the county's own tier is known, else the lowest of its province."""

    month_fen: int
    hour_fen: int
    effective_on: date
    is_certain: bool
    words: str


@cache
def tiers() -> tuple[Tier, ...]:
    """The table, read from the package once."""
    text = (resources.files("app.vetting") / "data" / _FILE).read_text("utf-8")
    return read_tiers(text)


def read_tiers(text: str) -> tuple[Tier, ...]:
    """Raises KeyError, ValueError or tomllib's error for a table that is not as its head says."""
    return tuple(
        Tier(
            province_code=row["province"],
            effective_on=row["effective_on"],
            name=row["tier"],
            month_fen=round(row["month_yuan"] * 100),
            hour_fen=round(row["hour_yuan"] * 100),
            areas=tuple(row.get("areas", ())),
            rest=row.get("rest", False),
            source=row["source"],
        )
        for row in tomllib.loads(text)["tier"]
    )


def find_minimum_wage(
    region_code: str | None, today: date, table: Sequence[Tier] | None = None
) -> MinimumWage | None:
    """What applies at a place: its own tier, else the lowest of its province, else None (unknown).

    >>> find_minimum_wage("360102", date(2026, 1, 1)).month_fen
    185000
    """
    code = region_code or "--"
    rows = [tier for tier in _table(table) if code.startswith(tier.province_code)]
    now = _in_force([tier for tier in rows if not tier.is_local], today)
    local = _in_force([t for t in rows if t.is_local and any(code.startswith(a) for a in t.areas)], today)
    if local and (not now or local[0].effective_on >= now[0].effective_on):
        own = local[0]
        return MinimumWage(own.month_fen, own.hour_fen, own.effective_on, True, f"{own.name}地区")
    if not now:
        return None
    named = [tier for tier in now if any(code.startswith(area) for area in tier.areas)]
    if not named and len(code) >= 6 and not code[:6].endswith("00"):
        named = [tier for tier in now if tier.rest]
    if named:
        # The longest prefix wins: a district set apart from its city.
        best = max(named, key=lambda tier: max((len(a) for a in tier.areas if code.startswith(a)), default=0))
        return MinimumWage(best.month_fen, best.hour_fen, best.effective_on, True, f"{best.name}地区")
    low = min(now, key=lambda tier: tier.month_fen)
    return MinimumWage(low.month_fen, low.hour_fen, low.effective_on, False, "全省最低一档")


def lowest_known(today: date, table: Sequence[Tier] | None = None) -> MinimumWage | None:
    """The lowest figure in force anywhere in the table: less than this is too little wherever it is paid."""
    rows = [tier for tier in _table(table) if not tier.is_local]
    provinces = {tier.province_code for tier in rows}
    now = [t for code in provinces for t in _in_force([r for r in rows if r.province_code == code], today)]
    if not now:
        return None
    low = min(now, key=lambda tier: tier.month_fen)
    return MinimumWage(low.month_fen, low.hour_fen, low.effective_on, False, "已知各地最低一档")


def _table(table: Sequence[Tier] | None) -> Sequence[Tier]:
    return tiers() if table is None else table


def _in_force(rows: Sequence[Tier], today: date) -> list[Tier]:
    """The newest rows of one province whose day has come."""
    past = [tier for tier in rows if tier.effective_on <= today]
    latest = max((tier.effective_on for tier in past), default=None)
    return [tier for tier in past if tier.effective_on == latest]
