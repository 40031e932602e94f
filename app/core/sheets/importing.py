"""Taking in a table row by row: counts that add up, batches of one transaction, rejects told plainly.

What a row means is the domain's business (`Importer`); this module knows headings, batches and files only.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.sheets.errors import TableUnreadable
from app.core.sheets.header import Header, find_header, plain_heading
from app.core.sheets.reading import Row, Table, open_table
from app.core.sheets.writing import Cell, write_csv, write_xlsx

BATCH = 500
"""Rows a transaction (ARCHITECTURE 2)."""
Progress = Callable[[int, int], None]
"""Called with (rows done, rows in all) after every batch."""

Item = TypeVar("Item")


class RowOutcome(StrEnum):
    """What taking in one row did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class RowProblem(Exception):
    """A row that cannot be taken in; `reason` is plain Chinese for whoever filled in the table."""

    def __init__(self, reason: str) -> None:
        super().__init__("row refused")
        self.reason = reason


class Importer(Protocol[Item]):
    """What a domain adds: which headings it knows, what a row means, how rows are stored.

    `read` may raise RowProblem. `save` runs inside one transaction and answers for each item in order.
    `notes` counts remarks about rows that were taken in (a figure left out, a default used).
    """

    notes: Counter[str]

    def know(self, label: str) -> str | None: ...

    def read(self, cells: Mapping[str, str], labels: Mapping[str, str]) -> Item: ...

    def save(self, session: Session, items: Sequence[Item]) -> Sequence[RowOutcome | RowProblem]: ...


@dataclass(frozen=True)
class ImportOptions:
    """导入选项. `region_code`: the importing office, also the place of rows that name none.

    `mapping`: heading -> field, for headings we do not know. `dry_run`: count, store nothing. `review`: what
    comes in waits for a look. `rejects`: where the refused rows go (.csv or .xlsx). `coordinates`: code of
    the system in which the list gives positions, None = as given.
    """

    region_code: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    review: bool = False
    rejects: Path | None = None
    coordinates: str | None = None


@dataclass
class ImportSummary:
    """导入结果: rows = created + updated + unchanged + rejected, always."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    """Remark -> how many rows."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Reason of a rejection -> how many rows."""

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        counts = {
            name: getattr(self, name) for name in ("rows", "created", "updated", "unchanged", "rejected")
        }
        return counts | {"notes": dict(self.notes), "reasons": dict(self.reasons)}

    def count(self, outcome: RowOutcome) -> None:
        """Adds one row taken in."""
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)


class _RollBack(Exception):
    """Ends the transaction of a dry run."""


def run_import(
    database: Database,
    path: Path,
    importer: Importer[Item],
    options: ImportOptions,
    progress: Progress | None = None,
) -> ImportSummary:
    """Take in the table at `path`. The whole file is read once before anything is stored.

    Raises TableUnreadable (nothing was stored). A break in the middle leaves whole batches; the same file
    again finishes the rest, because known rows come out unchanged.
    """
    table = open_table(path)
    total = sum(1 for _ in _header(table, importer, options).rows)
    header = _header(table, importer, options)
    labels = {f: label for f, label in zip(header.fields, header.labels, strict=True) if f}
    summary = ImportSummary()
    refused: list[tuple[Row, str]] = []
    for rows in _batches(header.rows):
        items: list[tuple[Row, Item]] = []
        for row in rows:
            try:
                items.append((row, importer.read(header.cells_by_field(row), labels)))
            except RowProblem as problem:
                refused.append((row, problem.reason))
        outcomes = _save(database, importer, [item for _, item in items], dry_run=options.dry_run)
        for (row, _), outcome in zip(items, outcomes, strict=True):
            if isinstance(outcome, RowProblem):
                refused.append((row, outcome.reason))
            else:
                summary.count(outcome)
        summary.rows += len(rows)
        summary.rejected = len(refused)
        if progress:
            progress(summary.rows, total)
    summary.notes = importer.notes
    summary.reasons = Counter(reason for _, reason in refused)
    if options.rejects:
        write_rejects(options.rejects, header.labels, refused)
    return summary


def _header(table: Table, importer: Importer[Item], options: ImportOptions) -> Header:
    mapping = {plain_heading(label): target for label, target in options.mapping.items()}

    def know(label: str) -> str | None:
        target = mapping.get(plain_heading(label))
        return importer.know(label) if target is None else importer.know(target) or target

    return find_header(table.rows(), know)


def _save(
    database: Database, importer: Importer[Item], items: Sequence[Item], *, dry_run: bool
) -> Sequence[RowOutcome | RowProblem]:
    outcomes: Sequence[RowOutcome | RowProblem] = []
    if not items:
        return outcomes
    try:
        with database.write() as session:
            outcomes = importer.save(session, items)
            if dry_run:
                raise _RollBack
    except _RollBack:
        pass
    return outcomes


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def write_rejects(path: Path, labels: Sequence[str], refused: Sequence[tuple[Row, str]]) -> None:
    """Repeat the refused rows with number and reason in front; it can be corrected and sent again."""
    header = ["行号", "没收进来的原因", *labels]
    ordered = sorted(refused, key=lambda pair: pair[0].number)
    rows: Iterator[list[Cell]] = ([row.number, reason, *row.cells] for row, reason in ordered)
    write = write_xlsx if path.suffix.lower() == ".xlsx" else write_csv
    write(path, header, rows)


def read_mapping(path: Path) -> dict[str, str]:
    """Heading -> field from a JSON object or a two-column table. Raises TableUnreadable."""
    if path.suffix.lower() != ".json":
        pairs = [row.cells[:2] for row in open_table(path).rows() if len(row.cells) >= 2]
        return {label: target for label, target in pairs if label and target}
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise TableUnreadable("列名对照文件读不出来，请检查格式。") from error
    if not isinstance(content, dict) or not all(isinstance(v, str) for v in content.values()):
        raise TableUnreadable('列名对照文件要写成 {"表里的列名": "字段名"} 的样子。')
    return content
