"""The worker against a provider that misbehaves: accepted once, never lost, or shown to a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.notifications import health
from app.notifications.carriers import Carriers
from app.notifications.claiming import Claimed, claim_next
from app.notifications.models import Message, MessageSpending
from app.notifications.outbox import enqueue_message
from app.notifications.providers.base import Outcome, Verdict
from app.notifications.recording import record_outcome
from app.notifications.rules import MAX_ASKS, MAX_TRIES
from app.notifications.terms import Channel, MessageState
from app.notifications.wording import preview_message
from app.notifications.worker import OutboxWorker
from tests.databases import RolledBackDatabase
from tests.notifications.fake_provider import Behaviour, FakeProvider
from tests.notifications.situations import OFFER, aliyun_at, look, offer, phone_of, wait_for, wechat_at

B = Behaviour
S = MessageState
HOUR = timedelta(hours=1)


def settle(worker: OutboxWorker, clock: FixedClock, steps: int = 40) -> None:
    """Lets time pass, half a minute a step, and the worker work; stays in the day."""
    for _ in range(steps):
        worker.run_due()
        clock.move(timedelta(seconds=30))


def test_sent_and_accepted(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    message_id = wait_for(database, clock, cipher)
    assert worker.run_due() == 1
    message = look(database, message_id)
    assert (message.state, message.provider, message.tries) == (S.ACCEPTED, "aliyun", 1)
    expected = preview_message("job_offer", OFFER)
    assert (message.parts, message.cost_fen) == (expected.parts, expected.cost_fen)
    (entry,) = fake.books.accepted
    assert entry.reference == message.reference
    assert message.provider_id == entry.provider_id
    assert worker.run_due() == 0


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_whatever_the_first_call_meets_it_is_accepted_once(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    fake: FakeProvider,
    behaviour: Behaviour,
) -> None:
    """With the one provider that can be asked: sent at last and never twice, or refused for good."""
    worker = OutboxWorker(database, clock, cipher, Carriers((aliyun_at(fake.url),)))
    message_id = wait_for(database, clock, cipher)
    fake.behaviours.append(behaviour)
    settle(worker, clock)
    state = look(database, message_id).state
    if behaviour is B.BAD_NUMBER:
        assert (state, len(fake.books.accepted)) == (S.FAILED, 0)
    else:
        assert state in (S.ACCEPTED, S.DELIVERED)
        assert list(fake.books.times_accepted().values()) == [1]


def test_asked_before_anything_is_sent_again(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, fake: FakeProvider
) -> None:
    worker = OutboxWorker(database, clock, cipher, Carriers((aliyun_at(fake.url),)))
    fake.behaviours.append(B.RESET_BEFORE_ACCEPT)
    message_id = wait_for(database, clock, cipher)
    worker.run_due()
    assert look(database, message_id).state is S.CALLING
    # "Not in our books" proves nothing for ten minutes: asked again and again, not sent.
    settle(worker, clock, steps=18)
    assert fake.books.asked >= 2
    assert fake.books.calls == 1
    settle(worker, clock, steps=12)
    message = look(database, message_id)
    assert (message.state, message.tries) == (S.ACCEPTED, 2)
    assert list(fake.books.times_accepted().values()) == [1]


def test_a_provider_that_does_not_answer_leaves_it_to_a_person(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    fake.behaviours.append(B.RESET_AFTER_ACCEPT)
    fake.deaf = True
    message_id = wait_for(database, clock, cipher)
    settle(worker, clock, steps=110)
    message = look(database, message_id)
    assert (message.state, message.asks, message.tries) == (S.UNKNOWN, MAX_ASKS, 1)
    assert len(fake.books.accepted) == 1


def test_tencent_s_silence_proves_nothing(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    carriers: Carriers,
    second_fake: FakeProvider,
) -> None:
    only = Carriers((carriers.by_name["tencent"],))
    worker = OutboxWorker(database, clock, cipher, only)
    second_fake.behaviours += [B.RESET_BEFORE_ACCEPT, B.RESET_AFTER_ACCEPT]
    lost, taken = (wait_for(database, clock, cipher, offer(recipient=phone_of(n))) for n in (1, 2))
    settle(worker, clock, steps=110)
    assert look(database, lost).state is S.UNKNOWN
    assert look(database, taken).state is S.DELIVERED
    assert second_fake.books.calls == 2


def test_one_that_cannot_be_asked_is_unknown_at_once(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, fake: FakeProvider
) -> None:
    worker = OutboxWorker(database, clock, cipher, Carriers((wechat_at(fake.url),)))
    fake.behaviours.append(B.TIMEOUT_AFTER_ACCEPT)
    message_id = wait_for(database, clock, cipher, offer(channel=Channel.WECHAT, recipient="openid-1"))
    worker.run_due()
    assert look(database, message_id).state is S.UNKNOWN
    settle(worker, clock)
    assert len(fake.books.accepted) == 1


def test_after_so_many_tries_it_has_failed(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, fake: FakeProvider
) -> None:
    worker = OutboxWorker(database, clock, cipher, Carriers((aliyun_at(fake.url),)))
    fake.usual = lambda _: B.THROTTLED
    message_id = wait_for(database, clock, cipher)
    settle(worker, clock, steps=300)
    message = look(database, message_id)
    assert (message.state, message.tries, message.outcome_code) == (S.FAILED, MAX_TRIES, "Throttling.User")
    with database.read() as session:
        assert session.scalars(select(MessageSpending.cost_fen)).one() == 0


def test_the_second_provider_takes_over_and_the_first_comes_back(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
    second_fake: FakeProvider,
) -> None:
    fake.usual = lambda _: B.OUT_OF_MONEY
    for number in range(10):
        wait_for(database, clock, cipher, offer(recipient=phone_of(number)))
    settle(worker, clock, steps=3)
    assert fake.books.calls == health.FAILURES  # then it is left alone
    assert len(second_fake.books.accepted) == 10
    fake.usual = lambda _: B.OK
    clock.move(health.FIRST_PAUSE)
    for number in range(10, 13):
        wait_for(database, clock, cipher, offer(recipient=phone_of(number)))
    settle(worker, clock, steps=1)
    assert len(fake.books.accepted) == 3
    with database.read() as session:
        assert [h.open_until for h in health.list_health(session) if h.provider == "aliyun"] == [None]


def test_a_provider_on_trial_gets_one_message(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher
) -> None:
    with database.write() as session:
        for _ in range(health.FAILURES):
            health.record_call(session, "aliyun", went_well=False, now=clock.now())
        assert health.first_well(session, ["aliyun", "tencent"], clock.now()) == "tencent"
        assert health.first_well(session, ["aliyun"], clock.now()) is None
        clock.move(health.FIRST_PAUSE)
        assert health.first_well(session, ["aliyun", "tencent"], clock.now()) == "aliyun"
        assert health.first_well(session, ["aliyun", "tencent"], clock.now()) == "tencent"
        health.record_call(session, "aliyun", went_well=False, now=clock.now())
        clock.move(health.FIRST_PAUSE)  # the second pause is longer
        assert health.first_well(session, ["aliyun"], clock.now()) is None


def test_a_killed_worker_s_call_is_asked_about(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    carriers: Carriers,
    worker: OutboxWorker,
    fake: FakeProvider,
    second_fake: FakeProvider,
) -> None:
    before, after = (wait_for(database, clock, cipher, offer(recipient=phone_of(n))) for n in (1, 2))
    with database.write() as session:
        claimed = [claim_next(session, clock.now(), cipher, carriers) for _ in range(2)]
    # The first died before its call, the second right after it.
    claimed[1].provider.send(claimed[1].outgoing, clock.now())  # type: ignore[union-attr]
    assert worker.run_due() == 0  # theirs for a while
    settle(worker, clock, steps=30)
    assert look(database, before).state is S.ACCEPTED
    assert look(database, after).state is S.DELIVERED
    both = fake.books.times_accepted() + second_fake.books.times_accepted()
    assert sorted(both.values()) == [1, 1]


def test_who_overslept_does_not_call(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    carriers: Carriers,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    message_id = wait_for(database, clock, cipher)
    with database.write() as session:
        claimed = claim_next(session, clock.now(), cipher, carriers)
    clock.move(carriers.lease)
    worker._send(claimed)  # type: ignore[arg-type]
    assert fake.books.calls == 0
    assert look(database, message_id).state is S.WAITING


def test_a_late_result_of_an_earlier_try_does_not_undo_the_present_one(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, carriers: Carriers
) -> None:
    message_id = wait_for(database, clock, cipher)

    def claim() -> Claimed:
        with database.write() as session:
            claimed = claim_next(session, clock.now(), cipher, carriers)
        assert isinstance(claimed, Claimed)
        return claimed

    def record(claimed: Claimed, verdict: Verdict) -> None:
        with database.write() as session:
            record_outcome(session, claimed, Outcome(verdict, "id-1"), clock.now())

    first = claim()
    record(first, Verdict.BUSY)
    clock.move(timedelta(minutes=1))
    second = claim()
    record(first, Verdict.BUSY)
    record(first, Verdict.REFUSED)
    assert look(database, message_id).state is S.CALLING
    # But that the first was accepted after all is true whenever it is learned.
    record(first, Verdict.ACCEPTED)
    record(second, Verdict.BUSY)
    assert look(database, message_id).state is S.ACCEPTED


def test_no_call_is_made_while_a_transaction_is_open(
    own_database: Database, clock: FixedClock, cipher: FieldCipher, carriers: Carriers, fake: FakeProvider
) -> None:
    """During the call another connection writes: on SQLite it could not if ours held the lock."""
    with own_database.write() as session:
        first = enqueue_message(session, clock, cipher, offer())
    provider = carriers.by_name["aliyun"]
    seen: list[MessageState] = []

    def spying(number: int) -> Behaviour:
        with own_database.write() as session:
            seen.append(session.get_one(Message, first).state)
            enqueue_message(session, clock, cipher, offer(recipient=phone_of(9), due_at=clock.now() + HOUR))
        return B.OK

    fake.usual = spying
    OutboxWorker(own_database, clock, cipher, Carriers((provider,))).run_due()
    assert seen == [S.CALLING]
    assert look(own_database, first).state is S.ACCEPTED
