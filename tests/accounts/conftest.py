"""Fixtures of the account tests: places, the cipher, and a site with the staff pages."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from app.core import security
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.settings import Settings
from tests.accounts.situations import Outbox, add_regions
from tests.apps import the_app
from tests.databases import RolledBackDatabase


@pytest.fixture(autouse=True, scope="session")
def real_hasher() -> Iterator[PasswordHasher]:
    """Hashing is slow on purpose; these tests hash hundreds of times, so they do it cheaply. Yields the real
    one.
    """
    real = security._HASHER
    security._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    yield real
    security._HASHER = real


@pytest.fixture
def places(database: RolledBackDatabase) -> RolledBackDatabase:
    """The rolled-back database with the places that roles point to."""
    with database.write() as session:
        add_regions(session)
    return database


@pytest.fixture
def own_places(own_database: Database) -> Database:
    """Real engines, with the places that roles point to."""
    with own_database.write() as session:
        add_regions(session)
    return own_database


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def site(
    places: RolledBackDatabase, clock: FixedClock, shared_settings: Settings, outbox: Outbox
) -> Iterator[TestClient]:
    """A browser on the staff pages; messages go to `outbox`."""
    app = the_app(shared_settings, places, clock)
    app.state.code_sender = outbox
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as client:
        yield client
