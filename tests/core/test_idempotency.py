from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.core.http import Route, WriteSession
from app.core.settings import Settings
from app.core.tasks import Task, TaskState
from app.main import create_app


@pytest.fixture
def app(own_settings: Settings) -> FastAPI:
    app = create_app(own_settings)
    router = APIRouter(prefix="/api/v1", route_class=Route)

    @router.post("/things", status_code=201)
    def make_thing(session: WriteSession, name: str) -> dict[str, int | str]:
        thing = Task(name=name, payload={}, state=TaskState.DONE, due_at=datetime(2026, 1, 1, tzinfo=UTC))
        session.add(thing)
        session.flush()
        return {"id": thing.id, "name": name}

    app.include_router(router)
    return app


def count(app: FastAPI) -> int:
    with app.state.database.read() as session:
        return int(session.scalar(select(func.count()).select_from(Task)) or 0)


def test_the_same_key_gets_the_same_answer_and_makes_one(app: FastAPI) -> None:
    with TestClient(app) as client:
        first, second = (
            client.post("/api/v1/things?name=a", headers={"Idempotency-Key": "k1"}, json={}) for _ in range(2)
        )
        assert first.status_code == second.status_code == 201
        assert first.json() == second.json()
        assert second.headers["idempotency-replayed"] == "true"
        assert count(app) == 1
        assert client.post("/api/v1/things?name=a").status_code == 201
        assert count(app) == 2


def test_a_key_belongs_to_its_caller(app: FastAPI) -> None:
    with TestClient(app) as client:
        for token in ("one", "two"):
            headers = {"Idempotency-Key": "k1", "Authorization": f"Bearer {token}"}
            assert client.post("/api/v1/things?name=a", headers=headers).status_code in (201, 401)
        assert count(app) == 2


def test_a_key_used_for_another_content_is_refused(app: FastAPI) -> None:
    with TestClient(app) as client:
        headers = {"Idempotency-Key": "k1"}
        client.post("/api/v1/things?name=a", headers=headers, json={"x": 1})
        answer = client.post("/api/v1/things?name=a", headers=headers, json={"x": 2})
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json()["title"]


def test_twelve_at_the_same_instant_make_one(app: FastAPI) -> None:
    with TestClient(app) as client, ThreadPoolExecutor(12) as pool:

        def press(_: int) -> tuple[int, str]:
            answer = client.post("/api/v1/things?name=a", headers={"Idempotency-Key": "k1"})
            return answer.status_code, answer.text

        answers = set(pool.map(press, range(12)))
        assert len(answers) == 1
        assert count(app) == 1
