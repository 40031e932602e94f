"""The console in a real browser: on a phone and on a PC, without JavaScript, measured and pressed."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.http import SESSION_COOKIE
from app.main import create_app
from tests.browser import Wire, axe_violations, phone, sideways_scroll, size_faults
from tests.conftest import make_settings
from tests.web.staff.village import Village, open_session, settle

pytestmark = pytest.mark.browser
# Set to a folder to keep pictures of every page at 360 and 1366 px.
SHOTS = os.environ.get("SONGGANG_SHOTS", "")

# Controls of a PC: 44 px high (DESIGN section 2), except links inside text.
_PC_SIZES = """
() => [...document.querySelectorAll('a[href],button,summary,input:not([type=hidden]),select,textarea')]
  .filter(e => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && r.right > 0
    && !(e.matches('a') && e.closest('p,dd,.note') && !e.matches('.btn,.mini')); })
  .filter(e => e.getBoundingClientRect().height < 43.5)
  .map(e => Math.round(e.getBoundingClientRect().height) + ': ' + e.outerHTML.slice(0, 120))
"""


@dataclass
class Site:
    """A running server, its village, and session cookies by colleague."""

    address: str
    village: Village
    tokens: dict[str, str]

    def pages(self, who: str) -> dict[str, str]:
        v = self.village
        house, wife = f"/staff/households/{v.household}", f"/staff/people/{v.wife}"
        if who == "township":
            return {
                "town": "/staff",
                "accounts": "/staff/accounts",
                "account": f"/staff/accounts/{v.officer.user_id}",
            }
        return {
            "home": "/staff",
            "found": "/staff/people?q=赵",
            "nobody": "/staff/people?q=某某某",
            "household": house,
            "household-edit": f"{house}/edit",
            "household-new": "/staff/households",
            "household-merge": f"{house}/merge?with={v.other_household}",
            "household-past": f"{house}?on=2026-11-21",
            "member-new": f"{house}/members",
            "history": f"{house}/history",
            "person": wife,
            "person-edit": f"{wife}/edit",
            "person-move": f"{wife}/move?q=王",
            "person-merge": f"{wife}/merge?with={v.husband}",
            "reveal": f"{wife}/reveal",
            "person-close": f"{wife}/close",
            "me": "/staff/account",
        }


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("console") / "site.db"
    shutil.copy(sqlite_template, path)
    settings = make_settings(f"sqlite:///{path}")
    clock = FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    database = Database(settings)
    with database.write() as session:
        village = settle(session, clock, cipher_of(settings))
        who = {"officer": village.officer, "township": village.township}
        tokens = {name: open_session(session, clock, actor) for name, actor in who.items()}
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, database=database, clock=clock), port=0, log_level="critical")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", village, tokens)
    server.should_exit = True
    thread.join(10)


def sit_down(context: BrowserContext, site: Site, who: str) -> Page:
    context.add_cookies([{"name": SESSION_COOKIE, "value": site.tokens[who], "url": site.address}])
    return context.new_page()


def keep_picture(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("who", ["officer", "township"])
@pytest.mark.parametrize(("width", "size"), [(360, 1), (320, 3)])
def test_every_page_can_be_read_and_pressed_on_a_phone(
    browser: Browser, site: Site, who: str, width: int, size: int
) -> None:
    context = phone(browser, width=width)
    page = sit_down(context, site, who)
    faults: dict[str, list[str]] = {}
    for name, path in site.pages(who).items():
        answer = page.goto(f"{site.address}{path}{'&' if '?' in path else '?'}s={size}")
        assert answer is not None
        assert answer.status == 200, name
        keep_picture(page, f"phone-{width}-{name}")
        found = [*axe_violations(page), *size_faults(page)]
        wide = sideways_scroll(page)
        if found or wide:
            faults[name] = [*found, f"{wide} px too wide"]
    context.close()
    assert faults == {}


@pytest.mark.parametrize("who", ["officer", "township"])
def test_every_page_can_be_read_and_pressed_on_a_pc(browser: Browser, site: Site, who: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = sit_down(context, site, who)
    faults: dict[str, list[str]] = {}
    for name, path in site.pages(who).items():
        answer = page.goto(f"{site.address}{path}")
        assert answer is not None
        assert answer.status == 200, name
        keep_picture(page, f"pc-{name}")
        found = [*axe_violations(page), *page.evaluate(_PC_SIZES)]
        wide = sideways_scroll(page)
        if found or wide:
            faults[name] = [*found, f"{wide} px too wide"]
    context.close()
    assert faults == {}


def test_a_household_is_found_by_keyboard_and_changed_without_javascript(
    browser: Browser, site: Site
) -> None:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", java_script_enabled=False
    )
    page = sit_down(context, site, "officer")
    page.goto(f"{site.address}/staff")
    page.keyboard.type("zgx")
    page.keyboard.press("Enter")
    page.click("text=赵改霞")
    assert f"/staff/households/{site.village.household}" in page.url
    page.click("text=看赵改霞的档")
    page.click("main a.btn.go")
    page.fill("[name=training_wish]", "月嫂")
    page.click("text=存下")
    assert "改好了" in page.inner_text("main")
    assert "月嫂" in page.inner_text("main")
    context.close()


@pytest.mark.parametrize("path", ["home", "household", "person-edit"])
def test_pages_weigh_at_most_60_kb_on_the_wire(browser: Browser, site: Site, path: str) -> None:
    context = phone(browser)
    page = sit_down(context, site, "officer")
    wire = Wire(page)
    page.goto(f"{site.address}{site.pages('officer')[path]}")
    sizes = wire.settled()
    context.close()
    assert 500 < sum(sizes) <= 60_000


def test_a_conflict_and_a_mistake_can_be_read_on_a_phone(browser: Browser, site: Site) -> None:
    path = f"{site.address}/staff/people/{site.village.husband}/edit"
    context, other = phone(browser), phone(browser)
    mine, theirs = sit_down(context, site, "officer"), sit_down(other, site, "township")
    mine.goto(path)
    theirs.goto(path)
    theirs.fill("[name=training_wish]", "电工")
    theirs.click("text=存下")
    mine.fill("[name=training_wish]", "焊工")
    mine.click("text=存下")
    assert "leijuncang也改了" in mine.inner_text("main")
    keep_picture(mine, "phone-360-conflict")
    faults = [*axe_violations(mine), *size_faults(mine)]
    mine.fill("[name=phone]", "139")
    mine.click("text=存下")
    assert mine.input_value("[name=training_wish]") == "焊工"
    keep_picture(mine, "phone-360-mistake")
    faults += [*axe_violations(mine), *size_faults(mine)]
    assert faults == []
    context.close()
    other.close()
