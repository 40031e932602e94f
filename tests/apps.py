"""One application for all tests of a process: FastAPI works out the routes of each new one again when they
are first asked for, up to a second of processor time in every test."""

from fastapi import FastAPI

from app.core.clock import Clock
from app.core.db import Database
from app.core.settings import Settings
from app.main import create_app, furnish

_MADE: list[FastAPI] = []


def the_app(settings: Settings, database: Database, clock: Clock) -> FastAPI:
    """The application over this database. Whoever had it before must be done with it."""
    assert not settings.keep_pages, "kept pages belong to one database: make an application of its own"
    if not _MADE:
        _MADE.append(create_app(settings, database=database, clock=clock))
    app = _MADE[0]
    app.dependency_overrides.clear()
    furnish(app, settings, database, clock)
    return app
