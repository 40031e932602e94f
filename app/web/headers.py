"""Headers that keep a page from doing what it never needs to do."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.rendering import style_hashes

# No script runs on a page: where one comes with a later slice it is named by its hash, like the styles.
PAGE_POLICY = (
    f"default-src 'none'; style-src {' '.join(style_hashes())}; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NOT_MODIFIED = 304
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SafetyHeaders:
    """Adds the headers to every answer; a page may bring a content policy of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            # The browser has the headers of a page that has not changed; on a weak line each byte counts.
            if message["type"] == "http.response.start" and message["status"] != NOT_MODIFIED:
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Content-Security-Policy", PAGE_POLICY)
            await send(message)

        await self._app(scope, receive, with_headers)
