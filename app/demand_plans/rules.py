"""供需规则: what is needed against who is free, by group of occupations and month. Pure.

Needs add up: who started in March is no longer free in April. So a month is short when all that is needed up
to its end is more than all who are free by its first day. Occupations of one small group (小类, the first
seven signs of a code) stand in for each other, as matching has it; who can do two kinds counts in both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.occupations.classification import group_of, occupation_name

MONTHS_AHEAD: Final = 12
"""A season is planned within a year: this project's own choice."""
UNREAD: Final = ""
"""The group of plans whose words settle no occupation: nobody can be counted against them."""


@dataclass(frozen=True)
class Need:
    """缺口的一笔: people still to be found for one plan."""

    occupation_code: str | None
    needed_on: date
    still_needed: int


@dataclass(frozen=True)
class BalanceCell:
    """一个工种一个月: `needed` from this month on, `needed_by_then` all from today to its end; None: fewer
    people than may be told."""

    month_on: date
    needed: int
    needed_by_then: int
    free_by_then: int | None
    short: int | None


@dataclass(frozen=True)
class BalanceRow:
    """一个工种的供需."""

    group: str
    name: str
    cells: tuple[BalanceCell, ...]

    @property
    def is_short(self) -> bool:
        return any(cell.short for cell in self.cells)

    @property
    def needed(self) -> int:
        """People still needed within the year."""
        return self.cells[-1].needed_by_then


def months_from(today: date, count: int = MONTHS_AHEAD) -> tuple[date, ...]:
    """The first days of this month and those that follow."""
    first = today.year * 12 + today.month - 1
    return tuple(date(month // 12, month % 12 + 1, 1) for month in range(first, first + count))


def group_for(code: str | None) -> str:
    """6-09-05-02 -> 6-09-05; UNREAD without a code."""
    return group_of(code) if code else UNREAD


def group_name(group: str) -> str:
    """What a group is called; a nearest wider one where the classification names none."""
    return (occupation_name(f"{group}-00") or group) if group else "还没认出是什么工种"


def balance(
    needs: Iterable[Need],
    free: Mapping[str, Mapping[date, int]],
    months: tuple[date, ...],
    *,
    smallest: int = 0,
) -> list[BalanceRow]:
    """Needs against people, the group most needed first. `free` has, for each group, how many become free by
    the first day of each month (those free today in the first). Numbers of people from 1 to `smallest` - 1
    are left out, and the shortage with them; later ones rise by `smallest` or more: no subtraction tells.
    """
    wanted: dict[str, Counter[date]] = {}
    for need in needs:
        month = need.needed_on.replace(day=1)
        if need.still_needed > 0 and month in months:
            wanted.setdefault(group_for(need.occupation_code), Counter())[month] += need.still_needed
    rows = [_row(group, counts, free.get(group, {}), months, smallest) for group, counts in wanted.items()]
    return sorted(rows, key=lambda row: (-row.needed, row.group))


def _row(
    group: str, wanted: Counter[date], free: Mapping[date, int], months: tuple[date, ...], smallest: int
) -> BalanceRow:
    cells: list[BalanceCell] = []
    needed, people, told = 0, 0, 0
    for month in months:
        needed, people = needed + wanted[month], people + free.get(month, 0)
        # Who became free since the number told before must be no small number either.
        if people - told >= smallest:
            told = people
        is_hidden = group == UNREAD or (told == 0 and people > 0)
        shown = None if is_hidden else told
        short = None if shown is None else max(0, needed - shown)
        cells.append(BalanceCell(month, wanted[month], needed, shown, short))
    return BalanceRow(group, group_name(group), tuple(cells))


@dataclass(frozen=True)
class MonthSum:
    """一个月的合计: needed from this month on, in all groups, and how many of all needs stay open."""

    month_on: date
    needed: int
    short: int


def sum_by_month(rows: Iterable[BalanceRow], months: tuple[date, ...]) -> list[MonthSum]:
    """The rows added up month by month; what may not be told counts as nothing short."""
    found = list(rows)
    return [
        MonthSum(
            month,
            sum(row.cells[place].needed for row in found),
            sum(row.cells[place].short or 0 for row in found),
        )
        for place, month in enumerate(months)
    ]
