"""A household that is being written while its village goes is never left between the two."""

import threading
from collections.abc import Iterator

import pytest

import app.tasks  # noqa: F401 - whoever holds region codes is registered there
from app.accounts import region_changes
from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.errors import AppError
from app.core.settings import Settings
from app.regions import gazetteer
from app.regions.gazetteer import Amendments
from app.seekers import households
from app.seekers.schemas import HouseholdIn
from tests.regions.situations import MERGE, A, B, settle, strays


@pytest.fixture(autouse=True)
def forget_amendments() -> Iterator[None]:
    yield
    gazetteer.amend(Amendments(0))


def test_writing_waits_for_the_change_and_is_then_refused(
    own_database: Database, own_settings: Settings, clock: FixedClock
) -> None:
    database, cipher = own_database, cipher_of(own_settings)
    with database.write() as session:
        world = settle(session, clock, cipher)
        world.people_in(A)
        change_id = world.approve(world.prepare(MERGE, A, B)).id
    refused: list[str] = []
    began = threading.Event()

    def write() -> None:
        began.set()
        try:
            with database.write() as session:
                data = HouseholdIn(region_code=A)
                households.create_household(session, SYSTEM, data, cipher=cipher, clock=clock)
        except AppError as error:
            refused.append(error.title)

    writer = threading.Thread(target=write)
    with database.write() as session:
        region_changes.apply_change(session, change_id, clock=clock, cipher=cipher, actor=SYSTEM)
        writer.start()
        began.wait(5)
        writer.join(0.5)
        assert writer.is_alive()  # held by the change
        with database.read() as reader:
            assert strays(reader) == 0  # a reader sees all of before
    writer.join(10)
    assert len(refused) == 1
    with database.read() as session:
        assert strays(session) == 0
