"""The ledger goes out in the offices' own shapes: masked, safe to open, and readable again."""

from pathlib import Path

import pytest

from app.accounts.actor import SYSTEM
from app.accounts.terms import Role
from app.core.errors import Forbidden, NotFound
from app.core.sheets import open_table
from app.seekers.imports.exporting import ExportOrder, export_people
from app.seekers.imports.shapes import COLUMNS, LedgerShape
from app.seekers.models import Person
from tests.seekers.factories import COUNTY, OTHER_COUNTY, TOWN, VILLAGE, holding
from tests.seekers.imports.conftest import Desk
from tests.seekers.imports.sheets import id_number, person

SHAPES = [LedgerShape.PERSONS, LedgerShape.LABOUR, LedgerShape.SHORT, LedgerShape.FORM]


def out(desk: Desk, path: Path, order: ExportOrder, actor: object = SYSTEM) -> list[dict[str, str]]:
    export_people(desk.database, actor, order, path, cipher=desk.cipher, clock=desk.clock)  # type: ignore[arg-type]
    header, *rows = [row.cells for row in open_table(path).rows()]
    return [dict(zip(header, row, strict=False)) for row in rows]


@pytest.fixture
def told(desk: Desk) -> dict[str, str]:
    row = person(
        民族="汉族",
        文化程度="初中",
        与户主关系="户主",
        健康状况="长期慢性病",
        户类型="脱贫户",
        致贫原因1="缺技术",
    )
    desk.take_in([row, person(2, 姓名="李建国")])
    return row


@pytest.mark.parametrize("shape", SHAPES)
def test_the_columns_are_those_of_the_shape(
    desk: Desk, told: dict[str, str], shape: LedgerShape, tmp_path: Path
) -> None:
    path = tmp_path / "out.xlsx"
    out(desk, path, ExportOrder(COUNTY, shape))
    assert next(iter(open_table(path).rows())).cells == list(COLUMNS[shape])


def test_masked_unless_asked_in_full(desk: Desk, told: dict[str, str], tmp_path: Path) -> None:
    rows = out(desk, tmp_path / "out.xlsx", ExportOrder(COUNTY))
    first = rows[0]
    assert (first["姓名"], first["文化程度"], first["民族"]) == ("王桂兰", "初中", "汉族")
    assert (first["行政村"], first["户类型"], first["与户主关系"]) == ("柳树塬村", "脱贫户", "户主")
    assert first["证件号码"] == f"9902**********{id_number(1)[-4:]}"
    assert first["人联系电话"] == "154****0001"
    assert first["健康状况"] == first["致贫原因1"] == ""
    text = " ".join(cell for row in rows for cell in row.values())
    assert id_number(1) not in text
    assert "15400000001" not in text


@pytest.mark.parametrize("shape", SHAPES[:2])
def test_in_full_it_can_be_taken_in_again_without_a_change_of_people(
    desk: Desk, told: dict[str, str], shape: LedgerShape, tmp_path: Path
) -> None:
    rows = out(desk, tmp_path / "out.xlsx", ExportOrder(COUNTY, shape, "上报省厅", is_full=True))
    assert rows[0][COLUMNS[shape][9 if shape is LedgerShape.PERSONS else 6]] == id_number(1)
    with desk.database.read() as session:
        before = [(p.name, p.education, p.region_code, p.relation, p.status) for p in desk.people(session)]
    summary = desk.take_in(rows)
    assert (summary.created, summary.rejected) == (0, 0)
    with desk.database.read() as session:
        after = [(p.name, p.education, p.region_code, p.relation, p.status) for p in desk.people(session)]
    assert before == after


def test_nothing_becomes_a_formula(desk: Desk, tmp_path: Path) -> None:
    desk.take_in([person(家庭住址="=HYPERLINK(1)", 民族="@cmd", 户编号="=1+1")])
    path = tmp_path / "out.csv"
    out(desk, path, ExportOrder(COUNTY))
    for line in path.read_text("utf-8-sig").splitlines():
        assert not any(cell.startswith(("=", "@", "+")) for cell in line.split(","))


@pytest.mark.parametrize(
    ("role", "region", "place", "error", "words"),
    [
        (Role.TOWNSHIP_OFFICER, TOWN, TOWN, Forbidden, "写明为什么"),
        (Role.COUNTY_OFFICER, COUNTY, COUNTY, Forbidden, "写明为什么"),
        (Role.COUNTY_OFFICER, COUNTY, OTHER_COUNTY, NotFound, ""),
        (Role.CITY_VIEWER, "610200", COUNTY, NotFound, ""),
    ],
)
def test_who_may_not(
    desk: Desk, tmp_path: Path, role: Role, region: str, place: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        out(desk, tmp_path / "out.xlsx", ExportOrder(place), holding(role, region))
    assert words in getattr(caught.value, "title", "")


def test_a_village_officer_gets_their_village_masked(
    desk: Desk, told: dict[str, str], tmp_path: Path
) -> None:
    officer = holding(Role.VILLAGE_OFFICER, VILLAGE)
    assert len(out(desk, tmp_path / "out.xlsx", ExportOrder(VILLAGE), officer)) == 2
    with pytest.raises(Forbidden):
        out(desk, tmp_path / "full.xlsx", ExportOrder(VILLAGE, is_full=True), officer)


def test_every_export_is_in_the_audit_log(desk: Desk, told: dict[str, str], tmp_path: Path) -> None:
    out(desk, tmp_path / "out.xlsx", ExportOrder(COUNTY, reason="上报省厅"))
    with desk.database.read() as session:
        entries = Person.metadata.tables["audit_entries"]
        rows = session.execute(entries.select()).mappings().all()
    assert [(row["resource"], row["reason"]) for row in rows if row["action"] == "export"] == [
        ("people_file", "上报省厅")
    ]
