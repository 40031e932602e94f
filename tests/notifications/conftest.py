"""A fake provider over real HTTP, our providers pointing at it, and the keys of this installation."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.notifications.carriers import Carriers
from app.notifications.worker import OutboxWorker
from tests.databases import RolledBackDatabase
from tests.notifications.fake_provider import FakeProvider
from tests.notifications.situations import aliyun_at, tencent_at


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with FakeProvider().running() as provider:
        yield provider


@pytest.fixture
def second_fake() -> Iterator[FakeProvider]:
    with FakeProvider().running() as provider:
        yield provider


@pytest.fixture
def carriers(fake: FakeProvider, second_fake: FakeProvider) -> Carriers:
    """Aliyun first, Tencent when it fails."""
    return Carriers((aliyun_at(fake.url), tencent_at(second_fake.url)), lease=timedelta(minutes=1))


@pytest.fixture
def worker(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, carriers: Carriers
) -> OutboxWorker:
    return OutboxWorker(database, clock, cipher, carriers)
