"""Requests in the name of whoever a test likes."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts.actor import Actor
from app.accounts.dependencies import get_actor
from tests.employers.factories import SignIn


@pytest.fixture
def sign_in(client: TestClient) -> SignIn:
    """Makes every following request come from an actor."""
    app = client.app
    assert isinstance(app, FastAPI)

    def become(actor: Actor) -> None:
        app.dependency_overrides[get_actor] = lambda: actor

    return become
