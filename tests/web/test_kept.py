"""Kept pages: given out again without a question to the database, never older than the postings."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.http import SESSION_COOKIE
from app.core.settings import Settings
from app.employers.models import Employer
from app.employers.service import act_on_employer
from app.employers.terms import EmployerAction
from app.jobs.board import BOARDS
from app.jobs.models import JobPosting
from app.main import create_app
from app.web import kept
from tests.accounts.situations import staff_member
from tests.employers import factories
from tests.jobs.factories import open_job, take_place
from tests.web.board import hang_board
from tests.web.staff.village import open_session

AT = {"Cookie": f"at={factories.VILLAGE}"}
ADDRESSES = ("/", "/jobs", "/jobs?far=county", "/kinds", "/find", "/find?step=2&k=sew", "/find/result?k=sew")


@pytest.fixture
def jobs(own_database: Database, clock: FixedClock) -> Iterator[dict[str, int]]:
    """Ids of the board's postings by name, really committed."""
    with own_database.write() as session:
        found = {name: job.id for name, job in hang_board(session, clock).items()}
    yield found
    BOARDS.forget()


@pytest.fixture
def app(
    own_settings: Settings, own_database: Database, clock: FixedClock, jobs: dict[str, int]
) -> Iterator[FastAPI]:
    app = create_app(own_settings, database=own_database, clock=clock)
    yield app
    # Where the application was asked without being started, nobody has closed it.
    app.state.posting_watch.close()


@pytest.fixture
def villager(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, headers=AT, follow_redirects=False) as client:
        yield client


@pytest.fixture
def asked(own_database: Database) -> Iterator[list[str]]:
    """Statements that pages send."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    engine: Engine = own_database.reader
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_the_second_time_nothing_is_asked(
    villager: TestClient, asked: list[str], jobs: dict[str, int]
) -> None:
    for address in (*ADDRESSES, f"/jobs/{jobs['sewing']}"):
        asked.clear()
        first = villager.get(address)
        assert first.status_code == 200, address
        assert asked, address
        asked.clear()
        again = villager.get(address)
        assert (again.status_code, again.text) == (200, first.text), address
        assert dict(again.headers) == dict(first.headers), address
        assert asked == [], address


def test_a_change_in_another_process_is_in_the_next_page(
    villager: TestClient, own_settings: Settings, clock: FixedClock, jobs: dict[str, int]
) -> None:
    other = Database(own_settings)
    before = villager.get("/").text
    with other.write() as session:
        firm = session.get_one(JobPosting, jobs["sewing"]).employer_id
        open_job(
            session, clock, session.get_one(Employer, firm), title="绣花工", region_code=factories.VILLAGE
        )
    assert "绣花工" not in before
    assert "绣花工" in villager.get("/").text
    posting = f"/jobs/{jobs['sewing']}"
    assert villager.get(posting).status_code == 200
    with other.write() as session:
        for _ in range(8):
            take_place(session, jobs["sewing"], clock)
    assert villager.get(posting).status_code == 410
    with other.write() as session:
        county = factories.county_officer()
        act_on_employer(session, county, firm, EmployerAction.BAR, clock, reason="收押金")
    assert "绣花工" not in villager.get("/").text
    other.dispose()


def test_another_day_is_another_page(
    villager: TestClient, clock: FixedClock, jobs: dict[str, int], own_database: Database
) -> None:
    address = f"/jobs/{jobs['sewing']}"
    with own_database.read() as session:
        last_day = session.get_one(JobPosting, jobs["sewing"]).valid_until
    assert villager.get(address).status_code == 200
    clock.move(timedelta(days=(last_day - clock.today()).days + 1))
    assert villager.get(address).status_code == 410


def test_who_has_the_page_gets_nothing_again(villager: TestClient) -> None:
    first = villager.get("/jobs")
    for _ in range(2):
        same = villager.get("/jobs", headers={"If-None-Match": first.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == first.headers["etag"]
        assert "content-length" not in same.headers
        assert "content-security-policy" not in same.headers
    assert villager.get("/jobs", headers={"If-None-Match": '"x"'}).status_code == 200


def test_the_first_asker_with_an_old_page_leaves_one_for_the_others(
    villager: TestClient, asked: list[str]
) -> None:
    etag = villager.get("/jobs").headers["etag"]
    villager.get("/jobs?far=county", headers={"If-None-Match": etag})
    asked.clear()
    assert villager.get("/jobs?far=county").status_code == 200
    assert asked == []


DIFFERENT: tuple[dict[str, str], ...] = (
    {"Cookie": f"at={factories.VILLAGE}; s=3"},
    {"Cookie": f"at={factories.VILLAGE}; lang=en"},
    {"Cookie": f"at={factories.OTHER_TOWN}"},
    {**AT, "Accept-Language": "en"},
)


def test_readers_who_chose_differently_get_their_own(villager: TestClient, app: FastAPI) -> None:
    for different in DIFFERENT:
        keeper_of(app)._pages.clear()
        mine = villager.get("/jobs").text
        theirs = villager.get("/jobs", headers=different)
        assert theirs.status_code == 200
        assert theirs.text != mine, different
        assert villager.get("/jobs", headers=different).text == theirs.text
        assert villager.get("/jobs").text == mine, different


def test_compression_is_kept_apart(villager: TestClient) -> None:
    sizes = {
        name: villager.get("/jobs", headers={"Accept-Encoding": name}).headers["content-length"]
        for name in ("identity", "gzip", "br", "identity", "gzip", "br")
    }
    assert int(sizes["br"]) < int(sizes["gzip"]) < int(sizes["identity"])
    packed = villager.get("/jobs", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "<html" in packed.text


def test_a_sign_in_changes_nothing_on_a_kept_page(
    app: FastAPI, own_database: Database, clock: FixedClock, jobs: dict[str, int]
) -> None:
    """Else one reader's page would be given to another."""
    with own_database.write() as session:
        officer = staff_member(session, clock, Role.VILLAGE_OFFICER, factories.VILLAGE, "zhoumin")
        signed_in = f"{AT['Cookie']}; {SESSION_COOKIE}={open_session(session, clock, officer)}; csrf=def"
    with TestClient(app, headers={"Cookie": signed_in}) as client:
        assert client.get("/staff").status_code == 200, "the session is a real one"
    for address in (*ADDRESSES, f"/jobs/{jobs['sewing']}"):
        texts = []
        for cookies in (AT["Cookie"], signed_in):
            app.middleware_stack = None  # begins with nothing kept
            with TestClient(app, headers={"Cookie": cookies}) as client:
                texts.append(client.get(address).text)
        assert texts[0] == texts[1]


