"""Workers killed with signal 9 in mid-campaign, under a provider that fails in its own ways.

SAFETY, faults: each message accepted at most once, none lost, all final or "unknown, asked".
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select

from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.settings import Settings
from app.notifications.models import Message
from app.notifications.outbox import enqueue_message
from app.notifications.terms import MessageState, Purpose
from tests.conftest import PROJECT
from tests.notifications.fake_provider import Behaviour, FakeProvider, by_chance
from tests.notifications.killed_worker import DATA_KEY, SPEED, FastClock, make_worker
from tests.notifications.situations import offer, phone_of

B = Behaviour
S = MessageState
# Issue 5: 5 % timeouts, 5 % 5xx, 2 % resets after accepting.
SHARES = {
    B.TIMEOUT: 0.025,
    B.TIMEOUT_AFTER_ACCEPT: 0.025,
    B.ERROR_500: 0.015,
    B.ERROR_500_AFTER_ACCEPT: 0.02,
    B.ERROR_503: 0.015,
    B.RESET_AFTER_ACCEPT: 0.02,
}
MESSAGES_A_KILL = 4
_PATIENCE_S = 600


class Breeder:
    """A process that forks workers."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._tell, self._hear = process.stdin, process.stdout

    def start(self) -> int:
        self._tell.write("go\n")
        self._tell.flush()
        return int(self._hear.readline())

    def kill(self, worker: int) -> None:
        os.kill(worker, signal.SIGKILL)
        assert self._hear.readline() == "dead\n"


@dataclass
class Campaign:
    """A kill campaign and what it counted."""

    database: Database
    settings: Settings
    fake: FakeProvider
    clock: FastClock
    struck: int = 0

    def fill(self, count: int) -> None:
        cipher = FieldCipher(DATA_KEY)
        for start in range(0, count, 100):
            with self.database.write() as session:
                for number in range(start, min(start + 100, count)):
                    # To firms: no limit of one a day stands in the way.
                    new = offer(recipient=phone_of(number), purpose=Purpose.PARTNER)
                    enqueue_message(session, self.clock, cipher, new)

    def count(self, *states: MessageState) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).where(Message.state.in_(states))) or 0

    def kill(self, kills: int, breeder: "Breeder") -> None:
        """Starts a worker and kills it in the midst of its work, again and again."""
        dice = random.Random(kills)
        for _ in range(kills):
            worker = breeder.start()
            self._wait_for_a_call()
            Event().wait(dice.uniform(0, 0.12))
            breeder.kill(worker)
            self.struck += self._is_somebody_calling()

    def _wait_for_a_call(self) -> None:
        """Until the new worker has made a call, or has nothing to do."""
        calls, until = self.fake.books.calls, time.monotonic() + 2
        while self.fake.books.calls == calls and time.monotonic() < until:
            Event().wait(0.005)

    def _is_somebody_calling(self) -> bool:
        """Whether a call younger than any question stands open."""
        with self.database.read() as session:
            called_at = session.scalar(
                select(func.max(Message.called_at)).where(Message.state == S.CALLING, Message.asks == 0)
            )
        return called_at is not None and self.clock.now() - called_at < SPEED * timedelta(seconds=0.5)

    def finish(self) -> None:
        """A worker that is left alone does the rest."""
        worker = make_worker(self.database, self.fake.url, self.clock.began)
        until = time.monotonic() + _PATIENCE_S
        while self.count(S.WAITING, S.CALLING) and time.monotonic() < until:
            if not worker.run_one():
                Event().wait(0.05)

    def states(self) -> Counter[MessageState]:
        with self.database.read() as session:
            return Counter(session.scalars(select(Message.state)))

    def references(self, *states: MessageState) -> set[str]:
        with self.database.read() as session:
            return set(session.scalars(select(Message.reference).where(Message.state.in_(states))))


@contextmanager
def campaign_under_way(
    settings: Settings, database: Database, fake: FakeProvider, kills: int, *, careless: bool = False
) -> Iterator[tuple[Campaign, Breeder]]:
    """Messages in the outbox, a provider that fails in its ways, and whence workers come."""
    fake.usual, fake.think_s, fake.hang_s = by_chance(kills, SHARES), 0.02, 1.0
    campaign = Campaign(database, settings, fake, FastClock(time.monotonic()))
    campaign.fill(kills * MESSAGES_A_KILL)
    told = [settings.database_url, fake.url, str(campaign.clock.began), "careless" if careless else "careful"]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.notifications.killed_worker", *told],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=PROJECT,
    ) as process:
        yield campaign, Breeder(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.parametrize("kills", [10, pytest.param(300, marks=pytest.mark.slow)])
def test_killed_in_mid_campaign_nobody_gets_it_twice_and_nobody_is_left_out(
    own_settings: Settings, own_database: Database, fake: FakeProvider, kills: int
) -> None:
    with campaign_under_way(own_settings, own_database, fake, kills) as (campaign, breeder):
        campaign.kill(kills, breeder)
    assert campaign.struck >= kills // 3  # else nothing was shown
    campaign.finish()
    accepted, states = fake.books.times_accepted(), campaign.states()
    print(f"{kills} kills, {campaign.struck} in mid-call, {fake.books.calls} calls, states {dict(states)}")  # noqa: T201
    assert [reference for reference, times in accepted.items() if times > 1] == []
    assert states.total() == kills * MESSAGES_A_KILL
    assert set(states) <= {S.ACCEPTED, S.DELIVERED, S.UNKNOWN}
    # What we say was accepted was, and what was accepted we know of.
    assert campaign.references(S.ACCEPTED, S.DELIVERED) <= set(accepted)
    assert set(accepted) <= campaign.references(S.ACCEPTED, S.DELIVERED, S.UNKNOWN)


def test_a_worker_that_forgot_to_ask_is_caught(
    own_settings: Settings, own_database: Database, fake: FakeProvider
) -> None:
    """The planted break: without the question there are duplicates, and the books show them."""
    times = fake.books.times_accepted
    with campaign_under_way(own_settings, own_database, fake, 6, careless=True) as (campaign, breeder):
        campaign.kill(6, breeder)
        worker, until = breeder.start(), time.monotonic() + 20
        while max(times().values()) < 2 and time.monotonic() < until:
            Event().wait(0.05)
        breeder.kill(worker)
    assert max(times().values()) > 1
