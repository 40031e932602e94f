"""短码: the short signed text in a printed code, made and read.

A code names its kind and a place or a number, and carries a signature, so that a made-up one is told from
ours. It holds no address to go to: a false sticker cannot lead anywhere but to this site. Lower-case letters
and digits only, so that it can also be typed. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.codes.settings import old_secret_keys
from app.codes.terms import CodeKind
from app.core.security import same_text, short_signature
from app.core.settings import Settings

# Six base32 characters = 30 bits. Forging needs half a billion requests at a site that slows them down, and
# wins a page of public postings: enough for what it protects, short enough for version 4 at level Q.
_SIGNATURE_LENGTH: Final = 6
# A letter's code answers for one person: eight, as other personal links have.
_PERSONAL_LENGTH: Final = 8
_PURPOSE: Final = "qr"
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTHS: Final = (6, 9, 12)
_KINDS: Final = tuple(CodeKind)
_KIND_ROOM: Final = 8
LONGEST_URL: Final = 44


@dataclass(frozen=True)
class PrintedCode:
    """码: what was read: a kind, and a region code (6, 9 or 12 digits) or a number of twelve digits."""

    kind: CodeKind
    digits: str

    @property
    def region_code(self) -> str | None:
        """The place a village's code names; None for the other kinds."""
        return self.digits if self.kind is CodeKind.VILLAGE else None

    @property
    def number(self) -> int | None:
        """The row or record the other kinds stand for."""
        return None if self.kind is CodeKind.VILLAGE else int(self.digits)


def code_keys(settings: Settings) -> tuple[str, ...]:
    """The keys printed codes are read with: today's first, then those that older paper was signed with."""
    return (settings.secret_key.get_secret_value(), *old_secret_keys())


def numbered(kind: CodeKind, number: int) -> PrintedCode:
    """The code of a record that has a number."""
    return PrintedCode(kind, f"{number:0{_LENGTHS[-1]}d}")


def make_numbered_code(key: str, kind: CodeKind, number: int) -> str:
    """The code of a record that has a number: about 8 characters."""
    return make_code(key, kind, numbered(kind, number).digits)


def make_code(key: str, kind: CodeKind, digits: str) -> str:
    """The code for a place (its region code) or a number of twelve digits; 15 characters for a village.
    ValueError for digits of another length."""
    value = (int(digits) * len(_LENGTHS) + _LENGTHS.index(len(digits))) * _KIND_ROOM + _KINDS.index(kind)
    payload = ""
    while value:
        value, digit = divmod(value, 36)
        payload = _DIGITS[digit] + payload
    return payload + _signature(key, kind, payload)


def read_code(keys: Sequence[str], text: str) -> PrintedCode | None:
    """What a code stands for; None when no key of ours signed it. Capitals and blanks do not matter."""
    cleaned = "".join(text.split()).lower()
    if not (cleaned.isascii() and cleaned.isalnum()):
        return None
    for length in (_SIGNATURE_LENGTH, _PERSONAL_LENGTH):
        payload, signature = cleaned[:-length], cleaned[-length:]
        code = _read_payload(payload) if 1 <= len(payload) <= 12 else None
        if code is None or _signature_length(code.kind) != length:
            continue
        if any(same_text(signature, _signature(key, code.kind, payload)) for key in keys):
            return code
    return None


def code_url(public_url: str, code: str) -> str:
    """The address in the picture. At most 44 characters when the office's own address has at most 26."""
    return f"{public_url.rstrip('/')}/q/{code}"


def _read_payload(payload: str) -> PrintedCode | None:
    rest, kind = divmod(int(payload, 36), _KIND_ROOM)
    number, length = divmod(rest, len(_LENGTHS))
    digits = f"{number:0{_LENGTHS[length]}d}"
    if kind >= len(_KINDS) or len(digits) > _LENGTHS[length]:
        return None
    return PrintedCode(_KINDS[kind], digits)


def _signature_length(kind: CodeKind) -> int:
    return _PERSONAL_LENGTH if kind is CodeKind.LETTER else _SIGNATURE_LENGTH


def _signature(key: str, kind: CodeKind, payload: str) -> str:
    return short_signature(key, _PURPOSE, payload, characters=_signature_length(kind))
