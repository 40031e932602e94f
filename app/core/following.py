"""What a cache that follows a change log asks of the database: whether anything was committed since it last
looked, and which transactions may still add to the log. The differences of the two databases stand here.
"""

from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

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
