"""Two at the same instant, on real connections: one person saved twice, one form sent twice."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2 as httpx
import pytest
import uvicorn

from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.http import SESSION_COOKIE
from app.core.settings import Settings
from app.main import create_app
from app.seekers.models import Person
from tests.web.staff.conftest import hidden_in, standing
from tests.web.staff.village import Village, id_number, open_session, settle


@dataclass
class Running:
    """A server, its village, and the cookies of two colleagues."""

    address: str
    village: Village
    tokens: tuple[str, str]
    database: Database

    def browser(self, which: int) -> httpx.Client:
        cookies = {SESSION_COOKIE: self.tokens[which]}
        return httpx.Client(base_url=self.address, cookies=cookies, timeout=30)


@pytest.fixture
def running(own_settings: Settings) -> Iterator[Running]:
    clock = FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    database = Database(own_settings)
    with database.write() as session:
        village = settle(session, clock, cipher_of(own_settings))
        tokens = (
            open_session(session, clock, village.officer),
            open_session(session, clock, village.township),
        )
    app = create_app(own_settings, database=database, clock=clock)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Running(f"http://127.0.0.1:{port}", village, tokens, database)
    server.should_exit = True
    thread.join(10)


def save_at_once(running: Running, path: str, wishes: tuple[str, str]) -> list[int]:
    """Both colleagues open the form, then both send it at the same instant; the answers' statuses."""
    browsers = [running.browser(0), running.browser(1)]
    pages = [browser.get(path).text for browser in browsers]
    gate = threading.Barrier(2)

    def save(which: int) -> int:
        typed = standing(pages[which]) | {"training_wish": wishes[which]}
        gate.wait()
        return browsers[which].post(path, data=hidden_in(pages[which]) | typed).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(save, (0, 1)))
    for browser in browsers:
        browser.close()
    return statuses


def test_two_officers_saving_one_person_make_one_change_and_one_conflict(running: Running) -> None:
    path = f"/staff/people/{running.village.wife}/edit"
    for number in range(4):
        assert save_at_once(running, path, (f"第 {number} 样甲", f"第 {number} 样乙")) == [303, 412]
    with running.database.read() as session:
        assert session.get_one(Person, running.village.wife).version == 5


def test_a_form_sent_twice_at_once_makes_one_member(running: Running) -> None:
    path = f"/staff/households/{running.village.household}/members"
    with running.browser(0) as browser:
        page = browser.get(path).text
    typed = standing(page) | {"name": "李小虎", "id_number": id_number("20050505", 33)}
    gate = threading.Barrier(2)

    def send(_: int) -> str:
        with running.browser(0) as browser:
            gate.wait()
            return browser.post(path, data=hidden_in(page) | typed).headers["location"]

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(send, (0, 1)))) == 1
    with running.database.read() as session:
        assert session.query(Person).filter_by(name="李小虎").count() == 1
