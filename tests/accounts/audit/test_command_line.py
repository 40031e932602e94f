"""`songgang audit verify` and `songgang audit anchor`, as an auditor runs them."""

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.accounts.audit.recording import begin_audit
from app.cli.audit import app
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.settings import Settings
from tests.accounts.audit.entries import reveal

run = CliRunner().invoke


@pytest.fixture(autouse=True)
def configured(own_settings: Settings, own_database: Database, cipher, monkeypatch) -> None:
    """The command reads its settings from the environment."""
    monkeypatch.setenv("SONGGANG_DATABASE_URL", own_settings.database_url)
    monkeypatch.setenv("SONGGANG_DATA_KEY", own_settings.data_key.get_secret_value())
    with own_database.write() as session:
        begin_audit(session, cipher)


def write(database: Database, cipher: FieldCipher, clock: FixedClock, count: int = 3) -> None:
    for person in range(count):
        with database.write() as session:
            reveal(session, cipher, clock, person)


def test_a_fresh_and_an_untouched_log_are_well(
    own_database: Database, cipher: FieldCipher, clock: FixedClock
) -> None:
    assert run(app, ["verify"]).exit_code == 0
    write(own_database, cipher, clock)
    done = run(app, ["verify"])
    assert done.exit_code == 0
    assert "完好" in done.output


def test_tampering_is_said_in_plain_words(
    own_database: Database, cipher: FieldCipher, clock: FixedClock
) -> None:
    write(own_database, cipher, clock)
    with own_database.write() as session:
        session.execute(text("UPDATE audit_entries SET reason = '没看过' WHERE id = 2"))
    done = run(app, ["verify"])
    assert done.exit_code == 1
    assert "第 2 条不是原来写的" in done.output
    assert "没看过" not in done.output


def test_an_anchor_finds_a_log_set_back(
    own_database: Database, cipher: FieldCipher, clock: FixedClock, tmp_path: Path
) -> None:
    write(own_database, cipher, clock, 2)
    with own_database.read() as session:
        head = session.execute(text("SELECT entries, last_digest, seal FROM audit_head")).one()
    write(own_database, cipher, clock, 2)
    anchor = str(tmp_path / "anchor")
    for _ in range(2):
        assert run(app, ["anchor", anchor]).exit_code == 0
    assert len(Path(anchor).read_text(encoding="utf-8").splitlines()) == 2
    assert run(app, ["verify", "--anchor", anchor]).exit_code == 0
    with own_database.write() as session:
        session.execute(text("DELETE FROM audit_entries WHERE id > 2"))
        set_back = text("UPDATE audit_head SET entries = :entries, last_digest = :last_digest, seal = :seal")
        session.execute(set_back, dict(head._mapping))
    assert run(app, ["verify"]).exit_code == 0
    done = run(app, ["verify", "--anchor", anchor])
    assert done.exit_code == 1
    assert "退回过旧的" in done.output


def test_a_file_that_is_no_anchor_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", encoding="utf-8")
    done = run(app, ["verify", "--anchor", str(tmp_path / "x")])
    assert done.exit_code == 2
