"""Printed codes: short, signed, readable, and a made-up one is told from ours."""

import io

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from app.web import qr

KEY = "a key of the office"
region_codes = st.one_of(
    st.integers(110000, 659999), st.integers(110101001, 659999999), st.integers(110101001001, 659999999999)
).map(str)


@given(st.sampled_from(list(qr.CodeKind)), region_codes)
def test_a_code_says_what_it_was_made_for(kind: qr.CodeKind, region: str) -> None:
    code = qr.make_code(KEY, kind, region)
    assert qr.read_code(KEY, code) == qr.PrintedCode(kind, region)
    assert qr.read_code(KEY, f" {code.upper()} ") == qr.PrintedCode(kind, region)
    assert qr.read_code("another key", code) is None
    assert len(code) <= 15


@given(st.text(max_size=30))
def test_any_text_is_read_without_error(text: str) -> None:
    assert qr.read_code(KEY, text) is None


def test_one_changed_letter_breaks_the_signature() -> None:
    code = qr.make_code(KEY, qr.CodeKind.VILLAGE, "610204101201")
    for place in range(len(code)):
        changed = code[:place] + ("a" if code[place] != "a" else "b") + code[place + 1 :]
        assert qr.read_code(KEY, changed) is None


def test_a_code_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="not in"):
        qr.make_code(KEY, qr.CodeKind.VILLAGE, "6102")


def test_address_is_short_and_survives_a_smudge() -> None:
    code = qr.make_code(KEY, qr.CodeKind.VILLAGE, "610204101201")
    url = qr.code_url("https://sg.yaozhou.gov.cn/", code)
    assert len(url) <= qr.LONGEST_URL
    drawn = segno.make(url, error="q", micro=False, boost_error=False)
    assert drawn.designator == "4-Q"
    out = io.BytesIO()
    drawn.save(out, kind="png", scale=6, border=4)
    picture = Image.open(out).convert("L")
    picture.paste(0, (120, 150, 160, 180))
    picture = picture.filter(ImageFilter.GaussianBlur(2))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [url]


def test_pictures_are_drawn() -> None:
    svg = qr.draw_svg("https://example.org/q/abc")
    assert svg.startswith("<svg")
    assert "\n" in qr.draw_terminal("https://example.org/q/abc")
