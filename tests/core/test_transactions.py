"""The three traps of ARCHITECTURE 2. Each test also runs the trap itself and sees it bite: a test that could
not fail would prove nothing."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import Connection, Engine, Select, create_engine, event, func, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.db import Database, make_engine
from app.core.http import ReadSession, WriteSession
from app.core.idempotency import IdempotentAnswer
from app.core.migrations import migrate_database
from app.core.settings import Settings
from app.main import create_app
from tests.conftest import make_settings


class Answer(BaseModel):
    n: int


def count_answers() -> Select[tuple[int]]:
    return select(func.count()).select_from(IdempotentAnswer)


def add_answer(session: Session, key: str) -> None:
    session.add(
        IdempotentAnswer(
            caller="",
            route="test",
            key=key,
            request_hash="",
            status=200,
            media_type="",
            body=b"",
            created_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
    )


# 1. Forty threads, few connections, many clients


def statuses_under_load(app: FastAPI, path: str, clients: int = 100) -> list[int]:
    async def ask_everyone() -> list[int]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answers = await asyncio.gather(*(client.get(path, timeout=60) for _ in range(clients)))
        return [answer.status_code for answer in answers]

    return asyncio.run(ask_everyone())


def slow_select(session: Session) -> int:
    """Holds a connection for a moment, as a real query does."""
    return int(session.scalar(count_answers()) or 0)


def test_a_hundred_clients_on_four_connections_are_all_answered(own_settings: Settings) -> None:
    app = create_app(own_settings)

    @app.get("/count", response_model=Answer)
    def count(session: ReadSession) -> dict[str, int]:
        return {"n": slow_select(session)}

    assert statuses_under_load(app, "/count") == [200] * 100
    app.state.database.dispose()


def test_the_tutorial_dependency_deadlocks_under_the_same_load(own_settings: Settings) -> None:
    impatient = own_settings.model_copy(update={"database_wait_s": 1.0})
    app = create_app(impatient)
    database: Database = app.state.database

    def tutorial_session() -> Iterator[Session]:
        with database.read() as session:
            session.connection()
            yield session

    @app.get("/count", response_model=Answer)
    def count(session: Annotated[Session, Depends(tutorial_session)]) -> dict[str, int]:
        return {"n": slow_select(session)}

    assert statuses_under_load(app, "/count").count(200) < 100
    database.dispose()


# 2. A commit that fails


@pytest.mark.parametrize(("scope", "status"), [("function", 503), ("request", 200)])
def test_a_failed_commit_is_told_only_with_the_function_scope(
    own_settings: Settings, scope: Any, status: int
) -> None:
    app = create_app(own_settings)
    database: Database = app.state.database

    def failing_session() -> Iterator[Session]:
        with database.write() as session:
            event.listen(session, "before_commit", refuse)
            yield session

    def refuse(_: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    @app.post("/write")
    def write(session: Annotated[Session, Depends(failing_session, scope=scope)]) -> dict[str, bool]:
        add_answer(session, "one")
        return {"done": True}

    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.post("/write").status_code == status


def test_the_product_s_write_session_reports_a_failed_commit(own_settings: Settings) -> None:
    app = create_app(own_settings)

    @app.post("/write")
    def write(session: WriteSession) -> dict[str, bool]:
        def refuse(_: Session) -> None:
            raise OperationalError("COMMIT", {}, Exception("disk full"))

        event.listen(session, "before_commit", refuse)
        add_answer(session, "one")
        return {"done": True}

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.post("/write")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        with app.state.database.read() as session:
            assert session.scalar(count_answers()) == 0


# 3. Reading first, writing later


def read_then_write(engine: Engine, rounds: int, workers: int = 8) -> int:
    """How many of `rounds` transactions that count first and insert afterwards fail."""
    start = threading.Barrier(workers)

    def work(worker: int) -> int:
        start.wait()
        failures = 0
        for n in range(rounds // workers):
            try:
                with Session(engine) as session:
                    session.scalar(count_answers())
                    add_answer(session, f"{worker}-{n}")
                    session.commit()
            except SQLAlchemyError:
                failures += 1
        return failures

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(work, range(workers)))


def test_read_then_write_never_fails(own_settings: Settings) -> None:
    settings = own_settings.model_copy(update={"database_slots": 8, "database_wait_s": 30})
    engine = make_engine(settings, read_only=False)
    assert read_then_write(engine, 160) == 0
    with Session(engine) as session:
        assert session.scalar(count_answers()) == 160
    engine.dispose()


def test_read_then_write_fails_with_a_plain_begin(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'plain.db'}"
    prepared = make_engine(make_settings(url), read_only=False)
    migrate_database(prepared)
    prepared.dispose()
    plain = create_engine(url, connect_args={"timeout": 5})

    @event.listens_for(plain, "connect")
    def no_legacy_mode(connection: Any, _: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(plain, "begin")
    def plain_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    assert read_then_write(plain, 160) > 0
    plain.dispose()


def test_a_read_session_refuses_to_write(own_database: Database) -> None:
    with pytest.raises(SQLAlchemyError), own_database.read() as session:
        add_answer(session, "sneaky")
        session.flush()
    with own_database.read() as session:
        assert session.scalar(count_answers()) == 0


def test_a_savepoint_undoes_only_its_own_part(own_database: Database) -> None:
    with own_database.write() as session:
        add_answer(session, "kept")
        session.flush()
        with pytest.raises(RuntimeError), session.begin_nested():
            add_answer(session, "undone")
            session.flush()
            raise RuntimeError
    with own_database.read() as session:
        assert session.scalars(select(IdempotentAnswer.key)).all() == ["kept"]


@pytest.mark.parametrize("broken_at", [1, 2, 3])
def test_a_migration_that_breaks_half_way_leaves_the_old_schema(tmp_path: Any, broken_at: int) -> None:
    engine = make_engine(make_settings(f"sqlite:///{tmp_path / 'half.db'}"), read_only=False)
    made = 0

    @event.listens_for(engine, "after_cursor_execute")
    def break_down(_c: Any, _cu: Any, statement: str, *_: Any) -> None:
        nonlocal made
        made += "CREATE TABLE" in statement
        if made == broken_at:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        migrate_database(engine)
    event.remove(engine, "after_cursor_execute", break_down)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
    migrate_database(engine)
    engine.dispose()
