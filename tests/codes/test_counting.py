"""Scans are added up: by threads, by processes, through a database that fails, without a lost number."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.accounts.actor import SYSTEM
from app.codes import queries
from app.codes.counting import ScanCounter
from app.codes.models import CodeScan
from app.codes.signing import PrintedCode, numbered
from app.codes.terms import CodeKind
from app.core.clock import FixedClock
from app.core.db import Database
from tests.databases import RolledBackDatabase
from tests.seekers.factories import VILLAGE, plant_regions

CODE, POSTER = PrintedCode(CodeKind.VILLAGE, VILLAGE), numbered(CodeKind.POSTER, 12)


def stored(database: Database | RolledBackDatabase) -> dict[tuple[str, int], int]:
    with database.read() as session:
        rows = session.scalars(select(CodeScan)).all()
        return {(row.kind.value, row.scanned_on.day): row.scans for row in rows}


def test_scans_of_a_day_are_one_row(database: RolledBackDatabase, clock: FixedClock) -> None:
    with database.write() as session:
        plant_regions(session)
    counter = ScanCounter(database, clock)
    for _ in range(3):
        counter.scanned(CODE, VILLAGE)
    counter.scanned(POSTER, VILLAGE)
    assert counter.flush() == 4
    assert counter.flush() == 0
    counter.scanned(CODE, VILLAGE)
    counter.flush()
    assert stored(database) == {("village", 22): 4, ("poster", 22): 1}
    with database.read() as session:
        assert queries.count_scans(session, [CODE, POSTER], clock.today()) == {CODE: 4, POSTER: 1}
        days = queries.count_by_day(session, SYSTEM, clock.today(), 3, CODE)
        assert list(days.values()) == [0, 0, 4]
        (most, *_) = queries.list_scanned(session, SYSTEM, clock.today(), kinds=list(CodeKind), limit=5)
        assert (most.code, most.region_code, most.scans) == (CODE, VILLAGE, 4)


def test_what_could_not_be_written_waits(
    database: RolledBackDatabase, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        plant_regions(session)
    counter = ScanCounter(database, clock)
    counter.scanned(CODE, VILLAGE)

    def refuse() -> None:
        raise OperationalError("", None, ValueError("database is locked"))

    with monkeypatch.context() as broken:
        broken.setattr(database, "write", refuse)
        assert counter.flush() == 0
    counter.scanned(CODE, VILLAGE)
    assert counter.flush() == 2
    assert stored(database) == {("village", 22): 2}


def test_several_processes_add_to_the_same_rows(own_database: Database, clock: FixedClock) -> None:
    """Two counters stand for two processes: each has connections of its own, and both write at once."""
    with own_database.write() as session:
        plant_regions(session)
    counters = [ScanCounter(own_database, clock) for _ in range(2)]
    with counters[0].running():

        def scan(counter: ScanCounter) -> None:
            for _ in range(20):
                counter.scanned(CODE, VILLAGE)
                counter.scanned(POSTER, VILLAGE)
                counter.flush()

        threads = [threading.Thread(target=scan, args=(each,)) for each in counters]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert stored(own_database) == {("village", 22): 40, ("poster", 22): 40}
