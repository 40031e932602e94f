"""成批插入: many rows of a wide table whose columns mostly hold the same value.

A row may have 45 columns of which a sheet fills 20. What no row of a batch speaks of stands in the statement
itself, values that all rows share are made ready once, and the statement goes to the driver as it is: the
usual way of a row through SQLAlchemy took a quarter of an import's time. Rows go many to a statement, because
SQLite writes its text index to disk before each one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Dialect, Table, bindparam, insert
from sqlalchemy.orm import Session

AT_ONCE: Final = 250
"""Rows of a statement; of 45 columns each that is a third of the values SQLite takes (32,766)."""
_MARK: Final = re.compile(r"%\((\w+)\)s")
_VALUES: Final = " VALUES "
Ready = Callable[[Any], Any]


@dataclass(frozen=True)
class Otherwise:
    """不提时的值: a column that few rows give: its value for a row that leaves it out beside rows that don't,
    and what stands in the statement when none gives it (None: the database's own default)."""

    value: Any
    stated: ColumnElement[Any] | None


class WideInsert:
    """Inserts into `table` rows of which each gives a few columns only.

    `always`: columns handed over for every row, with the value for rows that leave them out; `rest`: columns
    that few rows give.
    """

    def __init__(self, table: Table, always: Mapping[str, Any], rest: Mapping[str, Otherwise]) -> None:
        self._table, self._always, self._rest = table, dict(always), dict(rest)
        self._statement = lru_cache(maxsize=256)(self._make)

    def run(self, session: Session, shared: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """`shared`: values all these rows have. Raises KeyError for a column that was not named."""
        if not rows:
            return
        given = tuple(sorted({name for row in rows for name in row if name not in self._always}))
        if unknown := set(given) - self._rest.keys():
            raise KeyError(*unknown)
        connection = session.connection()
        base = self._always | {name: self._rest[name].value for name in given} | dict(shared)
        self._statement(connection.dialect, given).run(connection, base, rows)

    def _make(self, dialect: Dialect, given: tuple[str, ...]) -> "_Statement":
        handed = (*self._always, *given)
        columns = self._table.c
        values: dict[str, Any] = {
            name: rest.stated for name, rest in self._rest.items() if rest.stated is not None
        }
        values |= {name: bindparam(name, type_=columns[name].type) for name in handed}
        compiled = insert(self._table).values(values).inline().compile(dialect=dialect)
        order = compiled.positiontup or handed
        ready = {name: columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in order}
        return _Statement(str(compiled), ready, compiled.positiontup is not None)


class _Statement:
    """One INSERT, for one row and for many, and how the driver takes the values of its columns."""

    def __init__(self, one: str, ready: Mapping[str, Ready | None], is_positional: bool) -> None:
        self._one, self._ready, self._is_positional = one, ready, is_positional
        self._of = lru_cache(maxsize=4)(self._repeated)

    def run(self, connection: Connection, base: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        common = {name: base[name] if f is None else f(base[name]) for name, f in self._ready.items()}
        made: list[dict[str, Any]] = []
        for row in rows:
            values = common.copy()
            for name, value in row.items():
                make = self._ready[name]
                values[name] = value if make is None else make(value)
            made.append(values)
        whole = len(made) - len(made) % AT_ONCE
        for begin in range(0, whole, AT_ONCE):
            connection.exec_driver_sql(self._of(AT_ONCE), self._together(made[begin : begin + AT_ONCE]))
        if left := made[whole:]:
            connection.exec_driver_sql(
                self._one, [tuple(row.values()) for row in left] if self._is_positional else left
            )

    def _repeated(self, count: int) -> str:
        head, _, values = self._one.partition(_VALUES)
        each = (_MARK.sub(rf"%(\g<1>_{i})s", values) for i in range(count))
        return head + _VALUES + ", ".join(each)

    def _together(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        if self._is_positional:
            return tuple(value for row in rows for value in row.values())
        return {f"{name}_{i}": value for i, row in enumerate(rows) for name, value in row.items()}
