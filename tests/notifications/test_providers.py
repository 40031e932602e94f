"""Each provider against a real HTTP server that behaves, and misbehaves, in every way."""

import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from app.notifications.providers.base import (
    Finding,
    Outgoing,
    Provider,
    Push,
    PushRefused,
    Receipt,
    Reply,
    Verdict,
)
from app.notifications.providers.console import Console
from app.notifications.providers.pushes import signature_of
from app.notifications.terms import MessageState
from tests.notifications.fake_provider import Behaviour, FakeProvider
from tests.notifications.situations import PHONE, PUSH_SECRET, aliyun_at, tencent_at, wechat_at

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
B = Behaviour
MESSAGE = Outgoing("ref-1", PHONE, "SMS_1", "送岗", "王师傅您好", {"name": "王师傅", "job": "缝纫工 *~"})
SURELY_NOT = {
    B.TOO_MANY: Verdict.BUSY,
    B.THROTTLED: Verdict.BUSY,
    B.BAD_NUMBER: Verdict.REFUSED,
    B.OUT_OF_MONEY: Verdict.MISCONFIGURED,
}
DOUBTFUL = (
    B.TIMEOUT,
    B.TIMEOUT_AFTER_ACCEPT,
    B.RESET_BEFORE_ACCEPT,
    B.RESET_AFTER_ACCEPT,
    B.ERROR_500,
    B.ERROR_500_AFTER_ACCEPT,
    B.ERROR_503,
    B.GARBAGE_AFTER_ACCEPT,
)


@pytest.fixture(params=["aliyun", "tencent", "wechat"])
def provider(request: pytest.FixtureRequest, fake: FakeProvider) -> Provider:
    made = {"aliyun": aliyun_at, "tencent": tencent_at, "wechat": wechat_at}[request.param]
    found: Provider = made(fake.url)
    return found


@pytest.mark.parametrize("behaviour", [B.OK, B.SLOW, B.NEVER_DELIVERED])
def test_accepted(provider: Provider, fake: FakeProvider, behaviour: Behaviour) -> None:
    fake.behaviours.append(behaviour)
    outcome = provider.send(MESSAGE, NOW)
    assert outcome.verdict is Verdict.ACCEPTED
    assert outcome.provider_id
    (entry,) = fake.books.accepted
    assert (entry.reference, entry.phone) == ("ref-1", PHONE)
    assert list(entry.text.values()) == ["王师傅", "缝纫工 *~"]


@pytest.mark.parametrize("behaviour", DOUBTFUL)
def test_in_doubt(provider: Provider, fake: FakeProvider, behaviour: Behaviour) -> None:
    fake.behaviours.append(behaviour)
    assert provider.send(MESSAGE, NOW).verdict is Verdict.DOUBT


@pytest.mark.parametrize("behaviour", SURELY_NOT)
def test_surely_not_accepted(provider: Provider, fake: FakeProvider, behaviour: Behaviour) -> None:
    fake.behaviours.append(behaviour)
    outcome = provider.send(MESSAGE, NOW)
    assert outcome.verdict is SURELY_NOT[behaviour]
    assert outcome.code
    assert fake.books.accepted == []


def test_nobody_there_is_surely_not_accepted() -> None:
    for provider in (
        aliyun_at("http://127.0.0.1:9"),
        tencent_at("http://127.0.0.1:9"),
        wechat_at("http://127.0.0.1:9"),
    ):
        assert provider.send(MESSAGE, NOW).verdict is Verdict.BUSY


def test_a_wrong_signature_is_refused_and_never_accepted(fake: FakeProvider) -> None:
    for provider in (aliyun_at(fake.url), tencent_at(fake.url)):
        object.__setattr__(provider, "secret", "another")
        assert provider.send(MESSAGE, NOW).verdict is Verdict.MISCONFIGURED
    assert fake.books.refused_signatures == 2
    assert wechat_at(fake.url, "another").send(MESSAGE, NOW).verdict is Verdict.MISCONFIGURED
    assert fake.books.accepted == []


def test_asked_by_our_reference(fake: FakeProvider) -> None:
    for provider in (aliyun_at(fake.url), tencent_at(fake.url)):
        fake.books.accepted.clear()
        assert provider.ask("ref-1", PHONE, NOW, NOW).finding is Finding.ABSENT
        fake.behaviours.append(B.RESET_AFTER_ACCEPT)
        provider.send(MESSAGE, NOW)
        answer = provider.ask("ref-1", PHONE, NOW, NOW)
        assert (answer.finding, answer.state) == (Finding.FOUND, MessageState.DELIVERED)
        assert provider.ask("ref-2", PHONE, NOW, NOW).finding is Finding.ABSENT
        fake.deaf = True
        assert provider.ask("ref-1", PHONE, NOW, NOW).finding is Finding.SILENT
        fake.deaf = False


def test_a_call_at_midnight_is_looked_up_under_both_days(fake: FakeProvider) -> None:
    midnight = datetime(2026, 11, 21, 16, 1, tzinfo=UTC)
    assert aliyun_at(fake.url).ask("ref-1", PHONE, midnight, midnight).finding is Finding.ABSENT
    assert fake.books.asked == 2


def test_wechat_takes_one_token_and_a_new_one_when_it_was_refused(fake: FakeProvider) -> None:
    provider = wechat_at(fake.url)
    for _ in range(3):
        assert provider.send(MESSAGE, NOW).verdict is Verdict.ACCEPTED
    assert fake.books.tokens == 1
    fake.wechat_token = "token-2"
    assert provider.send(MESSAGE, NOW).verdict is Verdict.ACCEPTED
    assert fake.books.tokens == 2
    provider.send(MESSAGE, NOW + timedelta(hours=2))
    assert fake.books.tokens == 3
    assert not provider.can_be_asked


