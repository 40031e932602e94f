"""Pay, distance, facts and days as people read them (DESIGN section 4)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import formats
from app.web.formats import Pay, Where
from app.web.languages import languages

ZH = languages()["zh-Hans"]
EN = languages()["en"]


def said(pay: Pay) -> str:
    words = formats.pay_words(ZH, pay)
    return " ".join(part for part in (words.before, words.figure, words.after) if part)


@pytest.mark.parametrize(
    ("pay", "words"),
    [
        (Pay(280000, 360000, "month"), "2,800–3,600 元/月"),
        (Pay(220000, 220000, "month"), "2,200 元/月"),
        (Pay(13000, 13000, "day"), "130 元/天"),
        (Pay(1850, 1850, "hour"), "18.5 元/小时"),
        (Pay(120, 120, "piece"), "一件 1.2 元"),
        (Pay(80, 120, "piece"), "0.8–1.2 元/件"),
        (Pay(120, 120, "piece", estimate_fen=320000), "3,200 元/月，按件算"),
        (Pay(280000, None, "month"), "2,800 元/月起"),
        (Pay(None, 500000, "month"), "最多 5,000 元/月"),
        (Pay(6000000, 8000000, "year"), "60,000–80,000 元/年"),
        (Pay(negotiable=True), "工钱面谈"),
        (Pay(), "工钱没写，问一问"),
        (Pay(280000, 280000, None), "2,800 元"),
    ],
)
def test_pay(pay: Pay, words: str) -> None:
    assert said(pay) == words


@pytest.mark.parametrize("pay", [Pay(negotiable=True), Pay()])
def test_no_figure_is_invented(pay: Pay) -> None:
    assert formats.pay_words(ZH, pay).figure == ""


@given(st.integers(min_value=0, max_value=10**9))
def test_yuan_says_the_very_sum(fen: int) -> None:
    whole, _, rest = formats.yuan(fen).replace(",", "").partition(".")
    assert int(whole) * 100 + int(rest.ljust(2, "0") or 0) == fen
    assert not rest.endswith("0")


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (Where(6400), "离家 6 公里"),
        (Where(6500), "离家 7 公里"),
        (Where(1000), "离家 1 公里"),
        (Where(999), "不到 1 公里"),
        (Where(999, about=True), "离得很近"),
        (Where(6400, about=True), "离家大约 6 公里"),
        (Where(6400, from_home=False), "离这里 6 公里"),
        (Where(0, same_village=True), "就在本村"),
        (Where(None, same_town=True), "就在本镇"),
        (Where(None, town="石柱镇"), "在石柱镇"),
        (Where(), ""),
        (Where(1234567), "离家 1,235 公里"),
    ],
)
def test_distance(where: Where, words: str) -> None:
    assert formats.distance_words(ZH, where) == words


def facts(**more: object) -> list[str]:
    return [fact.text for fact in formats.slip_facts(ZH, **more)]  # type: ignore[arg-type]


def test_facts_are_at_most_three_and_night_work_is_never_dropped() -> None:
    every = facts(board=True, lodging=True, shifts=("day", "night"), pickup=True, by_day=True)
    assert every == ["管饭", "管住", "要上夜班"]
    assert facts(shifts=("day",), pickup=True) == ["白班", "有车接"]
    assert facts(shifts=("flexible",)) == ["时间自己定"]
    assert facts(shifts=("rotating",)) == ["要上夜班"]
    assert facts(by_day=True, board=True) == ["管饭", "日结"]
    assert facts() == []


def test_days() -> None:
    today = date(2026, 11, 22)
    assert formats.day_words(ZH, date(2026, 11, 5), today) == "11 月 5 日"
    assert formats.day_words(ZH, date(2027, 1, 5), today) == "2027 年 1 月 5 日"
    assert formats.day_words(EN, date(2026, 11, 5), today) == "5 Nov"


def test_phone_is_grouped_to_be_read_out() -> None:
    assert formats.phone_words("13900002041") == "139 0000 2041"
    assert formats.phone_words("0919-6182345") == "0919-6182345"
