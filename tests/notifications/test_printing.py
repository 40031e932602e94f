"""Call lists and letters: what stands on them, and what came of them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, NotFound
from app.core.tasks import TaskContext
from app.notifications import printing, tasks
from app.notifications.models import Message
from app.notifications.outbox import enqueue_message
from app.notifications.terms import Channel, MessageState
from app.web.languages import languages
from app.web.reader import Reader
from app.web.rendering import render
from tests.notifications.situations import PHONE, offer

READER = Reader(languages()["zh-Hans"])


def on_paper(session: Session, clock: FixedClock, cipher: FieldCipher, key: str, channel: Channel) -> int:
    recipient = PHONE if channel is Channel.CALL else "柳树塬村三组"
    return enqueue_message(
        session, clock, cipher, offer(channel=channel, recipient=recipient, recipient_key=key)
    )


def test_a_call_list(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    mine = on_paper(session, clock, cipher, "person:1", Channel.CALL)
    on_paper(session, clock, cipher, "person:2", Channel.CALL)
    on_paper(session, clock, cipher, "person:1", Channel.LETTER)
    listed = printing.call_list(session, clock, cipher, place="柳树塬村", keys=["person:1"])
    (line,) = listed.lines
    assert (line.message_id, line.name, line.phone) == (mine, "王师傅", PHONE)
    html = render("messages/call_list.html", READER, calls=listed)
    assert PHONE in html
    assert "耀州缝纫厂招缝纫工" in html
    assert "songgang.cn" not in html  # nobody can tap a sheet of paper
    printing.record_by_hand(session, clock, mine, reached=True)
    assert session.get_one(Message, mine).state is MessageState.DELIVERED
    with pytest.raises(Conflict):
        printing.record_by_hand(session, clock, mine, reached=False)
    with pytest.raises(NotFound):
        printing.record_by_hand(session, clock, mine, reached=False, may_touch=lambda _: False)
    empty = printing.call_list(session, clock, cipher, place="柳树塬村", keys=["person:1"])
    assert "今天没有要打的电话" in render("messages/call_list.html", READER, calls=empty)


def test_letters(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    on_paper(session, clock, cipher, "person:1", Channel.LETTER)
    written = printing.letters(
        session, clock, cipher, keys=["person:1"], office="柳树塬村委会", office_phone="0919-7654321"
    )
    html = render("messages/letter.html", READER, letters=written)
    assert "柳树塬村三组" in html
    assert "0919-7654321" in html
    assert "2026年11月22日" in html
    clock.move(timedelta(days=4))
    assert printing.letters(session, clock, cipher, keys=["person:1"], office="x", office_phone="y") == ()


def test_words_are_forgotten_after_half_a_year(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    mine = on_paper(session, clock, cipher, "person:1", Channel.CALL)
    waiting = on_paper(session, clock, cipher, "person:2", Channel.CALL)
    printing.record_by_hand(session, clock, mine, reached=True)
    session.flush()
    clock.move(timedelta(days=181))
    tasks.forget_what_is_over(TaskContext(session, clock), {})
    session.expire_all()
    assert session.get_one(Message, mine).parameters is None
    assert session.get_one(Message, waiting).parameters is not None
