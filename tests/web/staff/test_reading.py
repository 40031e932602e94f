"""Looking: the workbench, finding somebody, the file of a household and of a person, a number in full."""

from typing import Any

import pytest
from sqlalchemy import event

from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.core.clock import FixedClock
from tests.accounts.situations import CITY, OTHER_VILLAGE, TOWN, staff_member
from tests.databases import RolledBackDatabase
from tests.web.markup import without_tokens
from tests.web.staff.conftest import Desk
from tests.web.staff.village import PHONE, Village, id_number

WIFE_ID = id_number("19850609", 24)


def test_the_workbench_shows_my_village_and_its_households(desk: Desk, village: Village) -> None:
    html = desk.see("/staff")
    for word in ("柳树塬村", "李拴虎家", "王存良家", "二组 15 号", "监测户", "1 人找活", "村就业信息员"):
        assert word in html
    assert "杨彩霞" not in html
    assert "accesskey" in html


def test_a_township_sees_its_villages_and_looks_into_one(desk_of: Any, village: Village) -> None:
    desk = desk_of(village.township)
    html = desk.see("/staff")
    assert "北塬村" in html
    assert "杨彩霞家" in html
    one = desk.see(f"/staff?in={OTHER_VILLAGE}")
    assert "杨彩霞家" in one
    assert "李拴虎家" not in one


def test_a_place_that_is_not_mine_is_not_looked_into(desk: Desk) -> None:
    html = desk.see(f"/staff?in={OTHER_VILLAGE}")
    assert "杨彩霞" not in html
    assert "李拴虎家" in html


@pytest.mark.parametrize("q", ["赵改霞", "改霞", "zgx", "2041", WIFE_ID[-4:], WIFE_ID, PHONE, "柳树塬 赵"])
def test_anybody_is_found_by_anything(desk: Desk, village: Village, q: str) -> None:
    html = desk.see(f"/staff/people?q={q}")
    assert f"/staff/households/{village.household}#p{village.wife}" in html
    assert "139****2041" in html
    assert WIFE_ID not in html
    assert PHONE not in html


def test_who_is_elsewhere_is_not_found(desk: Desk, village: Village) -> None:
    assert "没找到" in desk.see("/staff/people?q=杨彩霞")
    assert "wgl" in desk.see("/staff/people")


def test_the_household_page_tells_who_can_what_and_what_to_do_next(desk: Desk, village: Village) -> None:
    html = desk.see(f"/staff/households/{village.household}")
    for word in ("李拴虎家", "3 口人", "脱贫不稳定户", "易地搬迁户", "有 1 人上班", "户主，男，46 岁"):
        assert word in html
    for word in (
        "缝纫工",
        "每月最少 2,800 元",
        "本镇",
        "139****2041",
        "看全号",
        "还没定谁来包这一户",
        "建档",
    ):
        assert word in html
    assert PHONE not in html
    assert "1985" not in without_tokens(html)


def test_the_household_page_takes_at_most_eight_statements(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    desk.see(f"/staff/households/{village.household}")
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(database._connection, "before_cursor_execute", note)
    desk.see(f"/staff/households/{village.household}")
    event.remove(database._connection, "before_cursor_execute", note)
    assert 3 < len(seen) <= 8, seen


def test_files_of_another_village_are_not_there(desk: Desk, village: Village) -> None:
    for page in ("", "/history", "/edit", "/members", "/merge"):
        answer = desk.client.get(f"/staff/households/{village.far_household}{page}")
        assert answer.status_code == 404
        assert "杨彩霞" not in answer.text


def test_the_person_page_shows_the_six_clears_and_no_number_in_full(desk: Desk, village: Village) -> None:
    html = desk.see(f"/staff/people/{village.wife}")
    for word in ("赵改霞", "六样都清楚了吗", "还没问", "6102**********", "缝纫工", "谁看过"):
        assert word in html
    assert WIFE_ID not in html
    child = desk.see(f"/staff/people/{village.child}")
    assert "六样都清楚了吗" not in child


def test_a_number_is_shown_in_full_with_a_reason_only_and_that_is_written_down(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    path = f"/staff/people/{village.wife}/reveal"
    ask = desk.see(f"{path}?field=id_number")
    refused = desk.refused(desk.send(ask, path, reason="看"), 422)
    assert WIFE_ID not in refused
    assert "最少 4 个字" in refused
    answer = desk.send(ask, path, reason="帮她报名培训，要填号")
    assert answer.headers["cache-control"] == "no-store"
    assert WIFE_ID in answer.text
    assert "帮她报名培训" in desk.see(f"/staff/people/{village.wife}")
    with database.read() as session:
        assert session.query(AuditEntry).filter_by(action="reveal", subject_id=village.wife).count() == 1


def test_the_phone_is_shown_for_calling_without_a_reason_and_written_down(
    desk: Desk, village: Village
) -> None:
    path = f"/staff/people/{village.wife}/reveal"
    ask = desk.see(f"{path}?field=phone")
    assert f"tel:{PHONE}" in desk.send(ask, path, reason="").text
    assert "电话" in desk.see(f"/staff/people/{village.wife}")


def test_health_is_for_the_household_s_own_officer(desk: Desk, village: Village) -> None:
    path = f"/staff/people/{village.wife}/reveal"
    ask = desk.see(f"{path}?field=health")
    assert desk.send(ask, path).status_code == 403
    house = f"/staff/households/{village.household}"
    desk.follow(desk.send(desk.see(f"{house}/edit"), f"{house}/officer", mine="1"))
    assert desk.send(ask, path).status_code == 200


def test_the_county_reads_and_is_offered_no_form_of_the_household(desk_of: Any, village: Village) -> None:
    desk = desk_of(village.county)
    html = desk.see(f"/staff/households/{village.household}")
    assert f"/staff/households/{village.household}/edit" not in html
    assert f"/staff/people/{village.wife}/edit" in html
    assert desk.client.get(f"/staff/households/{village.household}/edit").status_code == 403
    assert f"/staff?in={TOWN}" in desk.see("/staff")


def test_a_city_office_sees_sums_that_tell_nobody_s_life(
    desk_of: Any, village: Village, database: RolledBackDatabase, clock: FixedClock
) -> None:
    with database.write() as session:
        city = staff_member(session, clock, Role.CITY_VIEWER, CITY, "shiju")
    desk = desk_of(city)
    html = desk.see("/staff")
    assert "少于 10" in html
    for word in ("李拴虎", "杨彩霞", "/staff/people"):
        assert word not in html
    assert desk.client.get(f"/staff/households/{village.household}").status_code == 404


def test_an_auditor_sees_a_file_without_names_and_numbers(
    desk_of: Any, village: Village, database: RolledBackDatabase, clock: FixedClock
) -> None:
    with database.write() as session:
        auditor = staff_member(session, clock, Role.AUDITOR, None, "shenji")
    desk = desk_of(auditor)
    html = desk.see(f"/staff/households/{village.household}")
    assert "李*虎" in html
    for word in ("李拴虎", "139****", "6102***", "二组 15 号", "缝纫", "建档", "/edit"):
        assert word not in html
    assert desk.client.get(f"/staff/people/{village.wife}").status_code == 404
    assert desk.client.get(f"/staff/households/{village.household}?on=2026-11-21").status_code == 403
