"""A real browser for tests: Chromium from the system, as a phone with WeChat's user agent.

Reusable by every folder: `from tests.browser import ...` gives the recipe, fixtures come from conftest files.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; MI 8) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/67.0.3396.87 Mobile Safari/537.36 MicroMessenger/7.0.20.1781 NetType/3G Language/zh_CN"
)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium_path() -> str | None:
    """Where the system keeps Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium without a window. RuntimeError when the machine has none."""
    path = chromium_path()
    if path is None:
        raise RuntimeError("Chromium is not installed: apt-get install chromium fonts-wqy-microhei")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Wire:
    """What a page fetches from now on, counted once each answer has ended.

    Playwright's clicks return before the browser has told of the last bytes; whoever wants figures waits for
    them with `settled`.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.asked, self.ended = page, set[str](), dict[str, int]()
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.requestWillBeSent", self.begin)
        self.session.on("Network.loadingFinished", self.end)
        self.session.on("Network.loadingFailed", self.end)

    def begin(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):  # pictures of the browser's own controls
            self.asked.add(event["requestId"])

    def end(self, event: dict[str, Any]) -> None:
        self.ended[event["requestId"]] = int(event.get("encodedDataLength", 0))

    def settled(self, requests: int = 1) -> list[int]:
        """Bytes on the wire of each request, headers too, once so many were made and all have ended."""
        deadline = time.monotonic() + 30
        while len(self.asked) < requests or self.asked - self.ended.keys():
            assert time.monotonic() < deadline, f"asked {len(self.asked)}, ended {len(self.ended)}"
            self.page.wait_for_timeout(20)
        return [self.ended[request] for request in self.asked]


def phone(
    browser: Browser, *, width: int = 360, height: int = 740, script: bool = True, **more: Any
) -> BrowserContext:
    """A phone of 360 x 740 at scale 2, Chinese, with WeChat's user agent; `script=False`: no JavaScript."""
    return browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        user_agent=WECHAT,
        java_script_enabled=script,
        **more,
    )


def go_back(page: Page) -> None:
    """The phone's own back key. Between two documents Chromium has for a moment no page to go back from."""
    deadline = time.monotonic() + 30
    while True:
        try:
            page.go_back()
            return
        except Error as error:
            if "Not attached to an active page" not in error.message or time.monotonic() > deadline:
                raise
            page.wait_for_timeout(50)


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds wrong: 'rule: how many places, the first one'."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        """tags => axe.run(document, {runOnly: {type: "tag", values: tags}})
        .then(r => JSON.stringify(r.violations))""",
        AXE_TAGS,
    )
    return [f"{v['id']}: {len(v['nodes'])}, {v['nodes'][0]['html'][:160]}" for v in json.loads(found)]


# Sizes of the Chinese rule (FRONTEND "Elder-friendly"), which axe does not know. Hidden inputs and links
# inside a sentence are measured by what is pressed. `scale` = letters asked for / standard letters.
_SIZES = """
() => {
  const bad = [];
  const shown = e => { const s = getComputedStyle(e), r = e.getBoundingClientRect();
    return s.visibility !== 'hidden' && s.display !== 'none' && r.width > 1 && r.height > 1 && r.right > 0; };
  const say = (why, e, n) => bad.push(why + ' ' + Math.round(n * 10) / 10 + ': ' + e.outerHTML.slice(0, 120));
  const targets = 'a[href],button,summary,input:not([type=hidden]),select,textarea';
  for (const e of document.querySelectorAll(targets)) {
    if (!shown(e)) continue;
    const box = (e.closest('.job') || e).getBoundingClientRect();
    const main = e.matches('.btn,.tile,.rows a,.tabs a,summary,input,select,textarea');
    const low = main ? 60 : 44, narrow = main && !e.matches('.tabs a') ? 60 : 44;
    if (box.height < low - 0.5) say('low <' + low, e, box.height);
    if (box.width < narrow - 0.5) say('narrow <' + narrow, e, box.width);
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !shown(e) || e.closest('.vh,.skip,script,style')) continue;
    const s = getComputedStyle(e), size = parseFloat(s.fontSize), line = parseFloat(s.lineHeight);
    if (size < 18) say('small text <18', e, size);
    if (s.lineHeight !== 'normal' && line < size * 1.3 - 0.5) say('tight lines', e, line);
  }
  return bad;
}
"""


def size_faults(page: Page) -> list[str]:
    """Targets under 60 or 44 px, letters under 18 px, lines under 1.3. Sticky bars are laid flat."""
    page.evaluate("document.querySelectorAll('.tabs,.dock').forEach(e => { e.style.position = 'static'; })")
    return list(page.evaluate(_SIZES))


def sideways_scroll(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
