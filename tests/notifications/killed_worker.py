"""Real worker processes to be killed: reads "go" on standard input, forks a worker, prints its pid.

Forked from a process that has imported everything, a worker is at work after milliseconds. Time runs fast
(SPEED seconds in one) so that minutes of waiting pass in a test.
"""

import os
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from app.core.clock import office_day
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.settings import Settings
from app.notifications import worker as worker_module
from app.notifications.carriers import Carriers
from app.notifications.providers.base import Answer, Finding
from app.notifications.providers.http import Caller
from app.notifications.worker import OutboxWorker
from tests.notifications.situations import aliyun_at

DATA_KEY = "k" * 40
# Eight in the morning in Beijing: twelve hours of daylight are six minutes.
MORNING = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
SPEED = 120
# Made before forking: reading the certificates takes longer than many a worker lives.
CALLER = Caller(0.5)


@dataclass(frozen=True)
class FastClock:
    """The same fast time in every process of the machine."""

    began: float

    def now(self) -> datetime:
        return MORNING + SPEED * timedelta(seconds=time.monotonic() - self.began)

    def today(self) -> date:
        return office_day(self.now())


def make_worker(database: Database, provider_url: str, began: float) -> OutboxWorker:
    """A worker of two threads whose provider can be asked and proves absence after five real seconds."""
    provider = aliyun_at(provider_url, timedelta(seconds=5 * SPEED))
    object.__setattr__(provider, "caller", CALLER)
    carriers = Carriers((provider,), threads=2, budget_fen=10**9, lease=timedelta(seconds=3 * SPEED))
    return OutboxWorker(database, FastClock(began), FieldCipher(DATA_KEY), carriers, idle_s=0.02)


def forget_to_ask() -> None:
    """The planted break: what is in doubt counts as not accepted, without a question."""
    record = worker_module.record_answer

    def careless(session, doubted, provider, answer, now):  # type: ignore[no-untyped-def]
        long_ago = replace(doubted, called_at=doubted.called_at - timedelta(days=1))
        record(session, long_ago, provider, Answer(Finding.ABSENT), now)

    worker_module.record_answer = careless  # type: ignore[assignment]


def main() -> None:
    database_url, provider_url, began, careless = sys.argv[1:5]
    if careless == "careless":
        forget_to_ask()
    for line in sys.stdin:
        if line.strip() != "go":
            break
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # its log is not our answer
            database = Database(Settings(database_url=database_url, database_slots=4, database_wait_s=5))
            make_worker(database, provider_url, float(began)).run_forever()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("dead\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
