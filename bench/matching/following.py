"""What it costs to be current: what `current_market` adds to a question when nothing has changed and after
one change, and what the row in the log adds to the commit of a change, on SQLite and on PostgreSQL.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.core.clock import SystemClock
from app.core.db import Database
from app.employers.changes import note_change
from app.jobs.models import JobPosting
from app.matching.index.following import current_market, forget_markets
from tests.conftest import create_postgres_database, make_settings, prepare
from tests.employers.factories import verified_employer
from tests.jobs.factories import open_job
from tests.postgres import running_postgres

JOBS, ROUNDS = 20, 60


def _median_us(rounds: int, action: Callable[[int], None]) -> float:
    spent = []
    for number in range(rounds):
        began = time.perf_counter()
        action(number)
        spent.append((time.perf_counter() - began) * 1e6)
    return median(spent)


def _pay(session: Session, job_id: int, fen: int) -> None:
    session.execute(update(JobPosting).where(JobPosting.id == job_id).values(wage_min_fen=fen))


def measure_database(name: str, url: str) -> dict[str, Any]:
    """Medians in microseconds of one database."""
    settings, clock = make_settings(url), SystemClock()
    prepare(settings)
    database, today = Database(settings), clock.today()
    with database.write() as session:
        firm = verified_employer(session, clock)  # type: ignore[arg-type]
        jobs = [open_job(session, clock, firm).id for _ in range(JOBS)]  # type: ignore[arg-type]
    forget_markets()

    def commit(number: int) -> None:
        with database.write() as session:
            _pay(session, jobs[number % JOBS], 300_000 + number)

    def commit_and_note(number: int) -> None:
        with database.write() as session:
            _pay(session, jobs[number % JOBS], 400_000 + number)
            note_change(session, job_id=jobs[number % JOBS])

    after: list[float] = []
    with database.read() as session:
        current_market(session, today)
    with database.read() as session:
        session.execute(text("SELECT 1"))
        current_market(session, today)
        unchanged = _median_us(ROUNDS, lambda _: void(current_market(session, today)))
    for number in range(ROUNDS):
        commit_and_note(number)
        with database.read() as session:
            session.execute(text("SELECT 1"))
            began = time.perf_counter()
            current_market(session, today)
            after.append((time.perf_counter() - began) * 1e6)
    plain, noted = [], []
    for number in range(ROUNDS):
        # In turns, so that a busy machine disturbs both alike.
        plain.append(_median_us(1, lambda _, n=number: commit(n)))  # type: ignore[misc]
        noted.append(_median_us(1, lambda _, n=number: commit_and_note(n)))  # type: ignore[misc]
    database.dispose()
    forget_markets()
    return {
        "database": name,
        "unchanged_us": unchanged,
        "after_one_change_us": median(after),
        "commit_us": median(plain),
        "commit_noted_us": median(noted),
        "noted_ratio": median(noted) / median(plain),
    }


def void(_: object) -> None:
    """Let go of a result."""


def measure_following() -> list[dict[str, Any]]:
    """Both databases."""
    with tempfile.TemporaryDirectory() as folder, running_postgres() as cluster:
        url = create_postgres_database(cluster, "bench_following")
        told = [
            measure_database("SQLite", f"sqlite:///{Path(folder) / 'following.db'}"),
            measure_database("PostgreSQL", url),
        ]
    print("\ncommit to visible, microseconds (medians):")
    for line in told:
        print(
            f"  {line['database']:11} a question when nothing changed {line['unchanged_us']:.1f}, after one"
            f" change {line['after_one_change_us']:.0f}; a commit {line['commit_us']:.0f},"
            f" with its row in the log {line['commit_noted_us']:.0f} ({line['noted_ratio']:.2f} times)"
        )
    return told
