"""The list of colleagues: who works where, until when, and the day they last signed in."""

from datetime import timedelta
from typing import Any

from app.accounts import duty, events, service
from app.accounts.actor import SYSTEM, Grant
from app.accounts.terms import AccountEventKind, Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from tests.accounts.situations import CITY, COUNTY, OTHER_VILLAGE, VILLAGE, staff_member
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village


def test_the_township_sees_who_is_in_which_village(
    desk_of: Any, village: Village, database: RolledBackDatabase, clock: FixedClock
) -> None:
    with database.write() as session:
        before = FixedClock(clock.now() - timedelta(days=3))
        events.record(session, before, AccountEventKind.SIGNED_IN, user_id=village.officer.user_id)
        until = clock.now() + timedelta(days=40)
        grant = Grant(Role.VILLAGE_OFFICER, OTHER_VILLAGE)
        service.grant_role(session, clock, SYSTEM, village.officer.user_id or 0, grant, valid_until=until)
    town = desk_of(village.township)
    assert "/staff/colleagues" in town.see("/staff/accounts")
    html = town.see("/staff/colleagues")
    for words in ("wangguilan", "柳树塬村", "上次登录 11 月 19 日", "还没登录过", "为止", "lijuan"):
        assert words in html
    assert f'href="/staff/accounts/{village.officer.user_id}"' in html
    for words in ("leijuncang</b>", "xian</a>"):
        assert words not in html
    one = town.see(f"/staff/colleagues?in={VILLAGE}")
    assert "wangguilan" in one
    assert "lijuan" not in one
    assert "没找到" in town.see("/staff/colleagues?name=xian")


def test_village_officers_have_no_list(desk: Desk) -> None:
    assert desk.client.get("/staff/colleagues").status_code == 403


def test_an_auditor_reads_all_and_changes_nobody(
    desk_of: Any, village: Village, database: RolledBackDatabase, clock: FixedClock
) -> None:
    with database.write() as session:
        auditor = staff_member(session, clock, Role.AUDITOR, None, "auditor")
    desk = desk_of(auditor)
    assert "同事名单" in desk.see("/staff")
    html = desk.see("/staff/colleagues")
    assert "xian" in html
    assert "/staff/accounts/" not in html


def test_the_city_appoints_for_health_and_takes_it_back(
    desk_of: Any, village: Village, database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher
) -> None:
    with database.write() as session:
        city_actor = staff_member(session, clock, Role.CITY_VIEWER, CITY, "city")
    county, city = desk_of(village.county), desk_of(city_actor)
    path = f"/staff/people/{village.wife}/reveal"
    assert county.send(county.see(f"{path}?field=health"), path, field="health").status_code == 403
    page = f"/staff/accounts/{village.county.user_id}"
    shown = city.see(page)
    assert "健康值守" in shown
    late = city.refused(city.send(shown, f"{page}/duty", place=COUNTY, until="2028-01-01"), 422)
    assert "最长一年" in late
    assert city.send(shown, f"{page}/duty", place=COUNTY, until="").status_code == 422
    html = city.follow(city.send(shown, f"{page}/duty", place=COUNTY, until="2027-03-31"))
    assert "2027 年 3 月 31 日" in html
    assert "健康值守" in city.see("/staff/colleagues")
    assert "健康值守" in county.see("/staff")
    assert county.send(county.see(f"{path}?field=health"), path, field="health").status_code == 200
    with database.read() as session:
        (one,) = duty.duties_of(session, [village.county.user_id or 0], clock.now()).values()
    end = f"{page}/duty/{one[0].id}/end"
    town = desk_of(village.township)
    assert town.send(town.see("/staff"), end).status_code == 404
    city.follow(city.send(html, end))
    assert county.send(county.see(f"{path}?field=health"), path, field="health").status_code == 403


def test_nobody_appoints_themselves_or_below_their_office(desk_of: Any, village: Village) -> None:
    county, town = desk_of(village.county), desk_of(village.township)
    for desk, user in ((county, village.county), (town, village.county)):
        answer = desk.send(
            desk.see("/staff"), f"/staff/accounts/{user.user_id}/duty", place=COUNTY, until="2027-03-31"
        )
        assert answer.status_code in (403, 404)
