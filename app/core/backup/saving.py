"""Writing a backup: every table as of one instant, while people go on working."""

import gzip
import io
import json
import os
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, select

from app.core.backup.sealed_file import SealedWriter
from app.core.crypto import FieldCipher
from app.core.db import NOT_IN_BACKUP, Database

_AT_ONCE: Final = 2000
ReportTable = Callable[[str, int], None]


def tables_of(metadata: MetaData) -> list[Table]:
    """The tables a backup holds, those pointed to before those that point."""
    return [table for table in metadata.sorted_tables if table.info != NOT_IN_BACKUP["info"]]


def write_backup(
    database: Database,
    metadata: MetaData,
    path: Path,
    cipher: FieldCipher,
    *,
    revision: str,
    now: datetime,
    progress: ReportTable | None = None,
) -> dict[str, int]:
    """Writes all tables to `path`, sealed and packed; returns how many rows of each.

    The file appears whole or not at all, readable by its owner only. Memory does not grow with the tables.
    """
    unfinished = path.with_name(path.name + ".part")
    counts: dict[str, int] = {}
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            header = {"revision": revision, "at": now.isoformat()}
            sealed = SealedWriter(target, cipher, header)
            with (
                gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=6, mtime=0) as packed,
                io.TextIOWrapper(packed, "utf-8") as lines,
                database.snapshot() as connection,
            ):
                for table in tables_of(metadata):
                    counts[table.name] = _write_table(connection, table, lines)
                    if progress is not None:
                        progress(table.name, counts[table.name])
                lines.write(json.dumps({"end": counts}) + "\n")
            sealed.finish()
            target.flush()
            os.fsync(target.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


def _write_table(connection: Connection, table: Table, lines: io.TextIOWrapper) -> int:
    lines.write(json.dumps({"table": table.name, "columns": [column.name for column in table.c]}) + "\n")
    count = 0
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(select(table))
    for row in rows:
        lines.write(_line(row) + "\n")
        count += 1
    return count


def _line(row: Sequence[Any]) -> str:
    return json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
