"""The portal's pages on a weak line: bytes, requests and seconds until a page can be used, beside the budgets
and the best page kits measured on the same list (FRONTEND).

    python -m bench.portal [--pages "first view,posting"]

A real Chromium as a phone of 360 x 740 with a processor four times slower, once with and once without
JavaScript, on three lines: slow 3G (400 ms, 400 kbit/s), Chromium's throttle (2 s, 400 kbit/s) and EDGE
(840 ms, 240 kbit/s). Usable: loaded and drawn. Repeat: the same page again, asked for by its ETag.
"""

import argparse
import os
import re
import tempfile
import time
from dataclasses import dataclass
from typing import Final

import httpx
from playwright.sync_api import Browser, Page

from app.cli.server import prepare
from app.codes.signing import make_code
from app.codes.terms import CodeKind
from app.core.clock import SystemClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.demo.load import first_village_code, load_demo
from bench.pages import serving, wait_until_idle
from tests.browser import Wire, open_browser, phone

KBIT: Final = 1000 / 8


@dataclass(frozen=True)
class Line:
    """A line: latency of a round trip in milliseconds, bytes a second, and the goal in seconds for a list."""

    name: str
    latency_ms: int
    bytes_s: float
    goal_s: float | None


LINES: Final = (
    Line("slow 3G", 400, 400 * KBIT, 1.3),
    Line("throttle", 2000, 400 * KBIT, 3.0),
    Line("EDGE", 840, 240 * KBIT, None),
)
# FRONTEND: the best figures of other kits on the same 20-job page, as measured there.
ANCHORS: Final = (
    ("WeUI", "21.1 KB", "2", "2.19 s slow 3G", "4.76 s throttle"),
    ("GOV.UK", "26.9 KB", "3-4", "2.27 s slow 3G", ""),
    ("Vue + Vant", "65-165 KB", "6-7", "3.9-6.2 s slow 3G", ""),
)
LIST_BYTES: Final = 6 * 1024
PAGE_BYTES: Final = 5 * 1024
REPEAT_BYTES: Final = 300


def addresses(base: str, code: str) -> dict[str, str]:
    """The pages by name, found by walking from the scanned code to a receipt."""
    with httpx.Client(base_url=base, follow_redirects=True, timeout=60) as villager:
        home = villager.get(f"/q/{code}").text
        job = re.findall(r'href="(/jobs/\d+)', villager.get("/jobs").text)[0]
        form = villager.get(f"{job}/apply").text
        token = re.search(r'name=form_token value="([^"]+)"', form)
        if token is None:
            raise RuntimeError("the form has no token")
        typed = {"name": "李冬生", "phone": "13800006613", "form_token": token[1]}
        receipt = villager.post(f"{job}/apply", data=typed).url.path
        guide = re.findall(r'href="(/policies/[\w-]+)', home + villager.get("/policies").text)
    pages = {
        "first view": f"/q/{code}",
        "list of 20": "/jobs",
        "posting": job,
        "wizard 1": "/find",
        "wizard 2": "/find?step=2&k=sew",
        "wizard 3": "/find?step=3&k=sew&far=town",
        "result": "/find/result?k=sew&far=county",
        "apply": f"{job}/apply",
        "receipt": receipt,
        "me (sign in)": "/me",
        "help": "/help",
    }
    return pages | ({"policy": guide[0]} if guide else {})


def slow_down(wire: Wire, line: Line) -> None:
    wire.session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    conditions = {"offline": False, "latency": line.latency_ms}
    speeds = {"downloadThroughput": line.bytes_s, "uploadThroughput": line.bytes_s}
    wire.session.send("Network.emulateNetworkConditions", conditions | speeds)


def load(page: Page, address: str, *, script: bool) -> float:
    """Seconds until the page is loaded and, where it can be told, drawn."""
    began = time.monotonic()
    page.goto(address, wait_until="load")
    if script:
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return time.monotonic() - began


def look(
    browser: Browser, base: str, start: str, path: str, line: Line, *, script: bool
) -> tuple[int, int, float]:
    """Bytes on the wire with headers, requests, seconds: the page opened as the first of its kind."""
    context = phone(browser, script=script, service_workers="block")
    page = context.new_page()
    if path != start:
        page.goto(base + start)
    wire = Wire(page)
    slow_down(wire, line)
    took = load(page, base + path, script=script)
    sizes = wire.settled()
    context.close()
    return sum(sizes), len(sizes), took


def look_again(browser: Browser, base: str, start: str, path: str) -> int:
    """Bytes of the same page asked for once more."""
    context = phone(browser, service_workers="block")
    page = context.new_page()
    page.goto(base + start)
    page.goto(base + path)
    wire = Wire(page)
    page.goto(base + path)
    sizes = wire.settled()
    context.close()
    return sum(sizes)


def show(base: str, code: str, wanted: list[str]) -> int:
    """Prints the table; returns how many figures miss their goal."""
    misses = 0
    heads = [f"{line.name}{mode}" for line in LINES for mode in ("", " no JS")]
    print(f"{'page':14}{'bytes':>8}{'requests':>10}{'repeat':>8}" + "".join(f"{head:>16}" for head in heads))
    pages = addresses(base, code)
    with open_browser() as browser:
        for name, path in pages.items():
            if wanted and name not in wanted:
                continue
            start = pages["first view"]
            budget = LIST_BYTES if name in ("first view", "list of 20") else PAGE_BYTES
            cells, weight, requests = [], 0, 0
            for line in LINES:
                for script in (True, False):
                    weight, requests, took = look(browser, base, start, path, line, script=script)
                    late = line.goal_s is not None and took > line.goal_s
                    misses += late
                    cells.append(f"{took:.2f} s{' !' if late else ''}")
            again = look_again(browser, base, start, path)
            misses += (weight > budget) + (requests > 1) + (again > REPEAT_BYTES)
            mark = " !" if weight > budget else ""
            often = " !" if again > REPEAT_BYTES else ""
            print(
                f"{name:14}{f'{weight}{mark}':>8}{requests:>10}{f'{again}{often}':>8}"
                + "".join(f"{cell:>16}" for cell in cells)
            )
    print(
        "budgets: list 6,144 bytes, other pages 5,120, one request, repeat 300, 1.3 s slow 3G, 3.0 s throttle"
    )
    for anchor in ANCHORS:
        print("anchor: " + ", ".join(filter(None, anchor)))
    return misses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", default="", help="names, with commas")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SONGGANG_DATABASE_URL"] = f"sqlite:///{folder}/bench.db"
        os.environ["SONGGANG_VAR_DIR"] = folder
        settings = Settings()
        prepare(settings)
        database = Database(settings)
        load_demo(database, SystemClock(), cipher_of(settings), with_staff=False)
        code = make_code(settings.secret_key.get_secret_value(), CodeKind.VILLAGE, first_village_code())
        database.dispose()
        with serving("site") as (port, pid):
            wait_until_idle(pid)
            misses = show(f"http://127.0.0.1:{port}", code, [name for name in given.pages.split(",") if name])
    print(f"{misses} figures miss their goal")


if __name__ == "__main__":
    main()
