"""A small whole life in a real browser, without JavaScript: pushed, willing, met, hired, at work, asked.

Every press of the finger is counted: the figures are issue 5's.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.http import SESSION_COOKIE
from app.main import create_app
from app.referrals.models import Referral
from app.referrals.spells.models import EmploymentAnswer, FollowUpCheck
from app.referrals.terms import CheckOutcome, ReferralState
from tests.browser import axe_violations, go_back, phone, sideways_scroll, size_faults
from tests.conftest import make_settings
from tests.web.staff.officer_scene import PHONE, Scene
from tests.web.staff.village import Village, open_session, settle

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SONGGANG_SHOTS", "")


@dataclass
class Site:
    """A running server with a village, and a way to change what is in it."""

    address: str
    clock: FixedClock
    database: Database
    village: Village
    settings_cipher: object

    def arrange(self, change: Callable[[Scene], str]) -> str:
        with self.database.write() as session:
            scene = Scene(session, self.settings_cipher, self.clock, self.village)  # type: ignore[arg-type]
            scene.made = session.query(Referral).count() * 20 + 1
            return change(scene)

    def sit_down(self, context: BrowserContext) -> Page:
        """The township's officer, signed in now."""
        with self.database.write() as session:
            token = open_session(session, self.clock, self.village.township)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.address}])
        return context.new_page()


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "site.db"
    shutil.copy(sqlite_template, path)
    settings = make_settings(f"sqlite:///{path}")
    clock = FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    database = Database(settings)
    with database.write() as session:
        village = settle(session, clock, cipher_of(settings))
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, database=database, clock=clock), port=0, log_level="critical")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", clock, database, village, cipher_of(settings))
    server.should_exit = True
    thread.join(10)


