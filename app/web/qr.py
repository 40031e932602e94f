"""就业帮扶码: the short signed code printed on a village's board, and its picture (DOMAIN A1).

A code names what it stands for and a place, and carries a signature, so that a made-up one is told from
ours. It holds no address to go to: a false sticker cannot lead anywhere but to this site. Lower-case
letters and digits only, so that it can also be typed.
"""

import io
from dataclasses import dataclass

import segno

from app.core.security import same_text, short_signature
from app.core.terms import LabelledEnum

# Six base32 characters = 30 bits. Forging needs half a billion requests at a site that slows them down, and
# wins a page of public postings: enough for what it protects, short enough for version 4 at level Q.
_SIGNATURE_LENGTH = 6
_PURPOSE = "qr"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTHS = (6, 9, 12)
LONGEST_URL = 44


class CodeKind(LabelledEnum):
    """码的种类: what the printed code stands for. The order is part of every printed code: only append."""

    VILLAGE = "village", "村码"
    FAIR = "fair", "招聘会码"
    EMPLOYER = "employer", "单位码"
    POSTING = "posting", "岗位码"


_KINDS = tuple(CodeKind)
_KIND_ROOM = 8


@dataclass(frozen=True)
class PrintedCode:
    """A code that was read: its kind, and a region code (6, 9 or 12 digits) or a posting's number."""

    kind: CodeKind
    digits: str

    @property
    def region_code(self) -> str | None:
        return None if self.kind is CodeKind.POSTING else self.digits

    @property
    def job_id(self) -> int | None:
        return int(self.digits) if self.kind is CodeKind.POSTING else None


def make_job_code(key: str, job_id: int) -> str:
    """The code beside a posting on a village's board."""
    return make_code(key, CodeKind.POSTING, f"{job_id:0{_LENGTHS[-1]}d}")


def make_code(key: str, kind: CodeKind, digits: str) -> str:
    """The code for a place (its region code) or a posting, 15 characters for a village. ValueError for a
    region code of another length."""
    value = (int(digits) * len(_LENGTHS) + _LENGTHS.index(len(digits))) * _KIND_ROOM + _KINDS.index(kind)
    payload = ""
    while value:
        value, digit = divmod(value, 36)
        payload = _DIGITS[digit] + payload
    return payload + short_signature(key, _PURPOSE, payload, characters=_SIGNATURE_LENGTH)


def read_code(key: str, code: str) -> PrintedCode | None:
    """What a code stands for; None when its signature is not ours. Capitals and blanks do not matter."""
    cleaned = "".join(code.split()).lower()
    payload, signature = cleaned[:-_SIGNATURE_LENGTH], cleaned[-_SIGNATURE_LENGTH:]
    if not 1 <= len(payload) <= 12 or not payload.isascii() or not payload.isalnum():
        return None
    if not same_text(signature, short_signature(key, _PURPOSE, payload, characters=_SIGNATURE_LENGTH)):
        return None
    rest, kind = divmod(int(payload, 36), _KIND_ROOM)
    number, length = divmod(rest, len(_LENGTHS))
    return PrintedCode(_KINDS[kind], f"{number:0{_LENGTHS[length]}d}")


def code_url(public_url: str, code: str) -> str:
    """The address in the picture. At most 44 characters when the office's own address has at most 26."""
    return f"{public_url.rstrip('/')}/q/{code}"


def draw_svg(url: str) -> str:
    """The picture for print: level Q (a quarter may be dirty), quiet zone 4, black on white."""
    out = io.BytesIO()
    segno.make(url, error="q", micro=False, boost_error=False).save(out, kind="svg", border=4, xmldecl=False)
    return out.getvalue().decode()


def draw_terminal(url: str) -> str:
    """The picture in half-block characters for a terminal, dark ground or light."""
    out = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out, compact=True, border=4)
    return out.getvalue()
