"""A backup is the whole database as of one instant; put back, it is the same database, on either kind."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, func, select, text
from typer.testing import CliRunner

from app.accounts.models import ApiToken, User, UserSession
from app.accounts.terms import UserKind
from app.cli import build
from app.core.backup.errors import BackupDamaged, NotABackup, OtherSchema, WrongBackupKey
from app.core.backup.restoring import restore_backup
from app.core.backup.saving import tables_of, write_backup
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.search import spaced_characters, text_matches
from app.core.settings import Settings
from app.demo.load import load_demo
from app.models import metadata
from app.regions.models import Region
from app.seekers.models import Person
from tests.conftest import make_settings, prepare

CIPHER = FieldCipher("one key of forty characters, more or less")
REVISION = "this revision"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[Database]:
    """The demo county on SQLite."""
    settings = make_settings(f"sqlite:///{tmp_path_factory.mktemp('county') / 'county.db'}")
    prepare(settings)
    database = Database(settings)
    load_demo(database, clock, CIPHER)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def saved(county: Database, tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Path:
    path = tmp_path_factory.mktemp("backup") / "county.backup"
    write_backup(county, metadata, path, CIPHER, revision=REVISION, now=clock.now())
    return path


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 20, 1, 0, tzinfo=UTC))


def restore(database: Database, path: Path, cipher: FieldCipher = CIPHER, revision: str = REVISION) -> Any:
    with database.refill(metadata) as session:
        return restore_backup(session, metadata, path, cipher, revision=revision)


def content(database: Database) -> dict[str, list[Any]]:
    with database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in tables_of(metadata)
        }


def test_put_back_it_is_the_same_database(
    county: Database, saved: Path, own_database: Database, clock: FixedClock
) -> None:
    """Every row is there and none that was; names are found; numbers go on; nobody is signed in."""
    with own_database.write() as session:
        session.add(gone := User(kind=UserKind.STAFF, display_name="备份里没有的人", created_at=clock.now()))
        session.flush()
        now = clock.now()
        session.add(UserSession(token_hash="0" * 64, user_id=gone.id, created_at=now, last_seen_at=now))
    restored = restore(own_database, saved)
    before, after = content(county), content(own_database)
    assert {name for name, rows in before.items() if rows} >= {"regions", "people", "job_postings", "users"}
    assert restored.counts == {name: len(rows) for name, rows in before.items()}
    for name, rows in before.items():
        assert after[name] == rows, name
    with own_database.read() as session:
        assert session.scalar(select(func.count()).select_from(UserSession)) == 0
    check_names_are_found(own_database)
    check_numbers_go_on(own_database, clock)


def check_names_are_found(database: Database) -> None:
    with database.read() as session:
        name = session.scalar(select(Person.name).limit(1)) or ""
        by_index = select(Person.id).where(text_matches(Person, spaced_characters(name)))
        named = select(Person.id).where(Person.name == name)
        assert set(session.scalars(by_index)) >= set(session.scalars(named))


def check_numbers_go_on(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        highest = session.scalar(select(func.max(User.id)))
        session.add(user := User(kind=UserKind.STAFF, display_name="新来的", created_at=clock.now()))
        session.flush()
        assert highest is not None
        assert user.id == highest + 1


def test_sessions_codes_and_tries_are_never_written(saved: Path) -> None:
    left_out = {table.name for table in metadata.sorted_tables} - {t.name for t in tables_of(metadata)}
    assert left_out == {"user_sessions", "api_tokens", "phone_codes", "rate_hits", "idempotent_answers"}
    assert ApiToken.__tablename__ in left_out


def test_the_file_tells_nothing_without_the_key(county: Database, saved: Path) -> None:
    stored = saved.read_bytes()
    with county.read() as session:
        for name in session.scalars(select(Person.name).limit(50)):
            assert name.encode() not in stored
    assert saved.stat().st_mode & 0o077 == 0
    with pytest.raises(WrongBackupKey):
        restore(county, saved, FieldCipher("another key, also forty characters long."))


def test_a_damaged_file_changes_nothing(saved: Path, own_database: Database, tmp_path: Path) -> None:
    (tmp_path / "cut").write_bytes(saved.read_bytes()[:-1])
    with pytest.raises(BackupDamaged):
        restore(own_database, tmp_path / "cut")
    with own_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Region)) > 40_000


def test_another_file_and_another_version_are_refused(
    saved: Path, own_database: Database, tmp_path: Path
) -> None:
    (tmp_path / "letter").write_text("亲爱的乡亲")
    with pytest.raises(NotABackup):
        restore(own_database, tmp_path / "letter")
    with pytest.raises(OtherSchema):
        restore(own_database, saved, revision="another")


def test_a_backup_that_fails_leaves_no_file(county: Database, tmp_path: Path, clock: FixedClock) -> None:
    from_nowhere = MetaData()
    metadata.tables["regions"].to_metadata(from_nowhere)
    from_nowhere.tables["regions"].name = "missing"
    with pytest.raises(Exception, match="missing"):
        write_backup(county, from_nowhere, tmp_path / "b", CIPHER, revision=REVISION, now=clock.now())
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def configured(own_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.setenv("SONGGANG_DATABASE_URL", own_settings.database_url)
    monkeypatch.setenv("SONGGANG_VAR_DIR", str(tmp_path / "var"))
    return own_settings


def test_on_the_command_line(configured: Settings, tmp_path: Path, clock: FixedClock) -> None:
    run, commands = CliRunner().invoke, build(["backup", "restore"])
    database = Database(configured)
    with database.write() as session:
        session.add(User(kind=UserKind.STAFF, display_name="老王", created_at=clock.now()))
    assert cipher_of(configured)
    file = tmp_path / "office.backup"
    assert run(commands, ["backup", str(file)]).exit_code == 0
    refused = run(commands, ["restore", str(file)])
    assert (refused.exit_code, "--replace" in refused.output) == (2, True)
    with database.write() as session:
        session.execute(text("UPDATE users SET display_name = '改了'"))
    assert run(commands, ["restore", str(file), "--replace"]).exit_code == 0
    with database.read() as session:
        assert session.scalar(select(User.display_name)) == "老王"
    shutil.rmtree(tmp_path / "var", ignore_errors=True)
    assert run(commands, ["restore", str(tmp_path / "none")]).exit_code == 2
    database.dispose()
