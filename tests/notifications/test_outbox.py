"""Writing into the outbox: with its cause, once, sealed; and taking out what is no longer wanted."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.notifications import opt_outs, outbox, queries, showing
from app.notifications.models import Message, MessageOptOut
from app.notifications.outbox import enqueue_message
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.terms import Channel, DropReason, MessageState, OptOutScope, Purpose
from tests.notifications.situations import OFFER, PHONE, offer


def test_a_message_is_sealed_and_waits(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    message_id = enqueue_message(session, clock, cipher, offer(subject_kind="referral", subject_id=7))
    message = session.get_one(Message, message_id)
    assert (message.state, message.purpose, message.tries) == (MessageState.WAITING, Purpose.SERVICE, 0)
    assert open_recipient(message, cipher) == PHONE
    assert open_parameters(message, cipher) == OFFER
    row = repr(session.execute(select(Message.__table__)).one())
    assert PHONE not in row
    assert "王师傅" not in row
    (listed,) = queries.list_messages_of(session, "referral", 7)
    shown = showing.show_message(listed, cipher)
    assert (shown.tail, shown.title) == ("8000", "推荐一个活")
    assert "耀州缝纫厂" in shown.text


def test_the_same_key_is_one_message(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    first = enqueue_message(session, clock, cipher, offer(dedupe_key="referral:7:offer"))
    assert enqueue_message(session, clock, cipher, offer(dedupe_key="referral:7:offer")) == first
    assert enqueue_message(session, clock, cipher, offer(dedupe_key="referral:8:offer")) != first
    assert enqueue_message(session, clock, cipher, offer()) != enqueue_message(
        session, clock, cipher, offer()
    )
    assert session.scalar(select(func.count()).select_from(Message)) == 4


def test_the_same_key_at_the_same_moment_is_one_message(
    own_database: Database, clock: FixedClock, cipher: FieldCipher
) -> None:
    start, ids = threading.Barrier(4), []

    def enqueue() -> None:
        start.wait()
        with own_database.write() as session:
            ids.append(enqueue_message(session, clock, cipher, offer(dedupe_key="once")))

    threads = [threading.Thread(target=enqueue) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_rolled_back_with_its_cause(own_database: Database, clock: FixedClock, cipher: FieldCipher) -> None:
    def work() -> None:
        with own_database.write() as session:
            enqueue_message(session, clock, cipher, offer())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    with own_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_what_nobody_can_send_is_refused(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    for wrong in (
        offer(recipient="0919-1234567"),
        offer(recipient=""),
        offer(channel=Channel.WECHAT, recipient=" "),
        offer(parameters={"name": "王"}),
    ):
        with pytest.raises(Invalid):
            enqueue_message(session, clock, cipher, wrong)
    with pytest.raises(Conflict):
        enqueue_message(session, clock, cipher, offer(template_code="sign_in_code", parameters={"code": "1"}))


def test_due_in_the_night_means_in_the_morning(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    clock.move(timedelta(hours=13))  # 22:00 in Beijing
    message = session.get_one(Message, enqueue_message(session, clock, cipher, offer()))
    assert message.due_at == clock.now() + timedelta(hours=10)
    # A paper list is printed whenever somebody prints it.
    on_paper = offer(channel=Channel.CALL)
    assert session.get_one(Message, enqueue_message(session, clock, cipher, on_paper)).due_at == clock.now()


def test_settled_matters_are_muted(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    about = {"subject_kind": "referral", "subject_id": 7}
    first, second = (enqueue_message(session, clock, cipher, offer(**about)) for _ in range(2))
    other = enqueue_message(session, clock, cipher, offer(subject_kind="referral", subject_id=8))
    session.get_one(Message, first).state = MessageState.ACCEPTED
    session.flush()
    assert outbox.mute_subject(session, clock, "referral", 7) == 1
    session.expire_all()
    assert session.get_one(Message, second).drop_reason is DropReason.SETTLED
    assert session.get_one(Message, first).state is MessageState.ACCEPTED
    assert session.get_one(Message, other).state is MessageState.WAITING


def test_a_forgotten_reader_leaves_no_words(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    mine = enqueue_message(session, clock, cipher, offer(recipient_key="person:1"))
    other = enqueue_message(session, clock, cipher, offer(recipient="13900000000", recipient_key="person:2"))
    assert outbox.forget_recipient(session, clock, cipher, recipient_key="person:1") == 1
    session.expire_all()
    gone = session.get_one(Message, mine)
    assert (gone.recipient, gone.parameters, gone.recipient_index) == (None, None, None)
    assert gone.drop_reason is DropReason.FORGOTTEN
    assert showing.show_message(gone, cipher).text == ""
    assert outbox.forget_recipient(session, clock, cipher, recipient="13900000000") == 1
    session.expire_all()
    assert session.get_one(Message, other).recipient is None


def test_nothing_is_sent_again_after_a_restore(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    waiting = enqueue_message(session, clock, cipher, offer())
    assert outbox.hold_after_restore(session, clock) == 1
    session.expire_all()
    assert session.get_one(Message, waiting).drop_reason is DropReason.RESTORED


def test_a_person_settles_what_nobody_knows(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    ids = [enqueue_message(session, clock, cipher, offer()) for _ in range(2)]
    for message_id in ids:
        message = session.get_one(Message, message_id)
        message.state, message.provider, message.called_at = MessageState.UNKNOWN, "aliyun", clock.now()
    session.flush()
    assert len(queries.list_unknown(session)) == 2
    outbox.settle_unknown(session, clock, ids[0], was_sent=True)
    outbox.settle_unknown(session, clock, ids[1], was_sent=False)
    assert session.get_one(Message, ids[0]).state is MessageState.ACCEPTED
    assert session.get_one(Message, ids[1]).state is MessageState.WAITING
    with pytest.raises(Conflict):
        outbox.settle_unknown(session, clock, ids[0], was_sent=True)
    with pytest.raises(NotFound):
        outbox.settle_unknown(session, clock, 10**9, was_sent=True)


def test_opting_out(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    def refuses(purpose: Purpose) -> bool:
        return opt_outs.has_opted_out(session, cipher, PHONE, purpose)

    assert not refuses(Purpose.CAMPAIGN)
    opt_outs.opt_out(session, clock, cipher, PHONE)
    opt_outs.opt_out(session, clock, cipher, PHONE)
    assert refuses(Purpose.CAMPAIGN)
    assert not refuses(Purpose.SERVICE)
    opt_outs.opt_out(session, clock, cipher, PHONE, OptOutScope.EVERYTHING)
    opt_outs.opt_out(session, clock, cipher, PHONE, OptOutScope.CAMPAIGNS)
    assert refuses(Purpose.SERVICE)
    assert not refuses(Purpose.CODE)
    assert PHONE not in repr(session.execute(select(MessageOptOut.__table__)).one())
    opt_outs.opt_in(session, cipher, PHONE)
    assert not refuses(Purpose.CAMPAIGN)


@pytest.mark.parametrize(
    ("text", "means_no"),
    [
        ("T", True),
        (" t ", True),
        ("TD", True),
        ("退订", True),
        ("回T", True),
        ("不要再发了", True),
        ("好的谢谢", False),
        ("今天", False),
        ("Tom", False),
        ("愿意去", False),
    ],
)
def test_what_readers_answer(text: str, *, means_no: bool) -> None:
    assert opt_outs.is_opt_out_reply(text) is means_no


def test_the_database_itself_refuses_nonsense(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    message = session.get_one(Message, enqueue_message(session, clock, cipher, offer()))
    for state in (MessageState.CALLING, MessageState.DROPPED):
        with pytest.raises(IntegrityError), session.begin_nested():
            message.state = state
            session.flush()
        session.expire_all()
