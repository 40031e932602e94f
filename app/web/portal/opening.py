"""打开页面: whether a person opened a page just now, as far as a request can tell."""

from typing import Final

from starlette.datastructures import Headers

_BOT_WORDS: Final = ("bot", "spider", "crawl", "preview", "monitor", "curl/", "python-", "scan")


def is_opened(headers: Headers, status: int) -> bool:
    """Not shown again from the browser's memory (304), not reloaded, fetched in advance or read by a
    machine."""
    browser = headers.get("user-agent", "").lower()
    purpose = f"{headers.get('purpose', '')} {headers.get('sec-purpose', '')} {headers.get('x-moz', '')}"
    return (
        status == 200
        and headers.get("cache-control", "") not in ("max-age=0", "no-cache")
        and "prefetch" not in purpose
        and browser != ""
        and not any(word in browser for word in _BOT_WORDS)
    )
