"""100,000 messages planned, paced and reported on SQLite, while people look at the list of postings.

    python -m bench.messages [--people N] [--seconds N] [--pace N]

The server is a process of its own with its tasks and its outbox inside, as a small office runs it; messages
go to the console provider (its terminal is thrown away). A ledger of N people is written first. Then the
campaign is made as the page makes it: the first hundreds at once, the rest by background tasks of the server,
each a short transaction. It is paced; `--seconds` of it are looked at, then the rest is stopped, so that the
whole takes minutes. The clock stands at nine in the morning when it begins, because campaigns rest at night;
the tasks of that morning are done before.

Aim (issue 5): p95 of the list page while planning and while sending at most twice the idle one.
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
from sqlalchemy import insert

from app.accounts.actor import SYSTEM
from app.cli.server import prepare
from app.core.clock import office_day
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.demo.load import load_demo
from app.main import create_app
from app.notifications import campaign_life, campaign_reports
from app.notifications.campaigns import NewCampaign, Tariff
from app.notifications.models import MessageCampaign
from app.notifications.terms import MessageState
from app.notifications.wording import templates
from app.referrals.mailing.audience import AudienceFilters
from app.referrals.mailing.planning import CampaignOrder, prepare_campaign
from app.referrals.mailing.queries import count_by_place, count_skips
from app.regions.terms import Reach
from app.seekers.models import Household, Person
from app.seekers.sealing import seal_phone
from app.seekers.terms import LabourClass, Relation, SeekerStatus
from app.tasks import make_runner

PORT = 8791
BASE = f"http://127.0.0.1:{PORT}"
COUNTY = "610204"
# Where nobody of the demonstration lives: a campaign may not reach more than the 100,000 written here.
WRITTEN_TO, TOWNSHIP = "610203", "610203001"
PAGE = "/jobs"
BATCH = 2_000
# What planning may take at most before the bench gives up.
PATIENCE_S = 420


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
            while process.poll() is None:
                try:
                    httpx.get(f"{BASE}/readyz", timeout=5)
                    break
                except httpx.HTTPError:
                    threading.Event().wait(0.3)
            threading.Event().wait(6)  # it warms up
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


def median(times: list[float]) -> float:
    return statistics.median(times) if times else float("nan")


def write_ledger(database: Database, cipher: FieldCipher, now: datetime, people: int) -> None:
    """So many people with a phone each, four to a household, in one township."""
    for start in range(0, people, BATCH):
        with database.load() as session:
            first = 10_000_000 + start
            size = min(BATCH, people - start)
            homes = [
                {
                    "id": first + row,
                    "region_code": TOWNSHIP,
                    "kinds": [],
                    "is_monitored": False,
                    "created_at": now,
                    "updated_at": now,
                }
                for row in range(0, size, 4)
            ]
            rows = [
                {
                    "id": first + row,
                    "household_id": first + row - row % 4,
                    "region_code": TOWNSHIP,
                    "relation": Relation.OTHER,
                    "name": "王秀兰",
                    "birth_on": date(1985, 3, 8),
                    "labour_class": LabourClass.ORDINARY,
                    "status": SeekerStatus.EMPLOYED,
                    "travel": Reach.COUNTY,
                    "created_at": now,
                    "updated_at": now,
                    **seal_phone(first + row, f"139{start + row:08d}", cipher),
                }
                for row in range(size)
            ]
            session.execute(insert(Household), homes)
            session.execute(insert(Person), rows)


def prepare_one(database: Database, settings: Settings, clock: MorningClock, pace: int) -> int:
    """As the form does it: the draft with its first people; the server's tasks write the rest."""
    words = {name: said for name, said in templates()["job_fair"].example.items() if name != "name"}
    order = CampaignOrder(
        NewCampaign("招聘会", WRITTEN_TO, "job_fair", pace), AudienceFilters(region_code=TOWNSHIP), words
    )
    with database.write() as session:
        return prepare_campaign(session, clock, cipher_of(settings), SYSTEM, order, Tariff()).id


def is_planned(database: Database, campaign_id: int) -> bool:
    with database.read() as session:
        return session.get_one(MessageCampaign, campaign_id).planned_at is not None


