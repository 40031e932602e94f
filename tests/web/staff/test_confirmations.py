"""What takes two: a county's export asked for, agreed to by another, fetched; an erasure carried out."""

import re
from typing import Any

import pytest

from app.accounts.actor import Actor
from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.sheets import open_table
from app.seekers import people
from app.seekers.schemas import MemberIn
from tests.accounts.situations import COUNTY, OTHER_COUNTY, staff_member
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village, id_number

WIFE_ID = id_number("19850609", 24)
PAGE = "/staff/confirmations"


@pytest.fixture
def county(desk_of: Any, village: Village) -> Desk:
    found: Desk = desk_of(village.county)
    return found


@pytest.fixture
def colleague(database: RolledBackDatabase, clock: FixedClock, village: Village) -> Actor:
    with database.write() as session:
        return staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "second")


@pytest.fixture
def second(desk_of: Any, colleague: Actor) -> Desk:
    found: Desk = desk_of(colleague)
    return found


def ask(desk: Desk, **more: str) -> str:
    page = desk.see("/staff/exports")
    told = {"region": COUNTY, "shape": "persons", "reason": "上报省厅的季报"} | more
    return desk.follow(desk.send(page, "/staff/exports", **told))


def act(html: str, step: str) -> str:
    return re.findall(rf'action="([^"]+/{step})"', html)[0]


def numbers_in(content: bytes) -> list[str]:
    return [row.cells[9] for row in open_table(content).rows()][1:]


def test_a_county_export_is_asked_for_agreed_to_and_fetched(
    county: Desk, second: Desk, database: RolledBackDatabase, clock: FixedClock
) -> None:
    html = ask(county)
    for word in ("等另一位同事点头", "5 人", "上报省厅的季报", "号码遮住"):
        assert word in html
    assert "下载" not in re.sub("三天内下载", "", html)
    waiting = second.see(PAGE)
    assert "xian" in waiting
    assert "点头了" in second.follow(second.send(waiting, act(waiting, "approve")))
    html = county.see("/staff/exports")
    file = act(html, "file")
    for _ in range(2):  # a broken download is fetched again
        sheet = county.send(html, file)
        assert sheet.status_code == 200
        assert sheet.headers["cache-control"] == "no-store"
        assert all("****" in number for number in numbers_in(sheet.content))
    assert second.send(waiting, file).status_code == 404  # only who asked fetches it
    with database.read() as session:
        steps = session.query(AuditEntry).filter_by(action="export").count()
    assert steps == 4  # asked, agreed, fetched twice


def test_whole_numbers_go_out_where_both_agreed_to_them(county: Desk, second: Desk) -> None:
    ask(county, full="1")
    waiting = second.see(PAGE)
    assert "号码不遮" in waiting
    second.send(waiting, act(waiting, "approve"))
    html = county.see("/staff/exports")
    sheet = county.send(html, act(html, "file"))
    assert WIFE_ID in numbers_in(sheet.content)


def test_nobody_agrees_to_their_own_request(county: Desk) -> None:
    ask(county)
    html = county.see(PAGE)
    assert "现在没有等您点头的事" in html
    number = re.findall(r"/staff/confirmations/(\d+)/withdraw", html)[0]
    assert county.send(html, f"{PAGE}/{number}/approve").status_code == 403
    assert county.send(html, f"/staff/exports/{number}/file").status_code == 409
    assert "自己收回了" in county.follow(county.send(html, f"{PAGE}/{number}/withdraw"))


def test_more_people_than_agreed_to_do_not_go_out(
    county: Desk,
    second: Desk,
    database: RolledBackDatabase,
    clock: FixedClock,
    village: Village,
    cipher: FieldCipher,
) -> None:
    ask(county)
    waiting = second.see(PAGE)
    second.send(waiting, act(waiting, "approve"))
    with database.write() as session:
        data = MemberIn(name="新来的", relation="parent", id_number=id_number("19600101", 15))
        people.add_member(session, village.officer, village.household, data, cipher=cipher, clock=clock)
    html = county.see("/staff/exports")
    assert "人数比点头时多" in county.refused(county.send(html, act(html, "file")), 409)


def test_a_refusal_says_why(county: Desk, second: Desk) -> None:
    ask(county)
    waiting = second.see(PAGE)
    short = second.refused(second.send(waiting, act(waiting, "refuse"), reason="不"), 422)
    assert "请写明为什么" in short
    second.follow(second.send(waiting, act(waiting, "refuse"), reason="省厅没有要这张表"))
    html = county.see("/staff/exports")
    assert "没同意" in html
    assert "省厅没有要这张表" in html
    assert second.send(waiting, act(waiting, "approve")).status_code == 409


def test_strangers_and_other_roles_see_nothing_of_it(
    county: Desk, desk_of: Any, database: RolledBackDatabase, clock: FixedClock, village: Village
) -> None:
    ask(county)
    number = re.findall(r"/(\d+)/withdraw", county.see(PAGE))[0]
    with database.write() as session:
        far = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY, "far")
    for actor in (far, village.township, village.officer):
        other = desk_of(actor)
        html = other.see(PAGE)
        assert "上报省厅" not in html
        for step in ("approve", "refuse", "withdraw"):
            answer = other.send(other.see("/staff"), f"{PAGE}/{number}/{step}", reason="看看再说吧")
            assert answer.status_code == 404, (actor.name, step)


def test_without_a_reason_nothing_is_asked_for(county: Desk) -> None:
    page = county.see("/staff/exports")
    answer = county.send(page, "/staff/exports", region=COUNTY, shape="labour", reason="")
    assert "请写明为什么" in county.refused(answer, 422)
