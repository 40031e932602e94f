"""Putting a backup back: in one transaction, so that the database is the old one or the restored one."""

import gzip
import io
import json
import zlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Date, DateTime, Enum, LargeBinary, MetaData, Table, bindparam, update
from sqlalchemy.orm import Session

from app.core.backup.errors import BackupDamaged, OtherSchema
from app.core.backup.saving import ReportTable, tables_of
from app.core.backup.sealed_file import SealedReader
from app.core.crypto import FieldCipher
from app.core.ids import continue_numbering
from app.core.types import UtcDateTime

_AT_ONCE: Final = 500
Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Restored:
    """恢复结果: rows of each table, and the instant the backup was made (ISO 8601)."""

    counts: dict[str, int]
    made_at: str


def restore_backup(
    session: Session,
    metadata: MetaData,
    path: Path,
    cipher: FieldCipher,
    *,
    revision: str,
    progress: ReportTable | None = None,
) -> Restored:
    """Fills the empty tables of `session` (from `Database.refill`) with the backup's rows.

    Raises NotABackup, WrongBackupKey, OtherSchema, BackupDamaged
    (then the caller's transaction must be given up), OSError.
    """
    with path.open("rb") as source:
        sealed = SealedReader(source, cipher)
        if sealed.header.get("revision") != revision:
            raise OtherSchema
        with gzip.GzipFile(fileobj=io.BufferedReader(sealed), mode="rb") as packed:
            counts = _read_tables(session, metadata, io.TextIOWrapper(packed, "utf-8"), progress)
    continue_numbering(session, metadata)
    return Restored(counts, str(sealed.header.get("at", "")))


def _read_tables(
    session: Session, metadata: MetaData, lines: io.TextIOWrapper, progress: ReportTable | None
) -> dict[str, int]:
    counts: dict[str, int] = {}
    filling: _Filling | None = None
    for item in _items(lines):
        if isinstance(item, list) and filling is not None:
            filling.add(item)
            continue
        if filling is not None:
            counts[filling.table.name] = filling.finish()
            if progress is not None:
                progress(filling.table.name, counts[filling.table.name])
        if not isinstance(item, dict):
            raise BackupDamaged
        if "end" in item:
            if item["end"] != counts or counts.keys() != {table.name for table in tables_of(metadata)}:
                raise BackupDamaged
            return counts
        filling = _Filling(session, metadata, item)
    raise BackupDamaged


def _items(lines: io.TextIOWrapper) -> Iterator[Any]:
    try:
        for line in lines:
            yield json.loads(line)
    except (ValueError, EOFError, zlib.error, gzip.BadGzipFile):
        raise BackupDamaged from None


class _Filling:
    """One table while it is filled. Columns that point into their own table are filled in afterwards, for
    the rows they point to may come later."""

    def __init__(self, session: Session, metadata: MetaData, head: dict[str, Any]) -> None:
        found = metadata.tables.get(str(head.get("table")))
        if found is None or head.get("columns") != [column.name for column in found.c]:
            raise OtherSchema
        self.table: Table = found
        self._session, self._count = session, 0
        self._readers = [(column.name, _converter(column)) for column in found.c]
        self._rows: list[dict[str, Any]] = []
        self._later: list[dict[str, Any]] = []
        self._pointing = sorted(key.parent.name for key in found.foreign_keys if key.column.table is found)
        self._key = next(iter(found.primary_key.columns)).name

    def add(self, values: list[Any]) -> None:
        if len(values) != len(self._readers):
            raise BackupDamaged
        try:
            row = {
                name: None if value is None else convert(value)
                for (name, convert), value in zip(self._readers, values, strict=True)
            }
        except (ValueError, TypeError, KeyError, NotBase64):
            raise BackupDamaged from None
        if any(row[name] is not None for name in self._pointing):
            later = {f"points_{name}": row[name] for name in self._pointing}
            self._later.append({"restored_key": row[self._key], **later})
            row.update(dict.fromkeys(self._pointing))
        self._rows.append(row)
        if len(self._rows) == _AT_ONCE:
            self._write()

    def finish(self) -> int:
        self._write()
        if self._later:
            column = self.table.c[self._key]
            statement = update(self.table).where(column == bindparam("restored_key"))
            values: dict[str, Any] = {name: bindparam(f"points_{name}") for name in self._pointing}
            self._session.connection().execute(statement.values(values), self._later)
        return self._count

    def _write(self) -> None:
        if self._rows:
            self._session.execute(self.table.insert(), self._rows)
            self._count += len(self._rows)
            self._rows = []


def _converter(column: Column[Any]) -> Convert:
    kind = column.type
    if isinstance(kind, DateTime | UtcDateTime):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return lambda value: b64decode(value, validate=True)
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class
    return lambda value: value
