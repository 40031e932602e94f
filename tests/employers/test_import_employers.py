"""Registers of employers, taken in."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.clock import FixedClock
from app.core.db import Database
from app.core.sheets.importing import ImportOptions
from app.employers.imports import import_employers, is_legal_name, read_employer_kind
from app.employers.models import Employer
from app.employers.terms import EmployerKind, EmployerState
from tests.employers.factories import COUNTY, phone_of

HEADER = ["企业名称", "统一社会信用代码", "地址", "联系人", "联系电话"]
ROWS = [
    ["耀州红星制衣有限公司", "", "陕西省铜川市耀州区天宝路街道", "王某", "0919-6180000"],
    ["石柱镇石柱原村帮扶车间", "", "陕西省铜川市耀州区石柱镇", "", ""],
    ["耀州红星制衣（有限公司）", "", "陕西省铜川市耀州区", "", ""],
    ["", "", "陕西省铜川市耀州区", "", ""],
    ["王记饭店", "123", "和平区", "", ""],
]


def write(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "register.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    return path


def employers(database: Database) -> list[Employer]:
    with database.read() as session:
        return list(session.scalars(select(Employer).order_by(Employer.id)))


def test_a_register_comes_in_verified_and_again_without_a_trace(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    path = write(tmp_path, ROWS)
    first = import_employers(database, path, ImportOptions(), clock)
    assert (first.rows, first.created, first.unchanged, first.rejected) == (5, 2, 1, 2)
    firm, shop = employers(database)
    assert (firm.state, phone_of(firm), firm.kind) == (
        EmployerState.VERIFIED,
        "0919-6180000",
        EmployerKind.ENTERPRISE,
    )
    assert shop.kind is EmployerKind.WORKSHOP
    again = import_employers(database, path, ImportOptions(), clock)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)


def test_a_new_phone_updates_and_an_empty_one_takes_nothing_away(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    import_employers(database, write(tmp_path, ROWS[:1]), ImportOptions(), clock)
    changed = [*ROWS[0][:4], "0919-6181111"]
    assert import_employers(database, write(tmp_path, [changed]), ImportOptions(), clock).updated == 1
    emptied = [*ROWS[0][:4], ""]
    assert import_employers(database, write(tmp_path, [emptied]), ImportOptions(), clock).unchanged == 1
    assert phone_of(employers(database)[0]) == "0919-6181111"


def test_review_leaves_them_waiting(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    options = ImportOptions(region_code=COUNTY, review=True)
    assert (
        import_employers(database, write(tmp_path, [["王记饭店", "", "", "", ""]]), options, clock).created
        == 1
    )
    (shop,) = employers(database)
    assert (shop.state, shop.region_code, shop.office_code) == (EmployerState.PENDING, COUNTY, COUNTY)


@pytest.mark.parametrize(
    ("name", "told", "kind"),
    [
        ("红星社区工厂", "", EmployerKind.COMMUNITY_FACTORY),
        ("某某种植专业合作社", "", EmployerKind.COOPERATIVE),
        ("老王家庭农场", "", EmployerKind.FAMILY_FARM),
        ("某某人力资源有限公司", "", EmployerKind.AGENCY),
        ("王记面馆", "个体户", EmployerKind.INDIVIDUAL),
        ("红星制衣", "workshop", EmployerKind.WORKSHOP),
        ("红星制衣", "民营", EmployerKind.ENTERPRISE),
    ],
)
def test_kinds(name: str, told: str, kind: EmployerKind) -> None:
    assert read_employer_kind(name, told) is kind


def test_legal_names() -> None:
    assert is_legal_name("徐州今天广告有限公司重庆分公司")
    assert not is_legal_name("王记饭店")
