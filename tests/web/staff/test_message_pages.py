"""Messages that need a person, calls and opt-outs in the console, and the preview of a push."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.notifications.models import Message
from app.notifications.opt_outs import has_opted_out, opt_out
from app.notifications.outbox import NewMessage, enqueue_message
from app.notifications.stuck import BUDGET
from app.notifications.terms import MessageState, OptOutScope, Purpose
from app.notifications.wording import templates
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.officer_scene import Scene
from tests.web.staff.village import Village

WORDS = dict(templates()["arrived"].example)
NUMBER = "13900000001"


@pytest.fixture
def scene(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, village: Village
) -> Iterator[Scene]:
    with database.write() as session:
        yield Scene(session, cipher, clock, village)
        session.flush()


def message_to(scene: Scene, person_id: int, state: MessageState, **changes: object) -> Message:
    new = NewMessage("arrived", WORDS, NUMBER, recipient_key=f"person:{person_id}")
    found = scene.session.get_one(Message, enqueue_message(scene.session, scene.clock, scene.cipher, new))
    found.state, found.provider = state, "x"
    found.settled_at = found.called_at = scene.clock.now()
    for name, value in changes.items():
        setattr(found, name, value)
    scene.session.flush()
    return found


def test_from_today_s_list_to_a_call(desk: Desk, desk_of: object, scene: Scene) -> None:
    person = scene.neighbour()
    assert "/staff/messages" not in desk.see("/staff/today"), "nothing to say, nothing shown"
    unknown = message_to(scene, person.id, MessageState.UNKNOWN)
    failed = message_to(scene, person.id, MessageState.FAILED)
    message_to(scene, person.id, MessageState.WAITING, outcome_code=BUDGET)
    assert "2 条消息没送到" in desk.see("/staff/today")
    assert "2 条消息没送到" in desk.see("/staff")
    page = desk.see("/staff/messages")
    for words in (person.name, "说不清收到没有", "号码可能停机", WORDS["firm"], "短信钱用完了，1 条"):
        assert words in page, words
    desk.follow(desk.send(page, f"/staff/messages/{unknown.id}", decision="counts_as_sent"))
    page = desk.follow(desk.send(page, f"/staff/messages/{failed.id}", decision="call_instead"))
    assert "消息都送到了" in page
    assert "要打 1 个电话" in desk.see("/staff/today")
    calls = desk.see("/staff/calls")
    assert person.name in calls
    assert 'href="tel:13900000001"' in calls
    call_id = scene.session.scalars(select(Message.id).order_by(Message.id.desc())).first()
    stranger = desk_of(scene.village.stranger)  # type: ignore[operator]
    assert person.name not in stranger.see("/staff/calls")
    strange = stranger.send(stranger.see("/staff/optouts"), f"/staff/calls/{call_id}", reached="yes")
    assert strange.status_code == 404
    desk.follow(desk.send(calls, f"/staff/calls/{call_id}", reached="yes"))
    assert "都说到了" in desk.see("/staff/calls")


def test_the_reader_s_own_link_is_not_shown(desk: Desk, scene: Scene) -> None:
    words = dict(templates()["job_offer"].example) | {"link": "songgang.cn/a/12-k3x9abcd"}
    new = NewMessage("job_offer", words, NUMBER, recipient_key=f"person:{scene.neighbour().id}")
    found = scene.session.get_one(Message, enqueue_message(scene.session, scene.clock, scene.cipher, new))
    found.state, found.settled_at = MessageState.FAILED, scene.clock.now()
    scene.session.flush()
    page = desk.see("/staff/messages")
    assert "songgang.cn/a/……" in page
    assert "k3x9abcd" not in page


def test_somebody_calls_and_wants_no_more(desk: Desk, scene: Scene) -> None:
    person = scene.neighbour(phone=NUMBER)
    page = desk.see("/staff/optouts")
    found = desk.refused(desk.send(page, "/staff/optouts", phone="139 0000 0001"), 200)
    assert person.name in found
    assert "都收" in found
    assert "谁说的" in desk.refused(
        desk.send(found, "/staff/optouts/choice", phone=NUMBER, choice="own", told_by=" "), 422
    )
    desk.follow(desk.send(found, "/staff/optouts/choice", phone=NUMBER, choice="own", told_by="本人来电话"))
    assert has_opted_out(scene.session, scene.cipher, NUMBER, Purpose.CAMPAIGN)
    found = desk.refused(desk.send(page, "/staff/optouts", phone=NUMBER), 200)
    assert "群发不收" in found
    desk.follow(desk.send(found, "/staff/optouts/choice", phone=NUMBER, choice="all", told_by="本人来电话"))
    assert not has_opted_out(scene.session, scene.cipher, NUMBER, Purpose.CAMPAIGN)
    desk.refused(desk.send(page, "/staff/optouts", phone="123"), 422)
    opt_out(scene.session, scene.clock, scene.cipher, "13811112222")
    scene.session.flush()
    foreign = desk.send(page, "/staff/optouts/choice", phone="13811112222", choice="all", told_by="有人")
    assert "不能替他恢复" in desk.refused(foreign, 409)


def test_a_look_before_the_push(desk: Desk, scene: Scene) -> None:
    job = scene.posting()
    reached, silent, tired = scene.neighbour(), scene.neighbour(phone=None), scene.neighbour()
    opt_out(scene.session, scene.clock, scene.cipher, "13900000003", OptOutScope.EVERYTHING)
    scene.session.flush()
    address = f"/staff/jobs/{job.id}/push"
    ids = [str(person.id) for person in (reached, silent, tired)]
    seen = desk.refused(desk.send(desk.see(address), address, person=ids, look="1"), 200)
    for words in (
        "一共 2 条短信",
        "0.1 元",
        "87 个字算 2 条",
        "发短信",
        "放到要打的电话里",
        "退订了短信",
        "【送岗】",
        "/a/……",
    ):
        assert words in seen, words
    assert scene.session.scalar(select(Message.id)) is None, "looking sends nothing"
    sent = desk.follow(desk.send(seen, address, person=ids, looked="1"))
    assert "送给了 3 个人" in sent
