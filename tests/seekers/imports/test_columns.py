"""Headings of real sheets, and columns guessed by what stands in them."""

import json
from pathlib import Path

import pytest

from app.seekers.imports.columns import Confidence, correct_columns, guess_columns
from app.seekers.imports.headings import know_heading
from app.seekers.imports.shapes import COLUMNS, LedgerShape, find_shape
from tests.seekers.imports.sheets import id_number


def test_the_shapes_are_those_of_the_offices(shared_data: Path) -> None:
    tables = json.loads((shared_data / "office/office_shapes.json").read_text())["tables"]
    found = {find_shape(table["columns"]): table["columns"] for table in tables}
    for shape in (LedgerShape.LABOUR, LedgerShape.PERSONS, LedgerShape.SHORT, LedgerShape.FORM):
        assert list(COLUMNS[shape]) == found[shape]
    assert len(COLUMNS[LedgerShape.LABOUR]) == 50
    assert len(COLUMNS[LedgerShape.PERSONS]) == 32


@pytest.mark.parametrize("shape", list(COLUMNS))
def test_every_heading_of_a_known_sheet_is_known(shape: LedgerShape) -> None:
    unknown = [label for label in COLUMNS[shape] if know_heading(label) is None]
    assert unknown == []


def test_a_known_sheet_is_known_with_columns_missing_or_added() -> None:
    labels = [*COLUMNS[LedgerShape.LABOUR][3:], "备注2"]
    assert find_shape(labels) is LedgerShape.LABOUR
    assert find_shape(["姓名", "身份证号"]) is LedgerShape.OTHER


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("姓 名", "name"),
        ("3. 身份证号码（18位）", "id_number"),
        ("联系方式", "phone"),
        ("乡(镇)", "town"),
        ("易返贫致贫户(监测对象)类型", "monitored_kind"),
        ("本人手机号码", "phone"),
        ("户主身份证号", "head_id_number"),
        ("是否有就业意愿", "wants_work"),
        ("婚姻状况", "ledger"),
        ("序号", "skip"),
        ("天气", None),
    ],
)
def test_headings(heading: str, field: str | None) -> None:
    assert know_heading(heading) == field


def rows_of_people(count: int = 8) -> list[list[str]]:
    names = ["王桂兰", "李建国", "张秀英", "刘志强", "陈春梅", "杨海燕", "赵军", "周红霞"]
    return [
        [names[i % 8], id_number(i), f"1390000{i:04d}", "女" if i % 2 else "男", "柳树塬村", "初中", "有"]
        for i in range(count)
    ]


def test_columns_without_headings_are_known_by_content() -> None:
    columns = guess_columns([f"第 {i} 列" for i in range(7)], rows_of_people())
    assert [column.field for column in columns] == [
        *("name", "id_number", "phone", "sex", "village", "education", "ledger"),
    ]
    assert {column.confidence for column in columns[:6]} == {Confidence.LOOK}


def test_content_overrules_a_heading_that_cannot_be_right() -> None:
    columns = guess_columns(["联系电话", "身份证号"], [[id_number(i), f"1390000{i:04d}"] for i in range(6)])
    assert [column.field for column in columns] == ["id_number", "phone"]
    assert {column.confidence for column in columns} == {Confidence.LOOK}


def test_a_known_heading_over_fitting_cells_is_sure() -> None:
    columns = guess_columns(["姓名", "身份证号"], [row[:2] for row in rows_of_people()])
    assert {column.confidence for column in columns} == {Confidence.SURE}


def test_of_two_columns_with_one_meaning_one_goes_to_the_ledger() -> None:
    columns = guess_columns(["姓名", "从事行业", "从事工种"], [])
    assert [column.field for column in columns] == ["name", "occupation_now", "ledger"]


def test_what_the_office_says_overrules_every_guess() -> None:
    columns = guess_columns(["名", "号"], rows_of_people(), {"名": "姓名", "号": "id_number"})
    assert [(column.field, column.confidence) for column in columns] == [
        ("name", Confidence.SURE),
        ("id_number", Confidence.SURE),
    ]


def test_a_person_corrects_the_guess() -> None:
    columns = correct_columns(guess_columns(["姓名", "杂项"], []), {1: "phone", 0: "no such field"})
    assert [column.field for column in columns] == ["name", "phone"]
