"""The portal in a real browser, as a phone with WeChat's user agent sees it (FRONTEND, budgets)."""

import time
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Wire, axe_violations, phone, sideways_scroll, size_faults

pytestmark = pytest.mark.browser

LIST_BYTES = 6 * 1024
PAGE_BYTES = 5 * 1024
ASKED_BYTES = 15 * 1024
# FRONTEND: usable with 2 s of latency and 400 kbit/s on a phone a quarter as fast.
THROTTLED_S = 3.0
ADDRESSES = {
    "home": "/",
    "jobs": "/jobs",
    "far": "/jobs?far=away",
    "searched": "/jobs?q=缝纫",
    "empty": "/jobs?far=town&q=潜水员",
    "kinds": "/kinds",
    "job": "/jobs/1",
    "ask": "/jobs/1/ask",
    "apply": "/jobs/1/apply",
    "report": "/jobs/1/report",
    "gone": "/jobs/8",
    "wizard-1": "/find",
    "wizard-2": "/find?step=2&k=sew",
    "wizard-3": "/find?step=3&k=sew&far=town",
    "result": "/find/result?k=sew&far=town&no=care&no=night",
    "nothing-fits": "/find/result?k=fork&far=village&no=live",
    "place": "/place",
    "place-county": "/place?in=610204",
    "place-found": "/place?q=石柱原",
    "help": "/help",
    "case-form": "/cases/new?kind=wages",
    "case-look-up": "/cases",
    "policies": "/policies",
    "policy": "/policies/transport-grant",
    "formula": "/formula",
    "forged": "/q/abcdefgh",
    "missing": "/nope",
}


@pytest.fixture(scope="module")
def visit(browser: Browser, site: str) -> Callable[..., Page]:
    """Opens an address of the site on a phone that has scanned the code."""
    contexts = {}

    def open_page(address: str, *, width: int = 360, script: bool = True) -> Page:
        if (width, script) not in contexts:
            contexts[width, script] = phone(browser, width=width, script=script)
            contexts[width, script].new_page().goto(site)
        page = contexts[width, script].pages[0]
        page.goto(urljoin(site, address))
        return page

    return open_page


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_accessibility_violation_and_everything_is_large_enough(
    visit: Callable[..., Page], name: str
) -> None:
    page = visit(ADDRESSES[name])
    assert axe_violations(page) == []
    assert size_faults(page) == []


@pytest.mark.parametrize("name", ["home", "jobs", "job", "wizard-1", "result", "place-county"])
@pytest.mark.parametrize("size", [2, 3])
def test_large_letters_hold(visit: Callable[..., Page], name: str, size: int) -> None:
    address = ADDRESSES[name]
    page = visit(f"{address}{'&' if '?' in address else '?'}s={size}")
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        == [0, 0, 24, 30][size]
    )
    assert size_faults(page) == []
    assert sideways_scroll(page) == 0
    visit("/?s=1")


def test_the_checks_see_planted_breaks(visit: Callable[..., Page]) -> None:
    page = visit("/")
    page.evaluate(
        """() => {
          document.querySelector('.btn').style.minHeight = '30px';
          document.querySelector('h2').style.fontSize = '14px';
          document.querySelector('main p').style.color = '#bbb';
          document.querySelector('main').style.width = '500px';
        }"""
    )
    assert any(fault.startswith("low") for fault in size_faults(page))
    assert any(fault.startswith("small text") for fault in size_faults(page))
    assert any(violation.startswith("color-contrast") for violation in axe_violations(page))
    assert sideways_scroll(page) > 0


def test_from_the_code_to_a_ranked_list_without_javascript(browser: Browser, site: str) -> None:
    page = phone(browser, script=False).new_page()
    page.goto(site)
    page.click("text=答三个问题，帮你挑活")
    page.click("label:has-text('缝纫')")
    page.click("button:has-text('下一个')")
    page.click("label:has-text('镇上，天天回家')")
    page.click("button:has-text('下一个')")
    page.click("label:has-text('不上夜班')")
    page.click("button:has-text('好了，帮我挑')")
    assert "个合适" in page.inner_text("h1")
    page.click(".job a >> nth=0")
    page.click("text=我想去")
    page.fill("#name", "张秀梅")
    page.fill("#tel", "13800006612")
    page.click("button:has-text('报名')")
    assert page.inner_text("h1") == "报上名了"
    page.context.close()


def test_from_the_scan_to_asked_in_three_page_views(browser: Browser, site: str) -> None:
    """FRONTEND: a job asked for within three page views and 15 KB, with cookies refused by the reader."""
    context = phone(browser, script=False)
    page = context.new_page()
    wire = Wire(page)
    page.goto(site)
    context.clear_cookies()
    for step in (".job a >> nth=0", "text=我想去"):
        page.click(step)
        context.clear_cookies()
    sizes = wire.settled(3)
    page.fill("#name", "李冬生")
    page.fill("#tel", "13800006613")
    page.click("button:has-text('报名')")
    assert page.inner_text("h1") == "报上名了"
    assert len(sizes) == 3
    assert sum(sizes) <= ASKED_BYTES, sizes
    context.close()


@pytest.mark.parametrize("name", ["home", "jobs", "job", "wizard-1", "result", "kinds"])
def test_weight_and_speed_on_a_weak_line(browser: Browser, site: str, name: str) -> None:
    """All bytes on the wire, headers too, in one request; usable in 3 s with 2 s of latency.

    Best of six: the budget is the page's, the noise is the machine's.
    """
    times: list[float] = []
    for _attempt in range(6):
        weight, requests, took = load_on_weak_line(browser, site, ADDRESSES[name])
        assert requests == 1
        assert 500 < weight <= (LIST_BYTES if name == "jobs" else PAGE_BYTES)
        times.append(took)
        if took <= THROTTLED_S:
            break
    assert min(times) <= THROTTLED_S


def load_on_weak_line(browser: Browser, site: str, address: str) -> tuple[int, int, float]:
    """Bytes on the wire, requests, and seconds until the page can be used."""
    context = phone(browser, service_workers="block")  # what it fetches is not throttled and not counted
    page = context.new_page()
    page.goto(site)
    wire = Wire(page)
    wire.session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    wire.session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000},
    )
    began = time.monotonic()
    page.goto(urljoin(site, address), wait_until="load")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    took = time.monotonic() - began
    sizes = wire.settled()
    context.close()
    return sum(sizes), len(sizes), took


def test_a_second_visit_costs_next_to_nothing(browser: Browser, site: str) -> None:
    context = phone(browser, service_workers="block")
    page = context.new_page()
    page.goto(site)
    page.goto(urljoin(site, "/jobs"))
    wire = Wire(page)
    page.goto(urljoin(site, "/jobs"))
    sizes = wire.settled()
    context.close()
    assert 0 < sum(sizes) <= 300


def test_the_policy_of_a_page_blocks_nothing_of_its_own(browser: Browser, site: str) -> None:
    context = phone(browser)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(site)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(250, 245, 234)"
    context.close()
    assert said == []
