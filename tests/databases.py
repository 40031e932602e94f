"""Databases for tests: both kinds, made by the real migrations."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.settings import Settings


class RolledBackDatabase(Database):
    """A database whose sessions all live inside one outer transaction that a test rolls back.

    Commits become savepoints, so the code under test runs unchanged and the next test starts clean.
    """

    def __init__(self, settings: Settings, connection: Connection) -> None:
        super().__init__(settings)
        self._connection = connection

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._session(autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self._session(autoflush=True) as session:
            yield session
            session.commit()

    def _session(self, *, autoflush: bool) -> Session:
        return Session(self._connection, join_transaction_mode="create_savepoint", autoflush=autoflush)
