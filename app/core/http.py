"""What FastAPI endpoints need from the core: a session per request, the clock, and idempotent POSTs.

A request takes one of the database's slots on the event loop *before* anything of it enters a thread. With
the usual `def` dependency, forty threads can each wait for a connection that only another waiting thread
would give back: a deadlock. The session is closed with `scope="function"`, that is before the answer is
sent, so a commit that fails is told to the caller instead of being answered 200.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Annotated, Any, TypeVar

import anyio
from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.db import Database
from app.core.idempotency import IdempotentAnswer, IdempotentRequest, find_answer, keep_answer
from app.core.settings import Settings

SESSION_COOKIE = "songgang_session"
T = TypeVar("T")


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def get_clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


CurrentClock = Annotated[Clock, Depends(get_clock)]
CurrentSettings = Annotated[Settings, Depends(get_settings)]


@asynccontextmanager
async def _held_session(
    slots: asyncio.Semaphore, opened: AbstractContextManager[Session]
) -> AsyncIterator[Session]:
    async with slots:
        session = await run_in_threadpool(opened.__enter__)
        try:
            yield session
        except BaseException as error:
            # Shielded: a client that hangs up must not leave a connection and its lock behind.
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(opened.__exit__, type(error), error, error.__traceback__)
            raise
        else:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(opened.__exit__, None, None, None)


async def _read_session(request: Request) -> AsyncIterator[Session]:
    async with _held_session(request.app.state.read_slots, get_database(request).read()) as session:
        request.state.session = session
        yield session


async def _write_session(request: Request) -> AsyncIterator[Session]:
    async with _held_session(request.app.state.write_slots, get_database(request).write()) as session:
        request.state.session = request.state.write_session = session
        yield session


# For GET: a write in it is refused by the database.
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
# For everything that changes something: commits when the endpoint returns, before the answer is sent.
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]


async def read_once(request: Request, work: Callable[[Session], T]) -> T:
    """Runs `work` in the session the request holds already, else in a short reading one of its own.

    A request must not ask for a second slot while it holds one: once all slots are held that way, nobody
    goes on.
    """
    held: Session | None = getattr(request.state, "session", None)
    if held is not None:
        return await run_in_threadpool(work, held)

    def run() -> T:
        with get_database(request).read() as session:
            return work(session)

    async with request.app.state.read_slots:
        return await run_in_threadpool(run)


async def run_with_database(request: Request, work: Callable[[Database], T]) -> T:
    """Runs `work`, which opens short transactions of its own, in a thread and within one writing slot.

    For the few endpoints that do something slow between two transactions (hashing a password, sending a
    code). Never while the endpoint holds a `WriteSession`.
    """
    async with request.app.state.write_slots:
        return await run_in_threadpool(work, get_database(request))


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    """The route class of the JSON API: honours `Idempotency-Key` on POST.

    The answer is stored in the endpoint's own transaction: either both the change and its answer exist, or
    neither. Of two identical requests at the same instant, the unique constraint lets one win; the other
    rolls back and repeats the winner's answer.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            key = request.headers.get("Idempotency-Key")
            if request.method != "POST" or not key:
                return await handle(request)
            asked = IdempotentRequest.of(
                credentials=request.headers.get("Authorization") or request.cookies.get(SESSION_COOKIE, ""),
                route=f"POST {self.path_format}"[:200],
                key=key,
                path=request.url.path,
                body=await request.body(),
                secret=get_settings(request).secret_key.get_secret_value(),
            )
            database = get_database(request)
            if given := await run_in_threadpool(_find_given_answer, database, asked):
                return given
            try:
                response = await handle(request)
                session = getattr(request.state, "write_session", None)
                # What may not be stored by a browser is not stored here either: asking again asks again.
                may_keep = "no-store" not in response.headers.get("Cache-Control", "")
                if session is not None and may_keep:
                    await run_in_threadpool(_keep, session, asked, response, get_clock(request))
            except IntegrityError:
                request.state.replay = asked
                raise
            return response

        return handle_once


def _keep(session: Session, asked: IdempotentRequest, response: Response, clock: Clock) -> None:
    keep_answer(
        session,
        asked,
        status=response.status_code,
        media_type=response.headers.get("content-type", "application/json"),
        location=response.headers.get("location"),
        body=bytes(response.body),
        now=clock.now(),
    )


def _find_given_answer(database: Database, asked: IdempotentRequest) -> Response | None:
    with database.read() as session:
        answer = find_answer(session, asked)
        return _replay(answer) if answer else None


def _replay(answer: IdempotentAnswer) -> Response:
    headers = {"Idempotency-Replayed": "true"}
    if answer.location:
        headers["Location"] = answer.location
    return Response(answer.body, answer.status, headers, answer.media_type)


async def replay_after_race(request: Request) -> Response | None:
    """After an `IntegrityError`: the answer of the identical request that won, if there was one."""
    asked = getattr(request.state, "replay", None)
    if asked is None:
        return None
    return await run_in_threadpool(_find_given_answer, get_database(request), asked)
