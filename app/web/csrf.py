"""跨站防护: a form is taken only from a page of ours.

Two ways, by who fills the form in. Whoever has a session (or is about to get one) has a cookie: the form
shows a token bound to it, and the request must come from our own address. Forms that must work with cookies
refused carry a signed token instead, good for one purpose, one submission and a few hours.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from fastapi import Request

from app.accounts.dependencies import SAFE_METHODS
from app.accounts.rules import csrf_token
from app.core.clock import Clock
from app.core.errors import Forbidden, Gone
from app.core.http import get_settings
from app.core.security import keyed_digest, same_text
from app.core.settings import Settings
from app.web.sessions import browser_token

CSRF_FIELD = "csrf_token"
FORM_FIELD = "form_token"
# As long as a phone keeps a page open between two rides to town.
FORM_LIVES = timedelta(hours=12)
_PAGE_TOKEN_S = 3600
_STALE_PAGE = "这一页放久了，或者浏览器没留下登录信息。请退回去刷新一下，再点一次。"


def page_csrf_token(settings: Settings, token: str) -> str:
    """What a page puts into its forms, in the hidden field `csrf_token`, for the browser holding `token`."""
    return csrf_token(settings.secret_key.get_secret_value(), token)


async def check_csrf(request: Request) -> None:
    """Dependency of every page router: unsafe requests must come from our own page and show its token.

    Raises `Forbidden`.
    """
    if request.method in SAFE_METHODS:
        return
    check_origin(request)
    token = browser_token(request)
    form = await request.form()
    shown = form.get(CSRF_FIELD)
    if token is None or not isinstance(shown, str):
        raise Forbidden(_STALE_PAGE)
    if not same_text(shown, page_csrf_token(get_settings(request), token)):
        raise Forbidden(_STALE_PAGE)


async def check_public_form(request: Request) -> None:
    """Dependency of pages that act on nobody's authority, for whoever holds the paper or the link: unsafe
    requests must not come from another site. Raises `Forbidden`."""
    if request.method not in SAFE_METHODS:
        check_origin(request)


def check_origin(request: Request) -> None:
    """Refuses what a browser itself says comes from another site. Old browsers may say nothing. Raises
    `Forbidden`.
    """
    claimed = request.headers.get("origin") or request.headers.get("referer")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden(_STALE_PAGE)
    if claimed is None:
        return
    ours = {request.headers.get("host", ""), urlsplit(get_settings(request).public_url).netloc}
    if urlsplit(claimed).netloc not in ours - {""}:
        raise Forbidden(_STALE_PAGE)


@dataclass(frozen=True)
class FormPass:
    """表单凭条: a form token that was read. `key` names this one filling-in: services store it in a unique
    column (or as idempotency key), so that a double tap makes one row.
    """

    key: str
    issued_at: datetime


def issue_form_token(settings: Settings, clock: Clock, purpose: str) -> str:
    """A signed token for one filling-in of a public form; `purpose` is the form's address."""
    body = f"{secrets.token_hex(12)}.{int(clock.now().timestamp())}"
    return f"{body}.{_signature(settings, purpose, body)}"


def issue_page_token(settings: Settings, clock: Clock, purpose: str) -> str:
    """A signed token that all pages of one hour share, so that a phone which has the page need not fetch it
    again. Whoever takes the form tells fillings-in apart by what was typed.
    """
    began = int(clock.now().timestamp()) // _PAGE_TOKEN_S * _PAGE_TOKEN_S
    body = f"{began:x}.{began}"
    return f"{body}.{_signature(settings, purpose, body)}"


def read_form_token(settings: Settings, clock: Clock, purpose: str, token: str) -> FormPass:
    """Raises `Forbidden` when it was not made here for this purpose, `Gone` when it is too old."""
    body, _, signature = token.rpartition(".")
    if not same_text(signature, _signature(settings, purpose, body)):
        raise Forbidden(_STALE_PAGE)
    key, _, seconds = body.partition(".")
    age_s = clock.now().timestamp() - int(seconds)
    if not 0 <= age_s <= FORM_LIVES.total_seconds():
        raise Gone("这一页放得太久了。请退回去刷新一下，再填一次。")
    return FormPass(key, datetime.fromtimestamp(int(seconds), tz=clock.now().tzinfo))


def _signature(settings: Settings, purpose: str, body: str) -> str:
    secret = settings.secret_key.get_secret_value()
    return keyed_digest(secret, f"form {purpose}", body).hex()[:32]
