"""What a phone sends as a photo: drawn anew, or refused in plain words."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app.core.errors import Invalid
from app.employers.papers.pictures import LONGEST_SIDE, MAX_BYTES, clean_picture
from tests.employers.papers_given import photo


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is huge, of a few bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4000))
        + chunk(b"IEND", b"")
    )


def test_place_and_camera_are_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0110] = "Camera 3000"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (34.0, 54.0, 30.0)
    sent = photo(size=(900, 600), exif=exif, comment=b"13900005511")
    assert b"Camera 3000" in sent
    drawn = clean_picture(sent).content
    for trace in (b"Camera 3000", b"Exif", b"13900005511"):
        assert trace not in drawn
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.size == (600, 900)
        assert not image.getexif()


def test_a_large_photo_becomes_smaller() -> None:
    with Image.open(io.BytesIO(clean_picture(photo(size=(4000, 3000))).content)) as image:
        assert max(image.size) == LONGEST_SIDE


def test_a_screenshot_with_glass_becomes_white_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(clean_picture(out.getvalue()).content)) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "没有选照片"),
        (b"\xff\xd8\xff" + b"0" * MAX_BYTES, "超过 5 MB"),
        (SVG, "不是照片"),
        (b"<?xml version='1.0'?>" + SVG, "不是照片"),
        (b"%PDF-1.7 /OpenAction /JavaScript", "PDF"),
        (b"\0\0\0\x18ftypheic", "截个屏"),
        (b"RIFF0000WEBPVP8 ", "截个屏"),
        (b"MZ\x90\0", "不是照片"),
        (png_of(30_000, 30_000), "像素太高"),
        (png_of(10_000, 10_000), "像素太高"),
        (png_of(1000, 1000)[:60], "没有传完整"),
        (photo()[:2000], "没有传完整"),
        (photo(size=(100, 80)), "太小"),
    ],
)
def test_what_is_no_photo_is_refused(sent: bytes, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        clean_picture(sent)
    assert words in caught.value.title
    assert caught.value.fields[0].field == "photo"
