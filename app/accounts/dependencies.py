"""Who is asking: the `Actor` of a request, for endpoints and pages (all of accounts that knows HTTP).

    def show(session: ReadSession, actor: SignedInActor) -> ...

A bearer token goes before the session cookie. Roles are read anew with every request, so the end of a role
holds at once, for open sessions too. A request that shows neither costs no statement.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, TypeVar

import structlog
from fastapi import BackgroundTasks, Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts import queries, sessions
from app.accounts.actor import PUBLIC, Actor
from app.accounts.queries import Credential
from app.accounts.rules import csrf_token
from app.core.clock import Clock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import Forbidden, NotSignedIn
from app.core.http import SESSION_COOKIE, get_clock, get_database, get_settings
from app.core.security import same_text

log = structlog.get_logger()
T = TypeVar("T")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A write for every page seen would keep SQLite's only writer busy.
TOUCH_EVERY = timedelta(minutes=1)


async def get_actor(request: Request, background: BackgroundTasks) -> Actor:
    """The actor of this request; PUBLIC when nothing valid is shown.

    Raises `NotSignedIn` for a bearer token that is unknown, run out or revoked, and `Forbidden` when the JSON
    API is called unsafely on the strength of a cookie without the header `X-CSRF-Token`.
    """
    clock = get_clock(request)
    bearer = _bearer(request)
    if bearer is not None:
        found = await _read(request, lambda s: queries.find_by_api_token(s, bearer, clock.now()))
        if found is None:
            raise NotSignedIn("接口令牌不对，或者已经过期、被收回了。请用 songgang token create 开一个新的。")
        _touch_later(request, background, clock, found, sessions.touch_api_token)
        return found.actor
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie:
        return PUBLIC
    found = await _read(request, lambda s: queries.find_by_session(s, cookie, clock.now()))
    if found is None:
        return PUBLIC
    if request.method not in SAFE_METHODS and request.url.path.startswith("/api/"):
        _check_api_csrf(request, cookie)
    _touch_later(request, background, clock, found, sessions.touch_session)
    return found.actor


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


async def in_transaction(request: Request, work: Callable[[Session], T]) -> T:
    """Runs `work` in a short transaction of its own, for the few endpoints that do something slow between two
    of them (hashing a password, sending a code). Never call it while the endpoint holds a `WriteSession`.
    """

    def run() -> T:
        with get_database(request).write() as session:
            return work(session)

    async with request.app.state.write_slots:
        return await run_in_threadpool(run)


async def _read(request: Request, work: Callable[[Session], T]) -> T:
    """Looks in the session the request holds already, else in a short one of its own.

    Asking for a second slot while holding one would be a deadlock as soon as all slots are held that way.
    """
    held: Session | None = getattr(request.state, "session", None)
    if held is not None:
        return await run_in_threadpool(work, held)

    def run() -> T:
        with get_database(request).read() as session:
            return work(session)

    async with request.app.state.read_slots:
        return await run_in_threadpool(run)


def _touch_later(
    request: Request,
    background: BackgroundTasks,
    clock: Clock,
    found: Credential,
    touch: Callable[[Session, int, Clock], None],
) -> None:
    """Notes that the credential was used, at most once a minute and after the answer was sent."""
    if found.seen_at is not None and clock.now() - found.seen_at < TOUCH_EVERY:
        return

    async def write() -> None:
        try:
            await in_transaction(request, lambda session: touch(session, found.id, clock))
        except SQLAlchemyError as error:
            # Only the idle time suffers: the answer is out already.
            log.warning("touch_failed", kind=type(error).__name__)

    background.add_task(write)


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _check_api_csrf(request: Request, cookie: str) -> None:
    secret = get_settings(request).secret_key.get_secret_value()
    shown = request.headers.get("X-CSRF-Token", "")
    if not same_text(shown, csrf_token(secret, cookie)):
        raise Forbidden("用登录的浏览器调接口时，要带上页面给的 X-CSRF-Token。")
