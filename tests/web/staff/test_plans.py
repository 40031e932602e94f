"""Demand against supply in the console."""

from datetime import timedelta
from typing import Any

import pytest

from app.accounts.actor import SYSTEM
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.demand_plans import service
from tests.accounts.situations import staff_member
from tests.databases import RolledBackDatabase
from tests.demand_plans.conftest import plan_form
from tests.employers import factories as given
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village

FIRM = "耀州红星制衣"


@pytest.fixture
def plan_id(database: RolledBackDatabase, clock: FixedClock, village: Village) -> int:
    with database.write() as session:
        firm = given.verified_employer(session, clock)
        form = plan_form(clock.today(), headcount=3)
        return service.state_plan(session, SYSTEM, firm.id, form, clock).id


def test_the_year_ahead_and_down_to_the_people(desk_of: Any, village: Village, plan_id: int) -> None:
    county: Desk = desk_of(village.county)
    assert 'href="/staff/plans"' in county.see("/staff")
    page = county.see("/staff/plans")
    assert "今后一年要 3 人" in page
    assert "2027 年 1 月起缺 2 人" in page
    assert 'role=img aria-label="2027 年 1 月要 3 人，到时还缺 2 人。"' in page
    group = page.split('href="/staff/plans/group?')[1].split('"')[0].replace("&amp;", "&")
    below = county.see(f"/staff/plans/group?{group}")
    assert FIRM in below
    assert "赵改霞" in below
    assert "现在有空又对得上的 1 人" in below


def test_a_city_sees_counts_only(
    desk_of: Any, village: Village, plan_id: int, database: RolledBackDatabase, clock: FixedClock
) -> None:
    with database.write() as session:
        viewer = staff_member(session, clock, Role.CITY_VIEWER, "610200", "shi")
    city: Desk = desk_of(viewer)
    page = city.see("/staff/plans?in=610204")  # a part is not chosen: it would tell the rest
    assert "太少，不给数" in page
    group = page.split('href="/staff/plans/group?')[1].split('"')[0].replace("&amp;", "&")
    below = city.see(f"/staff/plans/group?{group}")
    assert "少于 10 人" in below
    assert "赵改霞" not in below
    assert city.client.get("/staff/plans/export?what=balance").status_code == 200
    assert "替单位报" not in page


def test_an_officer_states_changes_and_posts(
    desk_of: Any, village: Village, plan_id: int, clock: FixedClock
) -> None:
    county: Desk = desk_of(village.county)
    assert "照名单选" in county.see("/staff/plans/new?firm=没有这家")
    shown = county.see(f"/staff/plans/new?firm={FIRM}")
    day = str(clock.today() + timedelta(days=90))
    typed = {"title": "保洁", "headcount": "8", "needed_on": day, "low": "2200", "high": "", "unit": "month"}
    sent = county.send(shown, "/staff/plans/new", **typed)
    page = county.follow(sent)
    assert "第 1 版" in page
    address = sent.headers["location"].split("?")[0]
    page = county.follow(county.send(page, address, step="save", **(typed | {"headcount": "9"})))
    assert "第 2 版" in page
    refused = county.send(page, address, step="save", **(typed | {"headcount": "0"}))
    assert "1 到 10,000" in county.refused(refused, 422)
    page = county.follow(county.send(page, address, step="post"))
    assert "岗位草稿在单位的" in page
    assert "不算它" in county.follow(county.send(page, address, step="withdraw"))


def test_whose_business_it_is_not(desk_of: Any, village: Village, plan_id: int) -> None:
    stranger: Desk = desk_of(village.stranger)
    assert stranger.client.get(f"/staff/plans/{plan_id}").status_code == 404
    assert "还没有单位报" in stranger.see("/staff/plans")
    assert stranger.client.get("/staff/plans/export").status_code == 403
    township: Desk = desk_of(village.township)
    assert township.client.get("/staff/plans/export?what=plans").status_code == 200
