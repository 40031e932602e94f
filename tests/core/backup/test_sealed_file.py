"""The backup's file: what went in comes out, and any other file says so."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.backup.errors import BackupDamaged, NotABackup, WrongBackupKey
from app.core.backup.sealed_file import MAGIC, SealedReader, SealedWriter
from app.core.crypto import FieldCipher

KEY = "one key of forty characters, more or less"
CIPHER = FieldCipher(KEY)
OTHER = "another key, also forty characters long."
BLOCK = 1 << 20


def sealed(*parts: bytes) -> bytes:
    target = io.BytesIO()
    writer = SealedWriter(target, CIPHER, {"revision": "1"})
    for part in parts:
        writer.write(part)
    writer.finish()
    return target.getvalue()


def opened(stored: bytes, cipher: FieldCipher = CIPHER) -> bytes:
    return SealedReader(io.BytesIO(stored), cipher).readall() or b""


@given(st.lists(st.binary(max_size=300)))
def test_what_went_in_comes_out(parts: list[bytes]) -> None:
    assert opened(sealed(*parts)) == b"".join(parts)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 7])
def test_at_the_edges_of_blocks(size: int) -> None:
    data = bytes(index % 251 for index in range(size))
    assert opened(sealed(data)) == data


def test_an_older_key_opens_and_another_does_not() -> None:
    assert opened(sealed(b"x"), FieldCipher(OTHER, [KEY])) == b"x"
    with pytest.raises(WrongBackupKey):
        opened(sealed(b"x"), FieldCipher(OTHER))


@given(st.data())
def test_any_changed_bit_is_noticed(data: st.DataObject) -> None:
    stored = bytearray(sealed(b"people of a county"))
    body = stored.index(b"\n", len(MAGIC)) + 1
    stored[data.draw(st.integers(body, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BackupDamaged):
        opened(bytes(stored))


@given(st.data())
def test_any_cut_is_noticed(data: st.DataObject) -> None:
    stored = sealed(b"people of a county")
    length = data.draw(st.integers(0, len(stored) - 1))
    with pytest.raises((BackupDamaged, NotABackup)):
        opened(stored[:length])


def blocks_of(stored: bytes) -> tuple[bytes, list[bytes]]:
    at = stored.index(b"\n", len(MAGIC)) + 1
    head, blocks = stored[:at], []
    while at < len(stored):
        size = int.from_bytes(stored[at : at + 4], "big") & ((1 << 31) - 1)
        blocks.append(stored[at : at + 4 + size])
        at += 4 + size
    return head, blocks


def test_blocks_left_out_swapped_or_from_another_file_are_noticed() -> None:
    head, blocks = blocks_of(sealed(b"a" * (3 * BLOCK)))
    _, others = blocks_of(sealed(b"b" * (3 * BLOCK)))
    first, second, last = blocks
    for wrong in ([first, last], [second, first, last], [first, second], [others[0], second, last], []):
        with pytest.raises(BackupDamaged):
            opened(head + b"".join(wrong))
