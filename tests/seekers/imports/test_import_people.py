"""A ledger taken in: who is who, which household, what differs, what is sent back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Forbidden, NotFound
from app.core.sheets import TableUnreadable, open_table
from app.core.sheets.importing import ImportOptions
from app.occupations.terms import Education
from app.seekers import sealing
from app.seekers.imports import writing
from app.seekers.imports.takein import import_people
from app.seekers.models import LedgerChange, Person
from app.seekers.terms import ChangeKind, HouseholdKind, LabourClass, Relation, SeekerStatus
from tests.seekers.factories import FAR_VILLAGE, OTHER_COUNTY, TOWN, VILLAGE, holding, plant_regions
from tests.seekers.imports.conftest import Desk
from tests.seekers.imports.sheets import id_number, person

People = Callable[[], list[Person]]


def test_a_new_person_with_everything_the_sheet_tells(desk: Desk, ledger: People) -> None:
    summary = desk.take_in(
        [
            person(
                与户主关系="户主", 文化程度="初中", 健康状况="残疾", 民族="汉族", 户类型="脱贫户",
                自然村="3组", 劳动技能="弱劳动力或半劳动力", 就业区域意向="市内", 工资收入意向="3000元",
            )
        ]
    )  # fmt: skip
    assert (summary.created, summary.rejected) == (1, 0)
    (found,) = ledger()
    assert (found.name, found.region_code, found.relation) == ("王桂兰", VILLAGE, Relation.HEAD)
    assert (found.education, found.birth_on) == (Education.JUNIOR, date(1980, 5, 20))
    assert (found.labour_class, found.wage_floor_fen) == (LabourClass.SEMI, 300_000)
    with desk.database.read() as session:
        (home,) = desk.homes(session)
        assert (home.household_number, home.address) == ("H0001", "3组")
        assert home.kinds == [HouseholdKind.LIFTED]
        assert desk.facts(session, found, "health") == {"健康状况": "残疾"}
        assert desk.facts(session, found)["民族"] == "汉族"
        assert sealing.open_id_number(found, desk.cipher) == id_number(1)


def test_the_same_file_again_changes_nothing(desk: Desk, ledger: People) -> None:
    rows = [person(1, 民族="汉族"), person(2, 姓名="李建国")]
    desk.take_in(rows)
    before = [(found.id, found.version) for found in ledger()]
    summary = desk.take_in(rows)
    assert (summary.unchanged, summary.created) == (2, 0)
    assert [(found.id, found.version) for found in ledger()] == before


def test_what_differs_is_changed_with_its_history(desk: Desk, ledger: People) -> None:
    desk.take_in([person(文化程度="小学")])
    summary = desk.take_in([person(文化程度="初中", 联系电话="15400009999")])
    assert summary.updated == 1
    (found,) = ledger()
    assert (found.education, found.version) == (Education.JUNIOR, 2)
    assert sealing.open_phone(found, desk.cipher) == "15400009999"
    with desk.database.read() as session:
        change = session.scalars(select(LedgerChange).where(LedgerChange.kind == ChangeKind.UPDATED)).one()
        assert (change.before["education"], change.after["education"]) == ("primary", "junior")
        assert sealing.open_change(change, desk.cipher)[1]["phone"] == "15400009999"
        assert change.import_id is not None


def test_what_the_sheet_does_not_speak_of_stays(desk: Desk, ledger: People) -> None:
    desk.take_in([person(文化程度="高中")])
    assert desk.take_in([person()]).unchanged == 1
    assert ledger()[0].education is Education.SENIOR


def test_members_with_one_number_are_one_household_across_chunks(desk: Desk) -> None:
    rows = [person(n, 户编号="H1" if n in (1, 700) else f"X{n}") for n in range(1, 701)]
    desk.take_in(rows)
    with desk.database.read() as session:
        assert len(desk.homes(session)) == 699


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ({"户主姓名": "王大", "家庭住址": "3组7号"}, {"户主姓名": "王大", "家庭住址": "3组7号"}, True),
        ({"家庭住址": "柳树塬村3组7号"}, {"家庭住址": "柳树塬村3组7号"}, True),
        ({"家庭住址": "柳树塬村3组7号"}, {"家庭住址": "柳树塬村3组8号"}, False),
        ({"家庭住址": "柳树塬村"}, {"家庭住址": "柳树塬村"}, False),
        ({"户联系电话": "15400001111"}, {"户联系电话": "15400001111"}, True),
        ({"联系电话": "15400001111"}, {"联系电话": "15400001111"}, False),
        ({"户主身份证号": id_number(1)}, {"户主身份证号": id_number(1)}, True),
    ],
)
def test_households_of_sheets_without_numbers(
    desk: Desk, first: dict[str, str], second: dict[str, str], together: bool
) -> None:
    rows = [person(1, 户编号="") | first, person(2, 户编号="", 姓名="李建国") | second]
    summary = desk.take_in(rows)
    with desk.database.read() as session:
        assert len(desk.homes(session)) == (1 if together else 2)
    alone = summary.notes["表里看不出哪些人是一户，先一人一户"]
    assert alone == (2 if not together and "号" not in str(first) else 0)


def test_without_a_number_name_birth_and_village_tell_who_it_is(desk: Desk, ledger: People) -> None:
    row = person(身份证号="", 出生日期="1980-05-20")
    desk.take_in([row])
    assert ledger()[0].id_index is None
    assert desk.take_in([row]).unchanged == 1
    # The number comes later and joins the person who was there without.
    assert desk.take_in([person(出生日期="1980-05-20")]).updated == 1
    (found,) = ledger()
    assert sealing.open_id_number(found, desk.cipher) == id_number(1)


def test_never_by_telephone_alone(desk: Desk, ledger: People) -> None:
    desk.take_in([person(1)])
    summary = desk.take_in([person(2, 姓名="王桂兰", 联系电话="15400000001", 户编号="H0001")])
    assert summary.created == 1
    assert len(ledger()) == 2


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"姓名": ""}, "没写姓名"),
        ({"身份证号": "6.10221E+17"}, "文本"),
        ({"身份证号": id_number(1)[:17] + ("0" if id_number(1)[17] != "0" else "1")}, "最后一位对不上"),
        ({"身份证号": "", "出生日期": ""}, "认不准是谁"),
        ({"行政村": "柳树原村"}, "是“柳树塬村”吧"),
        ({"乡镇": "火星镇", "县区": "木星区"}, "看不出是哪个县哪个乡镇"),
        ({"姓名": "<script>"}, "姓名里有不该有的字"),
    ],
)
def test_rows_that_are_sent_back(desk: Desk, ledger: People, cells: dict[str, str], reason: str) -> None:
    summary = desk.take_in([person(1) | cells, person(2, 姓名="李建国")])
    assert (summary.created, summary.rejected) == (1, 1)
    (told,) = summary.reasons
    assert reason in told
    assert len(ledger()) == 1


def test_a_child_is_in_the_file_and_looks_for_nothing(desk: Desk, ledger: People) -> None:
    child = id_number(3, date(2015, 6, 1))
    desk.take_in([person(身份证号=child, 就业状况="务工", 就业单位="某某厂", 在校生状况="小学三年级")])
    (found,) = ledger()
    assert (found.status, found.employer_name) == (SeekerStatus.STUDYING, "")


def test_same_number_other_name_is_for_a_person_to_decide(desk: Desk, ledger: People) -> None:
    desk.take_in([person()])
    summary = desk.take_in([person(姓名="王贵兰")])
    assert (summary.updated, summary.rejected) == (0, 1)
    assert ledger()[0].name == "王桂兰"


def test_two_rows_about_one_person(desk: Desk, ledger: People) -> None:
    row = person(文化程度="小学")
    summary = desk.take_in([row, row, row | {"文化程度": "初中"}])
    assert (summary.created, summary.unchanged, summary.rejected) == (1, 1, 1)
    assert "和第 2 行是同一人，文化程度" in next(iter(summary.reasons))
    assert len(ledger()) == 1


def test_two_rows_about_one_person_far_apart(desk: Desk, ledger: People) -> None:
    rows = [person(n, 姓名="李建国" if n % 2 else "王桂兰") for n in range(1, 502)]
    summary = desk.take_in([*rows, rows[0], rows[1] | {"姓名": "赵军"}])
    assert (summary.created, summary.unchanged, summary.rejected) == (501, 1, 1)


def test_a_person_of_another_area_is_not_shown(desk: Desk, ledger: People) -> None:
    desk.take_in([person(乡镇="瑶曲镇", 行政村="石柱村", 户编号="H9")])
    assert ledger()[0].region_code == FAR_VILLAGE
    summary = desk.take_in([person()], region=TOWN)
    assert summary.rejected == 1
    assert list(summary.reasons) == ["另一个地方有这个人。"]


def test_rows_outside_the_office_are_sent_back(desk: Desk) -> None:
    summary = desk.take_in([person(乡镇="瑶曲镇", 行政村="石柱村")], region=TOWN)
    assert "不归导入的单位管" in next(iter(summary.reasons))


def test_a_move_within_the_area_keeps_the_person(desk: Desk, ledger: People) -> None:
    desk.take_in([person()])
    summary = desk.take_in([person(乡镇="瑶曲镇", 行政村="石柱村", 户编号="S1")])
    assert summary.updated == 1
    (found,) = ledger()
    assert found.region_code == FAR_VILLAGE
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).where(LedgerChange.kind == ChangeKind.MOVED)) == 1


def test_monitored_kinds_follow_the_sheet(desk: Desk) -> None:
    desk.take_in([person(户类型="脱贫户", 是否易地搬迁="是")])
    desk.take_in([person(户类型="脱贫户", 监测对象类型="脱贫不稳定户", 风险是否消除="否")])
    with desk.database.read() as session:
        (home,) = desk.homes(session)
        assert home.kinds == ["lifted", "relocated", "unstable"]
        assert home.is_monitored
    desk.take_in([person(户类型="脱贫户", 监测对象类型="脱贫不稳定户", 风险是否消除="是")])
    with desk.database.read() as session:
        (home,) = desk.homes(session)
        assert (home.kinds, home.is_monitored) == (["lifted", "relocated"], False)


def test_dry_run_writes_nothing_and_counts_the_same(desk: Desk, ledger: People) -> None:
    rows = [person(1), person(1), person(2, 姓名="")]
    summary = desk.take_in(rows, dry_run=True)
    assert (summary.created, summary.unchanged, summary.rejected) == (1, 1, 1)
    assert ledger() == []


def test_the_rejects_file_can_be_corrected_and_sent_again(desk: Desk, ledger: People, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.xlsx"
    desk.take_in([person(1, 行政村="柳树原村"), person(2, 姓名="李建国")], rejects=rejects)
    header, row = [found.cells for found in open_table(rejects).rows()]
    assert header[:2] == ["行号", "没收进来的原因"]
    fixed = dict(zip(header, row, strict=False)) | {"行政村": "柳树塬村"}
    assert desk.take_in([fixed]).created == 1
    assert len(ledger()) == 2


def test_a_mapping_names_unknown_columns(desk: Desk, ledger: People) -> None:
    row = {"称呼": "王桂兰", "证号": id_number(1), "村里": "柳树塬村", "归谁管": "董家河镇"}
    desk.take_in([row], mapping={"称呼": "name", "证号": "身份证号", "村里": "village", "归谁管": "乡镇"})
    assert ledger()[0].region_code == VILLAGE


def test_a_file_without_names_is_refused(desk: Desk) -> None:
    with pytest.raises(TableUnreadable):
        desk.take_in([{"岗位名称": "焊工", "人数": "3"}])


@pytest.mark.parametrize(
    ("role", "region", "error"),
    [
        (Role.VILLAGE_OFFICER, VILLAGE, NotFound),
        (Role.COUNTY_OFFICER, OTHER_COUNTY, NotFound),
        (Role.AUDITOR, None, Forbidden),
    ],
)
def test_who_may_not_import(desk: Desk, role: Role, region: str | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.take_in([person()], actor=holding(role, region))


def test_an_unknown_place_is_refused(desk: Desk) -> None:
    path = desk.file([person()])
    with pytest.raises(Exception, match="invalid"):
        import_people(desk.database, path, ImportOptions(region_code="999999"), desk.clock)


def test_nothing_of_a_person_stands_in_the_import_tables(desk: Desk) -> None:
    desk.take_in([person(1), person(1, 姓名="王贵兰"), person(2, 姓名="李建国", 身份证号="123")])
    with desk.database.read() as session:
        for name in ("people_imports", "people_import_chunks", "people_import_rows"):
            table = Person.metadata.tables[name]
            told = " ".join(str(cell) for row in session.execute(select(table)) for cell in row)
            for secret in (id_number(1), "15400000001", "王桂兰", "李建国"):
                assert secret not in told


def test_no_number_stands_readable_in_the_database_files(
    own_database: Database, clock: FixedClock, cipher: FieldCipher, tmp_path: Path
) -> None:
    """Files of SQLite, write-ahead log included, and of an export; PostgreSQL's are of the same rows."""
    desk = Desk(own_database, clock, cipher, tmp_path)
    with own_database.write() as session:
        plant_regions(session)
    rows = [person(n) for n in range(1, 301)]
    desk.take_in(rows)
    desk.take_in([row | {"联系电话": row["联系电话"][:-1] + "9"} for row in rows])
    files = [path for path in tmp_path.iterdir() if path.name.startswith("own.db")]
    text = b"".join(path.read_bytes() for path in files)
    told = [row[heading].encode() for row in rows for heading in ("身份证号", "联系电话")]
    assert [secret for secret in told if secret in text] == []


def test_every_column_of_a_person_is_named_where_people_are_written() -> None:
    """A column without a default that `writing` forgets would come in as NULL."""
    named = writing.ALWAYS.keys() | writing.REST.keys()
    columns = {c.name for c in Person.__table__.columns if not c.nullable}
    assert columns <= named
