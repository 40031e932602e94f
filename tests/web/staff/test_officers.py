"""Who is responsible for a household: named one by one and for many, honest when the role has ended."""

import re
from typing import Any

import pytest
from sqlalchemy import event

from app.accounts import service
from app.accounts.actor import SYSTEM
from app.accounts.queries import grants_of
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Invalid
from app.seekers import files, officers
from app.seekers.household_counts import HouseholdNeed, count_households
from app.seekers.models import Household
from tests.accounts.situations import OTHER_VILLAGE, TOWN, VILLAGE
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village


@pytest.fixture
def town(desk_of: Any, village: Village) -> Desk:
    found: Desk = desk_of(village.township)
    return found


def name(desk: Desk, household: int, officer: int | None) -> Any:
    page = desk.see(f"/staff/households/{household}")
    return desk.send(page, f"/staff/households/{household}/officer", officer=str(officer or ""))


def end_roles(database: RolledBackDatabase, clock: FixedClock, user_id: int | None) -> None:
    with database.write() as session:
        for grant in grants_of(session, user_id or 0, clock.now()):
            service.end_role(session, clock, SYSTEM, grant.id)


def test_a_colleague_over_the_place_is_named_and_only_such(
    town: Desk, village: Village, database: RolledBackDatabase
) -> None:
    page = town.see(f"/staff/households/{village.household}")
    for who in ("wangguilan", "leijuncang", "xian"):
        assert who in page
    assert "lijuan" not in page  # of the next village
    html = town.follow(name(town, village.household, village.officer.user_id))
    assert "包户人 wangguilan" in html
    assert "包户人定好了" in html
    assert name(town, village.household, village.stranger.user_id).status_code == 422
    assert "还没定包户人" in town.follow(name(town, village.household, None))


def test_without_the_role_there_is_no_officer(
    town: Desk, village: Village, database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher
) -> None:
    town.follow(name(town, village.household, village.officer.user_id))
    end_roles(database, clock, village.officer.user_id)
    html = town.see(f"/staff/households/{village.household}")
    assert "包户人 wangguilan" not in html
    assert "原来的包户人不在岗了" in html
    assert "还没定谁来包这一户" in html
    with database.read() as session:
        shown = files.show_household(session, village.township, village.household, clock, cipher=cipher)
        assert shown.officer is None
        rows = [session.get_one(Household, village.household)]
        assert files.show_households(session, village.township, rows, clock, cipher=cipher)[0].officer is None
        counts = count_households(session, village.township, clock.now())
    assert counts.needs[HouseholdNeed.NO_OFFICER] == 3


def test_a_village_s_households_get_somebody_in_one_act(
    town: Desk, village: Village, database: RolledBackDatabase
) -> None:
    town.follow(name(town, village.other_household, village.township.user_id))
    page = town.see(f"/staff/officers?in={VILLAGE}")
    assert "李拴虎家" in page
    assert "王存良家" not in page  # has somebody
    assert "杨彩霞家" not in page
    ids = [str(village.household), str(village.other_household), str(village.far_household)]
    told = {"place": VILLAGE, "household": ids}
    wrong = town.send(page, "/staff/officers", **told, officer=str(village.stranger.user_id))
    assert "不管这个地方" in town.refused(wrong, 422)
    officer = str(village.officer.user_id)
    assert "每一户都有人包" in town.follow(town.send(page, "/staff/officers", **told, officer=officer))
    with database.read() as session:
        held = {h.id: h.officer_id for h in session.query(Household)}
    assert held == {
        village.household: village.officer.user_id,
        village.other_household: village.township.user_id,  # keeps who was there
        village.far_household: None,  # another village
    }


def test_only_one_s_own_area_and_only_who_edits_files(
    desk: Desk, desk_of: Any, village: Village, database: RolledBackDatabase
) -> None:
    assert "杨彩霞" not in desk.see(f"/staff/officers?in={OTHER_VILLAGE}")
    page = desk.see("/staff")
    far = {"place": OTHER_VILLAGE, "household": [str(village.far_household)]}
    desk.send(page, "/staff/officers", **far, officer=str(village.officer.user_id))
    assert name(desk_of(village.stranger), village.far_household, None).status_code == 303
    answer = desk.send(page, f"/staff/households/{village.far_household}/officer", mine="1")
    assert answer.status_code == 404
    county = desk_of(village.county)
    assert county.client.get("/staff/officers").status_code == 403
    answer = county.send(county.see("/staff"), f"/staff/households/{village.household}/officer", mine="1")
    assert answer.status_code == 403
    with database.read() as session:
        assert {h.officer_id for h in session.query(Household)} == {None}


def test_too_many_at_once_are_refused(
    database: RolledBackDatabase, village: Village, clock: FixedClock, cipher: FieldCipher
) -> None:
    many, chosen = list(range(1, 102)), village.officer.user_id or 0
    with database.write() as session, pytest.raises(Invalid):
        officers.name_for_many(session, village.township, TOWN, chosen, many, cipher=cipher, clock=clock)


def test_home_counts_households_and_shows_those_with_a_need(
    town: Desk, village: Village, database: RolledBackDatabase
) -> None:
    town.follow(name(town, village.other_household, village.officer.user_id))
    html = town.see("/staff")
    for words in ("全部 3 户", "监测户 1", "没人包 2", "没人上班 2"):
        assert words in html
    one = town.see(f"/staff?in={OTHER_VILLAGE}")
    for words in ("全部 1 户", "监测户 0", "没人包 1", "没人上班 1"):
        assert words in one
    idle = town.see("/staff?only=nobody_working")
    assert [n for n in ("李拴虎家", "王存良家", "杨彩霞家") if n in idle] == ["王存良家", "杨彩霞家"]
    free = town.see("/staff?only=no_officer")
    assert "一起定包户人" in free
    assert "王存良家" not in free
    assert "没有这样的户" in town.see(f"/staff?in={OTHER_VILLAGE}&only=monitored")


def test_households_are_counted_in_one_statement_however_many(
    database: RolledBackDatabase, village: Village, clock: FixedClock
) -> None:
    seen: list[str] = []
    event.listen(database._connection, "before_cursor_execute", lambda *a: seen.append(a[2]))
    with database.read() as session:
        counts = count_households(session, village.county, clock.now())
    assert counts.households == 3
    assert len([s for s in seen if not re.match("SAVEPOINT|RELEASE|ROLLBACK", s)]) == 1
