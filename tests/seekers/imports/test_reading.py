"""Rows read by a second process: the same as here, and here when it is gone."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.core.sheets import Row
from app.regions.gazetteer import Amendments, Division
from app.regions.terms import Level
from app.seekers.imports import takein
from app.seekers.imports.columns import guess_columns
from app.seekers.imports.reading import Places, ReadRows, SecondReader, Terms, read_rows, row_reader
from tests.seekers.factories import TOWN
from tests.seekers.imports.conftest import Desk
from tests.seekers.imports.sheets import person, table

HEADINGS, CELLS = table([person(n, **({"姓名": ""} if n == 3 else {})) for n in range(1, 9)])
ROWS = [Row(number, cells) for number, cells in enumerate(CELLS, start=2)]
TERMS = Terms([column.as_json() for column in guess_columns(HEADINGS, CELLS)], "610204", date(2026, 11, 22))
VILLAGES = {TOWN: {"柳树塬村": f"{TOWN}201"}}


@pytest.fixture
def second() -> Iterator[SecondReader]:
    reader = SecondReader(Places(VILLAGES, None))
    yield reader
    reader.close()


def here() -> ReadRows:
    return read_rows(row_reader(TERMS, lambda town: VILLAGES.get(town, {})), ROWS)


def test_the_second_process_reads_the_same(second: SecondReader) -> None:
    for number in range(2):
        second.ask(TERMS, number, ROWS)
        assert second.take(TERMS, number) == here()
    assert list(here().refused) == [4]
    assert here().rows[0].region_code == f"{TOWN}201"


def test_what_was_asked_otherwise_is_not_taken(second: SecondReader) -> None:
    assert second.take(TERMS, 0) is None
    second.ask(TERMS, 1, ROWS)
    assert second.take(TERMS, 2) is None
    second.ask(TERMS, 3, ROWS)
    assert second.take(Terms(TERMS.columns, "6102", TERMS.today), 3) is None
    second.ask(TERMS, 4, ROWS)
    assert second.take(TERMS, 4) == here()


def test_changes_of_the_table_of_regions_are_known_there_too() -> None:
    code = "610204150"
    town = Division(code, "新合镇", "新合", Level.TOWN, (Level.TOWN,), "610204", "xinhe", "xh", None, None)
    moved = [
        Row(row.number, ["新合镇" if cell == "董家河镇" else cell for cell in row.cells]) for row in ROWS
    ]
    reader = SecondReader(Places({code: {"柳树塬村": f"{code}201"}}, Amendments(1, (town,))))
    try:
        reader.ask(TERMS, 0, moved)
        found = reader.take(TERMS, 0)
    finally:
        reader.close()
    assert found is not None
    assert {row.region_code for row in found.rows} == {f"{code}201"}


def test_a_dead_process_is_done_without(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takein, "WORTH_IT_FROM", 1)
    started: list[SecondReader] = []

    class Dying(SecondReader):
        def ask(self, terms: Terms, number: int, rows: object) -> None:
            super().ask(terms, number, ROWS)
            self.close()
            started.append(self)

    monkeypatch.setattr(takein, "SecondReader", Dying)
    summary = desk.take_in([person(n) for n in range(1, 1202)])
    assert (summary.rows, summary.created) == (1201, 1201)
    assert started


def test_it_ends_with_the_process_that_asks(tmp_path: Path) -> None:
    reader = SecondReader(Places(VILLAGES, None))
    reader.ask(TERMS, 0, ROWS)
    assert reader.take(TERMS, 0) is not None
    process = reader._process
    assert process.stdin is not None
    process.stdin.close()  # as when the first process is killed
    assert process.wait(timeout=30) == 0
    reader.close()


def test_a_large_file_is_read_by_two(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takein, "WORTH_IT_FROM", 1)
    taken: list[int] = []

    class Counting(SecondReader):
        def take(self, terms: Terms, number: int) -> ReadRows | None:
            found = super().take(terms, number)
            taken.extend([number] if found else [])
            return found

    monkeypatch.setattr(takein, "SecondReader", Counting)
    began = time.monotonic()
    summary = desk.take_in([person(n) for n in range(1, 1702)])
    assert summary.created == 1701
    assert taken == [1, 2, 3], f"after {time.monotonic() - began:.0f} s"