def test_a_phone_is_in_no_log_and_no_repr(fake: FakeProvider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    aliyun_at(fake.url).send(MESSAGE, NOW)
    assert PHONE not in caplog.text
    assert PHONE not in repr(MESSAGE)
    assert "王师傅" not in repr(MESSAGE)


# ---------------------------------------------------------------- pushes

ALIYUN_REPORT = [
    {
        "phone_number": PHONE,
        "send_time": "2026-11-22 08:59:00",
        "report_time": "2026-11-22 08:59:05",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": "932702304080415357^0",
        "out_id": "ref-1",
    },
    {"phone_number": PHONE, "content": "T", "send_time": "2026-11-22 08:59:30", "dest_code": "123456"},
]
TENCENT_REPORT = [
    {
        "user_receive_time": "2026-11-22 08:59:05",
        "nationcode": "86",
        "mobile": PHONE,
        "report_status": "FAIL",
        "errmsg": "MK:0001",
        "description": "停机",
        "sid": "xxxxxxx",
    },
    {"extend": "0", "mobile": PHONE, "nationcode": "86", "sign": "送岗", "text": "TD", "time": 1795309170},
]


def test_reports_and_replies_are_read() -> None:
    keyed = {"key": PUSH_SECRET}
    push = Push(keyed, {}, json.dumps(ALIYUN_REPORT).encode())
    receipt, reply = aliyun_at("http://x").read_push(push, NOW)
    assert isinstance(receipt, Receipt)
    assert (receipt.provider_id, receipt.reference) == ("932702304080415357^0", "ref-1")
    assert receipt.state is MessageState.DELIVERED
    assert reply == Reply(PHONE, "T")
    push = Push(keyed, {}, json.dumps(TENCENT_REPORT).encode())
    receipt, reply = tencent_at("http://x").read_push(push, NOW)
    assert isinstance(receipt, Receipt)
    assert (receipt.provider_id, receipt.state, receipt.code) == ("xxxxxxx", MessageState.FAILED, "MK:0001")
    assert reply == Reply(PHONE, "TD")


def test_an_unkeyed_or_old_push_is_refused() -> None:
    body = json.dumps(ALIYUN_REPORT).encode()
    provider, at = aliyun_at("http://x"), int(NOW.timestamp())
    signed = {"x-songgang-signature": signature_of(PUSH_SECRET, at, body)}
    assert len(provider.read_push(Push({}, signed, body), NOW + timedelta(minutes=5))) == 2
    for query, headers, sent, when in (
        ({}, {}, body, NOW),
        ({"key": "push-secreT"}, {}, body, NOW),
        ({}, signed, body, NOW + timedelta(minutes=6)),
        ({}, signed, body, NOW - timedelta(minutes=6)),
        ({}, signed, body + b" ", NOW),
        ({}, {"x-songgang-signature": "t=1,v1=0"}, body, NOW),
        ({}, {"x-songgang-signature": "nonsense"}, body, NOW),
        ({"key": PUSH_SECRET}, {}, b"{", NOW),
        ({"key": PUSH_SECRET}, {}, b"[1]", NOW),
        ({"key": PUSH_SECRET}, {}, b"[" * 100_000, NOW),
    ):
        with pytest.raises(PushRefused):
            provider.read_push(Push(query, headers, sent), when)
    # Reported long ago: a replay of an old push.
    later = NOW + timedelta(days=8)
    assert list(provider.read_push(Push({"key": PUSH_SECRET}, {}, body), later)) == []
    body = json.dumps(TENCENT_REPORT).encode()
    assert list(tencent_at("http://x").read_push(Push({"key": PUSH_SECRET}, {}, body), later)) == []


def wechat_push(status: str, at: datetime, token: str = "push-token") -> Push:  # noqa: S107
    stamp, nonce = str(int(at.timestamp())), "1372623149"
    signature = hashlib.sha1("".join(sorted((token, stamp, nonce))).encode()).hexdigest()  # noqa: S324
    body = f"""<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>
<FromUserName><![CDATA[oia2TjuEGTNoeX76QEjQNrcURxG8]]></FromUserName>
<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>200163836</MsgID>
<Status><![CDATA[{status}]]></Status></xml>"""
    return Push({"signature": signature, "timestamp": stamp, "nonce": nonce}, {}, body.encode())


def test_wechat_s_event() -> None:
    provider = wechat_at("http://x")
    (done,) = provider.read_push(wechat_push("success", NOW), NOW)
    assert (done.provider_id, done.state) == ("200163836", MessageState.DELIVERED)
    (blocked,) = provider.read_push(wechat_push("failed:user block", NOW), NOW)
    assert blocked.state is MessageState.FAILED
    for push, when in (
        (wechat_push("success", NOW, "other"), NOW),
        (wechat_push("success", NOW), NOW + timedelta(minutes=6)),
        (Push({}, {}, b""), NOW),
    ):
        with pytest.raises(PushRefused):
            provider.read_push(push, when)


def test_the_console_shows_the_last_digits_only(capfd: pytest.CaptureFixture[str]) -> None:
    assert Console().send(MESSAGE, NOW).verdict is Verdict.ACCEPTED
    shown = capfd.readouterr()
    assert "王师傅您好" in shown.err
    assert PHONE not in shown.err
