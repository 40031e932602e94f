"""Printed codes are read from the paper: as large as they are printed, photographed at a slant, out of focus,
in bad light, with a stain, by two decoders. Everyday a few; behind `slow` a hundred of each size."""

import random
from collections.abc import Callable, Mapping

import cv2
import numpy as np
import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from app.codes.signing import LONGEST_URL, code_url, make_code, make_numbered_code
from app.codes.terms import CodeKind
from app.web.paper.fonts import find_font
from app.web.paper.sheet import Sheet

KEY, SITE = "a key of the office", "https://sg.yaozhou.gov.cn"
# Side in millimetres: the code of a posting on a board, of a letter, of a leaflet, of a poster.
PRINTED = {"posting": 16.5, "letter": 36.0, "leaflet": 44.0, "poster": 88.0}
MODULES = 33
# What a phone held before the smallest code gives: our own figure, two thirds of what 12 megapixels do.
PIXELS_PER_MODULE = 10
# Degrees of tilt, share of the width it leans, noise in grey levels, blur in modules, stain in the width.
TILT, LEAN, NOISE, BLUR, STAIN = 20, 0.05, 4, 0.25, 0.03
# A phone looks several times a second; a code counts as read within three pictures.
PICTURES = 3
Decoder = Callable[[Image.Image], str]


def _zxing(picture: Image.Image) -> str:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if found else ""


def _opencv(picture: Image.Image) -> str:
    detector = cv2.QRCodeDetectorAruco()
    text, _points, _straight = detector.detectAndDecode(np.asarray(picture))
    return str(text)


DECODERS: Mapping[str, Decoder] = {"zxing": _zxing, "opencv": _opencv}


def addresses(count: int) -> list[str]:
    """As long as they get: villages' codes and numbers of every kind."""
    codes = []
    for n in range(count):
        if n % 2:
            kind = [k for k in CodeKind if k is not CodeKind.VILLAGE][n % 6]
            codes.append(make_numbered_code(KEY, kind, 10**n % 7_000_000 + n))
        else:
            codes.append(make_code(KEY, CodeKind.VILLAGE, f"{610204101200 + n}"))
    return [code_url(SITE, code) for code in codes]


def on_paper(urls: list[str], side: float) -> list[Image.Image]:
    """Each code as the drawing paper prints it, with the white around it that the sheets leave."""
    with Sheet(find_font()) as sheet:
        for url in urls:
            sheet.new_page()
            sheet.code(30, 30, side, url)
        document = pypdfium2.PdfDocument(sheet.as_bytes())
    point = 72 / 25.4
    margin = 6 * side / MODULES
    left, right = (30 - margin) * point, (30 + side + margin) * point
    for page in document:
        height = page.get_height()
        page.set_mediabox(left, height - right, right, height - left)
    scale = PIXELS_PER_MODULE * MODULES / (side * point)
    return [page.render(scale=scale).to_pil().convert("L") for page in document]


def photographed(picture: Image.Image, draw: random.Random) -> Image.Image:
    """Tilted, seen from the side, a little out of focus, half in shadow, with a stain."""
    stained = picture.copy()
    w, h = picture.size
    x, y = draw.uniform(0.4, 0.6) * w, draw.uniform(0.4, 0.6) * h
    spot = draw.uniform(0, STAIN) * w
    ImageDraw.Draw(stained).ellipse((x - spot, y - spot, x + spot, y + spot), fill=draw.choice((0, 255, 128)))
    turned = stained.rotate(
        draw.uniform(-TILT, TILT), expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC
    )
    w, h = turned.size
    lean = [draw.uniform(0, LEAN) for _ in range(4)]
    quad = (-lean[0] * w, 0, 0, h * (1 + lean[1]), w * (1 + lean[2]), h, w, -lean[3] * h)
    slanted = turned.transform(
        turned.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=255
    )
    blurred = slanted.filter(ImageFilter.GaussianBlur(PIXELS_PER_MODULE * BLUR))
    light = np.linspace(draw.uniform(0.55, 0.75), 1.0, blurred.width)[None, :]
    noise = np.random.default_rng(draw.randint(0, 2**32)).normal(0, NOISE, (blurred.height, blurred.width))
    seen = np.clip(np.asarray(blurred) * light * 0.9 + 12 + noise, 0, 255)
    return Image.fromarray(seen.astype(np.uint8))


def unread(decoder: Decoder, side: float, count: int) -> list[str]:
    draw = random.Random(20261122)
    urls = addresses(count)
    return [
        url
        for url, picture in zip(urls, on_paper(urls, side), strict=True)
        if not any(decoder(photographed(picture, draw)) == url for _ in range(PICTURES))
    ]


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("printed", PRINTED)
def test_printed_codes_are_read(printed: str, decoder: str) -> None:
    assert unread(DECODERS[decoder], PRINTED[printed], 4) == []


@pytest.mark.slow
@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("printed", PRINTED)
def test_a_hundred_of_a_hundred_are_read(printed: str, decoder: str) -> None:
    assert unread(DECODERS[decoder], PRINTED[printed], 100) == []


def test_the_proof_can_fail() -> None:
    """Out of focus by more than a module, nothing is read."""
    (picture,) = on_paper(addresses(1), 16.5)
    assert _zxing(picture) != ""
    assert _zxing(picture.filter(ImageFilter.GaussianBlur(PIXELS_PER_MODULE * 1.5))) == ""


@pytest.mark.parametrize("url", addresses(14))
def test_an_address_is_short_and_fits_version_4(url: str) -> None:
    assert len(url) <= LONGEST_URL
    drawn = segno.make(url, error="q", micro=False, boost_error=False)
    assert int(drawn.version) <= 4
    assert drawn.error == "Q"
