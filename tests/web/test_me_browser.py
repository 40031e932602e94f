"""The pages under /me in a real browser, as a small phone shows them, in normal and the biggest letters."""

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
from app.seekers.access.models import PersonLink
from app.seekers.access.terms import LinkProof
from tests.browser import axe_violations, phone, sideways_scroll, size_faults
from tests.conftest import make_settings
from tests.web.portal_family import DAUGHTER, MOTHER, Family, settle_family

pytestmark = pytest.mark.browser
# Set to a folder to keep a picture of every page.
SHOTS = os.environ.get("SONGGANG_SHOTS", "")


@dataclass(frozen=True)
class Site:
    address: str
    family: Family


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "site.db"
    shutil.copy(sqlite_template, path)
    settings = make_settings(f"sqlite:///{path}")
    clock = FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    database = Database(settings)
    with database.write() as session:
        family = settle_family(session, clock, cipher_of(settings))
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, database=database, clock=clock), port=0, log_level="critical")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    # Linked by hand: what the pages look like is tested here.
    with database.write() as session:
        for person_id in (family.mother, family.daughter):
            link = PersonLink(user_id=family.user_id, person_id=person_id, made_at=clock.now())
            link.proof = LinkProof.ID_TAIL
            session.add(link)
    yield Site(f"http://127.0.0.1:{port}", family)
    server.should_exit = True
    thread.join(10)


def pages(family: Family) -> dict[str, str]:
    mine = f"/me/{family.mother}"
    return {
        "choose": "/me",
        "add": "/me/add",
        "hub": f"{mine}?done=saved",
        **{part: f"{mine}/{part}" for part in ("file", "looks", "edit", "consents", "copy", "erase")},
        "edit-without-health": f"/me/{family.daughter}/edit",
        "new-phone": "/me/new-phone",
    }


def sit_down(context: BrowserContext, site: Site) -> Page:
    context.add_cookies([{"name": SESSION_COOKIE, "value": site.family.phone, "url": site.address}])
    return context.new_page()


def faults_of(page: Page, name: str) -> list[str]:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/me-{name}.png", full_page=True)
    wide = sideways_scroll(page)
    return [*axe_violations(page), *size_faults(page), *([f"{wide} px too wide"] if wide else [])]


@pytest.mark.parametrize(("width", "size"), [(360, 1), (320, 3)])
def test_every_page_can_be_read_and_pressed(browser: Browser, site: Site, width: int, size: int) -> None:
    context = phone(browser, width=width)
    page = sit_down(context, site)
    faults: dict[str, list[str]] = {}
    for name, path in pages(site.family).items():
        answer = page.goto(f"{site.address}{path}{'&' if '?' in path else '?'}s={size}")
        assert answer is not None
        assert answer.status == 200, name
        if found := faults_of(page, f"{width}-{size}-{name}"):
            faults[name] = found
    page.goto(f"{site.address}/me/{site.family.mother}/erase")
    page.check("[name=sure]", force=True)
    page.click("main .btn.go")
    faults |= {"asked": found} if (found := faults_of(page, f"{width}-{size}-erase-asked")) else {}
    page.goto(f"{site.address}/me/{site.family.mother}")
    page.click("main .btn.go")
    faults |= {"left": found} if (found := faults_of(page, f"{width}-{size}-left")) else {}
    assert context.cookies() == []
    context.close()
    assert faults == {}


def test_the_whole_way_without_javascript(browser: Browser, site: Site) -> None:
    context = phone(browser, script=False)
    page = sit_down(context, site)
    page.goto(f"{site.address}/me")
    page.click("text=李小梅")
    page.click("text=改一改")
    page.fill("[name=training_wish]", "护理")
    page.click("text=存下")
    assert "改好了" in page.inner_text("main")
    page.click("text=看我的档案")
    assert "护理" in page.inner_text("main")
    context.close()


def test_a_mistake_is_led_back_to_its_field(browser: Browser, site: Site) -> None:
    context = phone(browser)
    page = sit_down(context, site)
    page.goto(f"{site.address}/me/{site.family.mother}/edit")
    page.fill("[name=phone]", "139")
    page.click("text=存下")
    assert faults_of(page, "360-1-mistake") == []
    page.goto(f"{site.address}/me/add")
    page.fill("[name=id_tail]", "0000")
    page.click("main .btn.go")
    assert faults_of(page, "360-1-not-found") == []
    page.fill("[name=id_tail]", DAUGHTER[-4:])
    page.click("main .btn.go")
    assert "李小梅" in page.inner_text("main")
    assert MOTHER not in page.content()
    context.close()
