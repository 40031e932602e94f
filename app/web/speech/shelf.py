"""架子: sound files by the digest of their words, in a folder of bounded size; what was asked for longest ago
goes first."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 200_000_000
"""About four thousand postings; an office's disk is small."""


@dataclass(frozen=True)
class Shelf:
    """一架子声音."""

    folder: Path
    most_bytes: int = MOST_BYTES

    def find(self, digest: str) -> Path | None:
        """The file of a digest (hex digits), marked as just used; None when it is not there."""
        path = self.folder / f"{digest}.mp3"
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def put(self, digest: str, sound: bytes) -> Path:
        """Keeps a file, whole or not at all, and makes room."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(sound)
        path = self.folder / f"{digest}.mp3"
        Path(temporary).replace(path)
        self._make_room(path)
        return path

    def _make_room(self, newest: Path) -> None:
        rows = []
        for entry in os.scandir(self.folder):
            try:
                rows.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
            except FileNotFoundError:  # another process made room meanwhile
                continue
        total = sum(size for _at, size, _path in rows)
        for _at, size, path in sorted(rows):
            if total <= self.most_bytes:
                return
            if path != str(newest):
                Path(path).unlink(missing_ok=True)
                total -= size
