"""Messages and providers for tests."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.notifications.models import Message
from app.notifications.outbox import NewMessage, enqueue_message
from app.notifications.providers.aliyun import AliyunSms
from app.notifications.providers.http import Caller
from app.notifications.providers.tencent import TencentSms
from app.notifications.providers.wechat import WechatTemplates
from app.notifications.wording import templates
from tests.notifications.fake_provider import APP_ID, KEY_ID, SECRET, WECHAT_APP, WECHAT_SECRET

PHONE = "13800138000"
PUSH_SECRET = "push-secret"
# Long enough for a busy machine: a call that hangs is ended by it, one that answers is not.
TIMEOUT_S = 0.8
REGISTERED = {code: f"SMS_{number}" for number, code in enumerate(sorted(templates()), 1000)}
OFFER = dict(templates()["job_offer"].example)


def aliyun_at(url: str, absence_proves_after: timedelta | None = timedelta(minutes=10)) -> AliyunSms:
    return AliyunSms(
        KEY_ID,
        SECRET,
        PUSH_SECRET,
        REGISTERED,
        endpoint=url,
        absence_proves_after=absence_proves_after,
        caller=Caller(TIMEOUT_S),
    )


def tencent_at(url: str) -> TencentSms:
    return TencentSms(KEY_ID, SECRET, PUSH_SECRET, APP_ID, REGISTERED, endpoint=url, caller=Caller(TIMEOUT_S))


def wechat_at(url: str, secret: str = WECHAT_SECRET) -> WechatTemplates:
    return WechatTemplates(
        WECHAT_APP, secret, "push-token", REGISTERED, endpoint=url, caller=Caller(TIMEOUT_S)
    )


def offer(**changes: Any) -> NewMessage:
    """A job offered by SMS."""
    return replace(NewMessage("job_offer", OFFER, PHONE), **changes)


def phone_of(number: int) -> str:
    return f"139{number:08d}"


def wait_for(database: Database, clock: Clock, cipher: FieldCipher, new: NewMessage | None = None) -> int:
    """Enqueues a message and commits."""
    with database.write() as session:
        return enqueue_message(session, clock, cipher, new or offer())


def look(database: Database, message_id: int) -> Message:
    with database.read() as session:
        return session.get_one(Message, message_id)


def states(session: Session) -> Mapping[int, str]:
    return {message.id: message.state.value for message in session.query(Message)}
