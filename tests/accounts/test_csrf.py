"""Forms are taken only from our own pages: token, origin, one-time form tokens, and no route forgets it."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.dependencies import SAFE_METHODS
from app.core.clock import FixedClock
from app.core.errors import Forbidden, Gone
from app.core.http import SESSION_COOKIE
from app.core.settings import Settings
from app.web import csrf
from app.web.sessions import VISIT_COOKIE
from app.web.staff.next_page import safe_next
from tests.accounts.situations import PASSWORD, officer_who_can_sign_in
from tests.architecture.test_routes import PUBLIC_CHANGES, calls, routes
from tests.databases import RolledBackDatabase


@pytest.fixture
def browser(site: TestClient, places: RolledBackDatabase, clock: FixedClock) -> TestClient:
    """On the sign-in page, with its cookie."""
    officer_who_can_sign_in(places, clock)
    assert site.get("/login").status_code == 200
    return site


def token_of(browser: TestClient, settings: Settings) -> str:
    cookie = browser.cookies.get(SESSION_COOKIE) or browser.cookies.get(VISIT_COOKIE)
    assert cookie
    return csrf.page_csrf_token(settings, cookie)


def send(browser: TestClient, token: str | None, **headers: str) -> int:
    fields = {"username": "wangguilan", "password": PASSWORD}
    if token is not None:
        fields["csrf_token"] = token
    return browser.post("/login", data=fields, headers=headers).status_code


def test_a_form_of_our_own_page_is_taken(browser: TestClient, shared_settings: Settings) -> None:
    assert send(browser, token_of(browser, shared_settings)) == 303
    assert SESSION_COOKIE in browser.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://testserver"},
        {"Referer": "http://testserver/login"},
        {"Origin": "http://127.0.0.1:8000"},  # the public address, behind a proxy
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_what_browsers_say_about_our_own_page_is_fine(
    browser: TestClient, shared_settings: Settings, headers: dict[str, str]
) -> None:
    assert send(browser, token_of(browser, shared_settings), **headers) == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Referer": "http://evil.example/?http://testserver/"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_is_refused_even_with_a_right_token(
    browser: TestClient, shared_settings: Settings, headers: dict[str, str]
) -> None:
    assert send(browser, token_of(browser, shared_settings), **headers) == 403
    assert SESSION_COOKIE not in browser.cookies


def test_a_missing_or_foreign_token_is_refused(browser: TestClient, shared_settings: Settings) -> None:
    for token in (None, "", "0" * 64, csrf.page_csrf_token(shared_settings, "another browser")):
        assert send(browser, token) == 403


def test_without_cookies_there_is_nothing_to_bind_to(site: TestClient, shared_settings: Settings) -> None:
    assert send(site, csrf.page_csrf_token(shared_settings, "")) == 403


def test_the_token_before_sign_in_is_worth_nothing_after_it(
    browser: TestClient, shared_settings: Settings
) -> None:
    before = token_of(browser, shared_settings)
    assert send(browser, before) == 303
    assert browser.post("/logout", data={"csrf_token": before}).status_code == 403
    after = token_of(browser, shared_settings)
    assert browser.post("/logout", data={"csrf_token": after}).status_code == 303
    assert browser.get("/staff").headers["location"].startswith("/login?")


def test_no_unsafe_page_goes_without_the_check() -> None:
    unsafe = [
        route
        for route in routes()
        if (route.methods or set()) - SAFE_METHODS and not (route.path_format or "").startswith("/api/")
    ]
    assert len(unsafe) >= 8
    checks = {csrf.check_csrf, csrf.check_public_form}
    assert [r.path_format for r in unsafe if not checks & set(calls(r.dependant))] == []
    # Without a session's token only what anybody holding the paper or the link may do.
    open_to_all = {r.path_format for r in unsafe if csrf.check_public_form in set(calls(r.dependant))}
    assert open_to_all <= PUBLIC_CHANGES


def test_a_form_token_is_read_back(shared_settings: Settings, clock: FixedClock) -> None:
    token = csrf.issue_form_token(shared_settings, clock, "/jobs/1/apply")
    other = csrf.issue_form_token(shared_settings, clock, "/jobs/1/apply")
    clock.move(csrf.FORM_LIVES)
    read = csrf.read_form_token(shared_settings, clock, "/jobs/1/apply", token)
    assert read.key != csrf.read_form_token(shared_settings, clock, "/jobs/1/apply", other).key
    with pytest.raises(Forbidden):
        csrf.read_form_token(shared_settings, clock, "/jobs/2/apply", token)
    clock.move(timedelta(seconds=1))
    with pytest.raises(Gone):
        csrf.read_form_token(shared_settings, clock, "/jobs/1/apply", token)


@given(st.text(max_size=120))
def test_a_made_up_form_token_is_refused(token: str) -> None:
    settings, clock = Settings(), FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(Forbidden):
        csrf.read_form_token(settings, clock, "/jobs/1/apply", token)


@pytest.mark.parametrize("address", ["/staff", "/me?tab=1", "/jobs/12", "/"])
def test_ways_on_after_sign_in(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "", "/a\n", "/login", "/logout"],
)
def test_ways_that_lead_off_the_site_are_dropped(address: str) -> None:
    assert safe_next(address) == ""
