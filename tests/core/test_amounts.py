"""Sums of yuan as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.amounts import read_fen


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("2800", 280_000),
        (" 2,800 元", 280_000),
        ("２８００", 280_000),
        ("2，800.5", 280_050),
        ("12.34元", 1_234),
        ("0", 0),
        ("", None),
        ("元", None),
        ("-5", None),
        ("12.345", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e5", None),
        ("1e999999999", None),
        ("9" * 5_000, None),
        ("²", 200),
        ("两千", None),
    ],
)
def test_what_is_a_sum(typed: str, fen: int | None) -> None:
    assert read_fen(typed) == fen


@given(st.text(max_size=40))
def test_any_text_is_a_sum_or_not(typed: str) -> None:
    fen = read_fen(typed)
    assert fen is None or 0 <= fen < 100_000_000_000


@given(st.integers(0, 99_999_999_999))
def test_a_sum_is_read_back(fen: int) -> None:
    assert read_fen(f"{fen // 100:,}.{fen % 100:02d} 元") == fen
