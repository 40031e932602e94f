"""Accounts of colleagues below: opened, changed, taken back, a village in other hands."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher

from app.accounts.models import RoleGrant, User
from app.core import security
from tests.accounts.situations import OTHER_VILLAGE, VILLAGE
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village

PASSWORD = "塬上的苹果红了又红啊"
NEW = {"display_name": "寇改琴", "username": "kougaiqin", "role": "village_officer", "password": PASSWORD}


@pytest.fixture(autouse=True, scope="module")
def cheap_hasher() -> Iterator[None]:
    real = security._HASHER
    security._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    yield
    security._HASHER = real


@pytest.fixture
def town(desk_of: Any, village: Village) -> Desk:
    found: Desk = desk_of(village.township)
    return found


def test_a_village_officer_has_no_accounts_to_give(desk: Desk) -> None:
    assert "同事账号" not in desk.see("/staff")
    assert desk.client.get("/staff/accounts").status_code == 403


def test_the_township_opens_an_account_once_and_the_colleague_can_sign_in(
    town: Desk, village: Village, database: RolledBackDatabase
) -> None:
    shown = town.see("/staff/accounts")
    assert "北塬村" in shown
    typed = NEW | {"place": "北塬村", "work_phone": "13900003344"}
    first = town.send(shown, "/staff/accounts", **typed)
    again = town.send(shown, "/staff/accounts", **typed)
    assert first.headers["location"] == again.headers["location"]
    html = town.follow(first)
    for word in ("账号开好了", "寇改琴", "kougaiqin", "北塬村", "13900003344"):
        assert word in html
    assert PASSWORD not in html
    with database.read() as session:
        user = session.query(User).filter_by(username="kougaiqin").one()
        assert user.password_hash is not None
        assert security.verify_password(PASSWORD, user.password_hash)
        assert session.query(RoleGrant).filter_by(user_id=user.id, region_code=OTHER_VILLAGE).count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"place": "没有的村"}, "您管的地方里没有"),
        ({"place": ""}, "要填管哪里"),
        ({"place": "北塬村", "password": "123"}, "密码最少 10 个字符"),
        ({"place": "北塬村", "username": "寇"}, "账号名用 3 到 40 个"),
        ({"place": "北塬村", "username": "lijuan"}, "已经有人用了"),
        ({"place": "610222102201"}, "您不能给出这个角色"),
        ({"place": "北塬村", "role": "county_officer"}, "先选做什么"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays_but_the_password(
    town: Desk, village: Village, typed: dict[str, str], said: str
) -> None:
    answer = town.send(town.see("/staff/accounts"), "/staff/accounts", **(NEW | typed))
    assert answer.status_code in (403, 409, 422)
    html = town.refused(answer, answer.status_code)
    assert said in html
    assert "寇改琴" in html
    assert PASSWORD not in html


def test_a_colleague_is_found_by_account_name_and_only_those_below(town: Desk, village: Village) -> None:
    answer = town.client.get("/staff/accounts?name=WangGuilan")
    assert answer.headers["location"] == f"/staff/accounts/{village.officer.user_id}"
    assert "没找到" in town.see("/staff/accounts?name=xian")
    assert "没找到" in town.see("/staff/accounts?name=leijuncang")
    assert town.client.get(f"/staff/accounts/{village.county.user_id}").status_code == 404


def test_a_role_is_given_and_taken_back_at_once(town: Desk, desk_of: Any, village: Village) -> None:
    officer = desk_of(village.officer)
    page = f"/staff/accounts/{village.officer.user_id}"
    html = town.follow(town.send(town.see(page), f"{page}/roles", role="village_officer", place="北塬村"))
    ends = re.findall(r'action="([^"]+/end)"', html)
    assert len(ends) == 2
    assert officer.client.get("/staff").status_code == 303  # a new role: sign in again
    for end in ends:
        answer = town.send(html, end)
        assert answer.status_code == 303
    assert answer.headers["location"] == "/staff/accounts?done=role_ended"


def test_a_password_is_reset(town: Desk, village: Village, database: RolledBackDatabase) -> None:
    page = f"/staff/accounts/{village.officer.user_id}"
    weak = town.refused(town.send(town.see(page), f"{page}/password", password="1111111111"), 422)
    assert "太好猜" in weak
    assert "新密码设好了" in town.follow(town.send(town.see(page), f"{page}/password", password=PASSWORD))
    with database.read() as session:
        user = session.get_one(User, village.officer.user_id)
        assert security.verify_password(PASSWORD, user.password_hash or "")


def test_a_village_is_handed_over_and_the_old_officer_may_look_only(
    town: Desk, desk_of: Any, village: Village
) -> None:
    page = f"/staff/accounts/{village.officer.user_id}"
    shown = town.see(page)
    refused = town.refused(town.send(shown, f"{page}/hand-over", village=VILLAGE, to="nobody"), 422)
    assert "没有这个账号" in refused
    html = town.follow(town.send(shown, f"{page}/hand-over", village=VILLAGE, to="lijuan", keep_reading="1"))
    assert "村交好了" in html
    assert "柳树塬村" in html
    assert "只能看，不能改" in town.see(page)
    old, new = desk_of(village.officer), desk_of(village.stranger)
    assert "添人" not in old.see(f"/staff/households/{village.household}")
    assert old.client.get(f"/staff/people/{village.wife}/edit").status_code == 403
    assert "添人" in new.see(f"/staff/households/{village.household}")
