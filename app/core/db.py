"""The database: engines, sessions, and the one place (with core/tasks.py) where a transaction is committed.

Two engines stand side by side on the same database: one for reading, on which a write is refused by the
database itself, and one for writing. On SQLite the driver's own transaction handling is switched off (its
legacy mode breaks SAVEPOINT and lets a migration stop half-way); writers take the lock at once with
BEGIN IMMEDIATE, because a transaction that reads first and writes later fails with "locked" under load.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from app.core.settings import Settings

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# On tables whose rows must not come back to life with a restored backup: sessions, codes, counted tries.
NOT_IN_BACKUP: Final = {"info": {"not_in_backup": True}}
REFILLS: Final = "refills"
"""Stands in the `info` of a session that puts a backup back: nothing is noted then, the logs come along."""


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Database:
    """Hands out sessions. One request or task is one session is one transaction."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.slots = settings.database_slots
        self.writer = make_engine(settings, read_only=False)
        self.reader = make_engine(settings, read_only=True)

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    def watching_engine(self) -> Engine:
        """A reading engine apart from the pool, for one connection that lasts as long as the process."""
        return make_engine(self._settings, read_only=True)

    @property
    def encoding_query(self) -> str:
        """A statement that tells the database's text encoding."""
        return "PRAGMA encoding" if self.is_sqlite else "SHOW server_encoding"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that cannot write: the database refuses it. Ends without committing."""
        with Session(self.reader, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends well and rolls back when it raises."""
        with Session(self.writer) as session:
            yield session
            session.commit()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A reading connection on which every statement sees the same instant, however long it takes."""
        level = None if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.reader.connect() as connection:
            yield connection.execution_options(**level) if level else connection

    @contextmanager
    def refill(self, metadata: MetaData) -> Iterator[Session]:
        """A writing session that finds all tables empty, to put a backup back. Commits like `write`.

        Row by row, the checks of foreign keys while emptying would take minutes: SQLite looks at them at the
        end instead, PostgreSQL empties all tables at once. Raises IntegrityError when a row points nowhere.
        """
        with self.writer.connect() as connection:
            sqlite: Any = connection.connection.driver_connection if self.is_sqlite else None
            if sqlite:
                # Does nothing inside a transaction, so it comes before one begins.
                sqlite.execute("PRAGMA foreign_keys = OFF")
            try:
                with Session(connection, info={REFILLS: True}) as session:
                    _empty_tables(session, metadata, is_sqlite=self.is_sqlite)
                    yield session
                    session.flush()
                    if sqlite and sqlite.execute("PRAGMA foreign_key_check").fetchone():
                        raise IntegrityError("foreign_key_check", None, ValueError("a row points nowhere"))
                    session.commit()
            finally:
                if sqlite:
                    sqlite.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def load(self) -> Iterator[Session]:
        """As `write`, for one of many transactions that together bring in very much: on SQLite the pages they
        hit again and again are kept longer before they are written to their places."""
        with self.write() as session:
            if self.is_sqlite:
                session.connection().exec_driver_sql("PRAGMA wal_autocheckpoint = 16000")
            yield session

    def dispose(self) -> None:
        self.reader.dispose()
        self.writer.dispose()


def _empty_tables(session: Session, metadata: MetaData, *, is_sqlite: bool) -> None:
    if is_sqlite:
        for table in reversed(metadata.sorted_tables):
            session.execute(table.delete())
    else:
        session.execute(text(f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)}"))


def make_engine(settings: Settings, *, read_only: bool) -> Engine:
    """An engine with the traps of both databases cured (see the module's docstring)."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=settings.database_slots,
            max_overflow=0,
            pool_timeout=settings.database_wait_s,
            connect_args={"check_same_thread": False, "timeout": settings.database_wait_s},
        )
        _take_over_sqlite_transactions(engine, read_only=read_only)
        return engine
    wait_ms = int(settings.database_wait_s * 1000)
    # Helpers for one statement are dear to start, and everybody's questions share the same two cores.
    options = f"-c timezone=UTC -c lock_timeout={wait_ms} -c max_parallel_workers_per_gather=0"
    if read_only:
        options += " -c default_transaction_read_only=on"
    return create_engine(
        url,
        pool_size=settings.database_slots,
        max_overflow=0,
        pool_timeout=settings.database_wait_s,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": max(2, int(settings.database_wait_s))},
    )


def _take_over_sqlite_transactions(engine: Engine, *, read_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        sqlite: Any = connection
        sqlite.isolation_level = None  # the driver starts no transaction of its own
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # What was acknowledged to a person survives a power cut.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA cache_size = -32000")
        # What a statement sets aside (half its rows, names to sort) stays in memory: a county's import wrote
        # 6 GB of it to temporary files, and nothing readable has to lie there.
        cursor.execute("PRAGMA temp_store = MEMORY")
        # Pages of an index are hit at random: taking 16 MB over at once writes many of them only once.
        cursor.execute("PRAGMA wal_autocheckpoint = 4000")
        # What is deleted is overwritten: an erased name must not linger in a free page.
        cursor.execute("PRAGMA secure_delete = ON")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
