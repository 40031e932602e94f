"""A list of erased people for each test, never the one of the checkout."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.settings import Settings


@pytest.fixture
def list_path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "erasures.log"


@pytest.fixture
def client(client: TestClient, shared_settings: Settings, list_path: Path) -> TestClient:
    assert isinstance(client.app, FastAPI)
    client.app.state.settings = shared_settings.model_copy(update={"var_dir": list_path.parent})
    return client
