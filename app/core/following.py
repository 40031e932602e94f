"""What a cache that follows a change log asks of the database: whether anything was committed since it last
looked, and which transactions may still add to the log. The differences of the two databases stand here.
"""

from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.db import Database

_READING: Final = "songgang reading only"


def is_reading(session: Session) -> bool:
    """Whether the session can only read, and so sees nothing but what is committed."""
    connection = session.connection()
    notes = connection.info
    if _READING not in notes:
        asked = "PRAGMA query_only" if _is_sqlite(connection) else "SHOW default_transaction_read_only"
        notes[_READING] = connection.exec_driver_sql(asked).scalar() in (1, "on")
    return bool(notes[_READING])


def data_version(session: Session) -> int | None:
    """SQLite: a number that differs from the one this connection had before exactly if another connection
    committed meanwhile (a few microseconds). None on PostgreSQL, which has nothing of the kind."""
    connection = session.connection()
    if not _is_sqlite(connection):
        return None
    driver: Any = connection.connection.driver_connection
    return int(driver.execute("PRAGMA data_version").fetchone()[0])


def connection_notes(session: Session) -> dict[Any, Any]:
    """A dictionary that lives as long as the session's database connection."""
    return session.connection().info


def running_transactions(session: Session) -> tuple[int, int] | None:
    """PostgreSQL: the oldest transaction that still runs, and the number the next one will get. None on
    SQLite, where transactions that write come one after another."""
    connection = session.connection()
    if _is_sqlite(connection):
        return None
    asked = text(
        "SELECT pg_snapshot_xmin(shot)::text::bigint, pg_snapshot_xmax(shot)::text::bigint"
        " FROM pg_current_snapshot() AS shot"
    )
    oldest, following = connection.execute(asked).one()
    return oldest, following


def database_name(session: Session) -> str:
    """What tells this database from others in the process, without its password."""
    return session.connection().engine.url.render_as_string(hide_password=True)


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


class Watch:
    """守望: the answer to one question, asked of the database again only where something was committed since.

    Has a connection of its own. On SQLite asking costs microseconds while nothing is committed, and never
    waits for anybody (`is_quick`); on PostgreSQL the question is asked every time.
    """

    def __init__(self, database: Database, question: Select[*tuple[Any, ...]]) -> None:
        self.is_quick = database.is_sqlite
        self._engine = database.watching_engine()
        self._asked = str(question.compile(self._engine, compile_kwargs={"literal_binds": True}))
        self._lock = Lock()
        self._connection: Connection | None = None
        self._version: int | None = None
        self._answer: tuple[Any, ...] = ()

    def answer(self) -> tuple[Any, ...] | None:
        """The question's first row, None while the database does not answer."""
        with self._lock:
            try:
                return self._look()
            except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
                self._engine.dispose()
                self._connection = self._version = None
                return None

    def _look(self) -> tuple[Any, ...]:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = self._connection.connection.driver_connection
        # The version is read first: what is committed in between makes the next answer a new one.
        version = driver.execute("PRAGMA data_version").fetchone()[0] if self.is_quick else None
        if version is None or version != self._version:
            self._answer = tuple(driver.execute(self._asked).fetchone())
            self._version = version
        return self._answer

    def close(self) -> None:
        """Gives the connection back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._engine.dispose()
