"""A provider as a real HTTP server: speaks Aliyun's, Tencent's and WeChat's way, and misbehaves on demand.

It checks signatures, keeps books of what it accepted, answers questions from them, and delivers never,
at once, or when told. What it does with the next call to send stands in `behaviours`, else `usual`.
"""

import json
import random
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.notifications.providers import aliyun, tencent

KEY_ID, SECRET, APP_ID = "test-key", "test-secret", "1400006666"
WECHAT_APP, WECHAT_SECRET = "wx-test", "wechat-secret"


class Behaviour(StrEnum):
    """What happens to one call to send."""

    OK = "ok"
    SLOW = "slow"
    TIMEOUT = "timeout"
    TIMEOUT_AFTER_ACCEPT = "timeout_after_accept"
    RESET_BEFORE_ACCEPT = "reset_before_accept"
    RESET_AFTER_ACCEPT = "reset_after_accept"
    TOO_MANY = "429"
    ERROR_500 = "500"
    ERROR_500_AFTER_ACCEPT = "500_after_accept"
    ERROR_503 = "503"
    GARBAGE_AFTER_ACCEPT = "garbage_after_accept"
    DUPLICATES_REFUSED = "duplicates_refused"
    NEVER_DELIVERED = "never_delivered"
    BAD_NUMBER = "bad_number"
    OUT_OF_MONEY = "out_of_money"
    THROTTLED = "throttled"


ACCEPTING = {
    Behaviour.OK,
    Behaviour.SLOW,
    Behaviour.TIMEOUT_AFTER_ACCEPT,
    Behaviour.RESET_AFTER_ACCEPT,
    Behaviour.ERROR_500_AFTER_ACCEPT,
    Behaviour.GARBAGE_AFTER_ACCEPT,
    Behaviour.NEVER_DELIVERED,
}
_STATUS = {
    Behaviour.TOO_MANY: 429,
    Behaviour.ERROR_500: 500,
    Behaviour.ERROR_500_AFTER_ACCEPT: 500,
    Behaviour.ERROR_503: 503,
}
_REFUSALS = {
    Behaviour.BAD_NUMBER: ("isv.MOBILE_NUMBER_ILLEGAL", "InvalidParameterValue.IncorrectPhoneNumber", 40003),
    Behaviour.OUT_OF_MONEY: (
        "isv.AMOUNT_NOT_ENOUGH",
        "FailedOperation.InsufficientBalanceInSmsPackage",
        48001,
    ),
    Behaviour.THROTTLED: ("Throttling.User", "RequestLimitExceeded", 45011),
    Behaviour.DUPLICATES_REFUSED: (
        "isv.BUSINESS_LIMIT_CONTROL",
        "LimitExceeded.PhoneNumberDailyLimit",
        43004,
    ),
}


@dataclass
class Accepted:
    reference: str
    phone: str
    provider_id: str
    text: dict[str, Any]
    delivered: bool = True


@dataclass
class Books:
    """What the provider knows. `asked` counts questions by reference of the phone."""

    accepted: list[Accepted] = field(default_factory=list)
    calls: int = 0
    refused_signatures: int = 0
    asked: int = 0
    tokens: int = 0

    def times_accepted(self) -> Counter[str]:
        return Counter(entry.reference for entry in self.accepted)


