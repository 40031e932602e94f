"""Opening a table: what kind of file it is, checks first, then rows of plain text."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.core.sheets.errors import TableUnreadable
from app.core.sheets.legacy_check import check_legacy
from app.core.sheets.limits import MAX_CELL_CHARS, MAX_FILE_BYTES
from app.core.sheets.text_files import find_encoding, read_records
from app.core.sheets.workbook_check import check_workbook

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (first row 1) and its cells as trimmed text."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A table whose file has been checked. `rows()` may be called again: each call starts from the top."""

    kind: str
    """xlsx, xls or csv"""
    encoding: str | None
    """of a text file: utf-8, utf-8-sig, utf-16, gb18030"""
    _open: Callable[[], Iterator[Row]]

    def rows(self) -> Iterator[Row]:
        """Every row that has any text. Raises `TableUnreadable` where a row breaks the limits."""
        return (row for row in self._open() if any(row.cells))


def open_table(source: Path | bytes, filename: str = "") -> Table:
    """Look at a file (a path or its bytes) and make it readable; the name only serves messages.

    The first visible sheet with any text is read. Raises `TableUnreadable`: too large, damaged, protected by
    a password, with macros, hostile, or no table.
    """
    name = filename or (source.name if isinstance(source, Path) else "")
    try:
        size = source.stat().st_size if isinstance(source, Path) else len(source)
    except OSError as error:
        raise TableUnreadable("找不到这个文件，请看看文件名和位置对不对。") from error
    if size == 0:
        raise TableUnreadable("文件是空的。")
    if size > MAX_FILE_BYTES:
        raise TableUnreadable(f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB。请分成几个小表再传。")
    if name.lower().endswith((".xlsm", ".xltm", ".xlsb")):
        raise TableUnreadable("这种表格可以带宏，为了安全不能收。请另存为 xlsx 再传一次。")
    with _stream(source) as stream:
        start = stream.read(512)
        stream.seek(0)
        if start.startswith(_ZIP):
            check_workbook(stream)
            return Table("xlsx", None, lambda: _workbook_rows(source))
        if start.startswith(_OLE):
            check_legacy(stream.read())
            return Table("xls", None, lambda: _workbook_rows(source))
        if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGE):
            raise TableUnreadable("这是网页格式的表格。请用 WPS 或 Excel 打开，另存为 xlsx 再传一次。")
        encoding = find_encoding(stream)
    return Table("csv", encoding, lambda: _text_rows(source, encoding))


def _stream(source: Path | bytes) -> BinaryIO:
    try:
        return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)
    except OSError as error:
        raise TableUnreadable("文件打不开，请看看有没有别的程序正占着它。") from error


def _text_rows(source: Path | bytes, encoding: str) -> Iterator[Row]:
    with _stream(source) as stream:
        for number, cells in read_records(stream, encoding):
            yield Row(number, [_plain(cell) for cell in cells])


def _workbook_rows(source: Path | bytes) -> Iterator[Row]:
    try:
        with _stream(source) as stream, CalamineWorkbook.from_filelike(stream) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ is not SheetTypeEnum.WorkSheet or sheet.visible is not SheetVisibleEnum.Visible:
                    continue
                page = book.get_sheet_by_name(sheet.name)
                if page.start is None:
                    continue
                pad = [""] * page.start[1]
                fill = _MergedDown(page.merged_cell_ranges or [])
                # iter_rows gives the empty rows above the data, but not the empty columns beside it
                for number, cells in enumerate(page.iter_rows(), start=1):
                    row = Row(number, pad + [_cell_text(cell) for cell in cells])
                    if any(len(cell) > MAX_CELL_CHARS for cell in row.cells):
                        raise TableUnreadable(f"第 {number} 行有一格文字太长。请改好这一行再传。")
                    yield fill.complete(row)
                return
    except (CalamineError, OSError, ValueError) as error:
        raise TableUnreadable from error
    except BaseException as error:
        # The reader's own fault on a damaged file arrives as a BaseException that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise TableUnreadable from error
    raise TableUnreadable("表格里没有内容。")


class _MergedDown:
    """Gives every row of a cell merged downwards its text: one firm's name beside its five posts."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        # row -> (column, last row) of the merges that begin there, counted from 1 and 0
        self._starting: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in ranges:
            if bottom > top:
                self._starting.setdefault(top + 1, []).append((left, bottom + 1))
        self._running: dict[int, tuple[str, int]] = {}

    def complete(self, row: Row) -> Row:
        for column, (text, last) in list(self._running.items()):
            if row.number > last:
                del self._running[column]
            elif column < len(row.cells) and not row.cells[column] and any(row.cells):
                row.cells[column] = text
        for column, last in self._starting.get(row.number, ()):
            if column < len(row.cells) and row.cells[column]:
                self._running[column] = (row.cells[column], last)
        return row


def _cell_text(value: int | float | str | bool | time | date | datetime | timedelta) -> str:
    """A cell as a person reads it: 3000.0 is 3000, a date is 2026-05-30, 是/否 for true/false."""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.12g}"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(text: str) -> str:
    return (
        text.replace("_x000D_", "")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .strip(" \t\n\u3000\u00a0\ufeff\u200b")
    )
