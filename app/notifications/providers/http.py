"""Calling a provider over HTTP: bounded in time and size, and honest about what is in doubt.

httpx times out per read; a provider that drips a byte a second would hold us forever, so the whole call has a
deadline. Where nothing can have reached the provider (no connection) the call surely came to nothing; after
that, whatever goes wrong is in doubt.
"""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from app.notifications.providers.base import Outcome, Verdict

MAX_BYTES: Final = 256 * 1024
# httpx logs whole addresses, and Aliyun's have the phone in them.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Reached:
    """An answer of the provider. `document` is None when the body is no JSON object."""

    status: int
    document: dict[str, Any] | None


@dataclass(frozen=True)
class NotReached:
    """No answer. `surely_not_accepted`: the request never left us."""

    surely_not_accepted: bool
    code: str


class Caller:
    """Makes calls with one pool of connections. `timeout_s` bounds a call as a whole."""

    def __init__(self, timeout_s: float = 10.0) -> None:
        self.timeout_s = timeout_s
        # No keep-alive: a connection the other side has just closed would look like a reset after sending.
        limits = httpx.Limits(max_keepalive_connections=0, max_connections=20)
        timeout = httpx.Timeout(timeout_s, connect=min(timeout_s, 5.0))
        self._client = httpx.Client(timeout=timeout, limits=limits, follow_redirects=False, trust_env=False)

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Reached | NotReached:
        return self._call("POST", url, headers, body)

    def get(self, url: str) -> Reached | NotReached:
        return self._call("GET", url, {}, b"")

    def _call(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reached | NotReached:
        deadline = time.monotonic() + self.timeout_s
        try:
            with self._client.stream(method, url, headers=dict(headers), content=body) as response:
                received = b""
                for chunk in response.iter_bytes():
                    received += chunk
                    if len(received) > MAX_BYTES or time.monotonic() > deadline:
                        return NotReached(False, "endless")
                return Reached(response.status_code, _document(received))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return NotReached(True, type(error).__name__)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return NotReached(False, type(error).__name__)


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def without_answer(call: Reached | NotReached) -> Outcome | None:
    """What came of a call that brought no readable answer; None when there is a document to read.

    429 is the one status that says by itself that nothing was done. A 5xx may come from a gateway in front of
    a provider that did accept.
    """
    if isinstance(call, NotReached):
        return Outcome(Verdict.BUSY if call.surely_not_accepted else Verdict.DOUBT, code=call.code)
    if call.status == 429:
        return Outcome(Verdict.BUSY, code="429")
    if call.status >= 500:
        return Outcome(Verdict.DOUBT, code=str(call.status))
    if call.document is None:
        return Outcome(Verdict.DOUBT, code="unreadable")
    return None
