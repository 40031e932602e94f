"""成批计数: numbers that pages add to in memory and a thread writes down every few seconds.

A page that opens must not wait for a write of its own. Whoever kills the process loses what the last seconds
held and nothing else; several processes add to the same rows.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, Generic, TypeVar

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.db import Base, Database

log = structlog.get_logger()

WRITE_EVERY_S: Final = 3.0
# A database that stays away must not fill the memory: more different keys than this are not kept.
_MOST_WAITING: Final = 50_000

Key = tuple[int, date]
"""The id of what is counted, and the day in Beijing."""
Columns = Sequence[InstrumentedAttribute[Any]]
K = TypeVar("K", bound=tuple[Any, ...])


def add_to(session: Session, row: Base, number: InstrumentedAttribute[int], key: Columns) -> None:
    """Adds the row's `number` to that of the stored row with the same `key`; stores the row where there is
    none. Two processes may do so at once."""
    same = [column == getattr(row, column.key) for column in key]
    increase = (
        update(type(row))
        .where(*same)
        .values({number: number + getattr(row, number.key)})
        .returning(number)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(increase) is not None:
        return
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another process was first, or what is counted is gone
        session.execute(increase)


class Tally(Generic[K]):
    """计数器: one for each process; `note` from any thread. `add` stores one key's number in a session."""

    def __init__(self, database: Database, add: Callable[[Session, K, int], None]) -> None:
        self._database, self._add = database, add
        self._lock = threading.Lock()
        self._waiting: Counter[K] = Counter()
        self._stop = threading.Event()

    def note(self, key: K) -> None:
        """Adds one."""
        with self._lock:
            if key in self._waiting or len(self._waiting) < _MOST_WAITING:
                self._waiting[key] += 1

    def flush(self) -> int:
        """Writes down what waits; returns how many. When the database fails they wait on."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
        if not taken:
            return 0
        try:
            with self._database.write() as session:
                for key in sorted(taken):  # one order everywhere: two processes never wait for each other
                    self._add(session, key, taken[key])
        except SQLAlchemyError as error:
            log.warning("tally_waits", kind=type(error).__name__)
            with self._lock:
                self._waiting.update(taken)
            return 0
        return taken.total()

    @contextmanager
    def running(self) -> Iterator[None]:
        """While this is open a thread writes every few seconds, and once more at the end."""
        thread = threading.Thread(target=self._write_on, name="tally", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join(10)

    def _write_on(self) -> None:
        while not self._stop.wait(WRITE_EVERY_S):
            self.flush()
        self.flush()
