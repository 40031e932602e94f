"""The application: settings in, FastAPI out."""

import asyncio
import gc
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Final

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from app import api
from app.codes.counting import ScanCounter
from app.core import health
from app.core.clock import Clock, SystemClock
from app.core.db import Database
from app.core.following import Watch
from app.core.logging import configure_logging
from app.core.settings import Environment, Settings
from app.core.tallies import Tally
from app.employers.changes import head_of_log
from app.jobs.board import BOARDS
from app.jobs.viewing import add_views
from app.matching import service as matching
from app.matching.index.following import keep_markets, tending
from app.notifications.carriers import make_carriers
from app.notifications.code_sending import make_sms_code_sender
from app.notifications.worker import make_outbox
from app.regions.amendments import watching
from app.tasks import make_runner
from app.web.kept import KeptPages
from app.web.site import install_site
from app.web.speech.speaker import speaker_of

log = structlog.get_logger()


def create_app(
    settings: Settings | None = None, *, database: Database | None = None, clock: Clock | None = None
) -> FastAPI:
    """Builds the application. Tests pass their own `database` and `clock`."""
    settings = settings or Settings()
    configure_logging(settings.log_level)
    app = FastAPI(
        title="送岗 songgang",
        description="把工作送到家门口：公共就业帮扶平台的接口。",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    furnish(app, settings, database or Database(settings), clock or SystemClock())
    keep_markets(settings)
    app.include_router(health.router)
    app.include_router(api.router)
    install_site(app)
    # Brotli 7: a list page is 12 % smaller than with gzip 6 for 0.2 ms more; kept pages are packed once.
    app.add_middleware(CompressMiddleware, zstd=False, brotli_quality=7, gzip_level=6)
    if settings.keep_pages:
        app.state.posting_watch = Watch(app.state.database, head_of_log())
        app.add_middleware(KeptPages, watch=app.state.posting_watch, clock=app.state.clock)
    app.add_middleware(RequestRecorder)
    return app


def furnish(app: FastAPI, settings: Settings, database: Database, clock: Clock) -> None:
    """Gives an application what its requests need. Tests furnish one application anew instead of building
    another, whose routes FastAPI would work out once more."""
    app.state.settings = settings
    app.state.clock = clock
    app.state.database = database
    app.state.carriers = make_carriers(settings)
    app.state.code_sender = make_sms_code_sender(settings, app.state.carriers, clock)
    app.state.scans = ScanCounter(database, clock)
    app.state.views = Tally(database, add_views)
    app.state.speaker = speaker_of(settings)
    app.state.read_slots = asyncio.Semaphore(database.slots)
    app.state.write_slots = asyncio.Semaphore(database.slots)


# A task of the background holds the interpreter so long before a page may go on (Python's own: 5 ms). Writing
# 100,000 messages, pages were 2.8 times as late as idle (p95) with 5 ms: `bench.messages`.
_SWITCH_S: Final = 0.0001


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """On SQLite the task runner lives inside the server; otherwise `songgang worker` is its own process."""
    settings: Settings = app.state.settings
    database: Database = app.state.database
    runner = make_runner(database, app.state.clock)
    outbox = make_outbox(database, app.state.clock, settings, app.state.carriers)
    threads = [
        threading.Thread(target=runner.run_forever, name="tasks", daemon=True),
        threading.Thread(target=outbox.run_forever, name="outbox", daemon=True),
    ]
    serving = settings.env is not Environment.TEST
    inside = database.is_sqlite and serving
    if inside:
        sys.setswitchinterval(_SWITCH_S)
        for thread in threads:
            thread.start()
    with ExitStack() as running:
        if serving:
            running.enter_context(watching(database))
            running.enter_context(tending(database, app.state.clock))
            running.enter_context(app.state.scans.running())
            running.enter_context(app.state.views.running())
            threading.Thread(target=_warm_up, args=(app,), name="warm-up", daemon=True).start()
        yield
    runner.stop()
    outbox.stop()
    if inside:
        for thread in threads:
            await asyncio.to_thread(thread.join, 10)
    if settings.keep_pages:
        app.state.posting_watch.close()
    database.dispose()


def _warm_up(app: FastAPI) -> None:
    """Reads place names and postings once: otherwise the first visitor waits seconds for them."""
    try:
        with app.state.database.read() as session:
            count = matching.warm_up(session, app.state.clock.today())
            BOARDS.current(session, app.state.clock.today())
        # What was read stays: the collector need not walk over it again while somebody waits for a page.
        gc.collect()
        gc.freeze()
        log.info("warmed_up", postings=count)
    except SQLAlchemyError as error:
        # The site serves all the same; /readyz tells what is wrong with the database.
        log.warning("warm_up_failed", kind=type(error).__name__)


class RequestRecorder:
    """Counts requests and writes one log line each, with the route's template and never the address itself
    (an address or its query may name a person)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            seconds = time.perf_counter() - began
            route = _template(scope)
            health.REQUESTS.labels(scope["method"], route, status).inc()
            health.REQUEST_SECONDS.labels(route).observe(seconds)
            log.info(
                "request",
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
            )


def _template(scope: Scope) -> str:
    """The template of the route that answered; routes of an included router don't know its prefix."""
    template: str = getattr(scope.get("route"), "path_format", "(none)")
    inside_api = scope["path"].startswith(f"{api.router.prefix}/") and template.startswith("/")
    return f"{api.router.prefix}{template}" if inside_api else template
