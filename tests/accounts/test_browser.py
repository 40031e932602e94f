"""The way in, in a real browser: without JavaScript, in large letters, on a narrow phone."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from app.core.clock import SystemClock
from app.core.db import Database
from app.main import create_app
from tests.accounts.situations import PASSWORD, PHONE, Outbox, add_regions, officer_who_can_sign_in
from tests.browser import axe_violations, go_back, phone, sideways_scroll, size_faults
from tests.conftest import make_settings

pytestmark = pytest.mark.browser


@dataclass
class Site:
    """A running server and what it would have sent."""

    address: str
    outbox: Outbox


@pytest.fixture(scope="module")
def running(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("accounts") / "site.db"
    shutil.copy(sqlite_template, path)
    settings = make_settings(f"sqlite:///{path}")
    database = Database(settings)
    with database.write() as session:
        add_regions(session)
    officer_who_can_sign_in(database, SystemClock())
    app = create_app(settings, database=database, clock=SystemClock())
    app.state.code_sender = outbox = Outbox()
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", outbox)
    server.should_exit = True
    thread.join(10)


def sign_in(context: BrowserContext, site: Site) -> Page:
    page = context.new_page()
    page.goto(f"{site.address}/staff")
    page.fill("[name=username]", "wangguilan")
    page.fill("[name=password]", PASSWORD)
    page.click("button")
    return page


def test_an_officer_comes_in_and_leaves_without_javascript(browser: Browser, running: Site) -> None:
    context = phone(browser, script=False)
    page = sign_in(context, running)
    assert page.url == f"{running.address}/staff"
    assert "村就业信息员" in page.inner_text("main")
    page.click("text=退出")
    assert page.url == f"{running.address}/login"
    go_back(page)
    page.reload()
    assert page.url.startswith(f"{running.address}/login")
    context.close()


def test_a_jobseeker_comes_in_without_javascript(browser: Browser, running: Site) -> None:
    context = phone(browser, script=False)
    page = context.new_page()
    page.goto(f"{running.address}/login/phone")
    page.fill("[name=phone]", PHONE)
    page.click("button")
    assert PHONE not in page.url
    page.fill("[name=code]", running.outbox.last_code)
    page.click("button")
    assert "已经进来了" in page.inner_text("main")
    context.close()


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("width", [320, 360])
def test_every_page_can_be_read_and_pressed(browser: Browser, running: Site, size: int, width: int) -> None:
    context = phone(browser, width=width)
    page = context.new_page()
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found = [*axe_violations(page), *size_faults(page)]
        wide = sideways_scroll(page)
        if found or wide:
            faults[name] = [*found, f"{wide} px too wide"]

    for path in ("/login", "/login/phone", "/login/code"):
        page.goto(f"{running.address}{path}?s={size}")
        look(path)
    page.click("button")  # an empty field is held back by the browser
    page = sign_in(context, running)
    look("/staff")
    page.goto(f"{running.address}/staff/account?s={size}")
    look("/staff/account")
    page.click("text=现在就绑")
    look("secret")
    context.close()
    assert faults == {}
