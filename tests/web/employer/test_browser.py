"""The whole way of a boss on a small phone without JavaScript: sign in, register, post from a pasted text,
meet somebody, hire, call the roll. Taps counted, pictures kept with SONGGANG_SHOTS."""

import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.employers import links
from app.employers import service as employer_service
from app.employers.models import Employer
from app.employers.terms import EmployerAction
from app.jobs import service as job_service
from app.jobs.models import JobPosting
from app.jobs.terms import JobAction, JobState
from app.main import create_app
from app.referrals.models import Referral
from app.referrals.terms import ReferralState
from tests.browser import axe_violations, phone, sideways_scroll, size_faults
from tests.conftest import make_settings
from tests.employers.factories import OTHER_TOWN, VILLAGE, county_officer, plant_regions, set_phone
from tests.referrals.situations import Scene
from tests.web.employer.firms import BOSS_PHONE, PASTED

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SONGGANG_SHOTS", "")
# A human's tap with the look before it, and one typed sign (Chinese by pinyin), in seconds.
TAP_S, SIGN_S = 2.0, 0.6
SHIZHU = "610204113"


@dataclass
class Codes:
    """Takes the codes that would go out by SMS."""

    sent: list[str] = field(default_factory=list)

    def send_code(self, phone: str, code: str) -> None:
        self.sent.append(code)


@dataclass
class Site:
    address: str
    database: Database
    settings: Settings
    clock: FixedClock
    codes: Codes


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "site.db"
    shutil.copy(sqlite_template, path)
    settings = make_settings(f"sqlite:///{path}")
    clock = FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    database = Database(settings)
    with database.write() as session:
        plant_regions(session, VILLAGE, OTHER_TOWN, SHIZHU)
    app = create_app(settings, database=database, clock=clock)
    codes = app.state.code_sender = Codes()
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", database, settings, clock, codes)
    server.should_exit = True
    thread.join(10)


@dataclass
class Hand:
    """A human's hand: counts taps and typed signs, and looks at each page it comes to."""

    page: Page
    site: Site
    taps: int = 0
    signs: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def goto(self, path: str) -> None:
        answer = self.page.goto(f"{self.site.address}{path}")
        assert answer is not None
        assert answer.status == 200, path

    def tap(self, words: str) -> None:
        self.taps += 1
        target = self.page.locator("button,a,summary,label", has_text=re.compile(words))
        target.first.click()

    def type(self, name: str, text: str) -> None:
        self.taps += 1
        self.signs += len(text)
        self.page.fill(f"[name={name}]", text)

    def look(self, name: str) -> None:
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/employer-{name}.png", full_page=True)
        wide = sideways_scroll(self.page)
        found = [*size_faults(self.page), *([f"{wide} px too wide"] if wide else [])]
        if found:
            self.faults[name] = found

    @property
    def seconds(self) -> float:
        return self.taps * TAP_S + self.signs * SIGN_S

    def start(self) -> None:
        self.taps = self.signs = 0


def start(browser: Browser, site: Site) -> Hand:
    context = phone(browser, script=False)
    return Hand(context.new_page(), site)


def come_in(hand: Hand) -> None:
    """By the code of an SMS."""
    hand.goto(f"/employer?at={VILLAGE}")
    hand.type("phone", BOSS_PHONE)
    hand.tap("给我发短信")
    hand.type("code", hand.site.codes.sent[-1])
    hand.page.locator("button.go").click()


def register(hand: Hand) -> None:
    hand.type("name", "小丘针织厂")
    hand.tap("社区工厂")
    hand.type("place", "石柱镇")
    hand.type("contact_name", "陈厂长")
    hand.page.locator("button.go").click()
    hand.look("join")
    # There are several of that name in the country.
    hand.tap("耀州区石柱镇")
    hand.page.locator("button.go").click()


def verify(site: Site) -> int:
    with site.database.write() as session:
        firm = session.query(Employer).one()
        employer_service.act_on_employer(
            session, county_officer(user_id=900), firm.id, EmployerAction.VERIFY, site.clock
        )
        return firm.id


def test_the_way_of_a_boss(browser: Browser, site: Site) -> None:
    hand = start(browser, site)
    come_in(hand)
    register(hand)
    assert "登记好了" in hand.page.inner_text("main")
    assert "人社局还没看你的登记" in hand.page.inner_text("main")
    hand.look("home-pending")
    firm_id = verify(site)

    # From the pasted text to the posting handed in.
    hand.goto("/employer/post")
    hand.look("post")
    hand.page.fill("[name=pasted]", PASTED)
    hand.start()
    hand.tap("读一读")
    assert hand.page.input_value("[name=title]") == "缝纫工"
    assert hand.page.input_value("[name=openings]") == "5"
    hand.look("post-read")
    hand.tap("看看样子")
    assert "13900007788" not in hand.page.content()
    hand.look("preview")
    hand.tap("发出去")
    assert hand.taps <= 4
    assert "交上去了" in hand.page.inner_text("main")
    hand.look("job-review")

    referral_id = refer_somebody(site, firm_id)
    hand.goto("/employer")
    assert "1 个人等你回话" in hand.page.inner_text("h1")
    hand.look("home-waiting")
    hand.tap("看人")
    assert "王桂兰" not in hand.page.content()
    hand.look("people")
    hand.page.locator("label.pick").first.click()
    hand.tap("叫来看看")
    assert "记下了" in hand.page.inner_text("main")
    assert state_of(site, referral_id) is ReferralState.INTERVIEW
    hand.look("people-interview")

    hand.goto(f"/employer/people/{referral_id}")
    hand.tap("看电话")
    assert "139 " in hand.page.inner_text("main")
    hand.look("person")
    hand.page.fill("[name=starts_on]", site.clock.today().isoformat())
    hand.tap("^要了$")
    assert state_of(site, referral_id) is ReferralState.HIRED

    hand.goto("/employer/roll")
    hand.look("roll")
    hand.tap("^来了$")
    hand.tap("记下")
    assert "点名记下了" in hand.page.inner_text("main")
    assert state_of(site, referral_id) is ReferralState.DEPARTING
    hand.look("roll-done")

    with site.database.read() as session:
        job_id = session.query(JobPosting).one().id
    hand.goto(f"/employer/jobs/{job_id}")
    hand.look("job-open")
    hand.goto(f"/employer/jobs/{job_id}/print")
    hand.look("print")
    hand.goto(f"/employer/jobs/{job_id}/edit")
    hand.look("edit")
    assert hand.faults == {}


