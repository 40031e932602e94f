"""阿里云短信: SendSms and QuerySendDetails of Dysmsapi 2017-05-25, signed with ACS3-HMAC-SHA256.

Sources: help.aliyun.com "V3 版本请求体&签名机制"; SendSms, QuerySendDetails, SmsReport and SmsUp of the SMS
service's developer reference. Our reference travels as OutId; SendSms has no idempotency key, so what is in
doubt is looked up by phone and day and found by its OutId.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

from app.core.clock import office_day
from app.notifications.providers.base import (
    Answer,
    Finding,
    Outcome,
    Outgoing,
    Push,
    Receipt,
    Reply,
    Verdict,
)
from app.notifications.providers.http import Caller, Reached, without_answer
from app.notifications.providers.pushes import check_push, is_fresh, read_items, read_local_time
from app.notifications.terms import Channel, MessageState

VERSION: Final = "2017-05-25"
_EMPTY_HASH: Final = hashlib.sha256(b"").hexdigest()
_PAGE: Final = 50
_MAX_PAGES: Final = 4
# API error codes of the developer reference, by what can be done about them.
_BUSY: Final = ("isp.", "Throttling", "ServiceUnavailable", "InternalError", "isv.SYSTEM_LIMIT")
_NUMBER: Final = (
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.MOBILE_COUNT_OVER_LIMIT",
    "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.BUSINESS_LIMIT_CONTROL",
)
_STATES: Final = {"1": MessageState.ACCEPTED, "2": MessageState.FAILED, "3": MessageState.DELIVERED}


def canonical_query(query: Mapping[str, str]) -> str:
    """Names and values percent-encoded as RFC 3986 has it, in the order of the names."""
    return "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(query.items()))


def authorization(
    method: str, path: str, query: str, headers: Mapping[str, str], key_id: str, secret: str
) -> str:
    """The Authorization header for a request without a body, over all of `headers`."""
    named = sorted((name.lower(), value.strip()) for name, value in headers.items())
    signed = ";".join(name for name, _ in named)
    canonical_headers = "".join(f"{name}:{value}\n" for name, value in named)
    canonical = "\n".join((method, path, query, canonical_headers, signed, headers["x-acs-content-sha256"]))
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={signed},Signature={signature}"


@dataclass(frozen=True)
class AliyunSms:
    """阿里云短信. `templates` maps our template codes to the registered ones (SMS_...)."""

    key_id: str
    secret: str = field(repr=False)
    push_secret: str = field(repr=False)
    templates: Mapping[str, str]
    endpoint: str = "https://dysmsapi.aliyuncs.com"
    # Our own choice: the details of a day usually have a message within seconds.
    absence_proves_after: timedelta | None = timedelta(minutes=10)
    caller: Caller = field(default_factory=Caller, repr=False)
    name: str = "aliyun"
    channel: Channel = Channel.SMS
    can_be_asked: bool = True

    def template_id(self, template_code: str) -> str | None:
        return self.templates.get(template_code)

    def send(self, message: Outgoing, now: datetime) -> Outcome:
        call = self._call(
            "SendSms",
            {
                "PhoneNumbers": message.recipient,
                "SignName": message.signature,
                "TemplateCode": message.template_id,
                "TemplateParam": json.dumps(dict(message.parameters), ensure_ascii=False),
                "OutId": message.reference,
            },
            now,
        )
        outcome = without_answer(call)
        if outcome is not None or not isinstance(call, Reached) or call.document is None:
            return outcome or Outcome(Verdict.DOUBT)
        return _outcome(call.document)

    def ask(self, reference: str, recipient: str, called_at: datetime, now: datetime) -> Answer:
        # A call at midnight may stand under either day.
        days = dict.fromkeys(office_day(called_at + slack) for slack in (-_SLACK, _SLACK))
        for day in days:
            for page in range(1, _MAX_PAGES + 1):
                details = self._details(recipient, f"{day:%Y%m%d}", page, now)
                if details is None:
                    return Answer(Finding.SILENT)
                for detail in details:
                    if detail.get("OutId") == reference:
                        return _answer(detail)
                if len(details) < _PAGE:
                    break
        return Answer(Finding.ABSENT)

    def _details(self, phone: str, day: str, page: int, now: datetime) -> list[dict[str, Any]] | None:
        query = {"PhoneNumber": phone, "SendDate": day, "PageSize": str(_PAGE), "CurrentPage": str(page)}
        call = self._call("QuerySendDetails", query, now)
        if not isinstance(call, Reached) or call.status != 200 or call.document is None:
            return None
        listed = call.document.get("SmsSendDetailDTOs")
        if call.document.get("Code") != "OK" or not isinstance(listed, dict):
            return None
        details = listed.get("SmsSendDetailDTO", [])
        return [d for d in details if isinstance(d, dict)] if isinstance(details, list) else None

    def _call(self, action: str, parameters: Mapping[str, str], now: datetime) -> Any:
        query = canonical_query(parameters)
        headers = {
            "host": urlsplit(self.endpoint).netloc,
            "x-acs-action": action,
            "x-acs-content-sha256": _EMPTY_HASH,
            "x-acs-date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": VERSION,
        }
        shown = authorization("POST", "/", query, headers, self.key_id, self.secret)
        return self.caller.post(f"{self.endpoint}/?{query}", headers={**headers, "Authorization": shown})

    def read_push(self, push: Push, now: datetime) -> Sequence[Receipt | Reply]:
        check_push(push, self.push_secret, now)
        return list(_read_items(read_items(push.body), now))

    def push_answer(self) -> Mapping[str, object] | str:
        return {"code": 0, "msg": "接收成功"}


_SLACK: Final = timedelta(minutes=10)


def _outcome(document: Mapping[str, Any]) -> Outcome:
    code = str(document.get("Code", ""))[:80]
    if code == "OK":
        return Outcome(Verdict.ACCEPTED, str(document.get("BizId") or "")[:80] or None)
    if not code:
        return Outcome(Verdict.DOUBT, code="unreadable")
    if code.startswith(_NUMBER):
        return Outcome(Verdict.REFUSED, code=code)
    if code.startswith(_BUSY):
        # "isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR": theirs, and nobody promises that nothing was sent.
        return Outcome(Verdict.DOUBT if code.startswith("isp.") else Verdict.BUSY, code=code)
    return Outcome(Verdict.MISCONFIGURED, code=code)


def _answer(detail: Mapping[str, Any]) -> Answer:
    state = _STATES.get(str(detail.get("SendStatus")))
    code = str(detail.get("ErrCode") or "")[:80]
    return Answer(Finding.FOUND, state or MessageState.ACCEPTED, code=code)


def _read_items(items: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[Receipt | Reply]:
    for item in items:
        if "biz_id" in item and "success" in item:
            at = read_local_time(item.get("report_time"))
            if is_fresh(at, now):
                state = MessageState.DELIVERED if item["success"] is True else MessageState.FAILED
                code = str(item.get("err_code") or "")[:80]
                reference = str(item.get("out_id") or "")[:80]
                yield Receipt(str(item["biz_id"])[:80], state, reference, code, at)
        elif "content" in item and "phone_number" in item:
            at = read_local_time(item.get("send_time"))
            if is_fresh(at, now):
                yield Reply(str(item["phone_number"])[-11:], str(item["content"]))