def shown(what: str, times: list[float], idle: list[float]) -> str:
    ratio = p95(times) / p95(idle)
    middle, late = median(times), p95(times)
    return f"{what}: median {middle:.1f} ms, p95 {late:.1f} ms of {len(times)} pages ({ratio:.2f} x idle)"


def do_the_morning(database: Database, clock: MorningClock) -> None:
    """What is due this morning, and what loading the demo left to do: not what is measured here."""
    runner = make_runner(database, clock)
    runner.plan_today()
    runner.run_due()


def plan_and_look(database: Database, campaign_id: int) -> tuple[list[float], float]:
    """Pages while the server writes the campaign; asks once a second whether it is done."""
    done = threading.Event()

    def wait() -> None:
        while not is_planned(database, campaign_id) and not done.wait(1):
            pass
        done.set()

    began = time.perf_counter()
    threading.Thread(target=wait, daemon=True).start()
    times = look(PATIENCE_S, lambda: not done.is_set())
    done.set()
    return times, time.perf_counter() - began


def measure(people: int, seconds: float, pace: int) -> bool:
    """Prints what was measured; False when an aim is missed."""
    settings, clock = Settings(), MorningClock(time.monotonic())
    prepare(settings)
    database = Database(settings)
    cipher = cipher_of(settings)
    load_demo(database, clock, cipher, with_staff=False)
    do_the_morning(database, clock)
    write_ledger(database, cipher, clock.now(), people)
    with serving(clock.began):
        look(3)
        idle = look(seconds)
        print(f"idle: median {median(idle):.1f} ms, p95 {p95(idle):.1f} ms of {len(idle)} pages", flush=True)
        campaign_id = prepare_one(database, settings, clock, pace)
        planning, took = plan_and_look(database, campaign_id)
        with database.read() as session:
            planned = session.get_one(MessageCampaign, campaign_id).people
        print(shown(f"planning {planned} in {took:.0f} s", planning, idle), flush=True)
        if not is_planned(database, campaign_id):
            print("planning did not end in time")
            return False
        with database.write() as session:
            campaign_life.start_campaign(session, clock, cipher, SYSTEM, campaign_id)
        began = time.perf_counter()
        sending = look(seconds)
        took = time.perf_counter() - began
        ok = report(database, clock, cipher, campaign_id, took, pace)
        print(shown(f"sending at {pace} a minute", sending, idle), flush=True)
    database.dispose()
    return ok and all(p95(times) <= 2 * p95(idle) for times in (planning, sending))


def report(
    database: Database, clock: MorningClock, cipher: FieldCipher, campaign_id: int, took: float, pace: int
) -> bool:
    """Prints the reports of a running and of the stopped campaign; False when people were lost."""
    with database.read() as session:
        asked = time.perf_counter()
        found = campaign_reports.report_campaign(session, SYSTEM, campaign_id)
        asked = (time.perf_counter() - asked) * 1000
        sent = found.people - found.waiting
    print(
        f"sent {sent} in {took:.0f} s: {sent / took:.1f} a second of {pace / 60:.1f}; report {asked:.0f} ms"
    )
    with database.write() as session:
        stopped = campaign_life.stop_campaign(session, clock, cipher, SYSTEM, campaign_id)
    threading.Event().wait(3)  # what was under way comes back
    with database.read() as session:
        asked = time.perf_counter()
        final = campaign_reports.report_campaign(session, SYSTEM, campaign_id)
        places = count_by_place(session, campaign_id)
        asked = (time.perf_counter() - asked) * 1000
        skips = count_skips(session, campaign_id)
    counts = {state.value: count for state, count in final.by_state.items()}
    print(f"stopped, {stopped} not sent; by place {asked:.0f} ms; final {counts}, left out {dict(skips)}")
    total = sum(final.by_state.values())
    undone = final.count(MessageState.WAITING, MessageState.CALLING)
    print(f"{total} of {final.people} accounted for, {undone} undone, {sum(places.values())} by place")
    return total == final.people == sum(places.values()) and undone == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pace", type=int, default=600)
    parser.add_argument("--serve", type=float)
    given = parser.parse_args()
    if given.serve is not None:
        serve(given.serve)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SONGGANG_DATABASE_URL"] = f"sqlite:///{folder}/bench.db"
        os.environ["SONGGANG_VAR_DIR"] = folder
        return 0 if measure(given.people, given.seconds, given.pace) else 1


if __name__ == "__main__":
    sys.exit(main())
