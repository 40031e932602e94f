"""台账文件: opens what an office sends and finds its headings, whatever kind of file it is."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

from app.core.sheets import Row, TableUnreadable, find_header, open_table
from app.core.sheets.header import plain_heading
from app.core.sheets.limits import MAX_FILE_BYTES
from app.seekers.imports.columns import SAMPLE, Column, guess_columns
from app.seekers.imports.headings import know_heading
from app.seekers.imports.shapes import LedgerShape, find_shape
from app.seekers.imports.workbook import open_workbook

_ZIP: Final = b"PK\x03\x04"


@dataclass(frozen=True)
class LedgerFile:
    """打开的台账: its columns as we take them, and its rows, which can be gone through once."""

    kind: str
    digest: str
    header_row: int
    shape: LedgerShape
    columns: list[Column]
    total_rows: int
    rows: Iterator[Row]


def open_ledger(path: Path, told: Mapping[str, str] | None = None, filename: str = "") -> LedgerFile:
    """Check a file (CSV, xls, xlsx) and find out what its columns mean; `told` overrules (heading -> field).

    Raises `TableUnreadable` with a plain reason: hostile, damaged, too large, or no names of people in it.
    """
    name = filename or path.name
    kind, total, rows = _open(path, name)
    wanted = {plain_heading(label) for label in told or {}}

    def know(label: str) -> str | None:
        return "told" + plain_heading(label) if plain_heading(label) in wanted else know_heading(label)

    top = list(islice(rows, SAMPLE))
    try:
        header = find_header(chain(top, rows), know)
        body = header.rows
        labels, number = header.labels, header.number
    except TableUnreadable:
        # No row of headings: the content alone must tell.
        width = max((len(row.cells) for row in top), default=0)
        labels, number = [f"第 {index + 1} 列" for index in range(width)], 0
        body = chain(top, rows)
    start = list(islice(body, SAMPLE))
    columns = guess_columns(labels, [row.cells for row in start], told)
    _check(columns, number)
    shape = find_shape(labels)
    return LedgerFile(kind, _digest(path), number, shape, columns, total, chain(start, body))


def _open(path: Path, name: str) -> tuple[str, int, Iterator[Row]]:
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            size = path.stat().st_size
    except OSError:
        table = open_table(path, name)  # says in plain words what is wrong
        return table.kind, 0, table.rows()
    if start == _ZIP and size <= MAX_FILE_BYTES and not name.lower().endswith((".xlsm", ".xltm", ".xlsb")):
        book = open_workbook(path)
        if book is not None:
            return "xlsx", book.total_rows, book.rows()
    table = open_table(path, name)
    return table.kind, sum(1 for _ in table.rows()), table.rows()


def _check(columns: Sequence[Column], header_row: int) -> None:
    fields = {column.field for column in columns}
    if header_row and "name" in fields:
        return
    if {"name", "id_number"} <= fields:
        return
    raise TableUnreadable("没找到姓名和身份证号这两列。请在第一行写上列名（姓名、身份证号），再传一次。")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
