"""读者: what one visitor chose (letters, language, place), kept in cookies or, without them, in the address.

A choice comes with the address once (?s=2) and is stored in a cookie. Where cookies are refused it travels
on in every link of the page, so that the choice holds all the same. None of these cookies says who the
reader is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.web.languages import Language, choose_language

SIZE_COOKIE, LANGUAGE_COOKIE, PLACE_COOKIE = "s", "lang", "at"
_YEAR_S = 365 * 24 * 3600
_REGION = re.compile(r"\d{6}(\d{3}(\d{3})?)?")
_SIZES = {"1": 1, "2": 2, "3": 3}


@dataclass(frozen=True)
class Reader:
    """读者: `size` 1..3 letters, `place` a region code or None, `carry` what every link has to repeat.

    `store` are the cookies to set with the answer; `path` and `query` are the address of this page.
    """

    language: Language
    size: int = 1
    place: str | None = None
    carry: tuple[tuple[str, str], ...] = ()
    store: tuple[tuple[str, str], ...] = ()
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()

    def url(self, path: str, /, **params: object) -> str:
        """An address on this site that keeps what was chosen. None is left out, lists repeat."""
        pairs: list[tuple[str, str]] = []
        for key, value in params.items():
            if isinstance(value, list | tuple | frozenset):
                pairs += [(key, str(item)) for item in value]
            elif value is not None:
                pairs.append((key, str(value)))
        pairs += [(k, v) for k, v in self.carry if k not in params]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def here(self, **changes: object) -> str:
        """This very page with some parameters changed."""
        pairs = [(k, v) for k, v in self.query if k not in changes]
        pairs += [(k, str(v)) for k, v in changes.items() if v is not None]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def next_size(self) -> int:
        """What the 大字 link leads to: 1 -> 2 -> 3 -> 1."""
        return self.size % 3 + 1


def read_reader(request: Request, *, place: str | None = None) -> Reader:
    """What this request's visitor chose. `place` overrules (the village named by a scanned code)."""
    query, cookies = request.query_params, request.cookies
    size = _SIZES.get(query.get("s", "")) or _SIZES.get(cookies.get(SIZE_COOKIE, "")) or 1
    accept = request.headers.get("accept-language", "")
    language = choose_language((query.get("lang"), cookies.get(LANGUAGE_COOKIE)), accept)
    asked_place = place or query.get("at", "")
    chosen_place = _region(asked_place) or _region(cookies.get(PLACE_COOKIE, ""))
    chosen = {
        SIZE_COOKIE: str(size) if "s" in query else None,
        LANGUAGE_COOKIE: language.tag if "lang" in query else None,
        PLACE_COOKIE: chosen_place if asked_place else None,
    }
    fresh = tuple((k, v) for k, v in chosen.items() if v is not None and cookies.get(k) != v)
    # A first visitor at the default letters needs neither a cookie nor a longer address.
    plain = {SIZE_COOKIE: "1", LANGUAGE_COOKIE: choose_language((), accept).tag}
    fresh = tuple((k, v) for k, v in fresh if cookies.get(k) is not None or plain.get(k) != v)
    return Reader(
        language=language,
        size=size,
        place=chosen_place,
        carry=fresh,
        store=fresh,
        path=request.url.path,
        query=tuple(query.multi_items()),
    )


def remember(response: Response, reader: Reader, *, secure: bool) -> None:
    """Sets the cookies of the reader's choices: a year, this site only, not for scripts."""
    for key, value in reader.store:
        response.set_cookie(key, value, max_age=_YEAR_S, httponly=True, secure=secure, samesite="lax")


def _region(text: str) -> str | None:
    return text if _REGION.fullmatch(text) else None


def first_visit(language: Language, query: Mapping[str, str] | None = None) -> Reader:
    """A reader without a request: for error pages made outside one, and for tests."""
    return Reader(language=language, query=tuple((query or {}).items()))
