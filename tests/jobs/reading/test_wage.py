import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.reading.wage import WageProblem, format_wage, read_wage
from tests.jobs.reading.wage_cases import CASES

_WORDS = [
    "月薪",
    "工资",
    "底薪",
    "保底",
    "综合",
    "提成",
    "+",
    "-",
    "~",
    "—",
    "元",
    "元/月",
    "/天",
    "每小时",
    "万",
    "千",
    "k",
    "以上",
    "左右",
    "以下",
    "起",
    "面议",
    "计件",
    "试用期",
    "转正",
    "补贴",
    "全勤奖",
    "（",
    "）",
    "，",
    "。",
    " ",
    "\n",
    "3000",
    "5000",
    "200",
    "0",
    "18",
    "1.5",
    "三千五",
    "两",
    "十",
    "百",
    "一一",
    "13薪",
    "最高",
    "不低于",
    "=",
    "%",
    "①",
    "人",
    "岁",
    "年薪",
    "/",
]
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_WORDS), max_size=14).map("".join))


@pytest.mark.parametrize(("text", "low", "high", "unit", "negotiable"), CASES, ids=[c[0] for c in CASES])
def test_reads(text: str, low: int | None, high: int | None, unit: str | None, negotiable: bool) -> None:
    got = read_wage(text)
    assert (got.min_fen, got.max_fen, got.unit, got.negotiable) == (low, high, unit, negotiable)


@given(texts)
def test_never_raises_and_ends_in_order(text: str) -> None:
    got = read_wage(text)
    if got.min_fen is not None and got.max_fen is not None:
        assert 0 < got.min_fen <= got.max_fen
    assert got.has_figure <= (got.unit is not None)


@given(texts)
def test_what_is_written_reads_the_same(text: str) -> None:
    got = read_wage(text)
    again = read_wage(format_wage(got))
    assert (again.min_fen, again.max_fen, again.unit, again.negotiable) == (
        got.min_fen,
        got.max_fen,
        got.unit,
        got.negotiable,
    )


@given(
    st.sampled_from(CASES),
    st.sampled_from(["。联系人王女士", "；每周休一天", "\n身体健康", "。满18岁，男女不限"]),
)
def test_words_about_other_things_change_nothing(case: tuple[str, int, int, str, bool], suffix: str) -> None:
    before = read_wage(case[0] + "。")
    after = read_wage(case[0] + suffix)
    if any(word in case[0] for word in ("薪", "工资", "元/", "收入")):
        assert (after.min_fen, after.max_fen) == (before.min_fen, before.max_fen)


@given(
    st.integers(8, 200),
    st.integers(1, 100),
    st.sampled_from(["-", "~", "—", "——", "－", "～", "至", "到", " - "]),
)
def test_every_dash_gives_the_same_range(hundreds: int, more: int, dash: str) -> None:
    low, high = hundreds * 100, (hundreds + more) * 100
    got = read_wage(f"工资{low}{dash}{high}元/月")
    assert (got.min_fen, got.max_fen) == (low * 100, high * 100)


def test_cut_off_range_is_named_and_not_stored() -> None:
    got = read_wage("4000~400")
    assert got.problem is WageProblem.CUT_OFF
    assert not got.has_figure


def test_base_and_total_keep_both() -> None:
    got = read_wage("底薪2100+提成，综合5000-7000元")
    assert (got.base_fen, got.basis) == (210000, "total")


def test_accuracy_on_the_hand_labelled_strings(shared_data: Path) -> None:
    cases = json.loads((shared_data / "parse_cases_dev.json").read_text(encoding="utf-8"))["wage"]
    wrong = []
    for case in cases:
        want, got = case["expected"], read_wage(case["text"])
        low, high = (None if want[k] is None else int(want[k] * 100) for k in ("min", "max"))
        high_right = got.max_fen == high or (want["basis"] == "base" and got.max_fen in (None, got.min_fen))
        if not (
            got.min_fen == low
            and high_right
            and got.unit == want["unit"]
            and got.negotiable == want.get("negotiable", False)
        ):
            wrong.append(case["text"])
    assert len(wrong) <= 0.03 * len(cases), wrong
