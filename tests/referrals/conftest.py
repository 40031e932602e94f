"""A sewing factory and a woman of 柳树塬村 who looks for work, on both databases."""

import pytest
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from tests.employers.conftest import sign_in
from tests.referrals.situations import Scene

__all__ = ["sign_in"]


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def scene(session: Session, cipher: FieldCipher, clock: FixedClock) -> Scene:
    """Everybody a referral needs."""
    return Scene(session, cipher, clock)
