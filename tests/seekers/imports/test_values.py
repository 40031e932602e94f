"""Option lists and free words of the offices' sheets."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.occupations.terms import Education, WageUnit
from app.regions.terms import Reach
from app.seekers.imports import values
from app.seekers.terms import HouseholdKind, LabourClass, NotWorkingReason, Relation, SeekerStatus, Sex


@pytest.mark.parametrize(
    ("read", "text", "meaning"),
    [
        (values.read_education, "文盲或半文盲", Education.NONE),
        (values.read_education, "本科及以上", Education.BACHELOR),
        (values.read_education, "高职", Education.COLLEGE),
        (values.read_education, "中专（技校）", Education.VOCATIONAL),
        (values.read_relation, "户主", Relation.HEAD),
        (values.read_relation, "之儿媳", Relation.CHILD_IN_LAW),
        (values.read_relation, "之孙子", Relation.GRANDCHILD),
        (values.read_relation, "之外祖父", Relation.GRANDPARENT),
        (values.read_relation, "之岳母", Relation.PARENT_IN_LAW),
        (values.read_relation, "之母", Relation.PARENT),
        (values.read_relation, "之子", Relation.CHILD),
        (values.read_relation, "其他", Relation.OTHER),
        (values.read_kinds, "脱贫户", frozenset({HouseholdKind.LIFTED})),
        (values.read_kinds, "脱贫不稳定户", frozenset({HouseholdKind.UNSTABLE})),
        (values.read_kinds, "突发严重困难户", frozenset({HouseholdKind.SUDDEN})),
        (values.read_kinds, "边缘易致贫户", frozenset({HouseholdKind.BORDERLINE})),
        (values.read_kinds, "否", frozenset()),
        (values.read_status, "企业", SeekerStatus.EMPLOYED),
        (values.read_status, "个体工商", SeekerStatus.SELF_EMPLOYED),
        (values.read_status, "务农", SeekerStatus.FARMING),
        (values.read_status, "公益性岗位", SeekerStatus.EMPLOYED),
        (values.read_status, "其他", None),
        (values.read_status, "未就业", SeekerStatus.NOT_SEEKING),
        (values.read_status, "失业", SeekerStatus.SEEKING),
        (values.read_status, "无劳动能力", SeekerStatus.UNABLE),
        (values.read_reach, "县内", Reach.COUNTY),
        (values.read_reach, "县外市内", Reach.CITY),
        (values.read_reach, "市外省内", Reach.PROVINCE),
        (values.read_reach, "省外", Reach.ANYWHERE),
        (values.read_reach, "境外", Reach.ANYWHERE),
        (values.read_class, "弱劳动力或半劳动力", (LabourClass.SEMI, False)),
        (values.read_class, "丧失劳动力", (None, True)),
        (values.read_class, "缝纫", (None, False)),
        (values.read_not_working_reason, "照看小孩", NotWorkingReason.CARE),
        (values.read_not_working_reason, "合同到期", NotWorkingReason.JUST_LEFT),
        (values.is_at_school, "非在校生", False),
        (values.is_at_school, "九年级", True),
        (values.read_sex, "女性", Sex.FEMALE),
        (values.read_day, "1980年5月2日", date(1980, 5, 2)),
        (values.read_day, "19800502", date(1980, 5, 2)),
        (values.read_day, "1980.5", date(1980, 5, 1)),
        (values.read_day, "29343", date(1980, 5, 2)),
        (values.read_day, "1980-13-40", None),
    ],
)
def test_words(read: Any, text: str, meaning: object) -> None:
    assert read(text) == meaning


def test_option_lists_of_the_offices_are_understood(shared_data: Path) -> None:
    lists = json.loads((shared_data / "office/office_shapes.json").read_text())["option_lists"]
    assert [values.read_reach(word) for word in lists["就业地点"]] == [
        *(Reach.COUNTY, Reach.CITY, Reach.PROVINCE, Reach.ANYWHERE, Reach.ANYWHERE),
    ]
    unread = [word for word in lists["就业形式"] if values.read_status(word) is None]
    assert unread == ["其他"]


@pytest.mark.parametrize(
    ("text", "fen", "unit"),
    [
        ("3000", 300_000, WageUnit.MONTH),
        ("3000-4000元", 300_000, WageUnit.MONTH),
        ("3-5千", 300_000, WageUnit.MONTH),
        ("0.4万", 400_000, WageUnit.MONTH),
        ("3500元以上", 350_000, WageUnit.MONTH),
        ("150元/天", 15_000, WageUnit.DAY),
        ("年薪6万", 500_000, WageUnit.MONTH),
    ],
)
def test_wage_wishes(text: str, fen: int, unit: WageUnit) -> None:
    assert values.read_wage_wish(text) == (fen, unit)


@pytest.mark.parametrize("text", ["面议", "", "5", "99999999"])
def test_wage_wishes_without_sense(text: str) -> None:
    assert values.read_wage_wish(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        values.read_education,
        values.read_relation,
        values.read_kinds,
        values.read_status,
        values.read_reach,
        values.read_class,
        values.read_day,
        values.read_wage_wish,
        values.read_profiles,
        values.is_at_school,
    ):
        read(text)
