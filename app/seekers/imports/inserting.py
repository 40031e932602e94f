"""成批插入: many rows of a wide table whose columns mostly hold the same value.

A person has 45 columns of which a sheet fills 20. Handing every value of every row to the driver took a
quarter of an import's time; what a row does not speak of stands in the statement itself instead.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, bindparam, insert
from sqlalchemy.orm import Session


class WideInsert:
    """Inserts into `table` rows of which each gives a few columns only.

    `always`: columns handed over for every row, with the value for rows that leave them out; `rest`: columns
    that few rows give, with what stands in the statement for the others.
    """

    def __init__(
        self, table: Table, always: Mapping[str, Any], rest: Mapping[str, ColumnElement[Any]]
    ) -> None:
        self._table, self._always, self._rest = table, dict(always), dict(rest)
        self._statement = lru_cache(maxsize=256)(self._make)

    def _make(self, given: tuple[str, ...]) -> Insert:
        handed: dict[str, Any] = {name: bindparam(name) for name in (*self._always, *given)}
        return insert(self._table).values({**self._rest, **handed})

    def run(self, session: Session, shared: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """`shared`: values all these rows have (times). Raises KeyError for a column that was not named."""
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        base = self._always | dict(shared)
        for row in rows:
            given = tuple(sorted(name for name in row if name not in self._always))
            groups.setdefault(given, []).append(base | row)  # type: ignore[operator]
        for given, group in groups.items():
            if unknown := set(given) - self._rest.keys():
                raise KeyError(*unknown)
            session.connection().execute(self._statement(given), group)
