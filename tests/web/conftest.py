"""A running site with a village's board on it, and the browser that visits it."""

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

from app.core.clock import FixedClock
from app.core.db import Database
from app.main import create_app
from tests.conftest import make_settings
from tests.web.board import hang_board, village_code


@pytest.fixture(scope="session")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the landing page of a village's code, on a server of its own (SQLite)."""
    path = tmp_path_factory.mktemp("site") / "site.db"
    shutil.copy(sqlite_template, path)
    settings = make_settings(f"sqlite:///{path}")
    clock = FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    database = Database(settings)
    with database.write() as session:
        hang_board(session, clock)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, database=database, clock=clock), port=0, log_level="critical")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/q/{village_code(settings)}"
    server.should_exit = True
    thread.join(10)
