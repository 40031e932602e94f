"""100,000 messages planned, paced and reported on SQLite, while people look at the list of postings.

    python -m bench.messages [--people N] [--seconds N]

The server is a process of its own with its outbox inside, as an office runs it; messages go to the console
provider (its terminal is thrown away). The clock stands at nine in the morning when it begins, because
campaigns rest at night. Aim: p95 of the list page at most twice the idle one (issue 5).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import httpx
import uvicorn

from app.accounts.actor import SYSTEM
from app.cli.server import prepare
from app.core.clock import office_day
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.demo.load import load_demo
from app.main import create_app
from app.notifications import campaign_life, campaigns
from app.notifications.campaigns import AT_ONCE, CampaignReader, NewCampaign, Tariff
from app.notifications.wording import templates

PORT = 8791
BASE = f"http://127.0.0.1:{PORT}"
COUNTY = "610204"
PAGE = "/jobs"


@dataclass(frozen=True)
class MorningClock:
    """Nine in the morning in Beijing when `began` (of the machine's monotonic clock)."""

    began: float

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 1, 0, tzinfo=UTC) + timedelta(seconds=time.monotonic() - self.began)

    def today(self) -> date:
        return office_day(self.now())


def serve(began: float) -> None:
    """The server process."""
    os.environ["SONGGANG_SMS_BUDGET_FEN"] = str(10**9)
    uvicorn.run(create_app(Settings(), clock=MorningClock(began)), port=PORT, log_config=None)


@contextmanager
def serving(began: float) -> Iterator[None]:
    command = [sys.executable, "-m", "bench.messages", "--serve", str(began)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                try:
                    httpx.get(f"{BASE}/readyz", timeout=5)
                    break
                except httpx.HTTPError:
                    threading.Event().wait(0.3)
            threading.Event().wait(4)  # it warms up
            yield
        finally:
            process.terminate()


def look(seconds: float, busy: Callable[[], bool] = lambda: True) -> list[float]:
    """Milliseconds of one reader after another, for `seconds` or while `busy`."""
    times, until = [], time.monotonic() + seconds
    with httpx.Client(base_url=BASE, timeout=30, cookies={"at": COUNTY}) as client:
        while time.monotonic() < until and busy():
            began = time.perf_counter()
            client.get(PAGE).raise_for_status()
            times.append((time.perf_counter() - began) * 1000)
    return times


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else float("nan")


def plan(database: Database, settings: Settings, clock: MorningClock, people: int) -> int:
    """Writes the campaign, 2,000 readers a transaction; returns its id."""
    words, cipher = dict(templates()["job_fair"].example), cipher_of(settings)
    readers = [CampaignReader(f"person:{n}", f"139{n:08d}", words) for n in range(people)]
    new = NewCampaign("招聘会", COUNTY, "job_fair", 6000)
    with database.write() as session:
        first = campaigns.draft_campaign(session, clock, cipher, SYSTEM, new, readers[:AT_ONCE], Tariff())
        campaign_id = first.id
    for start in range(AT_ONCE, people, AT_ONCE):
        with database.write() as session:
            part = readers[start : start + AT_ONCE]
            campaigns.extend_campaign(session, clock, cipher, SYSTEM, campaign_id, part, Tariff())
    return campaign_id


def measure(people: int, seconds: float) -> None:
    settings, clock = Settings(), MorningClock(time.monotonic())
    prepare(settings)
    database = Database(settings)
    load_demo(database, clock, cipher_of(settings), with_staff=False)
    with serving(clock.began):
        idle = look(seconds)
        print(f"idle: p95 {p95(idle):.1f} ms of {len(idle)} pages")
        planned: list[int] = []
        began = time.perf_counter()
        planner = threading.Thread(target=lambda: planned.append(plan(database, settings, clock, people)))
        planner.start()
        planning = look(600, planner.is_alive)
        planner.join()
        took = time.perf_counter() - began
        print(
            f"planning {people}: {took:.1f} s, p95 {p95(planning):.1f} ms ({p95(planning) / p95(idle):.1f} x)"
        )
        with database.write() as session:
            campaign_life.start_campaign(session, clock, cipher_of(settings), SYSTEM, planned[0])
        began = time.perf_counter()
        sending = look(seconds)
        took = time.perf_counter() - began
        with database.read() as session:
            asked = time.perf_counter()
            report = campaigns.report_campaign(session, SYSTEM, planned[0])
            asked = (time.perf_counter() - asked) * 1000
        sent = people - report.waiting
        ratio = p95(sending) / p95(idle)
        print(f"sending: {sent / took:.0f} a second, p95 {p95(sending):.1f} ms ({ratio:.1f} x)")
        print(f"report of {people}: {asked:.0f} ms, {dict(report.by_state)}")
    database.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--serve", type=float)
    given = parser.parse_args()
    if given.serve is not None:
        serve(given.serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SONGGANG_DATABASE_URL"] = f"sqlite:///{folder}/bench.db"
        os.environ["SONGGANG_VAR_DIR"] = folder
        measure(given.people, given.seconds)


if __name__ == "__main__":
    main()
