"""A text as somebody would read it out."""

import pytest

from app.web.speech.spoken import LONGEST, join_spoken, speak_number, write_spoken


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1000, "一千"),
        (1005, "一千零五"),
        (2800, "二千八百"),
        (10_000, "一万"),
        (10_050, "一万零五十"),
        (105_000, "十万五千"),
        (120_035, "十二万零三十五"),
        (200_000_000, "二亿"),
    ],
)
def test_numbers(number: int, words: str) -> None:
    assert speak_number(number) == words


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2,800–3,600 元/月", "每个月二千八百到三千六百元"),
        ("130 元/天", "每天一百三十元"),
        ("18 元/小时", "每小时十八元"),
        ("一件 1.2 元", "一件一点二元"),
        ("打 12333 问", "打幺二三三三问"),
        ("13900002041", "幺三九，零零零零，二零四幺"),
        ("0919-6282206", "零九幺，九六二八，二二零六"),
        ("2026 年 11 月 22 日", "二零二六年十一月二十二日"),
        ("早上 8:30 到 17:00", "早上八点半到十七点整"),
        ("2:05", "两点五分"),
        ("要 2 个人，2 月 2 日来", "要两个人，二月二日来"),
        ("干满 2 个月", "干满两个月"),
        ("18 岁到 55 岁", "十八岁到五十五岁"),
        ("18-45岁", "十八到四十五岁"),
        ("离家 6.5 公里", "离家六点五公里"),
        ("回话 90%", "回话百分之九十"),
        ("缝纫工（平缝）", "缝纫工，平缝"),
        ("没有数", "没有数"),
        ("", ""),
    ],
)
def test_as_it_is_read_out(written: str, spoken: str) -> None:
    assert write_spoken(written) == spoken


def test_no_digit_is_left_and_a_long_text_is_cut() -> None:
    assert not any(letter.isdigit() for letter in write_spoken("a1b2c3 4,567.89元 1234567890123 岁"))
    assert len(write_spoken("字" * 5000)) == LONGEST


def test_each_part_is_a_sentence() -> None:
    assert join_spoken(["缝纫工", "", "  ", "坐着干。", "多少钱？"]) == "缝纫工。\n坐着干。\n多少钱？"
