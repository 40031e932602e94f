"""日期解读: deadlines and dates as offices type them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.jobs.reading.normal import normalise

_EXCEL_EPOCH = date(1899, 12, 30)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
_FULL = re.compile(r"(?<!\d)(\d{4})\s*(?:-|/|\.|年)\s*(\d{1,2})\s*(?:-|/|\.|月)\s*(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)(20\d\d)\s*(?:-|/|\.|年)\s*(\d{1,2})\s*(?:月(?:底|末|份)?)?(?!\s*[\d./-])")
_DAY_OF_YEAR = re.compile(r"(?<![\d年])(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_OPEN = re.compile(r"长期|常年|不限|招满|满员为止|永久|无期限")
_DAYS = re.compile(r"(?<!\d)(\d{1,3})\s*(天|日内|个月|月内)")


@dataclass(frozen=True, slots=True)
class DateReading:
    """日期读数: `on` the last date named; `open_ended` when the text says 长期有效 or 招满为止."""

    on: date | None = None
    open_ended: bool = False


def read_date(text: str | None, today: date) -> DateReading:
    """Read the (last) date of a text; 1970-01-01 and other impossible ones give None.

    `today` settles a date without a year (the next such day) and 30天 (from today).
    """
    clean = normalise(text or "")
    dates = [_make(*m.groups()) for m in _FULL.finditer(clean)] or [
        _make(*m.groups()) for m in _COMPACT.finditer(clean)
    ]
    if not dates:
        dates = [_end_of_month(int(m.group(1)), int(m.group(2))) for m in _MONTH.finditer(clean)]
    if not dates and _SERIAL.fullmatch(clean):
        dates = [_EXCEL_EPOCH + timedelta(days=int(float(clean)))]
    if dates:
        last = dates[-1]
        return DateReading(last if last and _EARLIEST <= last <= _LATEST else None)
    if _OPEN.search(clean):
        return DateReading(open_ended=True)
    yearless = [_next_day(int(m.group(1)), int(m.group(2)), today) for m in _DAY_OF_YEAR.finditer(clean)]
    if yearless:
        return DateReading(yearless[-1])
    days = _DAYS.search(clean)
    if days:
        length = int(days.group(1)) * (30 if "月" in days.group(2) else 1)
        return DateReading(today + timedelta(days=length))
    return DateReading()


def _make(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _end_of_month(year: int, month: int) -> date | None:
    if not 1 <= month <= 12:
        return None
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def _next_day(month: int, day: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        found = _make(str(year), str(month), str(day))
        if found and found >= today:
            return found
    return None
