"""A site with canaries, and a probe that calls it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.settings import Settings
from tests.apps import the_app
from tests.databases import RolledBackDatabase
from tests.permissions.http.people import PLACES, plant
from tests.permissions.http.probe import Probe


@pytest.fixture
def probe(
    database: RolledBackDatabase, clock: FixedClock, shared_settings: Settings, tmp_path: Path
) -> Iterator[Probe]:
    """The whole application over a rolled-back database; lists of erasures go to a folder of the test's."""
    settings = shared_settings.model_copy(update={"var_dir": tmp_path})
    with database.write() as session:
        world = plant(session, cipher_of(settings), clock, PLACES)
    app = the_app(settings, database, clock)
    with TestClient(
        app, base_url="http://testserver", follow_redirects=False, raise_server_exceptions=False
    ) as client:
        yield Probe(client, database, world, clock.now())
