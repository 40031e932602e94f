"""Printed codes: short, signed, readable, and a made-up one is told from ours."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes import settings
from app.codes.signing import (
    LONGEST_URL,
    PrintedCode,
    code_keys,
    code_url,
    make_code,
    make_numbered_code,
    numbered,
    read_code,
)
from app.codes.terms import CodeKind
from app.core.settings import Environment, Settings

KEY = "a key of the office"
regions = st.one_of(
    st.integers(110000, 659999), st.integers(110101001, 659999999), st.integers(110101001001, 659999999999)
).map(str)
codes = st.one_of(
    regions.map(lambda digits: PrintedCode(CodeKind.VILLAGE, digits)),
    st.builds(
        numbered, st.sampled_from([k for k in CodeKind if k is not CodeKind.VILLAGE]), st.integers(1, 10**9)
    ),
)


@given(codes)
def test_a_code_says_what_it_was_made_for(code: PrintedCode) -> None:
    text = make_code(KEY, code.kind, code.digits)
    assert read_code([KEY], text) == code
    assert read_code([KEY], f" {text.upper()} ") == code
    assert read_code(["another key"], text) is None
    assert read_code(["another key", KEY], text) == code, "a key used before still reads paper on walls"
    assert len(code_url("https://sg.yaozhou.gov.cn/", text)) <= LONGEST_URL


@given(st.text(max_size=30))
def test_any_text_is_read_without_error(text: str) -> None:
    assert read_code([KEY], text) is None


@pytest.mark.parametrize("kind", list(CodeKind))
def test_one_changed_letter_breaks_the_signature(kind: CodeKind) -> None:
    code = make_code(KEY, kind, "610204101201")
    for place in range(len(code)):
        changed = code[:place] + ("a" if code[place] != "a" else "b") + code[place + 1 :]
        assert read_code([KEY], changed) is None


def test_of_ten_thousand_forged_codes_none_is_accepted() -> None:
    """Guessed signatures under true beginnings, and made-up codes of every length."""
    draw = random.Random(20261122)
    alphabet = string.ascii_lowercase + string.digits
    true = [make_code(KEY, CodeKind.VILLAGE, f"6102041012{n:02d}") for n in range(50)]
    true += [make_numbered_code(KEY, kind, n) for n in range(1, 20) for kind in CodeKind if kind != "village"]
    forged = []
    for n in range(10_000):
        guess = "".join(draw.choices(alphabet, k=8))
        forged.append(true[n % len(true)][:-6] + guess[:6] if n % 2 else guess + guess[: draw.randint(1, 8)])
    accepted = [text for text in forged if text not in true and read_code([KEY], text) is not None]
    assert accepted == []


def test_a_code_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="not in"):
        make_code(KEY, CodeKind.VILLAGE, "6102")


def test_a_letter_s_code_is_signed_more_strongly() -> None:
    letter, poster = (make_numbered_code(KEY, k, 12) for k in (CodeKind.LETTER, CodeKind.POSTER))
    assert len(letter) == len(poster) + 2
    assert read_code([KEY], letter[:-2]) is None


def test_paper_on_walls_outlives_the_key_it_was_signed_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGGANG_OLD_SECRET_KEYS", "older key, a key of the office")
    settings.old_secret_keys.cache_clear()
    keys = code_keys(Settings(env=Environment.TEST))
    settings.old_secret_keys.cache_clear()
    text = make_numbered_code(KEY, CodeKind.POSTER, 7)
    assert read_code(keys, text) == numbered(CodeKind.POSTER, 7)
    assert read_code(keys[:1], text) is None
