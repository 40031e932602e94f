"""读一行: what one row of a filled-in template says, and what is wrong with it, column by column. Pure.

Stricter than a list that an office imports: whoever filled in the template is there to put it right.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.core.sheets.importing import RowProblem
from app.employers.models import Employer
from app.jobs import rules
from app.jobs.batches.columns import UNITS
from app.jobs.imports.rows import read_job_row
from app.jobs.reading.dates import read_date
from app.jobs.schemas import JobIn, WageIn
from app.occupations.terms import WageUnit

_NUMBER: Final = re.compile(r"\d{1,9}(?:\.\d{1,2})?")
_UNIT_OF: Final = dict(zip(UNITS, (WageUnit.MONTH, WageUnit.DAY, WageUnit.HOUR, WageUnit.PIECE), strict=True))
_NEEDED: Final = {
    "title": "写上招啥人，比如缝纫工",
    "openings": "写上要几个人，只写数",
    "wage": "写上最少拿多少、最多拿多少",
}


@dataclass(frozen=True)
class CellProblem:
    """一格的毛病: the heading as it stands in the file, and what to do."""

    column: str
    words: str


@dataclass(frozen=True)
class ReadRow:
    """读出的一行: `form` None where something is wrong. `number` as the spreadsheet shows it."""

    number: int
    title: str
    form: JobIn | None
    problems: tuple[CellProblem, ...]
    notes: tuple[str, ...] = ()


def read_row(
    number: int, cells: Mapping[str, str], labels: Mapping[str, str], employer: Employer, today: date
) -> ReadRow:
    """One row of a firm's own; the place is the firm's where none is written."""
    title = " ".join(cells.get("title", "").split())
    problems = list(_check(cells, labels, today))
    if problems:
        return ReadRow(number, title, None, tuple(problems))
    given = {name: text for name, text in cells.items() if name not in ("employer", "employer_kind")}
    given = {name: text for name, text in given.items() if name not in ("credit_code", "contact_phone")}
    try:
        row = read_job_row(
            given | {"employer": employer.name}, labels, home=employer.region_code, today=today
        )
    except RowProblem as problem:
        return ReadRow(number, title, None, (CellProblem(_place_column(labels), problem.reason),))
    wage = _wage(cells) or row.form.wage
    form = row.form.model_copy(update={"employer_id": employer.id, "wage": wage})
    return ReadRow(number, title, form, (), row.notes)


def _check(cells: Mapping[str, str], labels: Mapping[str, str], today: date) -> Sequence[CellProblem]:
    found: list[CellProblem] = []

    def say(field: str, words: str) -> None:
        found.append(CellProblem(labels.get(field, _LABELS.get(field, field)), words))

    title = cells.get("title", "").strip()
    if len(title) < 2:
        say("title", _NEEDED["title"])
    elif len(title) > 60:
        say("title", "太长了，六十个字以内，细的写到描述里")
    openings = cells.get("openings", "").removesuffix("人").removesuffix("名").strip()
    if not openings.isdigit() or len(openings) > 7:
        say("openings", _NEEDED["openings"])
    elif not 1 <= int(openings) <= rules.MOST_OPENINGS:
        say("openings", f"人数要在 1 到 {rules.MOST_OPENINGS:,} 之间")
    for field, words in _wage_problems(cells):
        say(field, words)
    deadline = cells.get("deadline", "").strip()
    if deadline:
        until = read_date(deadline, today).on
        if until is None:
            say("deadline", "看不出是哪天，写成 2026-12-31 这样")
        elif until < today:
            say("deadline", "截止日期已经过了，写今天以后的日子")
        elif until > today + timedelta(days=366):
            say("deadline", "截止日期太远了，最多一年以内")
    for field in ("age_min", "age_max"):
        age = cells.get(field, "").removesuffix("岁").strip()
        if age and not (age.isdigit() and rules.LOWEST_AGE <= int(age) <= 99):
            say(field, "年龄写 16 到 99 之间的数，16 岁以下不能招")
    return found


def _wage_problems(cells: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    if cells.get("wage"):
        return ()
    found: list[tuple[str, str]] = []
    ends = {field: _plain(cells.get(field, "")) for field in ("wage_min", "wage_max")}
    for field, text in ends.items():
        if not text:
            found.append((field, _NEEDED["wage"]))
        elif not _NUMBER.fullmatch(text) or not 0 < float(text) * 100 <= rules.MOST_FEN:
            found.append((field, "钱数只写数，比如 3000"))
    if not found and float(ends["wage_min"]) > float(ends["wage_max"]):
        found.append(("wage_min", "最少的比最多的还多，改一下"))
    unit = cells.get("wage_unit", "").strip()
    if unit not in _UNIT_OF:
        found.append(("wage_unit", "从下拉里选：按月、按天、按小时、计件"))
    estimate = _plain(cells.get("estimate", ""))
    if unit == UNITS[-1] and not _NUMBER.fullmatch(estimate):
        found.append(("estimate", "计件要写一般人一个月大概能挣多少元，只写数"))
    return found


def _wage(cells: Mapping[str, str]) -> WageIn | None:
    """The template's own columns of pay; None where the sheet has one text for it."""
    unit = _UNIT_OF.get(cells.get("wage_unit", "").strip())
    if cells.get("wage") or unit is None:
        return None
    estimate = _fen(cells.get("estimate", "")) if unit is WageUnit.PIECE else None
    low, high = _fen(cells["wage_min"]), _fen(cells["wage_max"])
    return WageIn(min_fen=low, max_fen=high, unit=unit, estimate_fen=estimate)


def _plain(text: str) -> str:
    return text.replace(",", "").replace("，", "").removesuffix("元").strip()


def _fen(text: str) -> int:
    return round(float(_plain(text)) * 100)


def _place_column(labels: Mapping[str, str]) -> str:
    return labels.get("town") or labels.get("region") or labels.get("address") or "工作地点"


_LABELS: Final = {
    "title": "岗位名称",
    "openings": "招聘人数",
    "wage_min": "工资下限",
    "wage_max": "工资上限",
    "wage_unit": "计薪方式",
    "estimate": "计件月收入",
    "deadline": "截止日期",
}
