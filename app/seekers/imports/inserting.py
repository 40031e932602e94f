"""成批插入: many rows of a wide table whose columns mostly hold the same value.

A person has 45 columns of which a sheet fills 15. Turning every value of every row into what the driver wants
took a quarter of an import's time; here the common values are turned once, the others as usual.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, Table, column, insert
from sqlalchemy import table as plain_table
from sqlalchemy.orm import Session

_Turn = Callable[[Any], Any]


class WideInsert:
    """Inserts into `table` rows that differ from `common` (a value for every column) in a few columns."""

    def __init__(self, table: Table, common: Mapping[str, Any]) -> None:
        self._common = dict(common)
        self._columns = {name: table.c[name].type for name in common}
        # Columns without a type: the values come turned already.
        self._statement: Insert = insert(plain_table(table.name, *(column(name) for name in common)))

    def run(self, session: Session, shared: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """`shared`: values that all these rows have besides the common ones (times). Columns must be among
        the common ones. Raises KeyError for another."""
        if not rows:
            return
        dialect = session.get_bind().dialect
        turns: dict[str, _Turn | None] = {
            name: kind.dialect_impl(dialect).bind_processor(dialect) for name, kind in self._columns.items()
        }

        def turned(name: str, value: Any) -> Any:
            turn = turns[name]
            return value if turn is None else turn(value)

        base = {name: turned(name, value) for name, value in (self._common | dict(shared)).items()}
        ready = [base | {name: turned(name, value) for name, value in row.items()} for row in rows]
        session.connection().execute(self._statement, ready)
