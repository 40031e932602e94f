"""Writing for the portal: fill in, look, hand in; another publishes; plain words are offered."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.policies.plain_words import find_office_words
from tests.accounts.situations import COUNTY, TOWN, VILLAGE, staff_member
from tests.web.markup import markup_faults
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village

FILL = "/staff/guides/new?kind=policy&fill=transport-grant"


@pytest.fixture
def second(session: Session, clock: FixedClock, village: Village) -> Actor:
    return staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "dier")


def test_from_what_ships_to_the_county_s_own_sum(
    desk_of: Any, village: Village, second: Actor, client: TestClient
) -> None:
    writer: Desk = desk_of(village.county)
    assert "/staff/guides" in writer.see("/staff")
    assert "等着填" in writer.see("/staff/guides")
    shown = writer.see(FILL)
    for words in ("出省打工，补车票", "车票，或者工资条", 'name="fit-where" value="outside" checked'):
        assert words in shown
    typed = {"amount": "500 元，一年一回", "paid": "请耐心等待", "place": COUNTY}
    answer = writer.fill(FILL, slug="transport-grant", **typed)
    address = answer.headers["location"].partition("?")[0]
    page = writer.follow(answer)
    assert "请耐心等待" in page
    assert "写明等到哪天" in page
    preview = writer.see(f"{address}/preview")
    assert "<b>500</b> 元，一年一回" in preview
    writer.follow(writer.send(page, address, do="hand_in"))
    waiting = writer.see(address)
    assert "等县里的另一位同事" in waiting
    refused = writer.send(page, address, do="publish")
    assert "另一位同事" in writer.refused(refused, 403)
    reader: Desk = desk_of(second)
    reader.follow(reader.send(reader.see(address), address, do="publish"))
    phone = client.get(f"/policies/transport-grant?at={VILLAGE}")
    assert "<b>500</b> 元，一年一回" in phone.text
    assert markup_faults(phone.text) == []


def test_what_is_wrong_is_told_at_its_box(desk_of: Any, village: Village) -> None:
    desk: Desk = desk_of(village.county)
    typed = {"place": COUNTY, "title": "小丘镇招聘会", "slug": "fair"}
    for wrong, words in (
        ({"starts_on": "三号"}, "2026-12-03"),
        ({"starts_on": "2026-12-03", "ends_on": "2026-12-01"}, "后一个日子"),
        ({"slug": "招聘会"}, "小写英文字母"),
        ({"title": "会"}, "太短"),
    ):
        answer = desk.fill("/staff/guides/new?kind=fair", **(typed | wrong))
        assert words in desk.refused(answer, 422), wrong


def test_the_town_writes_and_the_village_does_not(desk_of: Any, village: Village) -> None:
    town: Desk = desk_of(village.township)
    answer = town.fill(
        "/staff/guides/new?kind=notice",
        slug="snow",
        title="下雪了，车停一天",
        body="明天没有班车。",
        place=TOWN,
    )
    page = town.follow(answer)
    assert "写好了，请同事看" in page
    assert "看过了，发布" not in page
    for path in ("/staff/guides", FILL):
        desk_of(village.officer).see(path, 403)
    desk_of(village.stranger).see("/staff/guides/1", 404)


def test_the_list_is_searched_and_answers_nothing_that_is_kept(client: TestClient) -> None:
    listed = client.get("/policies?q=車票")
    assert "出省打工，补车票" in listed.text
    assert "报工伤" not in listed.text
    assert "没找到" in client.get("/policies?q=飞机").text
    assert client.get("/policies/nothing").status_code == 404
    page = client.post("/policies/injury", data={"at_work": "yes", "since_injury": "month"})
    assert "都对上了" in page.text
    assert markup_faults(page.text) == []
    assert "这一条对不上" in client.post("/policies/injury", data={"at_work": "no"}).text
    assert "还说不准" in client.post("/policies/injury", data={}).text
    local = client.post(
        "/policies/transport-grant", data={"household": "yes", "where": "outside", "paid": "no"}
    )
    assert "先问一声" in local.text
    english = client.post("/policies/injury?lang=en", data={"at_work": "no"}).text
    assert "Injuries off work" in english
    assert find_office_words(listed.text) == []
