"""Every background task of the product, imported here so that whoever runs tasks knows them all."""

from app.accounts import tasks as accounts
from app.core import idempotency
from app.core.clock import Clock
from app.core.db import Database
from app.core.tasks import TaskRunner
from app.jobs import tasks as jobs
from app.notifications import tasks as notifications
from app.seekers import tasks as seekers
from app.seekers.imports import tasks as people_imports

MODULES = (idempotency, accounts, notifications, jobs, seekers, people_imports)


def make_runner(database: Database, clock: Clock) -> TaskRunner:
    """A runner that knows every task."""
    return TaskRunner(database, clock)
