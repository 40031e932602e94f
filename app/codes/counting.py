"""扫码计数: how often each code is scanned on a day, without following anybody and without slowing a page.

A page that opens only adds one to a number in memory. A thread of its own writes the numbers down every few
seconds, in a short transaction; whoever kills the process loses what these seconds held and nothing else.
Several processes add to the same rows. No address, cookie or browser is kept, so nobody can be counted twice
on purpose or found later.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final, NamedTuple

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.codes.models import CodeScan
from app.codes.signing import PrintedCode
from app.codes.terms import CodeKind
from app.core.clock import Clock
from app.core.db import Database

log = structlog.get_logger()

WRITE_EVERY_S: Final = 3.0
# A database that stays away must not fill the memory: more different codes than this are not kept.
_MOST_WAITING: Final = 50_000


class _Key(NamedTuple):
    kind: CodeKind
    digits: str
    region_code: str
    day: date


class ScanCounter:
    """扫码计数器: one for each process; `note` from any thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._lock = threading.Lock()
        self._waiting: Counter[_Key] = Counter()
        self._stop = threading.Event()

    def note(self, code: PrintedCode, region_code: str) -> None:
        """One scan of a code about a place, now."""
        key = _Key(code.kind, code.digits, region_code, self._clock.today())
        with self._lock:
            if key in self._waiting or len(self._waiting) < _MOST_WAITING:
                self._waiting[key] += 1

    def flush(self) -> int:
        """Writes down what waits; returns how many scans. When the database fails they wait on."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
        if not taken:
            return 0
        try:
            with self._database.write() as session:
                for key in sorted(taken):  # one order everywhere: two processes never wait for each other
                    _add(session, key, taken[key])
        except SQLAlchemyError as error:
            log.warning("scans_wait", kind=type(error).__name__)
            with self._lock:
                self._waiting.update(taken)
            return 0
        return taken.total()

    @contextmanager
    def running(self) -> Iterator[None]:
        """While this is open a thread writes every few seconds, and once more at the end."""
        thread = threading.Thread(target=self._write_on, name="scans", daemon=True)
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


def _add(session: Session, key: _Key, scans: int) -> None:
    if _increase(session, key, scans):
        return
    try:
        with session.begin_nested():
            session.add(
                CodeScan(
                    kind=key.kind,
                    digits=key.digits,
                    region_code=key.region_code,
                    scanned_on=key.day,
                    scans=scans,
                )
            )
    except IntegrityError:  # another process was first
        _increase(session, key, scans)


def _increase(session: Session, key: _Key, scans: int) -> bool:
    changed = session.scalar(
        update(CodeScan)
        .where(CodeScan.kind == key.kind, CodeScan.digits == key.digits, CodeScan.scanned_on == key.day)
        .values(scans=CodeScan.scans + scans)
        .returning(CodeScan.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
