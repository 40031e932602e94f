"""A session for the tests, on both databases."""

import pytest

from tests.referrals.sessions.friday import Friday
from tests.referrals.situations import Scene


@pytest.fixture
def friday(scene: Scene) -> Friday:
    return Friday(scene)
