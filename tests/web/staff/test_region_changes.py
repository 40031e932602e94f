"""The pages of region changes: one colleague prepares, another approves, ticking whose role is widened."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

import app.tasks  # noqa: F401 - whoever holds region codes is registered there
from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.tasks import TaskRunner
from app.regions import gazetteer
from app.regions.gazetteer import Amendments
from app.seekers.models import Household
from tests.databases import RolledBackDatabase
from tests.regions.situations import A, B, World, settle
from tests.web.staff.conftest import Desk
from tests.web.staff.village import open_session


@pytest.fixture(autouse=True)
def forget_amendments() -> Iterator[None]:
    yield
    gazetteer.amend(Amendments(0))


@pytest.fixture
def home(database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher) -> dict[str, Any]:
    """Ids: a household of each village, and the colleagues."""
    with database.write() as session:
        world = settle(session, clock, cipher)
        homes = {"a": world.people_in(A).id, "b": world.people_in(B).id}
        return homes | {"staff": world.staff, "tick": world.grant_id("villageb", B)}


@pytest.fixture
def sit(database: RolledBackDatabase, clock: FixedClock, client: TestClient, home: dict[str, Any]) -> Any:
    def sit_down(name: str) -> Desk:
        fresh = TestClient(client.app, base_url="http://testserver", follow_redirects=False)
        with database.write() as session:
            actor = Actor(home["staff"][name], name, (Grant(Role.COUNTY_OFFICER, "610204"),))
            fresh.cookies.set("songgang_session", open_session(session, clock, actor))
        return Desk(fresh)

    return sit_down


PREVIEW = f"/staff/regions/preview?kind=merge&old={A}&new={B}&name=联合村&reason=耀政发12号"


def test_prepared_by_one_approved_by_another(
    sit: Any, home: dict[str, Any], database: RolledBackDatabase, clock: FixedClock
) -> None:
    first, second = sit("county1"), sit("county2")
    assert 'href="/staff/regions"' in first.see("/staff/accounts")
    shown = first.see(PREVIEW)
    assert "户 1" in shown
    assert "人 2" in shown
    assert "2 位同事会看到更多人" in shown
    assert "照样能用" in shown
    answer = first.send(shown, "/staff/regions")
    own = first.follow(answer)
    assert "自己拟的自己不能批" in own
    assert "批准</button>" not in own
    path = answer.headers["location"].split("?")[0]
    first.refused(first.send(own, f"{path}/approve"), 403)
    page = second.see(path)
    assert f'name=widen value="{home["tick"]}"' in page
    done = second.follow(second.send(page, f"{path}/approve", widen=[home["tick"]]))
    assert "批好了" in done
    assert TaskRunner(database, clock).run_due() >= 1
    with database.read() as session:
        assert session.get_one(Household, home["a"]).region_code == B
        world = World(session, clock, None, home["staff"])  # type: ignore[arg-type]
        assert world.grants("villageb") == [("village_officer", B)]
        assert world.grants("villagea") == []
    applied = second.see(path)
    assert "撤销这次变更" in applied
    undone = second.follow(second.send(applied, f"{path}/undo", reason="办错了"))
    assert "撤销了" in undone
    with database.read() as session:
        assert session.get_one(Household, home["a"]).region_code == A
    assert "柳树塬村并入北塬村" in first.see("/staff/regions")


def test_what_is_wrong_is_said_on_the_form(sit: Any) -> None:
    desk = sit("county1")
    shown = desk.refused(desk.client.get(f"/staff/regions/preview?kind=merge&old={A}&new={A}"), 422)
    assert "不能并入自己" in shown
    assert f'value="{A}"' in shown
    shown = desk.refused(desk.client.get("/staff/regions/preview?kind=merge&old=没有的村&new=北塬村"), 422)
    assert "没找到" in shown
    by_name = desk.see("/staff/regions/preview?kind=merge&old=柳树塬村&new=北塬村&reason=耀政发12号")
    assert "柳树塬村并入北塬村" in by_name


def test_giving_up_and_who_may_not_look(sit: Any, home: dict[str, Any]) -> None:
    desk = sit("county1")
    answer = desk.send(desk.see(PREVIEW), "/staff/regions")
    path = answer.headers["location"].split("?")[0]
    assert "不办了，什么都没有改" in desk.follow(desk.send(desk.see(path), f"{path}/drop"))
    for name in ("town", "villagea"):
        other = sit(name)
        assert other.client.get("/staff/regions").status_code == 403
        assert other.client.get(path).status_code == 404
        assert "/staff/regions" not in other.client.get("/staff/accounts").text