def test_personal_and_missing_pages_are_made_each_time(villager: TestClient, app: FastAPI) -> None:
    for address in ("/me", "/jobs/1/apply", "/q/abcdefgh", "/login", "/jobs/999999", "/nope"):
        pages = keeper_of(app)._pages
        pages.clear()
        villager.get(address)
        assert not pages, address


def keeper_of(app: FastAPI) -> kept.KeptPages:
    layer: Any = app.middleware_stack
    while not isinstance(layer, kept.KeptPages):
        layer = getattr(layer, "app", None) or layer._app
    return layer


def test_each_view_is_noted(villager: TestClient, app: FastAPI, jobs: dict[str, int]) -> None:
    browser = {"User-Agent": "Mozilla/5.0 MicroMessenger/7.0.20"}
    for _ in range(5):
        page = villager.get(f"/jobs/{jobs['sewing']}", headers=browser)
    villager.get(f"/jobs/{jobs['sewing']}", headers={**browser, "If-None-Match": page.headers["etag"]})
    villager.get(f"/jobs/{jobs['sewing']}", headers={"User-Agent": "Baiduspider"})
    assert app.state.views.flush() == 5


def test_many_at_once_make_the_page_once(app: FastAPI, jobs: dict[str, int], asked: list[str]) -> None:
    async def ask(client: httpx.AsyncClient) -> str:
        return (await client.get("/jobs?far=county", headers=AT)).text

    async def crowd(size: int) -> set[str]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return set(await asyncio.gather(*(ask(client) for _ in range(size))))

    asyncio.run(crowd(1))
    alone = len(asked)
    keeper_of(app)._pages.clear()
    asked.clear()
    assert len(asyncio.run(crowd(30))) == 1
    assert 0 < len(asked) <= alone


def test_only_so_many_are_kept(
    villager: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    for n in range(5):
        villager.get(f"/jobs?x={n}")
    assert len(keeper_of(app)._pages) == 3
    asked.clear()
    villager.get("/jobs?x=4")
    assert asked == []
    villager.get("/jobs?x=0")
    assert asked


def test_without_a_database_the_page_says_so(
    villager: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert villager.get("/jobs").status_code == 200
    monkeypatch.setattr(keeper_of(app)._watch, "answer", lambda: None)
    assert villager.get("/jobs").status_code == 200  # made anew: the pool still answers
    keeper_of(app)._watch.close()
    monkeypatch.undo()
    assert villager.get("/jobs").status_code == 200  # the watch comes back by itself
