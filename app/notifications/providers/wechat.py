"""微信公众号模板消息: access token, template message, and the event that tells how it went.

Sources: developers.weixin.qq.com, 服务号 "获取稳定版接口调用凭据" (stable_token), "模板消息"
(message/template/send, event TEMPLATESENDJOBFINISH), "接入指南" (signature of pushes), "全局返回码".
WeChat has no call to look a message up. It drops a second message with the same `client_msg_id` within ten
minutes; that helps against our own slips, but a message in doubt ends as "unknown".
"""

import hashlib
import json
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from app.core.security import same_text
from app.notifications.providers.base import (
    Answer,
    Finding,
    Outcome,
    Outgoing,
    Push,
    PushRefused,
    Receipt,
    Reply,
    Verdict,
)
from app.notifications.providers.http import Caller, Reached, without_answer
from app.notifications.providers.pushes import SIGNED_WITHIN, is_fresh, read_unix_time
from app.notifications.terms import Channel, MessageState

_TOKEN_INVALID: Final = frozenset({40001, 40014, 42001})
# Not following (any more), refuses this template, no such person.
_READER: Final = frozenset({40003, 43004, 43101, 43116, 43119})
_BUSY: Final = frozenset({45009, 45011, 45047})
# "System busy": nobody promises that nothing was sent.
_THEIRS: Final = frozenset({-1, 40163})
# Taken anew a little before it runs out.
_EARLY: Final = timedelta(minutes=5)
_FIELD: Final = re.compile(r"<(\w{1,40})>(?:<!\[CDATA\[(.{0,200}?)\]\]>|([^<]{0,200}))</\1>", re.DOTALL)


class WechatTemplates:
    """微信公众号. `templates` maps our template codes to the account's template ids; `push_token` is the one
    entered at the account's server settings.
    """

    name = "wechat"
    channel = Channel.WECHAT
    can_be_asked = False
    absence_proves_after: timedelta | None = None

    def __init__(
        self,
        app_id: str,
        secret: str,
        push_token: str,
        templates: Mapping[str, str],
        *,
        endpoint: str = "https://api.weixin.qq.com",
        caller: Caller | None = None,
    ) -> None:
        self._app_id, self._secret, self._push_token = app_id, secret, push_token
        self._templates, self._endpoint, self._caller = templates, endpoint, caller or Caller()
        self._token: tuple[str, datetime] | None = None
        self._turns = threading.Lock()

    def template_id(self, template_code: str) -> str | None:
        return self._templates.get(template_code)

    def send(self, message: Outgoing, now: datetime) -> Outcome:
        outcome = self._send(message, now, anew=False)
        if outcome.code.isdigit() and int(outcome.code) in _TOKEN_INVALID:
            # The token was refused, so nothing was sent; another process may have taken a new one.
            outcome = self._send(message, now, anew=True)
        return outcome

    def _send(self, message: Outgoing, now: datetime, *, anew: bool) -> Outcome:
        token = self._take_token(now, anew=anew)
        if isinstance(token, Outcome):
            return token
        body = {
            "touser": message.recipient,
            "template_id": message.template_id,
            "url": message.link,
            "client_msg_id": message.reference,
            "data": {name: {"value": value} for name, value in message.parameters.items()},
        }
        call = self._post(f"/cgi-bin/message/template/send?access_token={token}", body)
        outcome = without_answer(call)
        if outcome is not None or not isinstance(call, Reached) or call.document is None:
            return outcome or Outcome(Verdict.DOUBT)
        return _outcome(call.document)

    def _take_token(self, now: datetime, *, anew: bool) -> str | Outcome:
        """The cached access token, or a new one. What goes wrong here surely sent nothing."""
        with self._turns:
            if self._token is not None and not anew and now < self._token[1]:
                return self._token[0]
            asked = {
                "grant_type": "client_credential",
                "appid": self._app_id,
                "secret": self._secret,
                "force_refresh": False,
            }
            call = self._post("/cgi-bin/stable_token", asked)
            if not isinstance(call, Reached) or call.document is None:
                return Outcome(Verdict.BUSY, code="token")
            token, lives_s = call.document.get("access_token"), call.document.get("expires_in")
            if not isinstance(token, str) or not isinstance(lives_s, int):
                errcode = call.document.get("errcode")
                verdict = Verdict.BUSY if errcode in _THEIRS | _BUSY else Verdict.MISCONFIGURED
                return Outcome(verdict, code=f"token {errcode}")
            self._token = token, now + timedelta(seconds=lives_s) - _EARLY
            return token

    def _post(self, path: str, document: Mapping[str, Any]) -> Any:
        body = json.dumps(document, ensure_ascii=False).encode()
        return self._caller.post(
            f"{self._endpoint}{path}", headers={"Content-Type": "application/json"}, body=body
        )

    def ask(self, reference: str, recipient: str, called_at: datetime, now: datetime) -> Answer:
        return Answer(Finding.SILENT)

    def read_push(self, push: Push, now: datetime) -> Sequence[Receipt | Reply]:
        self.check_push(push, now)
        fields = {m[1]: m[2] if m[2] is not None else m[3] for m in _FIELD.finditer(_inner(push.body))}
        if fields.get("Event") != "TEMPLATESENDJOBFINISH" or not fields.get("MsgID"):
            return []
        at = read_unix_time(fields.get("CreateTime", ""))
        if not is_fresh(at, now):
            return []
        status = fields.get("Status", "")
        state = MessageState.DELIVERED if status == "success" else MessageState.FAILED
        return [Receipt(fields["MsgID"][:80], state, code=status[:80], at=at)]

    def check_push(self, push: Push, now: datetime) -> None:
        """SHA-1 of token, timestamp and nonce in their order, as WeChat has it. Raises `PushRefused`."""
        at, nonce = push.query.get("timestamp", ""), push.query.get("nonce", "")
        joined = "".join(sorted((self._push_token, at, nonce)))
        expected = hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 - WeChat's own choice
        if not self._push_token or not same_text(expected, push.query.get("signature", "")):
            raise PushRefused("signature")
        if not (at.isascii() and at.isdigit() and len(at) <= 12):
            raise PushRefused("age")
        if abs(now.timestamp() - int(at)) > SIGNED_WITHIN.total_seconds():
            raise PushRefused("age")

    def push_answer(self) -> Mapping[str, object] | str:
        return "success"


def _inner(body: bytes) -> str:
    """What stands between <xml> and </xml>: a flat list of fields. No XML parser, so no entity to expand."""
    text = body.decode("utf-8", "replace")
    return text.partition("<xml>")[2].rpartition("</xml>")[0]


def _outcome(document: Mapping[str, Any]) -> Outcome:
    errcode = document.get("errcode")
    if not isinstance(errcode, int):
        return Outcome(Verdict.DOUBT, code="unreadable")
    if errcode == 0:
        return Outcome(Verdict.ACCEPTED, str(document.get("msgid") or "")[:80] or None)
    if errcode in _THEIRS:
        return Outcome(Verdict.DOUBT, code=str(errcode))
    if errcode in _READER:
        return Outcome(Verdict.REFUSED, code=str(errcode))
    return Outcome(Verdict.BUSY if errcode in _BUSY else Verdict.MISCONFIGURED, code=str(errcode))
