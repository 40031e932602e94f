"""Sealed fields: what must not be readable in a stolen database file, and how to look it up all the same.

AES-256-GCM with the field's place (table, column, row) as associated data, so that a ciphertext moved to
another row or column does not open. The first byte is the key's version; keys come from outside the database
(setting DATA_KEY). For looking up there is a keyed digest: a plain hash of a phone number falls in minutes.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.settings import Settings

KEY_VERSION = 1
_NONCE_BYTES = 12


class Unsealable(Exception):
    """The ciphertext was cut, changed, moved from another place, or sealed with a key we don't have."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands. `row` is the row's primary key."""

    table: str
    column: str
    row: int

    def associated_data(self, version: int) -> bytes:
        return f"songgang\0{version}\0{self.table}\0{self.column}\0{self.row}".encode()


class FieldCipher:
    """Seals, opens and indexes single fields with keys derived from one secret."""

    def __init__(self, data_key: str) -> None:
        self._sealing = AESGCM(_derive(data_key, f"seal v{KEY_VERSION}"))
        self._indexing = _derive(data_key, "index")

    def seal(self, text: str, place: Place) -> bytes:
        """Encrypts `text` for `place`: version byte, nonce, ciphertext with tag."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._sealing.encrypt(nonce, text.encode(), place.associated_data(KEY_VERSION))
        return bytes([KEY_VERSION]) + nonce + sealed

    def open(self, sealed: bytes, place: Place) -> str:
        """Decrypts what `seal` made for the same place. Raises `Unsealable`."""
        if not sealed or sealed[0] != KEY_VERSION:
            raise Unsealable
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._sealing.decrypt(nonce, body, place.associated_data(KEY_VERSION)).decode()
        except (InvalidTag, ValueError) as error:
            raise Unsealable from error

    def blind_index(self, purpose: str, value: str) -> str:
        """A keyed digest (64 hex digits) by which equal values are found; `purpose` keeps uses apart."""
        return hmac.new(self._indexing, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def _derive(data_key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"songgang {purpose}".encode()).derive(data_key.encode())


def cipher_of(settings: Settings) -> FieldCipher:
    """The cipher of this installation."""
    return _cipher(settings.data_key.get_secret_value())


@lru_cache(maxsize=8)
def _cipher(data_key: str) -> FieldCipher:
    return FieldCipher(data_key)
