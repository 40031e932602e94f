"""Without a line: what was seen can be read, and a wish waits and is sent once (FRONTEND, bad lines)."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import esprima
import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from app.core.clock import FixedClock
from app.core.db import Database
from app.core.settings import Settings
from app.main import create_app
from app.referrals.wishes.models import JobWish
from app.web.offline import send_worker
from app.web.rendering import start_script
from tests.browser import axe_violations, go_back, phone, size_faults
from tests.conftest import make_settings
from tests.web.board import hang_board, village_code

PATIENCE_S = 30
NOTHING_KEPT = (
    "Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()])"
    ".then(found => found.every(each => each.length === 0))"
)


class Site:
    """A site that can be away for a while and comes back at the same address."""

    def __init__(self, settings: Settings, clock: FixedClock) -> None:
        self.settings, self.clock = settings, clock
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.server: uvicorn.Server | None = None

    def come(self) -> None:
        app = create_app(self.settings, clock=self.clock)
        self.server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="critical"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        wait_until(lambda: self.server is not None and self.server.started)

    def go(self) -> None:
        assert self.server is not None
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()

    def wishes(self) -> int:
        database = Database(self.settings)
        with database.read() as session:
            count = session.scalar(select(func.count()).select_from(JobWish)) or 0
        database.dispose()
        return count


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "site.db"
    path.write_bytes(sqlite_template.read_bytes())
    settings = make_settings(f"sqlite:///{path}")
    clock = FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    database = Database(settings)
    with database.write() as session:
        hang_board(session, clock)
    database.dispose()
    site = Site(settings, clock)
    site.come()
    yield site
    site.go()


@contextmanager
def settled_in(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone whose service worker looks after its pages."""
    context = phone(browser)
    page = context.new_page()
    page.goto(f"{site.address}/q/{village_code(site.settings)}")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    yield page
    context.close()


@pytest.mark.parametrize("script", [start_script(), bytes(send_worker().body).decode()])
def test_scripts_run_on_the_oldest_phones(script: str) -> None:
    esprima.parseScript(script)
    with pytest.raises(esprima.Error):
        esprima.parseScript(script + "; a?.b")
    assert "//" not in re.sub(r"https?://", "", script)


@pytest.mark.browser
def test_what_was_seen_can_be_read_without_a_line(browser: Browser, site: Site) -> None:
    with settled_in(browser, site) as page:
        page.goto(urljoin(site.address, "/jobs"))
        first = page.inner_text(".job h2 >> nth=0")
        page.click(".job a >> nth=0")
        posting = page.url
        site.go()
        page.goto(urljoin(site.address, "/jobs"))
        assert "这会儿没有网" in page.inner_text("main")
        assert page.inner_text(".job h2 >> nth=0") == first
        page.goto(posting)
        assert "存下的" in page.inner_text("main p >> nth=0")
        page.goto(urljoin(site.address, "/jobs?far=away"))
        assert page.inner_text("h1") == "这会儿没有网"
        assert "上回看过的，还能看" in page.inner_text("main")
        assert page.locator(f"nav.rows a[href='{posting}']").count() == 1
        assert axe_violations(page) == []
        assert size_faults(page) == []
        site.come()
        page.goto(urljoin(site.address, "/jobs"))
        assert "没有网" not in page.inner_text("main")


@pytest.mark.browser
def test_a_wish_waits_for_the_line_and_is_sent_once(browser: Browser, site: Site) -> None:
    with settled_in(browser, site) as page:
        page.goto(urljoin(site.address, "/jobs"))
        page.click(".job a >> nth=0")
        page.click("text=我想去")
        page.fill("#name", "李冬生")
        page.fill("#tel", "13800006613")
        form = page.url
        site.go()
        page.click("button:has-text('报名')")
        page.wait_for_selector("text=先替你记在这个手机上")
        # Back, and once more: the same filling-in.
        go_back(page)
        page.fill("#name", "李冬生")
        page.fill("#tel", "13800006613")
        page.click("button:has-text('报名')")
        page.wait_for_selector("text=先替你记在这个手机上")
        assert site.wishes() == 0
        site.come()
        page.goto(urljoin(site.address, "/jobs"))
        wait_until(lambda: site.wishes() == 1)
        page.goto(urljoin(site.address, "/kinds"))
        page.click("text=替你报上名了")
        assert page.inner_text("h1") == "报上名了"
        receipt = page.url
        page.goto(urljoin(site.address, "/kinds"))
        assert "替你报上名了" not in page.inner_text("main"), "told once"
        assert site.wishes() == 1
        site.go()
        page.goto(receipt)
        assert "报上名了" in page.inner_text("h1"), "the receipt can be read without a line"
        site.come()
        assert form.endswith("/apply")


@pytest.mark.browser
def test_the_worker_can_be_sent_away(browser: Browser, site: Site) -> None:
    with settled_in(browser, site) as page:
        page.goto(urljoin(site.address, "/jobs"))
        page.goto(urljoin(site.address, "/?nosw"))
        page.wait_for_function(f"() => {NOTHING_KEPT}")
        page.goto(urljoin(site.address, "/jobs"))
        assert page.evaluate("navigator.serviceWorker.controller") is None
        assert page.evaluate(NOTHING_KEPT), "this phone remembers"
        page.goto(urljoin(site.address, "/?nosw=0"))
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
