"""The import pages in a real browser: a file chosen, looked at, taken in with scripts off; then measured."""

import json
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
from app.core.tasks import TaskRunner
from app.main import create_app
from tests.browser import axe_violations, phone, sideways_scroll, size_faults
from tests.conftest import make_settings
from tests.seekers.imports.sheets import person, workbook
from tests.web.staff.test_browser import _PC_SIZES, keep_picture
from tests.web.staff.village import open_session, settle

pytestmark = pytest.mark.browser


@dataclass
class Site:
    """A running server, its background, and the township's session."""

    address: str
    database: Database
    clock: FixedClock
    token: str


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("imports")
    shutil.copy(sqlite_template, folder / "site.db")
    settings = make_settings(f"sqlite:///{folder}/site.db")
    clock = FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    database = Database(settings)
    with database.write() as session:
        village = settle(session, clock, cipher_of(settings))
        token = open_session(session, clock, village.township)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, database=database, clock=clock), port=0, log_level="critical")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", database, clock, token)
    server.should_exit = True
    thread.join(10)


def sit_down(context: BrowserContext, site: Site) -> Page:
    context.add_cookies([{"name": SESSION_COOKIE, "value": site.token, "url": site.address}])
    return context.new_page()


def run_tasks(site: Site) -> None:
    TaskRunner(site.database, site.clock).run_due()


def choose_file(page: Page, site: Site, path: Path) -> None:
    page.goto(f"{site.address}/staff/imports")
    page.set_input_files("[name=file]", path)
    page.click("text=传上去，先看看")


def ledger(folder: Path, name: str, **odd: str) -> Path:
    rows = [
        person(1, 与户主关系="户主", 文化程度="初中"),
        person(2, 姓名="李建国", 身份证号="6.10221E+17"),
        person(3, 姓名="赵军", 行政村="柳树原村"),
        person(4, 姓名=""),
        person(5, 姓名="周红霞", 劳动能力="普通劳动力"),
    ]
    rows[0] |= odd
    return workbook(folder / name, rows)


def test_a_ledger_goes_in_without_javascript(browser: Browser, site: Site, tmp_path: Path) -> None:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", java_script_enabled=False
    )
    page = sit_down(context, site)
    choose_file(page, site, ledger(tmp_path, "台账.xlsx"))
    assert "正在试算" in page.inner_text("main")
    run_tasks(site)
    page.reload()
    assert "退回 3" in page.inner_text("main")
    page.click("text=入库 2 行")
    run_tasks(site)
    page.reload()
    assert "入库完了，进了 2 行" in page.inner_text("main")
    context.close()


def test_every_step_can_be_read_and_pressed(browser: Browser, site: Site, tmp_path: Path) -> None:
    desk = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    pocket = phone(browser)
    pc, small = sit_down(desk, site), sit_down(pocket, site)
    choose_file(pc, site, ledger(tmp_path, "第一张.xlsx", 姓名="王桂兰"))
    steps = {"import-columns": f"{pc.url}?columns=1", "import-busy": pc.url}
    first = pc.url
    faults: dict[str, list[str]] = {}

    def look(name: str, address: str) -> None:
        for page, kind in ((pc, "pc"), (small, "phone")):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, name
            keep_picture(page, f"{kind}-{name}")
            measured = page.evaluate(_PC_SIZES) if kind == "pc" else size_faults(page)
            found = [*axe_violations(page), *measured]
            wide = sideways_scroll(page)
            if found or wide:
                faults[f"{kind} {name}"] = [*found, f"{wide} px too wide"]

    look("imports", f"{site.address}/staff/imports")
    look("exports", f"{site.address}/staff/exports")
    look("import-busy", steps["import-busy"])
    run_tasks(site)
    look("import-preview", first)
    look("import-columns", steps["import-columns"])
    pc.goto(first)
    pc.click("main button.go")
    run_tasks(site)
    look("import-done", first)
    choose_file(pc, site, ledger(tmp_path, "第二张.xlsx", 姓名="王贵兰", 文化程度="高中"))
    run_tasks(site)
    look("import-conflict", pc.url)
    desk.close()
    pocket.close()
    assert faults == {}, json.dumps(faults, ensure_ascii=False, indent=1)
