"""留着的页: pages that are the same for everyone are made once and given out again.

A list of a place is asked for by everybody who scans its poster, and making it costs forty times what giving
it out costs. A page is kept with the head of the log of postings: once any posting or firm has changed, in
whatever process, it is made anew, so nobody sees an old list after their own change. All else that stands on
such pages (the officer's name, a village's) may be a minute old.

Pages differ by address, by the three choices of a reader (letters, language, place) and by compression, and
by nothing else: only the addresses named here are kept, and a test compares them with and without a sign-in.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.clock import Clock
from app.core.following import Watch
from app.web.reader import LANGUAGE_COOKIE, PLACE_COOKIE, SIZE_COOKIE

KEPT: Final = re.compile(r"/(?:jobs(?:/\d{1,18})?|kinds|find(?:/result)?)?")
MOST_KEPT: Final = 2_000
"""About 12 MB."""
KEPT_S: Final = 60
_CHOICES: Final = (SIZE_COOKIE, LANGUAGE_COOKIE, PLACE_COOKIE)
OK: Final = 200
NOT_MODIFIED: Final = 304
_OF_NO_BODY: Final = frozenset({b"cache-control", b"etag", b"vary"})
"""What an answer without a page repeats; the browser has the rest."""
_NOTES: Final = "songgang.each_view"

Key = tuple[str, bytes, tuple[str | None, ...], str, str]
Version = tuple[Any, ...]


Note = Callable[[Headers, int], None]
"""Told of one view of a page: the headers it was asked with and the status it was answered with."""


def note_each_view(request: Request, response: Response, note: Note) -> None:
    """Calls `note` for this view of a page, and again each time the kept page is given out."""
    note(request.headers, response.status_code)
    request.scope.setdefault(_NOTES, []).append(note)


@dataclass(frozen=True)
class KeptPage:
    """留着的页: an answer as it went out, good while the version stands and until `until` (monotonic)."""

    version: Version
    until: float
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    route: Any
    notes: tuple[Note, ...]

    def header(self, wanted: bytes) -> bytes | None:
        """The first header of that name."""
        return next((value for name, value in self.headers if name == wanted), None)


class KeptPages:
    """ASGI: gives out kept pages; everything else goes through."""

    def __init__(self, app: ASGIApp, watch: Watch, clock: Clock) -> None:
        self._app, self._watch, self._clock = app, watch, clock
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self._making: dict[tuple[Key, Version], asyncio.Future[KeptPage | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        may_keep = scope["type"] == "http" and scope["method"] == "GET" and KEPT.fullmatch(scope["path"])
        version = await self._version() if may_keep else None
        if version is None:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        key = _key(scope, headers)
        page = self._find(key, version) or await self._wait_for(key, version)
        if page is not None:
            scope["route"] = page.route
            status = _status(page, headers)
            for note in page.notes:
                note(headers, status)
            await _give_out(page, status, send)
            return
        page = await self._make(key, version, scope, receive, send)
        if page is not None:
            await _give_out(page, _status(page, headers), send)

    async def _version(self) -> Version | None:
        """What kept pages must agree with; None while the database does not answer."""
        watch = self._watch
        answer = watch.answer() if watch.is_quick else await run_in_threadpool(watch.answer)
        return None if answer is None else (*answer, self._clock.today())

    def _find(self, key: Key, version: Version) -> KeptPage | None:
        page = self._pages.get(key)
        if page is None or page.version != version or page.until < time.monotonic():
            return None
        self._pages.move_to_end(key)
        return page

    async def _wait_for(self, key: Key, version: Version) -> KeptPage | None:
        """The page that another request is making just now, if one is."""
        other = self._making.get((key, version))
        return None if other is None else await asyncio.shield(other)

    async def _make(
        self, key: Key, version: Version, scope: Scope, receive: Receive, send: Send
    ) -> KeptPage | None:
        """A new page, kept; None when the answer was another one and is sent already."""
        mine: asyncio.Future[KeptPage | None] = asyncio.get_running_loop().create_future()
        self._making.setdefault((key, version), mine)
        page = None
        try:
            page = await self._ask(version, scope, receive, send)
            if page is not None:
                self._pages[key] = page
                self._pages.move_to_end(key)
                if len(self._pages) > MOST_KEPT:
                    self._pages.popitem(last=False)
            return page
        finally:
            mine.set_result(page)
            if self._making.get((key, version)) is mine:
                del self._making[key, version]

    async def _ask(self, version: Version, scope: Scope, receive: Receive, send: Send) -> KeptPage | None:
        """The application's page, asked for as by somebody who never saw it. Other answers are sent on."""
        headers = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
        inner, messages = {**scope, "headers": headers}, list[Message]()

        async def collect(message: Message) -> None:
            messages.append(message)

        try:
            await self._app(inner, receive, collect)
        finally:
            scope["route"] = inner.get("route")
            status = messages[0]["status"] if messages else None
            if status != OK:
                for message in messages:
                    await send(message)
        if status != OK:
            return None
        return KeptPage(
            version,
            time.monotonic() + KEPT_S,
            tuple(messages[0]["headers"]),
            b"".join(message.get("body", b"") for message in messages[1:]),
            inner.get("route"),
            tuple(inner.get(_NOTES, ())),
        )


def _key(scope: Scope, headers: Headers) -> Key:
    cookies = cookie_parser(headers.get("cookie", ""))
    return (
        scope["path"],
        scope["query_string"],
        tuple(cookies.get(name) for name in _CHOICES),
        headers.get("accept-language", ""),
        headers.get("accept-encoding", ""),
    )


def _status(page: KeptPage, asked: Headers) -> int:
    """304 when the browser has this very page and there is no cookie to set."""
    etag = page.header(b"etag")
    is_seen = etag is not None and asked.get("if-none-match") == etag.decode()
    return NOT_MODIFIED if is_seen and page.header(b"set-cookie") is None else OK


async def _give_out(page: KeptPage, status: int, send: Send) -> None:
    headers, body = list(page.headers), page.body
    if status == NOT_MODIFIED:
        headers, body = [(name, value) for name, value in headers if name in _OF_NO_BODY], b""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
