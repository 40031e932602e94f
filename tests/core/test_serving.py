"""The address people are led to is the one that is served."""

import os

import pytest

from app.cli.server import choose_settings
from app.core.settings import Settings


@pytest.fixture(autouse=True)
def no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set and taken away, so that what the code writes there is undone as well."""
    monkeypatch.setenv("SONGGANG_PUBLIC_URL", "gone")
    monkeypatch.delenv("SONGGANG_PUBLIC_URL")


def test_another_port_is_in_every_link() -> None:
    assert choose_settings(None, 9001).public_url == "http://127.0.0.1:9001"
    assert Settings().public_url == "http://127.0.0.1:9001"


def test_an_address_that_is_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGGANG_PUBLIC_URL", "https://jobs.example.org")
    assert choose_settings("192.168.1.7", 9001).public_url == "https://jobs.example.org"
    assert os.environ["SONGGANG_PUBLIC_URL"] == "https://jobs.example.org"
