"""Receipts in any order, twice, early, unknown; and the address they come to."""

import itertools
import json
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.settings import Settings
from app.notifications import queries
from app.notifications.carriers import Carriers, make_carriers, push_address, push_secret
from app.notifications.models import Message, MessageReceipt
from app.notifications.opt_outs import has_opted_out
from app.notifications.outbox import enqueue_message
from app.notifications.providers.base import Receipt, Reply
from app.notifications.receipts import take_push
from app.notifications.recording import raise_state
from app.notifications.settings import NotificationSettings
from app.notifications.terms import MessageState, Purpose
from app.notifications.worker import OutboxWorker
from tests.databases import RolledBackDatabase
from tests.notifications.fake_provider import FakeProvider
from tests.notifications.situations import PHONE, look, offer, wait_for, wechat_at
from tests.notifications.test_providers import wechat_push

S = MessageState
PUSHED = [
    Receipt("id-1", S.ACCEPTED),
    Receipt("id-1", S.FAILED, code="MK:0001"),
    Receipt("id-1", S.DELIVERED),
]


def called(session: Session, clock: FixedClock, cipher: FieldCipher, state: S = S.CALLING) -> Message:
    message = session.get_one(Message, enqueue_message(session, clock, cipher, offer()))
    message.state, message.provider, message.called_at, message.tries = state, "aliyun", clock.now(), 1
    session.flush()
    return message


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_every_order_ends_in_the_same_state(
    session: Session, clock: FixedClock, cipher: FieldCipher, order: tuple[int, ...]
) -> None:
    """Three receipts and our own note of the acceptance, in all 24 orders, each receipt twice."""
    message = called(session, clock, cipher)
    for step in order:
        if step == 3:
            raise_state(session, message.id, S.ACCEPTED, clock.now(), provider_id="id-1")
        else:
            for _ in range(2):
                take_push(session, clock, cipher, "aliyun", [PUSHED[step]])
    session.expire_all()
    assert message.state is S.DELIVERED
    assert message.provider_id == "id-1"
    kept = session.scalars(select(MessageReceipt.message_id)).all()
    assert kept == [message.id] * 3


def test_a_receipt_is_found_by_our_reference(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    """The worker died before it learned the provider's number."""
    message = called(session, clock, cipher, S.UNKNOWN)
    taken = take_push(
        session, clock, cipher, "aliyun", [Receipt("id-9", S.DELIVERED, reference=message.reference)]
    )
    session.expire_all()
    assert (taken.new, taken.unknown) == (1, 0)
    assert (message.state, message.provider_id) == (S.DELIVERED, "id-9")


def test_an_unknown_receipt_is_kept_and_changes_nothing(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    message = called(session, clock, cipher)
    first = take_push(session, clock, cipher, "aliyun", [Receipt("id-77", S.DELIVERED)])
    again = take_push(session, clock, cipher, "aliyun", [Receipt("id-77", S.DELIVERED)])
    other = take_push(session, clock, cipher, "tencent", [Receipt("id-77", S.DELIVERED)])
    assert [(t.new, t.repeated, t.unknown) for t in (first, again, other)] == [
        (1, 0, 1),
        (0, 1, 0),
        (1, 0, 1),
    ]
    session.expire_all()
    assert message.state is S.CALLING
    assert queries.count_unmatched_receipts(session) == 2


def test_a_waiting_message_is_never_lowered_to_failed_after_delivery(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    message = called(session, clock, cipher, S.DELIVERED)
    raise_state(session, message.id, S.FAILED, clock.now())
    raise_state(session, message.id, S.ACCEPTED, clock.now())
    session.expire_all()
    assert message.state is S.DELIVERED


def test_who_answers_t_gets_no_more_campaigns(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    taken = take_push(session, clock, cipher, "aliyun", [Reply(PHONE, "T"), Reply("13900000000", "好")])
    assert taken.opted_out == 1
    assert has_opted_out(session, cipher, PHONE, Purpose.CAMPAIGN)
    assert not has_opted_out(session, cipher, "13900000000", Purpose.CAMPAIGN)


# ---------------------------------------------------------------- the address


def with_carriers(client: TestClient, carriers: Carriers) -> None:
    assert isinstance(client.app, FastAPI)
    client.app.state.carriers = carriers


ALIYUN = NotificationSettings(aliyun_key_id="id", aliyun_key_secret="secret")  # type: ignore[arg-type]


def test_a_push_over_http(
    client: TestClient,
    database: RolledBackDatabase,
    clock: FixedClock,
    cipher: FieldCipher,
    worker: OutboxWorker,
    fake: FakeProvider,
    shared_settings: Settings,
) -> None:
    settings = shared_settings.model_copy(update={"sms_provider": "aliyun"})
    with_carriers(client, make_carriers(settings, ALIYUN))
    message_id = wait_for(database, clock, cipher)
    worker.run_due()
    message = look(database, message_id)
    report = [
        {
            "phone_number": PHONE,
            "send_time": "2026-11-22 09:00:00",
            "report_time": "2026-11-22 09:00:03",
            "success": True,
            "err_code": "DELIVERED",
            "biz_id": message.provider_id,
            "out_id": message.reference,
            "sms_size": "2",
        }
    ]
    address = push_address(settings, "aliyun").removeprefix(settings.public_url)
    refused = client.post(address.replace("key=", "key=0"), json=report)
    assert refused.status_code == 403
    assert look(database, message_id).state is S.ACCEPTED
    for _ in range(2):
        answered = client.post(address, content=json.dumps(report))
        assert (answered.status_code, answered.json()) == (200, {"code": 0, "msg": "接收成功"})
    assert look(database, message_id).state is S.DELIVERED
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(MessageReceipt)) == 1
    assert client.post("/api/v1/receipts/nobody", json=[]).status_code == 404
    assert client.post(address, content=b"x" * (600 * 1024)).status_code == 413
    assert client.get("/api/v1/receipts/aliyun").status_code == 404


def test_wechat_s_pushes_over_http(client: TestClient, clock: FixedClock) -> None:
    with_carriers(client, Carriers((wechat_at("http://x"),)))
    push = wechat_push("success", clock.now())
    asked = client.get("/api/v1/receipts/wechat", params={**push.query, "echostr": "5837"})
    assert (asked.status_code, asked.text) == (200, "5837")
    assert asked.headers["content-type"].startswith("text/plain")
    told = client.post("/api/v1/receipts/wechat", params=dict(push.query), content=push.body)
    assert (told.status_code, told.text) == (200, "success")
    clock.move(timedelta(minutes=6))
    assert (
        client.post("/api/v1/receipts/wechat", params=dict(push.query), content=push.body).status_code == 403
    )


def test_keys_differ_by_provider_and_installation(shared_settings: Settings) -> None:
    assert len({push_secret(shared_settings, name) for name in ("aliyun", "tencent")}) == 2
    assert "key=" not in push_address(shared_settings, "wechat")
