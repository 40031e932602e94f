"""One place and everybody's phones for each story; the browser is one for the module."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import make_settings
from tests.web.life.hands import Hands
from tests.web.life.place import Place, serving


@pytest.fixture
def place(sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    path = tmp_path / "place.db"
    shutil.copy(sqlite_template, path)
    with serving(make_settings(f"sqlite:///{path}")) as place:
        yield place


@pytest.fixture
def hands(browser: Browser, place: Place, request: pytest.FixtureRequest) -> Iterator[Hands]:
    story = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    hands = Hands(browser, place, story)
    yield hands
    hands.close()
