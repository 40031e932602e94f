"""Reading through disguises, and the way back to the words as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.vetting.written import read_written


@pytest.mark.parametrize(
    "disguised",
    [
        "押金",
        "压金",
        "押 金",
        "押-金",
        "押·金",
        "押🈲金",
        "押\u200b金",
        "押*金",
        "押jin",
        "yajin",
        "押j",
        "鸭金",
        "扌甲金",
        "押、金",
    ],
)
def test_a_deposit_is_read_in_every_dress(disguised: str) -> None:
    assert any("押金" in reading.text for reading in read_written(f"先交{disguised}三百").readings)


@pytest.mark.parametrize(
    ("disguised", "meant"),
    [
        ("薇信", "微信"), ("V信", "微信"), ("扣押證件", "扣押证件"),
        ("ｖｘ", "vx"), ("户囗", "户口"), ("末婚", "未婚"),
        ("残ji人", "残疾人"), ("3 5 岁以下", "35岁以下"), ("1*8*-*4*5岁", "18-45岁"), ("限♀", "限女"),
    ],
)  # fmt: skip
def test_other_words(disguised: str, meant: str) -> None:
    assert any(meant in reading.text for reading in read_written(f"要求{disguised}").readings)


@pytest.mark.parametrize(
    "honest",
    ["压紧螺丝", "中介非诚勿扰", "保证进度", "湖口县", "网络带宽", "已混合", "3-5岁", "证监会", "抵押、金融"],
)
def test_words_of_their_own_stay(honest: str) -> None:
    words = ("押金", "中介费", "保证金", "户口", "贷款", "已婚", "35岁", "证件")
    for reading in read_written(honest).readings:
        assert not any(word in reading.text for word in words), reading.text


@given(st.text(alphabet="押压金jin 🈲\u200b-·，。招女工３5岁证件微V信\n薇", max_size=60))
def test_every_place_leads_back(text: str) -> None:
    for reading in read_written(text).readings:
        assert len(reading.text) == len(reading.starts) == len(reading.ends)
        for at in range(len(reading.text)):
            start, end = reading.span(at, at + 1)
            assert 0 <= start < end <= len(text)
