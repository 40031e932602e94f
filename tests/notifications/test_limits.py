"""What is not sent, or not now: caps, nights, settled matters, opt-outs, budget."""

from datetime import timedelta
from itertools import pairwise

import pytest

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.notifications import outbox, subjects
from app.notifications.carriers import Carriers
from app.notifications.opt_outs import opt_out
from app.notifications.terms import DropReason, MessageState, OptOutScope, Purpose
from app.notifications.wording import preview_message
from app.notifications.worker import OutboxWorker
from tests.databases import RolledBackDatabase
from tests.notifications.fake_provider import FakeProvider
from tests.notifications.situations import OFFER, aliyun_at, look, offer, phone_of, wait_for

S = MessageState
HOUR = timedelta(hours=1)


def test_one_a_day_and_three_a_week(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    week = timedelta(days=7)
    first = clock.now()
    ids = [wait_for(database, clock, cipher, offer(worth_sending_for=2 * week)) for _ in range(4)]
    for _ in range(9 * 24):
        worker.run_due()
        clock.move(HOUR)
    times = sorted(m.called_at for m in (look(database, i) for i in ids) if m.called_at is not None)
    assert len(times) == 4
    assert all(later - earlier >= timedelta(hours=24) for earlier, later in pairwise(times))
    assert times[3] - times[0] >= week
    assert times[2] - first < timedelta(days=3)
    assert len(fake.books.accepted) == 4


def test_people_who_share_a_phone_have_limits_of_their_own(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    for key in ("person:1", "person:2", "person:1"):
        wait_for(database, clock, cipher, offer(recipient_key=key))
    worker.run_due()
    assert len(fake.books.accepted) == 2


def test_firms_are_told_as_often_as_needed_but_not_at_night(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    for _ in range(3):
        wait_for(database, clock, cipher, offer(purpose=Purpose.PARTNER))
    late = wait_for(database, clock, cipher, offer(purpose=Purpose.PARTNER, due_at=clock.now() + 10 * HOUR))
    worker.run_due()
    assert len(fake.books.accepted) == 3
    clock.move(11 * HOUR)  # 20:00: it was due at 19:00 and nobody was working
    worker.run_due()
    message = look(database, late)
    assert message.state is S.WAITING
    assert message.due_at == clock.now() + 12 * HOUR
    clock.move(12 * HOUR)
    worker.run_due()
    assert look(database, late).state is S.ACCEPTED


def test_what_would_come_too_late_is_not_sent(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    wait_for(database, clock, cipher)
    second = wait_for(database, clock, cipher, offer(worth_sending_for=12 * HOUR))
    worker.run_due()
    assert look(database, second).drop_reason is DropReason.TOO_LATE
    assert len(fake.books.accepted) == 1


def test_nothing_about_a_settled_matter(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subjects, "_CHECKS", {})
    subjects.register_subject_check("referral", lambda *about: about[1] == 1)
    with pytest.raises(ValueError, match="referral"):
        subjects.register_subject_check("referral", lambda *_: True)
    open_one, settled = (
        wait_for(database, clock, cipher, offer(recipient=phone_of(n), subject_kind="referral", subject_id=n))
        for n in (1, 2)
    )
    worker.run_due()
    assert look(database, open_one).state is S.ACCEPTED
    assert look(database, settled).drop_reason is DropReason.SETTLED
    assert len(fake.books.accepted) == 1


def test_who_opted_out_gets_none(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    with database.write() as session:
        opt_out(session, clock, cipher, phone_of(1))
        opt_out(session, clock, cipher, phone_of(2), OptOutScope.EVERYTHING)
    campaigns_only, everything = (
        wait_for(database, clock, cipher, offer(recipient=phone_of(n))) for n in (1, 2)
    )
    worker.run_due()
    assert look(database, campaigns_only).state is S.ACCEPTED
    assert look(database, everything).drop_reason is DropReason.OPTED_OUT
    assert len(fake.books.accepted) == 1


def test_the_day_s_budget_is_not_overdrawn(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, fake: FakeProvider
) -> None:
    budget_fen = 2 * preview_message("job_offer", OFFER).cost_fen + 2
    worker = OutboxWorker(database, clock, cipher, Carriers((aliyun_at(fake.url),), budget_fen=budget_fen))
    ids = [wait_for(database, clock, cipher, offer(recipient=phone_of(n))) for n in range(3)]
    worker.run_due()
    assert len(fake.books.accepted) == 2
    held = look(database, ids[2])
    assert (held.state, held.outcome_code) == (S.WAITING, "budget")
    clock.move(timedelta(days=1))
    worker.run_due()
    assert len(fake.books.accepted) == 3


def test_without_a_registered_text_it_waits_for_a_provider(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher
) -> None:
    worker = OutboxWorker(database, clock, cipher, Carriers(()))
    message_id = wait_for(database, clock, cipher)
    worker.run_due()
    assert look(database, message_id).outcome_code == "nobody_carries"
    for _ in range(80):
        clock.move(HOUR)
        worker.run_due()
    assert look(database, message_id).drop_reason is DropReason.TOO_LATE


def test_muted_between_writing_and_sending(
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
) -> None:
    wait_for(database, clock, cipher, offer(subject_kind="referral", subject_id=5))
    with database.write() as session:
        outbox.mute_subject(session, clock, "referral", 5)
    assert worker.run_due() == 0
    assert fake.books.calls == 0
