"""工资够不够: the pay a posting offers against the legal minimum, with the hours it asks for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from app.occupations.terms import WageUnit
from app.vetting.hours import MONTH_H, WEEKS, Schedule
from app.vetting.minimum_wage import MinimumWage, Tier, find_minimum_wage, lowest_known
from app.vetting.terms import Severity

PAID_DAYS: Final = Decimal("21.75")
"""Days a monthly wage pays for: 劳社部发〔2008〕3号."""
OVERTIME_TIMES: Final = Decimal("1.5")
"""劳动法第四十四条: overtime on working days, the least of the three rates."""
PART_TIME_DAY_H: Final = 4
"""劳动合同法第六十八条: part time is at most four hours a day on average."""

_PART_TIME: Final = re.compile(
    r"兼职|小时工|钟点|非全日制|半天|半日|临时|零工|按小时|学生工"
    r"|每天(?:工作)?(?:[1-4一二三四两]|[1-3]-[2-5])(?:个)?小时"
)
_NO_WORK_RELATION: Final = re.compile(r"实习|见习|学徒|公益性?岗|补贴|志愿|勤工")


@dataclass(frozen=True, slots=True)
class Pay:
    """开的工资: fen for one `unit`, both ends None = open; `base_fen` a base pay named beside it; `quote` the
    words it was read from. Whoever calls has read it (app/jobs/reading)."""

    min_fen: int | None = None
    max_fen: int | None = None
    unit: WageUnit | None = None
    base_fen: int | None = None
    estimate_fen: int | None = None
    is_base: bool = False
    quote: str = ""
    base_quote: str = ""


@dataclass(frozen=True, slots=True)
class TooLow:
    """工资偏低: how grave, and what to write instead."""

    severity: Severity
    advice: str
    is_base: bool = False


def check_pay(
    pay: Pay,
    whole: str,
    plan: Schedule,
    region_code: str | None,
    today: date,
    wages: Sequence[Tier] | None = None,
) -> Iterator[TooLow]:
    """Compares pay with the minimum of its place. Nothing where the place is unknown and the pay is not
    below the lowest minimum anywhere."""
    known = find_minimum_wage(region_code, today, wages)
    least = known or lowest_known(today, wages)
    if least is None:
        return
    unit, low, high = pay.unit, pay.min_fen, pay.max_fen
    if unit is WageUnit.PIECE:
        unit, low, high = WageUnit.MONTH, pay.estimate_fen, pay.estimate_fen
    low = low if low is not None else high
    top = high if high is not None else low
    if top is None or low is None or unit is None or unit is WageUnit.PIECE:
        return
    floor = _floor(unit, least, whole)
    if floor is None or (unit is WageUnit.MONTH and _is_part_time(whole, plan)):
        return
    sure = known is not None and not _NO_WORK_RELATION.search(whole)
    needed = _with_hours(unit, floor, plan)
    words = (
        f"{least.words}从{least.effective_on}起每月{_yuan(least.month_fen)}元、每小时"
        f"{_yuan(least.hour_fen)}元"
    )
    if known is None:
        words = f"本地的标准还没填进表里；{words}"
    if top < floor and (high is not None or not pay.is_base):
        # A base pay alone is open upwards: the piece work or the commission on top may make it lawful.
        yield TooLow(Severity.BLOCK if sure else Severity.WARN, f"工资低于最低工资。{words}。请写够这个数。")
    elif top < needed:
        hours = f"每月约{round(plan.month_h or 0)}小时"
        certain = sure and plan.days_at is not None and not plan.guessed_break
        yield TooLow(
            Severity.BLOCK if certain else Severity.WARN,
            f"{hours}，加班按1.5倍折算，至少要{_yuan(int(needed))}元。{words}。请加工资或减工时。",
        )
    elif pay.base_fen is not None and unit is WageUnit.MONTH and pay.base_fen < floor:
        yield TooLow(
            Severity.WARN, f"底薪低于最低工资。{words}。请写明保底多少，不低于这个数。", is_base=True
        )
    elif low < floor:
        yield TooLow(Severity.WARN, f"低的一头低于最低工资。{words}。请写明保底多少，不低于这个数。")


def _floor(unit: WageUnit, least: MinimumWage, whole: str) -> Decimal | None:
    month = Decimal(least.month_fen)
    if unit is WageUnit.HOUR:
        return Decimal(least.hour_fen) if _PART_TIME.search(whole) else month / MONTH_H
    floors = {
        WageUnit.MONTH: month,
        WageUnit.DAY: month / PAID_DAYS,
        WageUnit.WEEK: month / WEEKS,
        WageUnit.YEAR: month * 12,
    }
    return floors.get(unit)


def _with_hours(unit: WageUnit, floor: Decimal, plan: Schedule) -> Decimal:
    """The least for the hours asked: what goes beyond the standard month counts one and a half times."""
    if unit is WageUnit.DAY and plan.day_h is not None and plan.day_h > 8:
        return floor * (8 + OVERTIME_TIMES * (plan.day_h - 8)) / 8
    month_h = plan.month_h
    if unit is not WageUnit.MONTH or month_h is None or month_h <= MONTH_H + 8:
        return floor
    return floor * (MONTH_H + OVERTIME_TIMES * (month_h - MONTH_H)) / MONTH_H


def _is_part_time(whole: str, plan: Schedule) -> bool:
    return bool(_PART_TIME.search(whole)) or (plan.day_h is not None and plan.day_h <= PART_TIME_DAY_H)


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}".rstrip("0").rstrip(".")