class FakeProvider:
    """`behaviours` are used up call by call; after them `usual(call number)` decides."""

    def __init__(self) -> None:
        self.books = Books()
        self.behaviours: deque[Behaviour] = deque()
        self.usual: Callable[[int], Behaviour] = lambda _: Behaviour.OK
        self.slow_s, self.hang_s = 0.2, 2.0
        self.think_s = 0.0  # between accepting and saying so
        self.wechat_token = "token-1"
        self.deaf = False  # answers no question
        self.turns = threading.Lock()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.provider = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator["FakeProvider"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.closing.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def next_behaviour(self) -> Behaviour:
        with self.turns:
            self.books.calls += 1
            return self.behaviours.popleft() if self.behaviours else self.usual(self.books.calls)

    def accept(self, reference: str, phone: str, text: dict[str, Any], *, delivered: bool) -> Accepted:
        with self.turns:
            entry = Accepted(reference, phone, f"id-{len(self.books.accepted) + 1}^0", text, delivered)
            self.books.accepted.append(entry)
            return entry


def by_chance(seed: int, shares: dict[Behaviour, float]) -> Callable[[int], Behaviour]:
    """A `usual` under which each behaviour has its share of the calls, the rest is well."""
    dice = random.Random(seed)

    def throw(_: int) -> Behaviour:
        left = dice.random()
        for behaviour, share in shares.items():
            left -= share
            if left < 0:
                return behaviour
        return Behaviour.OK

    return throw


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    provider: FakeProvider

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed worker hangs up in mid-call: nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *args: Any) -> None:
        """Tests need no log."""

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if "x-acs-action" in self.headers:
            _Aliyun(self).answer()
        elif "X-TC-Action" in self.headers:
            _Tencent(self).answer()
        else:
            _Wechat(self).answer()

    def reply(self, status: int, document: Any) -> None:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        """RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


class _Dialect:
    """How one vendor is spoken: subclasses read the request and word the answers."""

    place = 0

    def __init__(self, handler: _Handler) -> None:
        self.handler, self.provider = handler, handler.server.provider

    def refused(self, code: Any) -> Any:
        raise NotImplementedError

    def taken(self, entry: Accepted) -> Any:
        raise NotImplementedError

    def take(self, reference: str, phone: str, text: dict[str, Any]) -> None:
        """One call to send, as the plan has it."""
        provider, behaviour = self.provider, self.provider.next_behaviour()
        if behaviour is Behaviour.SLOW:
            provider.closing.wait(provider.slow_s)
        if behaviour is Behaviour.DUPLICATES_REFUSED and reference not in provider.books.times_accepted():
            behaviour = Behaviour.OK
        entry = None
        if behaviour in ACCEPTING:
            entry = provider.accept(
                reference, phone, text, delivered=behaviour is not Behaviour.NEVER_DELIVERED
            )
        if provider.think_s:
            provider.closing.wait(provider.think_s)
        if behaviour in (Behaviour.TIMEOUT, Behaviour.TIMEOUT_AFTER_ACCEPT):
            provider.closing.wait(provider.hang_s)
            self.handler.hang_up()
        elif behaviour in (Behaviour.RESET_BEFORE_ACCEPT, Behaviour.RESET_AFTER_ACCEPT):
            self.handler.hang_up()
        elif behaviour in _STATUS:
            self.handler.reply(_STATUS[behaviour], b"<html>Server Error</html>")
        elif behaviour is Behaviour.GARBAGE_AFTER_ACCEPT:
            self.handler.reply(200, b"\xff\xfe<html>")
        elif entry is not None:
            self.handler.reply(200, self.taken(entry))
        else:
            self.handler.reply(200, self.refused(_REFUSALS[behaviour][self.place]))


class _Aliyun(_Dialect):
    place = 0

    def answer(self) -> None:
        handler, headers = self.handler, self.handler.headers
        query = urlsplit(handler.path).query
        signed = {
            name: headers[name]
            for name in headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
        }
        expected = aliyun.authorization("POST", "/", query, signed, KEY_ID, SECRET)
        if headers["Authorization"] != expected:
            self.provider.books.refused_signatures += 1
            handler.reply(400, {"Code": "SignatureDoesNotMatch", "Message": "..."})
            return
        given = {name: values[0] for name, values in parse_qs(query).items()}
        if headers["x-acs-action"] == "SendSms":
            self.take(given["OutId"], given["PhoneNumbers"], json.loads(given["TemplateParam"]))
        elif self.provider.deaf:
            handler.hang_up()
        else:
            self._show_details(given["PhoneNumber"])

    def _show_details(self, phone: str) -> None:
        books = self.provider.books
        books.asked += 1
        details = [
            {
                "PhoneNum": entry.phone,
                "OutId": entry.reference,
                "SendStatus": 3 if entry.delivered else 1,
                "ErrCode": "DELIVERED" if entry.delivered else "",
                "SendDate": "2026-11-22 09:00:00",
            }
            for entry in books.accepted
            if entry.phone == phone
        ]
        document = {
            "Code": "OK",
            "TotalCount": len(details),
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": details},
        }
        self.handler.reply(200, document)

    def refused(self, code: Any) -> Any:
        return {"Code": code, "Message": "...", "RequestId": "R"}

    def taken(self, entry: Accepted) -> Any:
        return {"Code": "OK", "Message": "OK", "BizId": entry.provider_id, "RequestId": "R"}


class _Tencent(_Dialect):
    place = 1

    def answer(self) -> None:
        handler, headers = self.handler, self.handler.headers
        expected = tencent.authorization(
            key_id=KEY_ID,
            secret=SECRET,
            service="sms",
            host=headers["Host"],
            content_type=headers["Content-Type"],
            body=handler.body,
            at=int(headers["X-TC-Timestamp"]),
        )
        if headers["Authorization"] != expected:
            self.provider.books.refused_signatures += 1
            handler.reply(
                200, {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "."}}}
            )
            return
        given = json.loads(handler.body)
        if headers["X-TC-Action"] == "SendSms":
            words = {str(n): value for n, value in enumerate(given["TemplateParamSet"])}
            self.take(given["SessionContext"], given["PhoneNumberSet"][0].removeprefix("+86"), words)
        elif self.provider.deaf:
            handler.hang_up()
        else:
            self._show_statuses(given["PhoneNumber"].removeprefix("+86"))

    def _show_statuses(self, phone: str) -> None:
        self.provider.books.asked += 1
        reported = [
            {
                "PhoneNumber": f"+86{entry.phone}",
                "SerialNo": entry.provider_id,
                "ReportStatus": "SUCCESS",
                "SessionContext": entry.reference,
            }
            for entry in self.provider.books.accepted
            if entry.phone == phone and entry.delivered
        ]
        self.handler.reply(200, {"Response": {"PullSmsSendStatusSet": reported, "RequestId": "R"}})

    def refused(self, code: Any) -> Any:
        if code.startswith("RequestLimit"):
            return {"Response": {"Error": {"Code": code, "Message": "..."}, "RequestId": "R"}}
        return {"Response": {"SendStatusSet": [{"SerialNo": "", "Code": code, "Message": "..."}]}}

    def taken(self, entry: Accepted) -> Any:
        status = {"SerialNo": entry.provider_id, "Fee": 1, "Code": "Ok", "SessionContext": entry.reference}
        return {"Response": {"SendStatusSet": [status], "RequestId": "R"}}


class _Wechat(_Dialect):
    place = 2

    def answer(self) -> None:
        handler, address = self.handler, urlsplit(self.handler.path)
        given = json.loads(handler.body)
        if address.path == "/cgi-bin/stable_token":
            self.provider.books.tokens += 1
            if (given["appid"], given["secret"]) == (WECHAT_APP, WECHAT_SECRET):
                handler.reply(200, {"access_token": self.provider.wechat_token, "expires_in": 7200})
            else:
                handler.reply(200, {"errcode": 40125, "errmsg": "invalid appsecret"})
        elif parse_qs(address.query).get("access_token") != [self.provider.wechat_token]:
            handler.reply(200, {"errcode": 40001, "errmsg": "invalid credential"})
        else:
            words = {name: value["value"] for name, value in given["data"].items()}
            self.take(given["client_msg_id"], given["touser"], words)

    def refused(self, code: Any) -> Any:
        return {"errcode": code, "errmsg": "..."}

    def taken(self, entry: Accepted) -> Any:
        return {"errcode": 0, "errmsg": "ok", "msgid": int(entry.provider_id[3:-2]) + 200000000}
