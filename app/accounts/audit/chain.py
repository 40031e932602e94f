"""审计链: how an entry, the head and an anchor outside the database are digested. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

from app.core.crypto import FieldCipher

START = ""
DetailValue: TypeAlias = int | str | bool | Sequence[int | str] | None

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")
# As long as a phone number (11), or an ID number (15, 17 and a letter, 18).
_NUMBER_OF_A_PERSON = re.compile(r"(?<!\d)(1\d{10}|\d{15}|\d{17}[\dXx])(?!\d)")


class Content(NamedTuple):
    """What an entry says: the columns under the digest, in the order they are digested."""

    id: int
    at: datetime
    actor_id: int | None
    role: str | None
    team_code: str | None
    action: str
    resource: str
    subject_id: int | None
    region_code: str | None
    reason: str
    detail: str
    previous: str


def digest_of(cipher: FieldCipher, content: Content) -> str:
    """The keyed digest of an entry (64 hex digits). Each column has its place; none runs into the next."""
    instant = content.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps([content.id, instant, *content[2:]], ensure_ascii=False, separators=(",", ":"))
    return cipher.blind_index("audit entry", text)


def seal_of(cipher: FieldCipher, purpose: str, entries: int, last_digest: str) -> str:
    """The keyed digest over the length of the chain and its end; `purpose` keeps head and anchor apart."""
    return cipher.blind_index(f"audit {purpose}", f"{entries}\0{last_digest}")


def is_digested(cipher: FieldCipher, content: Content, digest: str) -> bool:
    """Whether `digest` is the entry's, with the present key or one used before."""
    return any(digest == digest_of(version, content) for version in cipher.versions)


def is_sealed(cipher: FieldCipher, purpose: str, entries: int, last_digest: str, seal: str) -> bool:
    """Whether `seal` is ours, with the present key or one used before."""
    return any(seal == seal_of(version, purpose, entries, last_digest) for version in cipher.versions)


def write_detail(detail: Mapping[str, DetailValue]) -> str:
    """Canonical JSON. Raises `ValueError` for anything but codes and ids: people's data has no place here."""
    for key, value in detail.items():
        if not _KEY.fullmatch(key):
            raise ValueError("a detail's name is a short code")
        for part in value if isinstance(value, list | tuple) else (value,):
            _check_part(part)
    return json.dumps(dict(detail), sort_keys=True, separators=(",", ":"))


def _check_part(part: object) -> None:
    if part is not None and not isinstance(part, int | str):
        raise ValueError("a detail holds codes and ids only")
    text = str(part)
    if not _CODE.fullmatch(text) or _NUMBER_OF_A_PERSON.search(text):
        raise ValueError("a detail holds codes and ids only, never words or numbers of a person")


def clean_reason(typed: str) -> str:
    """What was typed as a reason, on one line, at most 200 characters, without numbers of a person."""
    return _NUMBER_OF_A_PERSON.sub("（号码略）", " ".join(typed.split()))[:200]
