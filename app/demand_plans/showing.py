"""供需一览: demand against supply of a place for who may see it; plans and balance as workbooks."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.errors import Forbidden
from app.core.sheets import write_xlsx
from app.core.sheets.writing import Cell
from app.demand_plans import policies, queries, rules, supply
from app.demand_plans.models import DemandPlan
from app.demand_plans.queries import PlanFilters
from app.demand_plans.rules import BalanceRow
from app.jobs.rules import wage_words
from app.occupations.classification import occupation_name
from app.regions import gazetteer

PLAN_COLUMNS: Final = (
    *("编号", "单位名称", "岗位名称", "职业名称", "需求人数", "上班日期", "做到哪天"),
    *("工作地区", "工资待遇", "包吃", "包住", "状态", "备注"),
)
BALANCE_COLUMNS: Final = ("工种", "月份", "本月要人", "到本月一共要", "到时有空", "还缺")
_TOO_FEW: Final = "太少，不给数"
_AT_ONCE: Final = 100


@dataclass(frozen=True)
class Balance:
    """供需一览: rows with the most needed first; `smallest` people are told at least, 0 for no limit."""

    region_code: str
    months: tuple[date, ...]
    rows: tuple[BalanceRow, ...]
    smallest: int


def show_balance(session: Session, actor: Actor, region_code: str, today: date) -> Balance:
    """Demand against supply of a place for the year ahead; three statements. Raises Forbidden (a part of an
    area of which the actor may only count the whole), UnknownRegion."""
    supply.require_whole(actor, region_code)
    months = rules.months_from(today)
    filters = PlanFilters(region_code=region_code, since_on=months[0])
    needs = queries.list_needs(session, actor, filters)
    groups = {rules.group_for(need.occupation_code) for need in needs}
    free = supply.count_free(session, actor, region_code, groups, months, today)
    smallest = supply.smallest_told(actor, region_code)
    rows = tuple(rules.balance(needs, free, months, smallest=smallest))
    return Balance(region_code, months, rows, smallest)


def export_plans(session: Session, actor: Actor, region_code: str, today: date) -> bytes:
    """The live plans of a place as .xlsx. Raises Forbidden, UnknownRegion."""
    _require_export(actor, region_code)
    filters = PlanFilters(region_code=region_code, since_on=rules.months_from(today)[0])
    return _workbook(PLAN_COLUMNS, (_plan_row(plan) for plan in _all_plans(session, actor, filters)))


def export_balance(session: Session, actor: Actor, region_code: str, today: date) -> bytes:
    """Demand against supply of a place as .xlsx, one row for each occupation and month with a need. Raises
    Forbidden, UnknownRegion."""
    _require_export(actor, region_code)
    shown = show_balance(session, actor, region_code, today)
    cells = (
        [row.name, f"{cell.month_on:%Y-%m}", cell.needed, cell.needed_by_then, *_told(cell)]
        for row in shown.rows
        for cell in row.cells
        if cell.needed or cell.short
    )
    return _workbook(BALANCE_COLUMNS, cells)


def _told(cell: rules.BalanceCell) -> list[Cell]:
    return [_TOO_FEW if number is None else number for number in (cell.free_by_then, cell.short)]


def _require_export(actor: Actor, region_code: str) -> None:
    if not policies.may_export(actor, region_code):
        raise Forbidden("您的账号不能把用工计划导出来。")


def _all_plans(session: Session, actor: Actor, filters: PlanFilters) -> Iterator[DemandPlan]:
    cursor = None
    while True:
        page, cursor = queries.list_plans(session, actor, filters, limit=_AT_ONCE, cursor=cursor)
        yield from page
        if cursor is None:
            return


def _workbook(header: tuple[str, ...], rows: Iterator[list[Cell]]) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, header, rows)
    return target.getvalue()


def _plan_row(plan: DemandPlan) -> list[Cell]:
    return [
        plan.id,
        plan.employer.name,
        plan.title,
        occupation_name(plan.occupation_code) if plan.occupation_code else "",
        plan.headcount,
        plan.needed_on,
        plan.until_on,
        gazetteer.path_name(plan.region_code),
        wage_of(plan),
        "是" if plan.board else "否",
        "是" if plan.lodging else "否",
        plan.state.label,
        plan.note,
    ]


def wage_of(plan: DemandPlan) -> str:
    """3000-4500元/月: the pay of a plan in words."""
    return wage_words(plan.wage_min_fen, plan.wage_max_fen, plan.wage_unit, negotiable=False)
