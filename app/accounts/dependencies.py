"""Who is asking: the `Actor` of a request, for endpoints and pages (all of accounts that knows HTTP).

    def show(session: ReadSession, actor: SignedInActor) -> ...

A bearer token goes before the session cookie. Roles are read anew with every request, so the end of a role
holds at once, for open sessions too. A request that shows neither costs no statement.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Request

from app.accounts import queries, sessions
from app.accounts.actor import PUBLIC, Actor
from app.accounts.queries import Credential
from app.accounts.rules import csrf_token
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import Forbidden, NotSignedIn
from app.core.http import (
    SESSION_COOKIE,
    get_clock,
    get_settings,
    read_once,
    run_with_database,
)
from app.core.security import same_text

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A write for every page seen would keep SQLite's only writer busy.
TOUCH_EVERY = timedelta(minutes=1)


async def get_actor(request: Request, background: BackgroundTasks) -> Actor:
    """The actor of this request; PUBLIC when nothing valid is shown.

    Raises `NotSignedIn` for a bearer token that is unknown, run out or revoked, and `Forbidden` when the JSON
    API is called unsafely on the strength of a cookie without the header `X-CSRF-Token`.
    """
    now = get_clock(request).now()
    bearer, cookie = _bearer(request), request.cookies.get(SESSION_COOKIE)
    if bearer is not None:
        found = await read_once(request, lambda session: queries.find_by_api_token(session, bearer, now))
        if found is None:
            raise NotSignedIn("接口令牌不对，或者已经过期、被收回了。请用 songgang token create 开一个新的。")
    elif cookie:
        found = await read_once(request, lambda session: queries.find_by_session(session, cookie, now))
        if found is None:
            return PUBLIC
        if request.method not in SAFE_METHODS and request.url.path.startswith("/api/"):
            _check_api_csrf(request, cookie)
    else:
        return PUBLIC
    if found.seen_at is None or now - found.seen_at >= TOUCH_EVERY:
        background.add_task(_touch, request, found)  # after the answer was sent
    return found.actor


async def _touch(request: Request, used: Credential) -> None:
    await run_with_database(request, lambda database: sessions.touch(database, get_clock(request), used))


CurrentActor = Annotated[Actor, Depends(get_actor)]


async def get_signed_in_actor(actor: CurrentActor) -> Actor:
    """As `get_actor`. Raises `NotSignedIn` for the public."""
    if not actor.is_signed_in:
        raise NotSignedIn
    return actor


SignedInActor = Annotated[Actor, Depends(get_signed_in_actor)]


async def get_staff_actor(actor: SignedInActor) -> Actor:
    """As `get_signed_in_actor`. Raises `Forbidden` for who holds no role of an office."""
    if not actor.is_staff:
        raise Forbidden("这里是工作人员用的。您的账号没有工作人员的角色，请找上一级的同事开通。")
    return actor


StaffActor = Annotated[Actor, Depends(get_staff_actor)]


def get_cipher(request: Request) -> FieldCipher:
    return cipher_of(get_settings(request))


CurrentCipher = Annotated[FieldCipher, Depends(get_cipher)]


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _check_api_csrf(request: Request, cookie: str) -> None:
    secret = get_settings(request).secret_key.get_secret_value()
    shown = request.headers.get("X-CSRF-Token", "")
    if not same_text(shown, csrf_token(secret, cookie)):
        raise Forbidden("用登录的浏览器调接口时，要带上页面给的 X-CSRF-Token。")
