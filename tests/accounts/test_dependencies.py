"""Who is asking, over HTTP: token, cookie, nobody; in whatever order an endpoint asks for it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from app.accounts import service
from app.accounts.actor import SYSTEM
from app.accounts.dependencies import CurrentActor, SignedInActor, StaffActor
from app.accounts.models import RoleGrant, User, UserSession
from app.accounts.rules import csrf_token
from app.accounts.sessions import open_session
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.http import SESSION_COOKIE, ReadSession, WriteSession
from app.core.settings import Settings
from app.main import create_app
from tests.accounts.situations import officer_who_can_sign_in
from tests.apps import the_app
from tests.databases import RolledBackDatabase


def add_probes(app: FastAPI) -> None:
    @app.get("/api/v1/probe/who")
    def who(actor: CurrentActor) -> dict[str, object]:
        return {"user_id": actor.user_id, "roles": [grant.role for grant in actor.grants]}

    @app.get("/api/v1/probe/session-first")
    def session_first(session: ReadSession, actor: SignedInActor) -> int | None:
        return session.scalar(select(User.id).where(User.id == actor.user_id))

    @app.get("/api/v1/probe/actor-first")
    def actor_first(actor: SignedInActor, session: ReadSession) -> int | None:
        return session.scalar(select(User.id).where(User.id == actor.user_id))

    @app.post("/api/v1/probe/write-first")
    def write_first(session: WriteSession, actor: SignedInActor) -> int | None:
        return session.scalar(select(User.id).where(User.id == actor.user_id))

    @app.post("/api/v1/probe/write-last")
    def write_last(actor: SignedInActor, session: WriteSession) -> int | None:
        return session.scalar(select(User.id).where(User.id == actor.user_id))

    @app.get("/api/v1/probe/staff")
    def staff(actor: StaffActor) -> str:
        return actor.name


@pytest.fixture
def officer(places: RolledBackDatabase, clock: FixedClock) -> int:
    return officer_who_can_sign_in(places, clock)


@pytest.fixture
def api(places: RolledBackDatabase, clock: FixedClock, shared_settings: Settings) -> Iterator[TestClient]:
    app = the_app(shared_settings, places, clock)
    add_probes(app)
    with TestClient(app, base_url="http://testserver") as client:
        yield client


def signed_in(database: Database, clock: FixedClock, user_id: int) -> str:
    with database.write() as session:
        return open_session(session, clock, session.get_one(User, user_id))


def bearer(database: Database, clock: FixedClock) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.create_token(database, clock, 'wangguilan')}"}


def test_whoever_shows_nothing_is_the_public_and_costs_no_statement(
    api: TestClient, places: RolledBackDatabase
) -> None:
    statements: list[str] = []
    connection = places._connection
    event.listen(connection, "before_cursor_execute", lambda *a: statements.append(a[2]))
    assert api.get("/api/v1/probe/who").json() == {"user_id": None, "roles": []}
    assert statements == []
    assert api.get("/api/v1/probe/staff").status_code == 401


def test_a_bearer_token_and_a_cookie_stand_for_the_user(
    api: TestClient, places: RolledBackDatabase, clock: FixedClock, officer: int
) -> None:
    expected = {"user_id": officer, "roles": ["village_officer"]}
    assert api.get("/api/v1/probe/who", headers=bearer(places, clock)).json() == expected
    api.cookies.set(SESSION_COOKIE, signed_in(places, clock, officer))
    assert api.get("/api/v1/probe/who").json() == expected
    assert api.get("/api/v1/probe/staff").json() == "wangguilan"


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer made-up", "bearer 王"])
def test_a_token_that_is_none_is_401_even_where_the_public_may_look(api: TestClient, value: str) -> None:
    answer = api.get("/api/v1/probe/who", headers={"Authorization": value.encode()})  # type: ignore[dict-item]
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_an_ended_cookie_is_the_public(api: TestClient) -> None:
    api.cookies.set(SESSION_COOKIE, "made-up")
    assert api.get("/api/v1/probe/who").json()["user_id"] is None
    assert api.get("/api/v1/probe/actor-first").status_code == 401


def test_the_end_of_a_role_is_felt_by_the_next_request(
    api: TestClient, places: RolledBackDatabase, clock: FixedClock, officer: int
) -> None:
    headers = bearer(places, clock)
    assert api.get("/api/v1/probe/staff", headers=headers).status_code == 200
    with places.write() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.user_id == officer)).one()
        service.end_role(session, clock, SYSTEM, grant.id)
    assert api.get("/api/v1/probe/staff", headers=headers).status_code == 403


def test_every_order_of_dependencies_works(
    api: TestClient, places: RolledBackDatabase, clock: FixedClock, officer: int
) -> None:
    headers = bearer(places, clock)
    for path in ("session-first", "actor-first"):
        assert api.get(f"/api/v1/probe/{path}", headers=headers).json() == officer
    for path in ("write-first", "write-last"):
        assert api.post(f"/api/v1/probe/{path}", headers=headers).json() == officer


def test_a_cookie_alone_changes_nothing_through_the_api(
    api: TestClient, places: RolledBackDatabase, clock: FixedClock, officer: int, shared_settings: Settings
) -> None:
    token = signed_in(places, clock, officer)
    api.cookies.set(SESSION_COOKIE, token)
    secret = shared_settings.secret_key.get_secret_value()
    for shown, status in ((None, 403), ("0" * 64, 403), (csrf_token(secret, token), 200)):
        headers = {"X-CSRF-Token": shown} if shown else {}
        assert api.post("/api/v1/probe/write-first", headers=headers).status_code == status


def test_being_seen_is_written_at_most_once_a_minute(
    api: TestClient, places: RolledBackDatabase, clock: FixedClock, officer: int
) -> None:
    start = clock.now()
    api.cookies.set(SESSION_COOKIE, signed_in(places, clock, officer))

    def seen_at() -> object:
        with places.read() as session:
            return session.scalars(select(UserSession.last_seen_at)).one()

    clock.move(timedelta(seconds=59))
    api.get("/api/v1/probe/who")
    assert seen_at() == start
    clock.move(timedelta(seconds=1))
    api.get("/api/v1/probe/who")
    assert seen_at() == clock.now()


def test_reading_pages_keeps_a_session_open_and_twelve_hours_end_it(
    api: TestClient, places: RolledBackDatabase, clock: FixedClock, officer: int
) -> None:
    api.cookies.set(SESSION_COOKIE, signed_in(places, clock, officer))
    for _ in range(28):
        clock.move(timedelta(minutes=25))
        assert api.get("/api/v1/probe/staff").status_code == 200
    clock.move(timedelta(minutes=20))
    assert api.get("/api/v1/probe/staff").status_code == 401


def test_a_crowd_in_every_order_is_answered(
    own_places: Database, own_settings: Settings, clock: FixedClock
) -> None:
    """Four slots, eighty requests: a second slot asked for while holding one would stop them all."""
    officer_who_can_sign_in(own_places, clock)
    headers = bearer(own_places, clock)
    app = create_app(own_settings, database=own_places, clock=clock)
    add_probes(app)

    async def ask_everyone() -> list[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
            asked = [
                client.request(method, f"/api/v1/probe/{path}", headers=headers)
                for _ in range(20)
                for method, path in (
                    ("GET", "session-first"),
                    ("GET", "actor-first"),
                    ("POST", "write-first"),
                    ("POST", "write-last"),
                )
            ]
            answers = await asyncio.wait_for(asyncio.gather(*asked), 30)
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask_everyone()) == [200] * 80
