"""The backup's file: a line for people and programs, then numbered sealed blocks, the last one marked."""

import io
import json
import os
from typing import Any, BinaryIO, Final

from app.core.backup.errors import BackupDamaged, NotABackup, WrongBackupKey
from app.core.crypto import FieldCipher, Unsealable

MAGIC: Final = b"songgang-backup 1\n"
_BLOCK_BYTES: Final = 1 << 20
# Ciphertext is longer than its text by nonce and tag.
_MOST_BYTES: Final = _BLOCK_BYTES + 64
_LENGTH_BYTES: Final = 4
_MOST_HEADER_BYTES: Final = 4096


def _place(identity: str, number: int, *, is_last: bool) -> bytes:
    return f"{identity} {number} {'last' if is_last else 'more'}".encode()


class SealedWriter(io.RawIOBase):
    """Takes bytes and writes them sealed, block by block. `finish` writes the last block: without it the
    file does not open."""

    def __init__(self, target: BinaryIO, cipher: FieldCipher, header: dict[str, Any]) -> None:
        self._target, self._cipher, self._waiting, self._number = target, cipher, bytearray(), 0
        # Blocks of one file do not fit into another.
        self._identity = os.urandom(16).hex()
        head = header | {"identity": self._identity, "key_version": cipher.key_version}
        target.write(MAGIC + json.dumps(head).encode() + b"\n")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        taken = bytes(data)
        self._waiting += taken
        while len(self._waiting) > _BLOCK_BYTES:
            self._put(bytes(self._waiting[:_BLOCK_BYTES]), is_last=False)
            del self._waiting[:_BLOCK_BYTES]
        return len(taken)

    def finish(self) -> None:
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, block: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.seal_block(block, _place(self._identity, self._number, is_last=is_last))
        # The highest bit of the length says "last"; the seal makes sure that it does not lie.
        length = len(sealed) | (1 << 31 if is_last else 0)
        self._target.write(length.to_bytes(_LENGTH_BYTES, "big") + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Gives back what SealedWriter took. Raises NotABackup or WrongBackupKey at once, BackupDamaged later."""

    def __init__(self, source: BinaryIO, cipher: FieldCipher) -> None:
        self._source, self._ready, self._number, self._is_over = source, b"", 0, False
        if source.read(len(MAGIC)) != MAGIC:
            raise NotABackup
        try:
            self.header: dict[str, Any] = json.loads(source.readline(_MOST_HEADER_BYTES))
            self._identity = str(self.header["identity"])
            wanted = str(self.header["key_version"])
        except (ValueError, KeyError, TypeError):
            raise NotABackup from None
        known = {version.key_version: version for version in cipher.versions}
        if wanted not in known:
            raise WrongBackupKey
        self._cipher = known[wanted]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        while not self._ready and not self._is_over:
            self._ready = self._next()
        taken = self._ready[: len(view)]
        view[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def _next(self) -> bytes:
        mark = self._source.read(_LENGTH_BYTES)
        length = int.from_bytes(mark, "big")
        is_last, size = bool(length >> 31), length & ((1 << 31) - 1)
        sealed = self._source.read(size) if size <= _MOST_BYTES else b""
        if len(mark) < _LENGTH_BYTES or len(sealed) < size or not size:
            raise BackupDamaged
        try:
            block = self._cipher.open_block(sealed, _place(self._identity, self._number, is_last=is_last))
        except Unsealable:
            raise BackupDamaged from None
        self._number += 1
        self._is_over = is_last
        return block
