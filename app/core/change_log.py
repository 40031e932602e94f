"""变更记录: a table to which every change adds a row in its own transaction, for caches that follow it.

A row names one record, or a group of records (all postings of a firm, all members of a household), or, with
neither, a whole batch: "read everything again".
"""

from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

KEPT: Final = 20_000
LATE_AT_MOST: Final = 200
"""So many other changes are not committed while one transaction that changes something is open."""


class Change(NamedTuple):
    """变更: its number in the log, the record and the group it names."""

    number: int
    record: int | None
    group: int | None


class ChangeLog:
    """变更记录: the log kept in `table`, whose columns `record` and `group` name what changed."""

    def __init__(self, table: Any, record: str, group: str) -> None:
        self._table, self._names = cast(Table, table), (record, group)
        columns = self._table.c
        self._number = columns["id"]
        # Asked before every question, so it is put together once.
        self._changes = select(self._number, columns[record], columns[group]).order_by(self._number)
        self._changes_from = self._changes.where(self._number >= bindparam("newest"))

    def add(self, connection: Connection, changes: Iterable[tuple[int | None, int | None]]) -> None:
        """Notes changes, each as a record and a group."""
        rows = [dict(zip(self._names, change, strict=True)) for change in changes]
        if rows:
            connection.execute(insert(self._table), rows)

    def drop_old(self, session: Session) -> None:
        """Forgets all but the newest 20,000: a follower further behind reads everything again."""
        session.execute(delete(self._table).where(self._number <= self.newest(session) - KEPT))

    def head(self) -> Select[int | None, int]:
        """A question whose answer differs after every committed change. A number that becomes visible late,
        on PostgreSQL, changes the count of the last ones."""
        newest = select(func.max(self._number)).scalar_subquery()
        return select(func.max(self._number), func.count()).where(self._number > newest - LATE_AT_MOST)

    def newest(self, session: Session) -> int:
        """The newest number of the log, 0 before the first."""
        return session.scalar(select(func.max(self._number))) or 0

    def since(self, session: Session, newest: int, gaps: Collection[int]) -> list[Change]:
        """The changes from number `newest` on, and those of `gaps` that are there by now, by number."""
        connection = session.connection()
        found = [Change(*row) for row in connection.execute(self._changes_from, {"newest": newest})]
        if gaps:
            late = self._changes.where(self._number.in_(sorted(gaps)), self._number < newest)
            found = [*(Change(*row) for row in connection.execute(late)), *found]
        return found

    def marks(self, session: Session, first: int) -> dict[int, int]:
        """The random marks of the changes from number `first` on, for a log that has them. A database put
        back to an earlier day has other changes under the same numbers."""
        marked = select(self._number, self._table.c["mark"]).where(self._number >= first)
        return {row.id: row.mark for row in session.connection().execute(marked)}
