"""Sealed fields: what must not be readable in a stolen database file, and how to look it up all the same.

AES-256-GCM with the field's place (table, column, row) as associated data, so that a ciphertext moved to
another row or column does not open. Each value names the key it was sealed with; keys come from outside the
database (settings DATA_KEY and OLD_DATA_KEYS). For looking up there is a keyed digest: a plain hash of a
phone number falls in minutes.

While keys change, what was sealed with an older key still opens, everything new is sealed with the present
one, and lookups try the digests of all keys (`blind_indexes`), until every row has been sealed anew.
"""

import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.settings import Settings

# A sealed value: the format, the key's version, the nonce, the ciphertext with its tag.
_FORMAT: Final = b"\x02"
_VERSION_BYTES: Final = 4
_NONCE_BYTES: Final = 12
HEADER_BYTES: Final = len(_FORMAT) + _VERSION_BYTES


class Unsealable(Exception):
    """The ciphertext was cut, changed, moved from another place, or sealed with a key we don't have."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands. `row` is the row's primary key."""

    table: str
    column: str
    row: int

    def associated_data(self, header: bytes) -> bytes:
        return b"songgang\0" + header + f"\0{self.table}\0{self.column}\0{self.row}".encode()


class FieldCipher:
    """Seals, opens and indexes single fields with keys derived from one secret, and opens what `old_keys`
    sealed.

    A key's version is derived from the key itself, so no list of numbers has to be kept beside the keys, and
    an old key may be put in or taken out in any order.
    """

    def __init__(self, data_key: str, old_keys: Sequence[str] = ()) -> None:
        self._sealing = AESGCM(_derive(data_key, "seal"))
        self._indexing = _derive(data_key, "index")
        self.header = _FORMAT + _derive(data_key, "version")[:_VERSION_BYTES]
        older = (FieldCipher(key) for key in dict.fromkeys(old_keys) if key != data_key)
        self.versions: tuple[FieldCipher, ...] = (self, *older)

    @property
    def key_version(self) -> str:
        """The present key's version (8 hex digits); tells nothing about the key."""
        return self.header[len(_FORMAT) :].hex()

    def seal(self, text: str, place: Place) -> bytes:
        """Encrypts `text` for `place` with the present key."""
        nonce = os.urandom(_NONCE_BYTES)
        return (
            self.header
            + nonce
            + self._sealing.encrypt(nonce, text.encode(), place.associated_data(self.header))
        )

    def open(self, sealed: bytes, place: Place) -> str:
        """Decrypts what `seal` made for the same place, with this or an older key. Raises `Unsealable`."""
        header, nonce = sealed[:HEADER_BYTES], sealed[HEADER_BYTES : HEADER_BYTES + _NONCE_BYTES]
        for version in self.versions:
            if version.header == header:
                body = sealed[HEADER_BYTES + _NONCE_BYTES :]
                try:
                    opened = version._sealing.decrypt(nonce, body, place.associated_data(header))
                    return opened.decode()
                except (InvalidTag, ValueError) as error:
                    raise Unsealable from error
        raise Unsealable

    def seal_block(self, data: bytes, place: bytes) -> bytes:
        """Encrypts one block of a file for its `place` in it (core.backup) with the present key."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, data, b"songgang block\0" + place)

    def open_block(self, sealed: bytes, place: bytes) -> bytes:
        """Decrypts what `seal_block` of the same key made for the same place. Raises `Unsealable`."""
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._sealing.decrypt(nonce, body, b"songgang block\0" + place)
        except (InvalidTag, ValueError) as error:
            raise Unsealable from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether a value says it was sealed with the present key."""
        return sealed.startswith(self.header)

    def blind_index(self, purpose: str, value: str) -> str:
        """A keyed digest (64 hex digits) by which equal values are found; `purpose` keeps uses apart."""
        return hmac.digest(self._indexing, f"{purpose}\0{value}".encode(), "sha256").hex()

    def blind_indexes(self, purpose: str, value: str) -> tuple[str, ...]:
        """The digests of `value` under every key we have, the present one first: for looking up while rows
        with an older key remain."""
        return tuple(version.blind_index(purpose, value) for version in self.versions)


def _derive(data_key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"songgang {purpose}".encode()).derive(data_key.encode())


def cipher_of(settings: Settings) -> FieldCipher:
    """The cipher of this installation."""
    return _cipher(settings.data_key.get_secret_value(), settings.old_data_key_list)


@lru_cache(maxsize=8)
def _cipher(data_key: str, old_keys: tuple[str, ...]) -> FieldCipher:
    return FieldCipher(data_key, old_keys)
