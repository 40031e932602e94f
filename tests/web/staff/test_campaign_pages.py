"""Campaigns in the console: made, counted, looked at, approved by another, run, paused, stopped, reported."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.notifications import campaign_life
from app.notifications.models import Message, MessageCampaign
from app.notifications.opt_outs import opt_out
from app.notifications.terms import CampaignState, MessageState
from app.referrals.mailing import planning
from tests.accounts.situations import COUNTY, OTHER_COUNTY, VILLAGE, staff_member
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.officer_scene import Scene
from tests.web.staff.village import Village

WORDS = {"what": "免费电工培训报名", "when": "11 月 28 日上午", "place": "村委会", "phone": "0919-1234567"}
FORM = "/staff/campaigns/new/notice_news"


@pytest.fixture
def scene(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, village: Village
) -> Iterator[Scene]:
    with database.write() as session:
        yield Scene(session, cipher, clock, village)
        session.flush()


def make(desk: Desk, do: str = "make", region: str = VILLAGE, path: str = FORM, **typed: object):  # type: ignore[no-untyped-def]
    shown = desk.see(path)
    return desk.send(shown, path.partition("?")[0], **(WORDS | {"region": region, "do": do} | typed))


def the_campaign(scene: Scene) -> MessageCampaign:
    scene.session.expire_all()
    return scene.session.scalars(select(MessageCampaign).order_by(MessageCampaign.id.desc())).first()  # type: ignore[return-value]


def test_from_the_form_to_the_first_message(desk: Desk, scene: Scene) -> None:
    for _ in range(3):
        scene.neighbour()
    scene.neighbour(phone=None, name="没电话的人")
    opt_out(scene.session, scene.clock, scene.cipher, "13900000003")
    scene.session.flush()
    assert "/staff/campaigns" in desk.see("/staff")
    assert 'href="/staff/campaigns/new/notice_news"' in desk.see("/staff/campaigns")
    counted = desk.refused(make(desk, "count", statuses="seeking"), 200)
    assert "5 个人合这些条件" in counted, "three, one without a phone, and the village's own 赵改霞"
    assert "1 人没有，要打电话" in counted
    assert "0.2 元" in counted, "four messages of five fen"
    assert "【送岗】王师傅您好" in counted
    assert scene.session.scalar(select(MessageCampaign.id)) is None, "counting makes nothing"
    draft = desk.follow(make(desk, statuses="seeking"))
    for words in (
        "拟好了，还没发",
        "免费电工培训报名",
        "退订了",
        "没有手机号",
        "开始发给 3 人",
        "0.15 元",
        "回T退订",
    ):
        assert words in draft, words
    campaign = the_campaign(scene)
    assert (campaign.people, campaign.state) == (3, CampaignState.DRAFT)
    skipped = desk.see(f"/staff/campaigns/{campaign.id}/skipped?reason=no_phone")
    assert "没电话的人" in skipped
    started = desk.follow(desk.send(draft, f"/staff/campaigns/{campaign.id}/start"))
    assert "还没发" in started
    assert desk.client.get(f"/staff/campaigns/{campaign.id}").headers["refresh"] == "5"
    paused = desk.follow(desk.send(started, f"/staff/campaigns/{campaign.id}/pause"))
    assert "接着发" in paused
    running = desk.follow(desk.send(paused, f"/staff/campaigns/{campaign.id}/resume"))
    stopped = desk.follow(desk.send(running, f"/staff/campaigns/{campaign.id}/stop"))
    assert "不发了" in stopped
    assert "refresh" not in desk.client.get(f"/staff/campaigns/{campaign.id}").headers
    assert the_campaign(scene).state is CampaignState.STOPPED


def test_a_double_tap_makes_one(desk: Desk, scene: Scene) -> None:
    scene.neighbour()
    shown = desk.see(FORM)
    typed = WORDS | {"region": VILLAGE, "do": "make"}
    first, second = (desk.send(shown, FORM, **typed) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(scene.session.scalars(select(MessageCampaign.id)).all()) == 1


def test_what_is_wrong_is_said_at_its_field(desk: Desk, scene: Scene) -> None:
    scene.neighbour()
    wrong = desk.refused(make(desk, place="", phone="不知道", what="很长" * 20), 422)
    for words in ("这一项要填", "填一个能打通的电话", "最多 35 个字"):
        assert words in wrong, words
    assert "很长很长" in wrong, "what was typed stays"
    nobody = desk.refused(make(desk, skills="开飞机"), 422)
    assert "没有一个人有手机号" in nobody


def test_too_many_for_a_village_is_refused_before_anything_is_written(desk: Desk, scene: Scene) -> None:
    for _ in range(51):
        scene.neighbour()
    for do in ("count", "make"):
        assert "一次最多发给 50 人" in desk.refused(make(desk, do), 422)
    assert scene.session.scalar(select(MessageCampaign.id)) is None


def test_a_place_that_is_not_one_s_own_is_never_written_to(desk: Desk, scene: Scene) -> None:
    scene.neighbour()
    desk.follow(make(desk, region=OTHER_COUNTY))
    assert the_campaign(scene).region_code == VILLAGE


def test_a_posting_is_sent_to_many(desk: Desk, scene: Scene) -> None:
    job = scene.posting()
    scene.neighbour()
    assert f"/staff/campaigns/new/posting_news?job={job.id}" in desk.see(f"/staff/jobs/{job.id}/push")
    shown = desk.follow(make(desk, path=f"/staff/campaigns/new/posting_news?job={job.id}"))
    assert "平车工" in shown
    assert f"/jobs/{job.id}" in shown
    rows = scene.session.execute(select(Message.subject_kind, Message.subject_id))
    assert {(row.subject_kind, row.subject_id) for row in rows} == {("job", job.id)}
    desk.see("/staff/campaigns/new/posting_news?job=999999", 404)
    desk.see("/staff/campaigns/new/no_such_kind", 404)


def test_a_large_one_waits_for_another_colleague(
    desk_of: object, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The county's limit is a thousand; here it is two."""
    limits = planning.Limits(second_person_above=2)
    monkeypatch.setattr(planning, "may_send_in", lambda *_: limits)
    for _ in range(3):
        scene.neighbour()
    county = scene.village.county
    other = staff_member(scene.session, scene.clock, Role.COUNTY_OFFICER, COUNTY, "colleague")
    far = staff_member(scene.session, scene.clock, Role.COUNTY_OFFICER, OTHER_COUNTY, "far")
    mine, theirs, strange = (desk_of(actor) for actor in (county, other, far))  # type: ignore[operator]
    draft = mine.follow(make(mine, region=COUNTY))
    campaign = the_campaign(scene)
    address = f"/staff/campaigns/{campaign.id}"
    assert "另一位县里的同事点头" in draft
    assert "开始发给" not in draft
    assert mine.send(draft, f"{address}/approve").status_code == 403
    assert mine.send(draft, f"{address}/start").status_code == 403
    strange.see(address, 404)
    assert "1 次等您点头" in theirs.see("/staff")
    assert "等您点头" not in mine.see("/staff/campaigns")
    assert "等您点头" in theirs.see("/staff/campaigns")
    seen = theirs.see(address)
    theirs.follow(theirs.send(seen, f"{address}/approve"))
    assert "群发消息：" not in theirs.see("/staff")
    mine.follow(mine.send(mine.see(address), f"{address}/start"))
    assert the_campaign(scene).state is CampaignState.RUNNING


