"""Uploads that mean harm: refused or made harmless within 10 s and 256 MB, with a plain sentence."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.seekers.imports import hostile
from tests.seekers.imports.conftest import Desk

SECONDS, MEGABYTES = 10, 256
HARMLESS = {"formulas", "wrong_dimension"}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All files through one process of its own, so that its peak of memory is theirs."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in hostile.KINDS.items():
        make(folder / f"{name}.xlsx")
    done = subprocess.run(
        [sys.executable, "-m", "tests.seekers.imports.hostile", str(folder)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        timeout=300,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", [name for name in hostile.KINDS if name not in HARMLESS])
def test_refused_in_time_with_a_reason(tried: Any, name: str) -> None:
    told = tried["files"][name]
    assert told["seconds"] <= SECONDS
    assert told["reason"].endswith("。"), told
    assert told["rows"] == []


def test_refused_within_the_memory(tried: Any) -> None:
    assert tried["peak_mb"] <= MEGABYTES


def test_formulas_count_by_their_last_result(tried: Any) -> None:
    assert tried["files"]["formulas"]["rows"] == [["王桂兰", "110105194912310021"]]


def test_a_wrong_dimension_makes_nobody_allocate_it(tried: Any) -> None:
    told = tried["files"]["wrong_dimension"]
    assert told["reason"] or told["rows"][0] == ["王桂兰", "110105194912310021"]


def test_a_refused_file_leaves_nothing_behind(desk: Desk, tmp_path: Path) -> None:
    from_start_to_end = hostile.long_cell(tmp_path / "long.xlsx")
    with pytest.raises(Exception, match="table_unreadable"):
        desk.take_in_file(from_start_to_end)
    with desk.database.read() as session:
        assert desk.people(session) == []
        assert desk.staged(session) == 0
