"""The keys of this installation, and requests in the name of whoever a test likes."""

import pytest

from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from tests.employers.conftest import sign_in

__all__ = ["sign_in"]


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)
