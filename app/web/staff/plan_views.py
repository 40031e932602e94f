"""用工供需页的内容: the balance of a place in words, figures and one chart. Plain values, no sessions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.demand_plans.rules import BalanceCell, BalanceRow, MonthSum, sum_by_month
from app.demand_plans.showing import Balance
from app.web.plan_form import PlanRow

CHART_WIDTH, CHART_HEIGHT, _FOOT, _HEAD = 720, 220, 28, 20
_MOST_NAMED: Final = 6


@dataclass(frozen=True)
class Cell:
    """一个月: empty words where nobody is needed from then on, or as short as before."""

    needed: str
    short: str
    is_short: bool


@dataclass(frozen=True)
class Row:
    """一个工种."""

    href: str
    name: str
    free_now: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Shortage:
    """一处缺口: the first month in which it shows, and the worst of the year."""

    href: str
    name: str
    words: str


@dataclass(frozen=True)
class Bar:
    """图上的一个月, in the units of the chart."""

    x: int
    width: int
    label: str
    needed_y: int
    needed_height: int
    needed: str
    short_y: int
    short_height: int
    short: str


@dataclass(frozen=True)
class PlansView:
    """用工供需: `places` code, name, whether it is the one shown."""

    places: tuple[tuple[str, str, bool], ...]
    code: str
    place: str
    needed: int
    message: str
    summary: str
    bars: tuple[Bar, ...]
    months: tuple[str, ...]
    rows: tuple[Row, ...]
    shortages: tuple[Shortage, ...]
    plans: tuple[PlanRow, ...]
    next: str | None
    may_state: bool
    may_export: bool
    hides: bool


def month_words(month: date, before: date | None = None) -> str:
    """3 月; with its year where that is another than the month's before it: 2027 年 1 月."""
    year = f"{month.year} 年 " if before is not None and before.year != month.year else ""
    return f"{year}{month.month} 月"


def rows_of(balance: Balance, href: str) -> tuple[Row, ...]:
    """The table, the most needed group first; `href` leads to a group when its code is added."""
    return tuple(
        Row(
            f"{href}{row.group}",
            row.name,
            _told(row.cells[0].free_by_then),
            tuple(_cell(cell, before) for cell, before in zip(row.cells, (None, *row.cells), strict=False)),
        )
        for row in balance.rows
    )


def _told(number: int | None) -> str:
    return "太少，不给数" if number is None else f"{number:,}"


def _cell(cell: BalanceCell, before: BalanceCell | None) -> Cell:
    """The shortage is said in the month in which it changes, and marked for as long as it lasts."""
    is_new = before is None or cell.short != before.short
    return Cell(
        f"{cell.needed:,}" if cell.needed else "",
        f"{cell.short:,}" if cell.short and is_new else "",
        bool(cell.short),
    )


def shortages_of(rows: Iterable[BalanceRow], href: str) -> tuple[Shortage, ...]:
    """The groups that will be short, the worst first."""
    short = [row for row in rows if row.is_short]
    short.sort(key=lambda row: -max(cell.short or 0 for cell in row.cells))
    return tuple(Shortage(f"{href}{row.group}", row.name, _short_words(row)) for row in short)


def _short_words(row: BalanceRow) -> str:
    first = next(cell for cell in row.cells if cell.short)
    worst = max(row.cells, key=lambda cell: cell.short or 0)
    words = f"{first.month_on.year} 年 {first.month_on.month} 月起缺 {first.short:,} 人"
    if worst.short != first.short:
        words += f"，到 {worst.month_on.year} 年 {worst.month_on.month} 月缺 {worst.short:,} 人"
    return words


def message_of(balance: Balance) -> str:
    """The chart's message: what is short, or that all can be found."""
    short = [row for row in balance.rows if row.is_short]
    if not balance.rows:
        return "还没有单位报计划"
    if not short:
        return "报上来的，照眼下的人都够"
    names = "、".join(each.name for each in shortages_of(short, "")[:2])
    return f"{len(short)} 个工种人不够，最缺{names}"


def bars_of(sums: Sequence[MonthSum]) -> tuple[Bar, ...]:
    """Two bars a month: needed from then on, and what stays open by then."""
    most = max([1, *(each.needed for each in sums), *(each.short for each in sums)])
    room = CHART_HEIGHT - _FOOT - _HEAD
    step = CHART_WIDTH // len(sums)
    found = []
    for place, each in enumerate(sums):
        needed, short = each.needed * room // most, each.short * room // most
        found.append(
            Bar(
                place * step + 4,
                (step - 12) // 2,
                f"{each.month_on.month} 月",
                CHART_HEIGHT - _FOOT - needed,
                needed,
                f"{each.needed:,}" if each.needed else "",
                CHART_HEIGHT - _FOOT - short,
                short,
                f"{each.short:,}" if each.short else "",
            )
        )
    return tuple(found)


def summary_of(balance: Balance, sums: Sequence[MonthSum]) -> str:
    """The chart in words, for who does not see it."""
    said = [
        f"{each.month_on.year} 年 {each.month_on.month} 月要 {each.needed} 人，到时还缺 {each.short} 人"
        for each in sums
        if each.needed
    ]
    return "；".join(said[:_MOST_NAMED]) + "。" if said else "这一年没有单位报计划。"


def build_view(
    balance: Balance,
    places: tuple[tuple[str, str, bool], ...],
    place: str,
    plans: tuple[PlanRow, ...],
    following: str | None,
    *,
    may_state: bool,
    may_export: bool,
) -> PlansView:
    """Everything on the page of a place."""
    href = f"/staff/plans/group?in={balance.region_code}&g="
    sums = sum_by_month(balance.rows, balance.months)
    befores = (None, *balance.months)
    return PlansView(
        places,
        balance.region_code,
        place,
        sum(row.needed for row in balance.rows),
        message_of(balance),
        summary_of(balance, sums),
        bars_of(sums) if balance.rows else (),
        tuple(month_words(month, before) for month, before in zip(balance.months, befores, strict=False)),
        rows_of(balance, href),
        shortages_of(balance.rows, href),
        plans,
        following,
        may_state,
        may_export,
        balance.smallest > 0,
    )
