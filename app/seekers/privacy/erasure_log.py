"""删除记录文件: who was erased or sealed, kept outside the database, so that a restored backup brings nobody
back.

One JSON object a line, only added, each under a keyed digest, for a line made up by someone else would erase
a person. A line is written before the transaction that erases commits: a crash in between leaves a line, and
the next start finishes what the person asked for. It holds ids and keyed digests, nothing about the person.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from app.core.crypto import FieldCipher
from app.core.settings import Settings
from app.seekers.models import Person

_PURPOSE: Final = "erasure line"
LineKind = Literal["erased", "sealed", "back"]


@dataclass(frozen=True)
class ErasureLine:
    """一行. `record` digests id and time of making, so that an id given anew after a restore is told apart;
    `number` digests the ID number; `holds` are [reason, last day] of a sealed record's holds; `key` is the
    version of the key the digests were made with.
    """

    kind: LineKind
    at: str
    key: str
    person_id: int | None = None
    record: str | None = None
    number: str | None = None
    due_on: str | None = None
    holds: list[list[str | None]] = field(default_factory=list)
    seal: str = ""


def path_of(settings: Settings) -> Path:
    """Where the list of this installation is."""
    return settings.var_dir / "erasures.log"


def digest_of_record(person: Person, cipher: FieldCipher) -> str:
    """Tells this record from another with the same id."""
    return cipher.blind_index("erased record", f"{person.id} {person.created_at.isoformat()}")


def append_lines(path: Path, lines: Sequence[ErasureLine], cipher: FieldCipher) -> None:
    """Adds lines and waits until they are on the disk. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sealed = [replace(line, seal=_seal(line, cipher)) for line in lines]
    text = "".join(json.dumps(asdict(line), sort_keys=True) + "\n" for line in sealed)
    with path.open("a", encoding="utf-8") as file:
        if file.tell() and not _ends_a_line(path):
            text = "\n" + text  # the line before was cut by a crash
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_lines(path: Path, cipher: FieldCipher) -> Iterator[ErasureLine | None]:
    """The lines in their order; None for one that is cut or not ours. No file: no lines."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            if text.strip():
                yield _read(text, cipher)


def _read(text: str, cipher: FieldCipher) -> ErasureLine | None:
    try:
        line = ErasureLine(**json.loads(text))
    except (ValueError, TypeError):
        return None
    made_with = (version for version in cipher.versions if version.key_version == line.key)
    return line if any(_seal(line, version) == line.seal for version in made_with) else None


def _seal(line: ErasureLine, cipher: FieldCipher) -> str:
    content: dict[str, Any] = asdict(line)
    del content["seal"]
    return cipher.blind_index(_PURPOSE, json.dumps(content, sort_keys=True))


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
