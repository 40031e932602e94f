"""A boss with a verified firm, for the tests of the employer's pages."""

import pytest
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from tests.referrals.situations import Scene
from tests.web.employer.firms import Boss, with_firm


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def own(session: Session, clock: FixedClock, cipher: FieldCipher) -> Boss:
    return with_firm(session, clock, cipher)


@pytest.fixture
def scene(session: Session, cipher: FieldCipher, clock: FixedClock, own: Boss) -> Scene:
    """People referred to the boss's own firm."""
    made = Scene(session, cipher, clock)
    made.__dict__["employer"] = own.firm
    return made
