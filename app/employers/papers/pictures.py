"""材料照片: what a phone's camera sent is drawn anew: smaller, upright, without place, time or hidden parts.

The size of a picture is read from its first bytes before anything of it is unpacked, one picture is unpacked
at a time, and only kinds whose memory is known beforehand are read at all.
"""

import io
import threading
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.errors import FieldProblem, Invalid

MAX_BYTES: Final = 5_000_000
"""A phone's photo in its usual setting has 2 to 4 MB."""
LONGEST_SIDE: Final = 2000
"""Pixels: small print of a licence stays readable (ours)."""
_QUALITY: Final = 82
# Unpacked a PNG takes 4 bytes a pixel, a JPEG at most 6 before it is made smaller: 50 and 120 MB.
_MOST_PIXELS: Final = {"PNG": 12_500_000, "JPEG": 20_000_000}
_LEAST_SIDE: Final = 200
_ONE_AT_A_TIME: Final = threading.Semaphore(1)

TOO_BIG: Final = "照片超过 5 MB，太大了。把相机的“高像素”关掉再拍一张，或者截个屏发上来。"
_TOO_MANY_PIXELS: Final = "照片的像素太高了。把相机的“高像素”关掉再拍一张，或者截个屏发上来。"
_NO_PICTURE: Final = "这不是照片。用手机拍一张清楚的照片发上来。"
_PDF: Final = "这是 PDF 文件，这里只收照片。打开它截个屏，或者对着纸拍一张。"
_OTHER_KIND: Final = "这种格式的照片打不开。对着它截个屏，把截屏发上来就行。"
_CUT: Final = "照片没有传完整，再传一次。"
_TOO_SMALL: Final = "照片太小，字看不清。靠近一点再拍一张。"


@dataclass(frozen=True)
class Picture:
    """处理好的照片: a JPEG of our own drawing."""

    content: bytes = field(repr=False)


def clean_picture(sent: bytes) -> Picture:
    """The photo as it is kept. Raises Invalid with the reason in plain words."""
    if not sent:
        raise _refused("还没有选照片。")
    if len(sent) > MAX_BYTES:
        raise _refused(TOO_BIG)
    known = _kind_of(sent)
    with _ONE_AT_A_TIME:
        try:
            return _draw(sent, known)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _refused(_TOO_MANY_PIXELS) from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise _refused(_CUT) from error


def _kind_of(sent: bytes) -> str:
    """JPEG or PNG by the first bytes, whatever the name says. Raises Invalid."""
    if sent.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if sent.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if sent.lstrip()[:5].startswith(b"%PDF"):
        raise _refused(_PDF)
    if sent[4:8] == b"ftyp" or (sent[:4] == b"RIFF" and sent[8:12] == b"WEBP") or sent[:4] == b"GIF8":
        raise _refused(_OTHER_KIND)
    raise _refused(_NO_PICTURE)


def _draw(sent: bytes, kind: str) -> Picture:
    with Image.open(io.BytesIO(sent), formats=(kind,)) as image:
        width, height = image.size
        if width * height > _MOST_PIXELS[kind]:
            raise _refused(_TOO_MANY_PIXELS)
        if min(width, height) < _LEAST_SIDE:
            raise _refused(_TOO_SMALL)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
        upright = ImageOps.exif_transpose(image)
        drawn = Image.new("RGB", upright.size, "white")
        drawn.paste(upright, mask=upright.getchannel("A") if upright.mode in ("RGBA", "LA") else None)
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=_QUALITY)
    return Picture(out.getvalue())


def _refused(words: str) -> Invalid:
    return Invalid(words, fields=[FieldProblem("photo", words)])
