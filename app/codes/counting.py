"""扫码计数: how often each code is scanned on a day, without following anybody (core.tallies).

No address, cookie or browser is kept, so nobody can be counted twice on purpose or found later.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.codes.models import CodeScan
from app.codes.signing import PrintedCode
from app.codes.terms import CodeKind
from app.core.clock import Clock
from app.core.db import Database
from app.core.tallies import Tally, add_to


class _Key(NamedTuple):
    kind: CodeKind
    digits: str
    region_code: str
    day: date


class ScanCounter(Tally[_Key]):
    """扫码计数器: one for each process; `scanned` from any thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, _add)
        self._clock = clock

    def scanned(self, code: PrintedCode, region_code: str) -> None:
        """One scan of a code about a place, now."""
        self.note(_Key(code.kind, code.digits, region_code, self._clock.today()))


def add_scans(session: Session, code: PrintedCode, region_code: str, day: date, scans: int) -> None:
    """Adds to the number of a code and a day in Beijing."""
    _add(session, _Key(code.kind, code.digits, region_code, day), scans)


def _add(session: Session, key: _Key, scans: int) -> None:
    row = CodeScan(
        kind=key.kind, digits=key.digits, region_code=key.region_code, scanned_on=key.day, scans=scans
    )
    add_to(session, row, CodeScan.scans, (CodeScan.kind, CodeScan.digits, CodeScan.scanned_on))
