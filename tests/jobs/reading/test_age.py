import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.reading.age import AgeProblem, GenderLimit, format_age, read_age, read_gender
from tests.jobs.reading.age_cases import CASES

_WORDS = [
    "男",
    "女",
    "男女不限",
    "女性",
    "优先",
    "年龄",
    "岁",
    "周岁",
    "以上",
    "以下",
    "18",
    "45",
    "-",
    "到",
    "，",
    "。",
    " ",
    "（",
    "）",
    "4",
    "人",
    "元",
    "四十",
    "左右",
    "勿扰",
    "在",
    "含",
    "满",
    "年",
    "不限",
    "身高",
    "160",
    "1.",
]
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(_WORDS), max_size=12).map("".join))


@pytest.mark.parametrize(("text", "low", "high", "gender"), CASES, ids=[c[0] for c in CASES])
def test_reads(text: str, low: int | None, high: int | None, gender: str | None) -> None:
    got = read_age(text)
    assert (got.min, got.max, got.gender) == (low, high, gender)


@given(texts)
def test_never_raises_and_ends_in_order(text: str) -> None:
    got = read_age(text)
    if got.min is not None and got.max is not None:
        assert got.min <= got.max


@given(texts)
def test_what_is_written_reads_the_same(text: str) -> None:
    got = read_age(text)
    again = read_age(format_age(got))
    assert (again.min, again.max, again.gender) == (got.min, got.max, got.gender)


@given(
    st.sampled_from(CASES),
    st.sampled_from(["。月薪3000-5000元", "；招20人", "\n身体健康，能吃苦", "。每天8小时"]),
)
def test_words_about_other_things_change_nothing(case: tuple[str, int, int, str], suffix: str) -> None:
    before, after = read_age(case[0] + "。"), read_age(case[0] + suffix)
    if "岁" in case[0] or "年龄" in case[0]:
        assert (after.min, after.max, after.gender) == (before.min, before.max, before.gender)


def test_cut_off_is_named_and_not_stored() -> None:
    assert read_age("18-4").problem is AgeProblem.CUT_OFF
    assert read_age("18-4").min is None


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("不限", GenderLimit.ANY),
        ("男", GenderLimit.MALE),
        ("女", GenderLimit.FEMALE),
        ("", None),
        ("女士优先", None),
    ],
)
def test_gender_column(text: str, gender: GenderLimit | None) -> None:
    assert read_gender(text) is gender


def test_accuracy_on_the_hand_labelled_strings(shared_data: Path) -> None:
    cases = json.loads((shared_data / "parse_cases_dev.json").read_text(encoding="utf-8"))["age"]
    names = {"M": "male", "F": "female", "any": "any", None: None}
    wrong = [
        case["text"]
        for case in cases
        if (
            lambda got, want: (
                (got.min, got.max, got.gender) != (want["min"], want["max"], names[want["gender"]])
            )
        )(read_age(case["text"]), case["expected"])
    ]
    assert len(wrong) <= 0.03 * len(cases), wrong
