"""索引快照: arrays and a few facts in one file, which several processes map into one and the same memory.

The file: eight bytes that say what it is, the length and the checksum of a header, the header (JSON: the
facts, where each array lies, how long all of it is and its checksum), the arrays. Nothing in it is ever run.
It is written beside its place, forced to the disk and then renamed, so that a name stands for a whole file or
for none. Only its owner may read it.
"""

import json
import mmap
import os
import sys
import zlib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.matching.index.packed import Array

MAGIC: Final = b"SGINDEX1"
HEAD: Final = len(MAGIC) + 8 + 32
ALIGNED: Final = 64
MOST_HEADER: Final = 1 << 28
KINDS: Final = frozenset("iufb")

Facts = Mapping[str, Any]


class Refused(Exception):
    """The file is not what it should be; the text says in what."""


def write_snapshot(path: Path, facts: Facts, arrays: Mapping[str, Array]) -> int:
    """Write a snapshot and return its size in bytes. Raises OSError."""
    listed, at, checksum = {}, 0, 0
    parts: list[bytes | memoryview] = []
    for name, array in arrays.items():
        whole: Any = np.ascontiguousarray(array)
        data = memoryview(whole).cast("B") if whole.size else b""
        padding = bytes(-len(data) % ALIGNED)
        listed[name] = (whole.dtype.str, whole.shape, at)
        for part in (data, padding):
            parts.append(part)
            checksum = zlib.crc32(part, checksum)
        at += len(data) + len(padding)
    told = {"order": sys.byteorder, "facts": facts, "arrays": listed, "bytes": at, "checksum": checksum}
    header = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-(HEAD + len(header)) % ALIGNED)
    head = MAGIC + len(header).to_bytes(8, "little") + blake2b(header, digest_size=32).digest()
    _write_whole(path, [head, header, *parts])
    return HEAD + len(header) + at


def _write_whole(path: Path, parts: list[bytes | memoryview]) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def map_snapshot(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """The facts of a snapshot, and its arrays, which lie in the file's memory. Raises Refused, OSError."""
    mapped = _map_file(path)
    if mapped[: len(MAGIC)] != MAGIC:
        raise Refused("another format")
    size = int.from_bytes(mapped[len(MAGIC) : len(MAGIC) + 8], "little")
    if size > MOST_HEADER or HEAD + size > len(mapped):
        raise Refused("cut off")
    header = mapped[HEAD : HEAD + size]
    if blake2b(header, digest_size=32).digest() != mapped[len(MAGIC) + 8 : HEAD]:
        raise Refused("a damaged header")
    told = json.loads(header)
    if told["order"] != sys.byteorder:
        raise Refused("written on another kind of machine")
    data = memoryview(mapped)[HEAD + size :]
    if len(data) != told["bytes"]:
        raise Refused("cut off")
    if zlib.crc32(data) != told["checksum"]:
        raise Refused("damaged")
    return told["facts"], {name: _read_array(data, *place) for name, place in told["arrays"].items()}


def _map_file(path: Path) -> mmap.mmap:
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        found = os.fstat(file)
        if found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise Refused("somebody else could have written it")
        if found.st_size < HEAD:
            raise Refused("cut off")
        return mmap.mmap(file, found.st_size, mmap.MAP_SHARED, mmap.PROT_READ)
    finally:
        os.close(file)


def _read_array(data: memoryview, kind: str, shape: list[int], start: int) -> Array:
    dtype = np.dtype(kind)
    if dtype.kind not in KINDS:
        raise Refused("an array of no numbers")
    count = int(np.prod(shape, dtype=np.int64))
    if min(shape, default=0) < 0 or start < 0 or start + count * dtype.itemsize > len(data):
        raise Refused("an array beyond its end")
    # Read-only, as the mapped memory is.
    return np.frombuffer(data, dtype, count, start).reshape(shape)
