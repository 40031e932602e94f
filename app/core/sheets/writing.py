"""Writing tables that are safe to open: text stays text, nothing becomes a formula or a link."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO

import xlsxwriter  # type: ignore[import-untyped]  # ships no stubs

from app.core.sheets.limits import MAX_CELL_CHARS

Cell = str | int | float | date | None
_LIVE = re.compile(r"^[\s\ufeff]*[=+\-@＝＋－＠\t\r|%]")
_NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?$")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDEST = 40


def write_xlsx(
    target: Path | BinaryIO,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    choices: Mapping[int, Sequence[str]] | None = None,
) -> int:
    """Write a workbook of one sheet row by row (constant memory); returns how many rows.

    Every text is written as text (format `@`, so ID and phone numbers keep their digits), never as a formula
    or link. `choices` gives drop-down lists for columns, counted from 0.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    handle = str(target) if isinstance(target, Path) else target
    count = 0
    with xlsxwriter.Workbook(handle, options) as book:
        page = book.add_worksheet("表1")
        as_text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True})
        for column, label in enumerate(header):
            page.set_column(column, column, min(_WIDEST, max(10, 2 * len(label) + 2)), as_text)
            page.write_string(0, column, _clean(label), bold)
        page.freeze_panes(1, 0)
        for column, words in (choices or {}).items():
            page.data_validation(1, column, 10_000, column, {"validate": "list", "source": list(words)})
        for count, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, bool | int | float):
                    page.write_number(count, column, value)
                elif value is not None and value != "":
                    page.write_string(count, column, _clean(_as_text(value)), as_text)
    return count


def write_csv(target: Path | BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a CSV that Excel opens rightly (UTF-8 with mark); what could start a formula gets a leading '."""
    count = 0
    stream = target.open("wb") if isinstance(target, Path) else target
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow([neutralise(label) for label in header])
        for row in rows:
            count += 1
            writer.writerow([neutralise("" if cell is None else _as_text(cell)) for cell in row])
        text.flush()
    finally:
        text.detach()
        if isinstance(target, Path):
            stream.close()
    return count


def neutralise(text: str) -> str:
    """Put ' before a text that a spreadsheet would run as a formula; numbers stay."""
    clean = _ILLEGAL.sub("", text)
    return f"'{clean}" if _LIVE.match(clean) and not _NUMBER.match(clean) else clean


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)[:MAX_CELL_CHARS]


def _as_text(value: Cell) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