@dataclass
class Thumb:
    """Presses and counts."""

    page: Page
    taps: int = 0

    def tap(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.first.tap()
        self.taps += 1

    def button(self, words: str) -> None:
        self.tap(self.page.get_by_role("button", name=words))

    def link(self, words: str) -> None:
        self.tap(self.page.get_by_role("link", name=words))

    def open(self, words: str) -> None:
        self.page.locator("summary", has_text=words).first.tap()
        self.taps += 1

    def counted(self) -> int:
        taps, self.taps = self.taps, 0
        return taps


def test_a_whole_life_without_javascript(browser: Browser, site: Site) -> None:
    job_id = site.arrange(lambda scene: f"{scene.posting().id} {[scene.neighbour().id for _ in range(6)]}")
    job = job_id.split()[0]
    context = phone(browser, script=False)
    page = site.sit_down(context)
    thumb = Thumb(page)
    # Push: from the opened posting to five people.
    page.goto(f"{site.address}/staff/jobs/{job}/push")
    thumb.button("送给勾上的人")
    assert "送给了 5 个人" in page.content()
    assert thumb.counted() == 1
    # The answer on the phone: from the list of the result, two taps.
    person = page.locator(".rows a b").first.inner_text()
    thumb.link(person)
    thumb.button("愿意")
    assert "记下了：本人愿意" in page.content()
    assert thumb.counted() == 2
    referral = page.url.partition("?")[0]
    thumb.button("送给单位")
    # The firm's word, as told on the phone.
    thumb.open("约见面")
    page.locator("details[open] input[name=day]").fill("2026-11-23")
    thumb.button("记下见面")
    assert "约好见面了" in page.content()
    thumb.open("要了，录用")
    page.locator("details[open] input[name=day]").fill("2026-11-22")
    assert page.locator("details[open] input[name=wage]").input_value() == "3000"
    thumb.button("记下录用")
    assert "要了，等着上班" in page.content()
    thumb.button("到岗了")
    assert "上班了" in page.content()
    assert page.get_by_role("link", name="记回访").is_visible()
    page.close()
    # A week later the check is due: from the list, three taps.
    site.clock.move(timedelta(days=7, hours=2))
    page = thumb.page = site.sit_down(context)
    thumb.counted()
    page.goto(f"{site.address}/staff/today?only=check_due")
    thumb.tap(page.locator(".work a.grow"))
    sent_from = page.url
    thumb.button("按时发了")
    assert "记上了" in page.content()
    assert thumb.counted() == 2
    # The line was lost and the officer goes back: the page says that it is written down already.
    go_back(page)
    assert page.url == sent_from
    assert "已经记上了" in page.content()
    assert page.get_by_role("button", name="按时发了").count() == 0
    with site.database.read() as session:
        (answer,) = session.query(EmploymentAnswer).all()
        assert (answer.outcome, answer.is_paid_on_time) == (CheckOutcome.IN_POST, True)
        assert answer.month_on.isoformat() == "2026-11-01"
        number = int(referral.rsplit("/", 1)[1])
        assert session.get_one(Referral, number).state is ReferralState.ONBOARD
    page.goto(referral)
    assert "工作人员去看过" in page.content()
    context.close()


def test_leaving_and_moving_take_three_taps(browser: Browser, site: Site) -> None:
    def two_at_work(scene: Scene) -> str:
        job = scene.posting()
        for _ in range(2):
            scene.at_work(scene.neighbour(), job)
        return ""

    site.arrange(two_at_work)
    site.clock.move(timedelta(days=7, hours=2))
    context = phone(browser, script=False)
    page = site.sit_down(context)
    thumb = Thumb(page)
    page.goto(f"{site.address}/staff/today")
    thumb.tap(page.locator(".work a.grow"))
    thumb.link("没干了")
    thumb.button("家里有事")
    assert "已经记上了" in page.content()
    assert thumb.counted() == 3
    page.goto(f"{site.address}/staff/today?only=check_due")
    thumb.tap(page.locator(".work a.grow"))
    thumb.link("换地方了")
    page.get_by_label("单位名字").fill("好日子服装厂")
    thumb.button("存下")
    assert "换厂" in page.content()
    assert thumb.counted() == 3
    context.close()


def test_a_no_by_phone_takes_three_taps_from_the_list(browser: Browser, site: Site) -> None:
    site.arrange(lambda scene: str(scene.push(scene.neighbour(), scene.posting()).id))
    site.clock.move(timedelta(days=8))
    context = phone(browser, script=False)
    page = site.sit_down(context)
    thumb = Thumb(page)
    page.goto(f"{site.address}/staff/today")
    thumb.tap(page.locator(".work a.grow"))
    thumb.open("不愿意")
    thumb.button("太远")
    assert "记下了：本人不去" in page.content()
    assert thumb.counted() == 3
    context.close()


@pytest.mark.parametrize(("width", "size"), [(360, 1), (320, 3)])
def test_every_page_can_be_read_and_pressed(browser: Browser, site: Site, width: int, size: int) -> None:
    def much(scene: Scene) -> str:
        job = scene.posting(title="服装熨烫工", board=True)
        people = [scene.neighbour() for _ in range(5)]
        spell = scene.at_work(people[0], job)
        offered = scene.push(people[1], job)
        scene.act(scene.hired(people[2], job), "no_show")
        refused = scene.push(people[3], job)
        scene.act(refused, "interested", on_behalf=PHONE)
        scene.act(refused, "submit")
        wish = scene.wish(job)
        check = scene.session.query(FollowUpCheck).filter_by(day=7).one()
        check_page = f"/staff/checks/{check.id}"
        ways = " ".join(f"{check_page}?way={way}" for way in ("in_post", "moved", "left", "unreachable"))
        referrals = " ".join(f"/staff/referrals/{one.id}" for one in (offered, refused, spell))
        return (
            f"/staff/today /staff/jobs /staff/jobs?q=没有的 /staff/jobs/{job.id}/push {ways} {referrals} "
            f"/staff/wishes/{wish.id} /staff/today/print /staff/people/{people[4].id}/push "
            f"/staff/people/{people[1].id} /staff/today?only=wish /staff/people/{people[0].id}/supplements"
        )

    paths = site.arrange(much).split()
    site.clock.move(timedelta(days=8))
    context = phone(browser, width=width)
    page = site.sit_down(context)
    faults: dict[str, list[str]] = {}
    for number, path in enumerate(paths):
        answer = page.goto(site.address + path + (("&" if "?" in path else "?") + f"s={size}"))
        assert answer is not None
        assert answer.status == 200, path
        found = size_faults(page) if size == 1 else []
        if sideways_scroll(page) > 0:
            found.append(f"scrolls by {sideways_scroll(page)}")
        if size == 1:
            found += axe_violations(page)
        if found:
            faults[path] = found
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/officer-{width}-{number}.png", full_page=True)
    assert faults == {}
    context.close()
