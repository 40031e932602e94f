"""What an office exports is what it has, and its own import knows it again."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.accounts.actor import SYSTEM
from app.cli import build
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.settings import Settings
from app.core.sheets.importing import ImportOptions
from app.employers.exporting import export_employers
from app.employers.imports import import_employers
from app.jobs.exporting import export_jobs
from app.jobs.imports.service import import_jobs
from tests.employers.factories import TOWN, VILLAGE
from tests.web.board import PHONE, hang_board


@pytest.fixture
def board(own_database: Database, clock: FixedClock) -> Database:
    with own_database.write() as session:
        hang_board(session, clock)
    return own_database


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_exported_and_imported_elsewhere_nothing_is_lost(
    board: Database, clock: FixedClock, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / f"jobs.{ending}"
    count = export_jobs(board, SYSTEM, None, file)
    assert count == 49
    summary = import_jobs(board, file, ImportOptions(), clock)
    assert (summary.rows, summary.rejected) == (count, 0)
    text = file.read_bytes()
    assert PHONE.encode() not in text


def test_a_region_s_and_a_firm_s(board: Database, clock: FixedClock, tmp_path: Path) -> None:
    everywhere = export_jobs(board, SYSTEM, None, tmp_path / "all.csv")
    assert 0 < export_jobs(board, SYSTEM, VILLAGE, tmp_path / "village.csv") < everywhere
    firms = tmp_path / "firms.csv"
    assert export_employers(board, SYSTEM, None, firms) == 5
    assert "小丘针织社区工厂" in firms.read_text("utf-8-sig")
    assert PHONE not in firms.read_text("utf-8-sig")
    assert export_employers(board, SYSTEM, TOWN, tmp_path / "town.csv") == 3
    assert import_employers(board, firms, ImportOptions(), clock).rejected == 0


def test_on_the_command_line(
    board: Database, own_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SONGGANG_DATABASE_URL", own_settings.database_url)
    run, commands = CliRunner().invoke, build(["export", "parse"])
    assert "49 行" in run(commands, ["export", "jobs", str(tmp_path / "j.xlsx")]).output
    nowhere = ["jobs", "x.csv", "--region", "999999"]
    for wrong in (["horses", "x.csv"], ["people", "x.csv", "--full"], nowhere):
        assert run(commands, ["export", wrong[0], str(tmp_path / wrong[1]), *wrong[2:]]).exit_code == 2
