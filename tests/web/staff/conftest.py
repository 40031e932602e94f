"""The console with a village behind it, and a browser for each colleague."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.http import SESSION_COOKIE
from app.core.settings import Settings
from tests.apps import the_app
from tests.databases import RolledBackDatabase
from tests.web.markup import markup_faults
from tests.web.staff.village import Village, open_session, settle


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def village(database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher) -> Village:
    with database.write() as session:
        return settle(session, clock, cipher)


@dataclass
class Desk:
    """A colleague's browser: every page is looked at, forms are sent with what the page hides in them."""

    client: TestClient

    def see(self, path: str, status: int = 200) -> str:
        return self._page(self.client.get(path), status)

    def send(self, shown: str, path: str, **typed: Any) -> Response:
        return self.client.post(path, data=hidden_in(shown) | typed)

    def fill(self, path: str, **typed: Any) -> Response:
        """Opens the form at `path`, types, and sends all of it."""
        shown = self.see(path)
        return self.send(shown, path, **(standing(shown) | typed))

    def follow(self, answer: Response) -> str:
        assert answer.status_code == 303, answer.text
        return self.see(answer.headers["location"].partition("#")[0])

    def _page(self, answer: Response, status: int) -> str:
        assert answer.status_code == status, answer.text[:2000]
        assert answer.headers["cache-control"] == "no-store"
        assert markup_faults_but_targets(answer.text) == []
        assert len(answer.content) < 60_000
        return answer.text

    def refused(self, answer: Response, status: int) -> str:
        return self._page(answer, status)


def markup_faults_but_targets(html: str) -> list[str]:
    """Fields and members are jumped to: their ids are no pictures."""
    return [
        fault
        for fault in markup_faults(html)
        if not re.search(r"picture (places|[fl]-\w+|p\d+) is sent", fault)
    ]


def hidden_in(html: str) -> dict[str, Any]:
    """What a page hides in its forms."""
    return dict(re.findall(r'<input type=hidden name="?(\w+)"? value="([^"]*)"', html))


def standing(html: str) -> dict[str, list[str]]:
    """What stands in the fields of a form."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input name="(\w+)" id="f-\w+" value="([^"]*)"', html):
        found[name] = [value]
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else ""]
    for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        found[name] = [text]
    for name, value in re.findall(r'<input type=checkbox name="(\w+)" value="(\w+)" checked', html):
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def desk_of(
    database: RolledBackDatabase, clock: FixedClock, shared_settings: Settings, village: Village
) -> Iterator[Any]:
    """`desk_of(actor)`: a browser in which that colleague is signed in."""
    app = the_app(shared_settings, database, clock)
    with TestClient(app, base_url="http://testserver", follow_redirects=False):

        def sit_down(actor: Any) -> Desk:
            client = TestClient(app, base_url="http://testserver", follow_redirects=False)
            with database.write() as session:
                client.cookies.set(SESSION_COOKIE, open_session(session, clock, actor))
            return Desk(client)

        yield sit_down


@pytest.fixture
def desk(desk_of: Any, village: Village) -> Desk:
    """The village officer's."""
    found: Desk = desk_of(village.officer)
    return found
