"""读职业: invented words and titles; accuracy on real titles when the shared data is there."""

import csv
import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.occupations.classification import classification, everyday_names
from app.occupations.normalise import clean_title
from app.occupations.reading import read_occupation

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SONGGANG_SHARED", ROOT.parent / "shared"))
TITLES = SHARED / "data" / "occupations" / "title_to_csco_dev.csv"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("诚聘缝纫工5名（包吃住，月薪4000-6000元）", "缝纫工"),
        ("红叶服饰招聘平车工", "平车工"),
        ("急招 叉车司机 2名", "叉车司机"),
        ("绿源超市招聘店员/营业员", "店员/营业员"),
        ("保洁员【河东片区】", "保洁员"),
        ("保安（五险一金", "保安"),
        ("ＣＮＣ操机", "cnc操机"),
        ("", ""),
    ],
)
def test_titles_are_cleaned_to_the_trade(text: str, expected: str) -> None:
    assert clean_title(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("缝纫工", "6-05-01-03"),
        ("会踩平车", "6-05-01-03"),
        ("锦绣服装厂诚聘平车工20名（包吃住）", "6-05-01-03"),
        ("月嫂", "4-10-01-06"),
        ("育儿嫂", "4-10-01-06"),
        ("看大门", "4-07-05-01"),
        ("小区保安 两班倒", "4-07-05-01"),
        ("掐花椒", "5-01-02-02"),
        ("苹果套袋", "5-01-02-02"),
        ("采茶工", "5-01-02-02"),
        ("养猪", "5-03-02-01"),
        ("开挖机", "6-30-05-05"),
        ("叉车工（有证）", "6-30-05-01"),
        ("电焊", "6-18-02-04"),
        ("高薪急招氩弧焊工", "6-18-02-04"),
        ("砌砖", "6-29-01-01"),
        ("电工", "6-31-01-03"),
        ("村里保洁", "4-09-08-01"),
        ("打面", "4-03-02-02"),
        ("洗碗阿姨", "4-03-02-05"),
        ("护林员", "5-02-03-01"),
        ("照顾老人", "4-10-01-05"),
        ("A2 大车司机 月入过万", "4-02-02-02"),
        ("送外卖", "4-10-08-01"),
        ("普工", "6-00-00-00"),
    ],
)
def test_own_words_and_titles_are_read(text: str, code: str) -> None:
    reading = read_occupation(text)
    assert reading.code == code
    assert reading.name == classification()[code].name
    assert 0 < reading.score <= 1


@pytest.mark.parametrize("text", ["", "   ", "。。。", "asdfgh", "12345", "？？", "随便", "找工作", "\x00"])
def test_what_settles_nothing_is_left_open(text: str) -> None:
    reading = read_occupation(text)
    assert (reading.code, reading.name, reading.score) == (None, None, 0.0)


@given(st.text(max_size=120))
def test_reading_never_fails_and_gives_real_codes(text: str) -> None:
    reading = read_occupation(text)
    assert reading.code is None or reading.code in classification()
    assert 0 <= reading.score <= 1


def test_nearly_every_everyday_name_is_read_as_listed() -> None:
    names = everyday_names()
    right = sum(read_occupation(word).code == code for word, code in names.items())
    assert right / len(names) > 0.95


@pytest.mark.skipif(not TITLES.exists(), reason="shared data absent: real titles with expected codes")
def test_learnt_titles_are_read_back() -> None:
    with TITLES.open(encoding="utf-8-sig", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["csco_code"][0] in "456"]
    right = sum(read_occupation(row["job_title"]).code == row["csco_code"] for row in rows)
    assert right / len(rows) > 0.80


@pytest.mark.slow
@pytest.mark.skipif(not TITLES.exists(), reason="shared data absent: real titles with expected codes")
def test_unseen_titles_stay_above_the_floor() -> None:
    spec = importlib.util.spec_from_file_location("train_titles", ROOT / "scripts" / "train_titles.py")
    assert spec is not None
    assert spec.loader is not None
    train_titles = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(train_titles)
    blue = [verdict.right for verdict in train_titles.cross_validate(TITLES, folds=5, only=1) if verdict.blue]
    assert sum(blue) / len(blue) > 0.60
