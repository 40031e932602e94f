"""Fixtures everyone uses: both databases, one session, one client, a clock that stands still."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.db import Database, make_engine
from app.core.migrations import migrate_database
from app.core.settings import Environment, Settings
from app.regions.service import load_reference_divisions
from tests.apps import the_app
from tests.browser import open_browser
from tests.databases import RolledBackDatabase
from tests.postgres import running_postgres

# A busy machine is no fault of the code: no test is a stop-watch.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")
# Nothing a test writes may land in the checkout's own var/.
_VAR_DIR = Path(tempfile.mkdtemp(prefix="songgang-var-"))
PROJECT = Path(__file__).resolve().parents[1]
BACKENDS = ["sqlite", "postgresql"]


def shared_folder() -> Path | None:
    """Real data that is not part of the repository; tests that need it skip when it is absent."""
    folder = Path(os.environ.get("SONGGANG_SHARED", PROJECT.parent / "shared"))
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    folder = shared_folder()
    if folder is None:
        pytest.skip("the real data of ../shared is not here")
    return folder / "data"


def make_settings(url: str) -> Settings:
    return Settings(
        env=Environment.TEST, database_url=url, database_slots=4, database_wait_s=5, var_dir=_VAR_DIR
    )


# Folders with files that take a quarter of a minute or more by themselves.
LONGEST = (
    "tests/seekers/imports/",
    "tests/notifications/",
    "tests/permissions/",
    "tests/matching/",
    "tests/core/backup/",
    "tests/demo/",
    "tests/referrals/",
    "tests/web/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker begins one when the others have nothing left to do."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a running cluster, with a place for the database's name."""
    with running_postgres() as url:
        yield url


def create_postgres_database(url: str, name: str, template: str = "template1") -> str:
    """Makes database `name` as a copy of `template`; returns its URL."""
    plain = url.format(database="postgres").replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return url.format(database=name)


def drop_postgres_database(url: str, name: str) -> None:
    plain = url.format(database="postgres").replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def prepare(settings: Settings) -> None:
    """Schema by Alembic, then the reference data."""
    database = Database(settings)
    migrate_database(database.writer)
    with database.write() as session:
        load_reference_divisions(session)
    database.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    prepare(make_settings(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """Name of a migrated PostgreSQL database that tests copy."""
    url = create_postgres_database(postgres_url, "songgang_template")
    prepare(make_settings(url))
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        # Sequences are not rolled back: without this some test gets the number of an officer made up by hand.
        connection.execute("SELECT setval(pg_get_serial_sequence('users', 'id'), 100000)")
    return "songgang_template"


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@dataclass(frozen=True)
class SharedDatabase:
    """One database a worker and backend. Tests never commit to it."""

    settings: Settings
    engine: Engine


@pytest.fixture(scope="session")
def shared_databases() -> Iterator[dict[str, SharedDatabase]]:
    """Made when first asked for and kept: pytest would make a parametrized one anew at each change."""
    made: dict[str, SharedDatabase] = {}
    yield made
    for shared in made.values():
        shared.engine.dispose()


@pytest.fixture
def shared_database(
    backend: str,
    shared_databases: dict[str, SharedDatabase],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> SharedDatabase:
    if backend not in shared_databases:
        if backend == "sqlite":
            path = tmp_path_factory.mktemp("db") / "songgang.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            url = f"sqlite:///{path}"
        else:
            template = request.getfixturevalue("postgres_template")
            cluster = request.getfixturevalue("postgres_url")
            url = create_postgres_database(cluster, "songgang_shared", template)
        # What is never committed is in no log of changes: kept pages would not notice it.
        settings = make_settings(url).model_copy(update={"keep_pages": False})
        shared_databases[backend] = SharedDatabase(settings, make_engine(settings, read_only=False))
    return shared_databases[backend]


@pytest.fixture
def shared_settings(shared_database: SharedDatabase) -> Settings:
    return shared_database.settings


@pytest.fixture
def shared_engine(shared_database: SharedDatabase) -> Engine:
    return shared_database.engine


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for the tests of a module: while it is open, its event loop blocks every other in the process.

    A machine without Chromium fails rather than skips.
    """
    with open_browser() as browser:
        yield browser


@pytest.fixture
def clock() -> FixedClock:
    """Sunday 22 November 2026, nine in the morning in Beijing."""
    return FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))


@pytest.fixture
def database(shared_settings: Settings, shared_engine: Engine) -> Iterator[RolledBackDatabase]:
    """A database on which everything a test does is rolled back."""
    with shared_engine.connect() as connection:
        outer = connection.begin()
        database = RolledBackDatabase(shared_settings, connection)
        yield database
        outer.rollback()
        database.dispose()


@pytest.fixture
def session(database: RolledBackDatabase) -> Iterator[Session]:
    with database.write() as session:
        yield session


@pytest.fixture
def client(
    database: RolledBackDatabase, clock: FixedClock, shared_settings: Settings
) -> Iterator[TestClient]:
    """Asks the application over HTTP, against the rolled-back database."""
    app = the_app(shared_settings, database, clock)
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as client:
        yield client


@pytest.fixture
def own_settings(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A database of the test's own, for what needs real commits and several connections."""
    if backend == "sqlite":
        path = tmp_path / "own.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield make_settings(f"sqlite:///{path}")
        return
    url, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
    name = f"own_{abs(hash(request.node.nodeid))}"
    yield make_settings(create_postgres_database(url, name, template))
    drop_postgres_database(url, name)


@pytest.fixture
def own_database(own_settings: Settings) -> Iterator[Database]:
    """Real engines on a database of the test's own."""
    database = Database(own_settings)
    yield database
    database.dispose()
