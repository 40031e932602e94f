"""`songgang keys`: an office changes its key from the terminal."""

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.settings import Settings
from tests.seekers import factories as given
from tests.seekers.privacy.situations import LAST_YEAR, OLD, THIS_YEAR, add_person


def test_status_rotate_status(
    own_settings: Settings, own_database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_database.write() as session:
        home = given.household(session, OLD, clock)
        for n in range(3):
            add_person(session, OLD, clock, home, n + 1)
    monkeypatch.setenv("SONGGANG_DATABASE_URL", own_settings.database_url)
    monkeypatch.setenv("SONGGANG_DATA_KEY", THIS_YEAR)
    command, runner = build(["keys"]), CliRunner()

    def run(*words: str) -> tuple[int, str]:
        result = runner.invoke(command, ["keys", *words])
        return result.exit_code, result.output

    code, said = run("rotate")  # the old key was forgotten
    assert (code, "还有 6 行没有换" in "".join(said.split("\n"))) == (1, True), said
    monkeypatch.setenv("SONGGANG_OLD_DATA_KEYS", LAST_YEAR)
    code, said = run("status")
    assert (code, "people：3 行" in said) == (1, True), said
    assert "已经交给后台" in run("rotate", "--background")[1]
    assert "后台已经在换了" in run("rotate", "--background")[1]
    code, said = run("rotate")
    assert (code, "换好了" in said) == (0, True), said
    code, said = run("status")
    assert (code, "全都是现在的密钥" in said) == (0, True), said
