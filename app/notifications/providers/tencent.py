"""腾讯云短信: SendSms and PullSmsSendStatusByPhoneNumber of sms 2021-01-11, signed with TC3-HMAC-SHA256.

Sources: cloud.tencent.com "签名方法 v3", SMS API 55981 and 55976, "短信下发状态通知" (382/43547). Our
reference travels as SessionContext, which the status list repeats only where Tencent has switched that on,
and the list has only messages the carrier has reported on. So what is not in it proves nothing: such a
message ends as "unknown", for a person.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

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
from app.notifications.providers.http import Caller, NotReached, Reached, without_answer
from app.notifications.providers.pushes import (
    check_push,
    is_fresh,
    read_items,
    read_local_time,
    read_unix_time,
)
from app.notifications.terms import Channel, MessageState

VERSION: Final = "2021-01-11"
CONTENT_TYPE: Final = "application/json; charset=utf-8"
# Prefixes of the error codes of the SMS API, by what can be done about them.
_BUSY: Final = ("RequestLimitExceeded", "LimitExceeded.", "ResourceInsufficient", "ServerBusy")
_THEIRS: Final = ("InternalError",)
_NUMBER: Final = (
    "LimitExceeded.PhoneNumber",
    "InvalidParameterValue.IncorrectPhoneNumber",
    "FailedOperation.PhoneNumberInBlacklist",
    "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber",
)
_REPORTED: Final = {"SUCCESS": MessageState.DELIVERED, "FAIL": MessageState.FAILED}


def authorization(
    *, key_id: str, secret: str, service: str, host: str, content_type: str, body: bytes, at: int
) -> str:
    """The Authorization header for a POST of `body` to "/" at `at` (unix seconds)."""
    payload = hashlib.sha256(body).hexdigest()
    headers = f"content-type:{content_type}\nhost:{host}\n"
    canonical = f"POST\n/\n\n{headers}\ncontent-type;host\n{payload}"
    day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    to_sign = f"TC3-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return (
        f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders=content-type;host, Signature={signature}"
    )


@dataclass(frozen=True)
class TencentSms:
    """腾讯云短信. `templates` maps our template codes to the registered numbers."""

    key_id: str
    secret: str = field(repr=False)
    push_secret: str = field(repr=False)
    app_id: str
    templates: Mapping[str, str]
    region: str = "ap-guangzhou"
    endpoint: str = "https://sms.tencentcloudapi.com"
    absence_proves_after: timedelta | None = None
    caller: Caller = field(default_factory=Caller, repr=False)
    name: str = "tencent"
    channel: Channel = Channel.SMS
    can_be_asked: bool = True

    def template_id(self, template_code: str) -> str | None:
        return self.templates.get(template_code)

    def send(self, message: Outgoing, now: datetime) -> Outcome:
        call = self._call(
            "SendSms",
            {
                "PhoneNumberSet": [f"+86{message.recipient}"],
                "SmsSdkAppId": self.app_id,
                "SignName": message.signature,
                "TemplateId": message.template_id,
                "TemplateParamSet": list(message.parameters.values()),
                "SessionContext": message.reference,
            },
            now,
        )
        outcome = without_answer(call)
        if outcome is not None or not isinstance(call, Reached) or call.document is None:
            return outcome or Outcome(Verdict.DOUBT)
        return _outcome(call.document.get("Response"))

    def ask(self, reference: str, recipient: str, called_at: datetime, now: datetime) -> Answer:
        query = {
            "BeginTime": int(called_at.timestamp()) - 60,
            "EndTime": int(now.timestamp()) + 60,
            "Offset": 0,
            "Limit": 100,
            "PhoneNumber": f"+86{recipient}",
            "SmsSdkAppId": self.app_id,
        }
        call = self._call("PullSmsSendStatusByPhoneNumber", query, now)
        if not isinstance(call, Reached) or call.status != 200 or call.document is None:
            return Answer(Finding.SILENT)
        response = call.document.get("Response")
        listed = response.get("PullSmsSendStatusSet") if isinstance(response, dict) else None
        if not isinstance(listed, list):
            return Answer(Finding.SILENT)
        for item in listed:
            if isinstance(item, dict) and item.get("SessionContext") == reference:
                state = _REPORTED.get(str(item.get("ReportStatus")), MessageState.ACCEPTED)
                return Answer(Finding.FOUND, state, str(item.get("SerialNo") or "")[:80] or None)
        return Answer(Finding.ABSENT)

    def _call(self, action: str, parameters: Mapping[str, Any], now: datetime) -> Reached | NotReached:
        body = json.dumps(parameters, ensure_ascii=False).encode()
        at, host = int(now.timestamp()), urlsplit(self.endpoint).netloc
        shown = authorization(
            key_id=self.key_id,
            secret=self.secret,
            service="sms",
            host=host,
            content_type=CONTENT_TYPE,
            body=body,
            at=at,
        )
        headers = {
            "Authorization": shown,
            "Content-Type": CONTENT_TYPE,
            "Host": host,
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(at),
            "X-TC-Region": self.region,
        }
        return self.caller.post(f"{self.endpoint}/", headers=headers, body=body)

    def read_push(self, push: Push, now: datetime) -> Sequence[Receipt | Reply]:
        check_push(push, self.push_secret, now)
        return list(_read_items(read_items(push.body), now))

    def push_answer(self) -> Mapping[str, object] | str:
        return {"result": 0, "errmsg": "OK"}


def _outcome(response: object) -> Outcome:
    """Reads the Response member: an Error for the whole call, or the status of the one number."""
    if not isinstance(response, dict):
        return Outcome(Verdict.DOUBT, code="unreadable")
    error, statuses = response.get("Error"), response.get("SendStatusSet")
    if isinstance(error, dict):
        return _refusal(str(error.get("Code", "")))
    if not isinstance(statuses, list) or not statuses or not isinstance(statuses[0], dict):
        return Outcome(Verdict.DOUBT, code="unreadable")
    if statuses[0].get("Code") == "Ok":
        return Outcome(Verdict.ACCEPTED, str(statuses[0].get("SerialNo") or "")[:80] or None)
    return _refusal(str(statuses[0].get("Code", "")))


def _refusal(code: str) -> Outcome:
    code = code[:80]
    if not code or code.startswith(_THEIRS):
        return Outcome(Verdict.DOUBT, code=code or "unreadable")
    if code.startswith(_NUMBER):
        return Outcome(Verdict.REFUSED, code=code)
    return Outcome(Verdict.BUSY if code.startswith(_BUSY) else Verdict.MISCONFIGURED, code=code)


def _read_items(items: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[Receipt | Reply]:
    for item in items:
        if "sid" in item and item.get("report_status") in _REPORTED:
            # FAIL without a time: nobody received anything.
            at = read_local_time(item.get("user_receive_time"))
            if is_fresh(at, now):
                code = str(item.get("errmsg") or "")[:80]
                yield Receipt(str(item["sid"])[:80], _REPORTED[item["report_status"]], code=code, at=at)
        elif "text" in item and "mobile" in item and is_fresh(read_unix_time(item.get("time")), now):
            yield Reply(str(item["mobile"])[-11:], str(item["text"]))