def refer_somebody(site: Site, firm_id: int) -> int:
    """The county lets the posting out, an officer sends a neighbour."""
    with site.database.write() as session:
        job = session.query(JobPosting).one()
        assert job.employer_id == firm_id
        assert job.state is JobState.REVIEW
        job_service.act_on_job(session, county_officer(user_id=901), job.id, JobAction.APPROVE, site.clock)
        scene = Scene(session, cipher_of(site.settings), site.clock)
        job = session.query(JobPosting).one()
        return scene.at("submitted", job=job).id


def state_of(site: Site, referral_id: int) -> ReferralState:
    with site.database.read() as session:
        return session.get_one(Referral, referral_id).state


def test_from_a_blank_page_within_a_minute(browser: Browser, site: Site) -> None:
    hand = start(browser, site)
    come_in(hand)
    register(hand)
    hand.goto("/employer")
    hand.start()
    hand.tap("发岗位")
    hand.tap("^缝纫工$")
    hand.type("openings", "8")
    hand.type("low", "2800")
    hand.type("high", "3600")
    hand.tap("看看样子")
    hand.tap("发出去")
    assert "交上去了" in hand.page.inner_text("main")
    # Seven taps and nine signs: 20 s by the hand's measure.
    assert hand.taps <= 8
    assert hand.seconds <= 60


def test_by_the_short_link(browser: Browser, site: Site) -> None:
    with site.database.write() as session:
        scene = Scene(session, cipher_of(site.settings), site.clock)
        set_phone(scene.employer, "13900007788")
        scene.employer.address = "老街 8 号"
        people = [scene.at("submitted", person=scene.neighbour(skills=["缝纫"])).id for _ in range(2)]
        firm_id, job_id = scene.employer.id, scene.job.id
    key, today = site.settings.secret_key.get_secret_value(), site.clock.today()
    hand = start(browser, site)
    hand.goto(f"/e/{links.make_link_code(key, links.PEOPLE, firm_id, today)}")
    hand.look("link")
    hand.type("tail", "7788")
    hand.tap("看是谁")
    hand.look("link-people")
    for label in hand.page.locator("label.pick").all():
        label.click()
    hand.tap("不合适")
    hand.tap("人招满了")
    hand.page.locator("button[value=refuse]").click()
    assert "2 个记下了" in hand.page.inner_text("main")
    assert {state_of(site, each) for each in people} == {ReferralState.REFUSED}
    hand.look("link-told")
    hand.goto(f"/c/{links.make_link_code(key, links.POSTING, job_id, today)}")
    hand.look("confirm")
    hand.tap("^还在招$")
    assert "记下了：还在招" in hand.page.inner_text("main")
    hand.look("confirmed")
    assert hand.faults == {}


def test_unlawful_words_on_the_phone(browser: Browser, site: Site) -> None:
    hand = start(browser, site)
    come_in(hand)
    register(hand)
    hand.goto("/employer/post")
    hand.page.fill("[name=pasted]", "招女工8名，限35岁以下，月薪1200元，入职交押金300元，石柱镇")
    hand.tap("读一读")
    hand.tap("看看样子")
    assert "有的话不能这么写" in hand.page.inner_text("main")
    hand.look("preview-unlawful")
    assert hand.faults == {}


def test_the_pages_in_the_biggest_letters(browser: Browser, site: Site) -> None:
    hand = start(browser, site)
    come_in(hand)
    register(hand)
    hand.page.set_viewport_size({"width": 320, "height": 640})
    for name in ("", "/post", "/people", "/roll"):
        hand.goto(f"/employer{name}?s=3")
        hand.look(f"big{name.replace('/', '-')}")
    assert hand.faults == {}


def test_accessible(browser: Browser, site: Site) -> None:
    context = phone(browser)
    hand = Hand(context.new_page(), site)
    come_in(hand)
    found = {"join": axe_violations(hand.page)}
    register(hand)
    for name in ("", "/post", "/people", "/roll"):
        hand.goto(f"/employer{name}")
        found[name] = axe_violations(hand.page)
    assert {name: faults for name, faults in found.items() if faults} == {}