def test_while_people_are_picked_the_page_asks_again(
    desk: Desk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 2)
    for _ in range(3):
        scene.neighbour()
    answer = make(desk)
    shown = desk.follow(answer)
    assert "正在排人" in shown
    assert desk.client.get(answer.headers["location"]).headers["refresh"] == "5"
    assert "开始发给" not in shown


def test_the_report_has_numbers_and_nobody_s_name(desk: Desk, scene: Scene) -> None:
    people = [scene.neighbour() for _ in range(4)]
    desk.follow(make(desk, statuses="seeking"))
    campaign = the_campaign(scene)
    campaign_life.start_campaign(scene.session, scene.clock, scene.cipher, scene.village.officer, campaign.id)
    states = (MessageState.DELIVERED, MessageState.FAILED, MessageState.UNKNOWN, MessageState.ACCEPTED)
    scene.clock.move(timedelta(minutes=1))
    messages = scene.session.scalars(select(Message).order_by(Message.id)).all()
    for message, state in zip(messages, states, strict=False):
        message.state, message.provider = state, "console"
        message.called_at = message.settled_at = scene.clock.now()
    scene.session.flush()
    scene.clock.move(timedelta(minutes=1))
    opt_out(scene.session, scene.clock, scene.cipher, "13900000001")
    shown = desk.see(f"/staff/campaigns/{campaign.id}")
    for words in ("送到了", "没送到", "1 条说不清送没送到", "交给运营商了"):
        assert words in shown, words
    xlsx = desk.client.get(f"/staff/campaigns/{campaign.id}/report.xlsx")
    csv = desk.client.get(f"/staff/campaigns/{campaign.id}/report.csv").text
    assert xlsx.status_code == 200
    assert xlsx.content[:2] == b"PK"
    assert re.search(r"^合计,5,1,1,1,1,0,1", csv, re.MULTILINE), csv
    assert "柳树塬村,5,1,1,1,1,0,1" in csv
    for person in people:
        assert person.name not in csv
    assert not re.search(r"1[3-9]\d{9}", csv)
    desk.follow(desk.send(shown, f"/staff/campaigns/{campaign.id}/doubts", sent="yes"))
    scene.session.expire_all()
    assert scene.session.get_one(Message, messages[2].id).state is MessageState.ACCEPTED


def test_who_may_not_send_finds_no_form(desk_of: object, scene: Scene) -> None:
    broker = staff_member(scene.session, scene.clock, Role.BROKER, COUNTY, "broker")
    scene.session.flush()
    desk = desk_of(broker)  # type: ignore[operator]
    desk.see("/staff/campaigns", 403)
    desk.see(FORM, 403)
    assert "/staff/campaigns" not in desk.see("/staff")
