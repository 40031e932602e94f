"""The way in as people walk it: both sign-in pages, the first staff page, one's own account."""

import re
from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx import Response

from app.core.clock import FixedClock
from app.core.http import SESSION_COOKIE
from tests.accounts.situations import PASSWORD, PHONE, Outbox, officer_who_can_sign_in
from tests.databases import RolledBackDatabase
from tests.web.markup import markup_faults

NEW_PASSWORD = "新的一句好记的话啊呀"


def page(answer: Response, status: int = 200, *, keep: str = "no-store") -> str:
    """Every page any test sees is looked at: markup, not kept, no personal data of others."""
    assert answer.status_code == status
    assert answer.headers["cache-control"] == keep
    assert markup_faults(answer.text) == []
    assert PHONE not in answer.text
    return answer.text


def csrf_in(html: str) -> str:
    found = re.search(r'name=csrf_token value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def submit(site: TestClient, shown: str, path: str, **fields: str) -> Response:
    return site.post(path, data={"csrf_token": csrf_in(shown), **fields})


@pytest.fixture
def officer(places: RolledBackDatabase, clock: FixedClock) -> int:
    return officer_who_can_sign_in(places, clock)


@pytest.fixture
def inside(site: TestClient, officer: int) -> TestClient:
    """Signed in as the village officer."""
    answer = submit(site, site.get("/login").text, "/login", username="wangguilan", password=PASSWORD)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/staff"
    return site


def test_an_officer_comes_in_sees_her_role_and_leaves(inside: TestClient) -> None:
    html = page(inside.get("/staff"))
    for word in ("wangguilan", "村就业信息员", "耀州区", "柳树塬村"):
        assert word in html
    assert inside.get("/login").headers["location"] == "/staff"
    assert submit(inside, html, "/logout").headers["location"] == "/login"
    assert SESSION_COOKIE not in inside.cookies
    assert inside.get("/staff").headers["location"] == "/login?next=%2Fstaff"


def test_the_session_cookie_is_out_of_reach_of_scripts(site: TestClient, officer: int) -> None:
    shown = site.get("/login").text
    answer = submit(site, shown, "/login", username="wangguilan", password=PASSWORD)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_signing_out_ends_the_session_in_the_database_too(inside: TestClient) -> None:
    token = inside.cookies[SESSION_COOKIE]
    submit(inside, inside.get("/staff").text, "/logout")
    inside.cookies.set(SESSION_COOKIE, token)
    assert inside.get("/staff").status_code == 303


def test_a_planted_session_id_is_not_taken_over(site: TestClient, officer: int) -> None:
    site.cookies.set(SESSION_COOKIE, "planted", domain="testserver.local", path="/")
    shown = page(site.get("/login"))
    submit(site, shown, "/login", username="wangguilan", password=PASSWORD)
    assert site.cookies[SESSION_COOKIE] != "planted"


def test_a_wrong_password_keeps_the_name_and_not_the_password(site: TestClient, officer: int) -> None:
    shown = page(site.get("/login?next=/staff/account"))
    answer = submit(
        site,
        shown,
        "/login",
        username="wangguilan",
        password="不对的密码不对",
        next="/staff/account",
    )
    html = page(answer, 401)
    assert 'value="wangguilan"' in html
    assert "不对的密码不对" not in html
    assert "再看看" in html
    answer = submit(site, html, "/login", username="wangguilan", password=PASSWORD, next="/staff/account")
    assert answer.headers["location"] == "/staff/account"


def test_known_and_unknown_names_get_the_same_page(site: TestClient, officer: int) -> None:
    pages = []
    for name in ("wangguilan", "xxxxxxxxxx"):
        shown = site.get("/login").text
        html = page(submit(site, shown, "/login", username=name, password="不对的密码不对"), 401)
        pages.append(html.replace(name, "?"))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("garbage", ["%00", "a%00b", "%ff%fe", "%ed%a0%80", "%F0%9F%98%80", "x" * 100])
def test_garbage_is_refused_like_a_wrong_name(site: TestClient, officer: int, garbage: str) -> None:
    shown = site.get("/login").text
    for path, fields in (
        ("/login", f"username={garbage}&password={garbage}&code={garbage[:18]}"),
        ("/login/code", f"code={garbage[:18]}"),
        ("/login/phone", f"phone={garbage[:36]}"),
    ):
        answer = site.post(
            path,
            content=f"csrf_token={csrf_in(shown)}&{fields}",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        page(answer, 422 if path == "/login/phone" else 401)


def test_too_many_tries_are_told_with_a_time(site: TestClient, officer: int) -> None:
    shown = site.get("/login").text
    for _ in range(10):
        submit(site, shown, "/login", username="wangguilan", password="不对的密码不对")
    answer = submit(site, shown, "/login", username="wangguilan", password=PASSWORD)
    assert "歇一会儿" in page(answer, 429)


def test_a_jobseeker_comes_in_by_phone(site: TestClient, outbox: Outbox) -> None:
    empty = page(site.get("/login/phone"), keep="private, no-cache")
    answer = submit(site, empty, "/login/phone", phone=PHONE)
    assert answer.status_code == 303
    assert PHONE not in answer.headers["location"]
    shown = page(site.get(answer.headers["location"]))
    wrong = f"{(int(outbox.last_code) + 1) % 1_000_000:06d}"
    shown = page(submit(site, shown, "/login/code", code=wrong), 401)
    answer = submit(site, shown, "/login/code", code=outbox.last_code)
    assert answer.headers["location"] == "/login/phone"
    html = page(site.get("/login/phone"))
    assert "尾号 2041" in html
    assert site.get("/staff").status_code == 403
    assert submit(site, html, "/logout").headers["location"] == "/"
    assert "尾号 2041" not in page(site.get("/login/phone"), keep="private, no-cache")


def test_what_is_no_phone_is_told_at_the_field(site: TestClient, outbox: Outbox) -> None:
    html = page(submit(site, site.get("/login/phone").text, "/login/phone", phone="12333"), 422)
    assert "11 位" in html
    assert "bad" in html
    assert outbox.sent == []


def test_a_second_code_within_the_minute_is_told_kindly(site: TestClient, outbox: Outbox) -> None:
    shown = site.get("/login/phone").text
    submit(site, shown, "/login/phone", phone=PHONE)
    assert "去填" in page(submit(site, shown, "/login/phone", phone=PHONE), 429)
    assert len(outbox.sent) == 1


def test_the_authenticator_is_bound_and_asked_for(inside: TestClient, clock: FixedClock) -> None:
    shown = page(inside.get("/staff/account"))
    shown = page(submit(inside, shown, "/staff/account/totp"))
    found = re.search(r"<b>((?:[A-Z2-7]{4} ?){8})</b>", shown)
    assert found
    secret = found[1]
    assert "<svg" in shown
    shown = page(submit(inside, shown, "/staff/account/totp/confirm", code="000000"), 422)
    assert secret in shown, "the same secret: the phone has it already"
    totp = pyotp.TOTP(secret.replace(" ", ""))
    answer = submit(inside, shown, "/staff/account/totp/confirm", code=totp.at(clock.now()))
    assert answer.status_code == 303
    shown = page(inside.get(answer.headers["location"]))
    assert "绑好了" in shown
    assert secret not in shown
    submit(inside, shown, "/logout")
    clock.move(timedelta(seconds=30))
    shown = inside.get("/login").text
    fields = {"username": "wangguilan", "password": PASSWORD}
    page(submit(inside, shown, "/login", **fields), 401)
    assert submit(inside, shown, "/login", **fields, code=totp.at(clock.now())).status_code == 303


def test_the_password_is_changed(inside: TestClient) -> None:
    shown = page(inside.get("/staff/account"))
    for old, new, status in (("不对的密码不对", NEW_PASSWORD, 401), (PASSWORD, "123456", 422)):
        shown = page(submit(inside, shown, "/staff/account/password", old=old, new=new), status)
    before = inside.cookies[SESSION_COOKIE]
    answer = submit(inside, shown, "/staff/account/password", old=PASSWORD, new=NEW_PASSWORD)
    assert answer.status_code == 303
    assert inside.cookies[SESSION_COOKIE] != before
    assert "密码改好了" in page(inside.get(answer.headers["location"]))


def test_signing_out_everywhere_from_the_page(inside: TestClient) -> None:
    shown = inside.get("/staff/account").text
    assert submit(inside, shown, "/staff/account/sessions").headers["location"] == "/login"
    assert inside.get("/staff").status_code == 303
