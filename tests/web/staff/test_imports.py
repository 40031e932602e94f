"""The import pages: file, columns, look, take in, undo; without scripts."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.clock import FixedClock
from app.core.sheets import open_table
from app.core.tasks import TaskRunner
from app.seekers.models import Person
from tests.databases import RolledBackDatabase
from tests.seekers.imports.sheets import person, workbook_bytes
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village

COUNTY = "610204"


@pytest.fixture
def county(desk_of: Any, village: Village) -> Desk:
    found: Desk = desk_of(village.county)
    return found


@pytest.fixture
def work(database: RolledBackDatabase, clock: FixedClock) -> Any:
    """Does what the background is to do."""
    return lambda: TaskRunner(database, clock).run_due()


def upload(desk: Desk, data: bytes, name: str = "耀州区台账.xlsx", region: str = COUNTY) -> Any:
    shown = desk.see("/staff/imports")
    hidden = dict(re.findall(r'<input type=hidden name="?(\w+)"? value="([^"]*)"', shown))
    files = {"file": (name, data, "application/octet-stream")}
    return desk.client.post("/staff/imports", data=hidden | {"region": region}, files=files)


def people(database: RolledBackDatabase) -> int:
    with database.read() as session:
        return session.scalar(select(func.count(Person.id)).where(Person.erased_at.is_(None))) or 0


def test_from_the_file_to_the_ledger_and_back(county: Desk, work: Any, database: RolledBackDatabase) -> None:
    before = people(database)
    rows = [person(1), person(2, 姓名="李建国"), person(3, 姓名="", 行政村="北塬村")]
    answer = upload(county, workbook_bytes(rows))
    page = county.follow(answer)
    address = answer.headers["location"]
    assert "正在试算" in page
    assert county.client.get(address).headers["refresh"] == "2"
    work()
    page = county.see(address)
    assert "3 行 = 新增 2 + 退回 1" in page
    assert "入库 2 行" in page
    assert "没写姓名。" in page
    assert people(database) == before
    assert "990204" not in page.replace("9902**********", "")
    answer = county.send(page, f"{address}/confirm")
    county.send(page, f"{address}/confirm")
    work()
    page = county.follow(answer)
    assert "入库完了，进了 2 行" in page
    assert people(database) == before + 2
    sheet = county.client.get(f"{address}/rejects.xlsx")
    assert sheet.content.startswith(b"PK")
    county.send(page, f"{address}/undo")
    work()
    assert "整个撤销了" in county.see(address)
    assert people(database) == before


def test_columns_that_are_not_sure_are_looked_at_first(county: Desk, work: Any) -> None:
    rows = [person(n) | {"怪列": "初中"} for n in range(1, 5)]
    for row in rows:
        row["说不清的"] = row.pop("身份证号")
    answer = upload(county, workbook_bytes(rows))
    page = county.follow(answer)
    assert "看一眼" in page
    labels = re.findall(r'<th scope=row id="?f-h(\d+)"?>([^<]*)</th>', page)
    chosen = {f"c{index}": "education" for index, label in labels if label == "怪列"}
    address = answer.headers["location"]
    assert county.send(page, f"{address}/columns", **chosen).status_code == 303
    work()
    assert "新增 4" in county.see(address)
    page = county.see(f"{address}?columns=1")
    assert re.search(r'value="education" selected', page)


def test_two_columns_with_one_meaning_are_refused_kindly(county: Desk) -> None:
    rows = [person(n) | {"怪列": "初中"} for n in range(1, 5)]
    answer = upload(county, workbook_bytes(rows))
    page = county.follow(answer)
    address = answer.headers["location"]
    refused = county.send(page, f"{address}/columns", c0="id_number")
    assert "有两列当成了同一项" in county.refused(refused, 422) or "要有一列是姓名" in refused.text


def test_a_conflict_is_decided_side_by_side(county: Desk, work: Any) -> None:
    for name in ("王桂兰", "王贵兰"):
        answer = upload(county, workbook_bytes([person(姓名=name)]))
        work()
        address = answer.headers["location"]
        page = county.see(address)
        if name == "王桂兰":
            county.send(page, f"{address}/confirm")
            work()
    assert "身份证号一样，姓名不一样" in page
    assert page.index("王桂兰</td>") < page.index("王贵兰</td>")
    answer = county.send(page, f"{address}/rows/2", decision="take")
    page = county.follow(answer)
    assert "定了：用表里的" in page
    county.send(page, f"{address}/confirm")
    work()
    assert "更新 1" in county.see(address)


def test_a_file_that_cannot_be_read_says_why(county: Desk) -> None:
    page = county.refused(upload(county, b"PK\x03\x04 not a workbook"), 422)
    assert "请用 WPS 或 Excel 打开" in page


def test_a_body_without_a_sane_size_is_not_read(county: Desk) -> None:
    headers = {"content-length": str(10**12)}
    answer = county.client.post("/staff/imports", content=b"x", headers=headers)
    assert answer.status_code == 413


def test_a_village_officer_is_told_whom_to_ask(desk: Desk) -> None:
    assert desk.client.get("/staff/imports").status_code == 403


def test_another_office_does_not_see_it(county: Desk, desk_of: Any, village: Village) -> None:
    address = upload(county, workbook_bytes([person()])).headers["location"]
    township = desk_of(village.township)
    assert township.client.get(address).status_code == 404
    assert township.client.get(f"{address}/rejects.xlsx").status_code == 404


def test_forms_without_our_token_are_refused(county: Desk) -> None:
    files = {"file": ("a.xlsx", workbook_bytes([person()]), "application/octet-stream")}
    assert county.client.post("/staff/imports", data={"region": COUNTY}, files=files).status_code == 403


def test_the_township_exports_masked_and_says_why(desk_of: Any, village: Village) -> None:
    township = desk_of(village.township)
    page = township.see("/staff/exports")
    told = {"region": "610204101", "shape": "persons"}
    assert "请写明为什么" in township.refused(township.send(page, "/staff/exports", **told), 403)
    sheet = township.send(page, "/staff/exports", reason="上报县里", **told)
    assert sheet.status_code == 200
    rows = [row.cells for row in open_table(sheet.content).rows()]
    assert len(rows) > 3
    assert all("****" in row[9] for row in rows[1:] if row[9])


def test_a_village_officer_exports_their_village(desk: Desk) -> None:
    page = desk.see("/staff/exports")
    answer = desk.send(page, "/staff/exports", region="610204101201", shape="labour")
    assert answer.content.startswith(b"PK")
