"""Stating whom a firm will need, on the firm's phone, without scripts."""

from datetime import timedelta

from fastapi.testclient import TestClient

from app.core.clock import FixedClock
from tests.web.employer.firms import Boss, hidden, sign_in
from tests.web.markup import markup_faults

PLANS = "/employer/plans"


def typed(clock: FixedClock, **changes: str) -> dict[str, str]:
    day = clock.today() + timedelta(days=60)
    form = {"title": "缝纫工", "headcount": "30 个", "needed_on": str(day), "low": "3,000", "high": "4500"}
    return form | {"unit": "month", "care": "board", "step": "save"} | changes


def test_state_change_and_post(client: TestClient, own: Boss, clock: FixedClock) -> None:
    sign_in(client, own)
    assert PLANS in client.get("/employer").text
    form = client.get(f"{PLANS}/new")
    assert markup_faults(form.text) == []
    secret = hidden(form, f"{PLANS}/new")
    sent = client.post(f"{PLANS}/new", data=secret | typed(clock))
    assert sent.status_code == 303
    again = client.post(f"{PLANS}/new", data=secret | typed(clock))
    assert again.headers["location"] == sent.headers["location"]
    listed = client.get(sent.headers["location"])
    assert "报上去了" in listed.text
    assert listed.text.count("要 30 个") == 1
    assert "元/月，管饭" in listed.text
    address = PLANS + "/" + listed.text.split(f'href="{PLANS}/')[2].split('"')[0]
    page = client.get(address)
    assert markup_faults(page.text) == []
    changed = client.post(address, data=hidden(page, address) | typed(clock, headcount="12"))
    assert "要 12 个" in client.get(changed.headers["location"]).text
    job = client.post(address, data=hidden(page, address) | {"step": "post"})
    assert job.headers["location"].startswith("/employer/jobs/")
    assert "存成草稿" in client.get(job.headers["location"]).text
    assert "看写成的岗位" in client.get(address).text
    page = client.get(address)
    gone = client.post(address, data=hidden(page, address) | {"step": "withdraw"})
    assert "不要人了" in client.get(gone.headers["location"]).text


def test_mistakes_are_named_and_nothing_is_lost(client: TestClient, own: Boss, clock: FixedClock) -> None:
    sign_in(client, own)
    form = client.get(f"{PLANS}/new")
    wrong = typed(clock, headcount="许多", low="面议", title="摘<b>果</b>", needed_on="")
    refused = client.post(f"{PLANS}/new", data=hidden(form, f"{PLANS}/new") | wrong)
    assert refused.status_code == 422
    for words in ("只写数", "写上工钱", "写上哪天要人", "摘&lt;b&gt;果"):
        assert words in refused.text
    past = typed(clock, needed_on=str(clock.today() - timedelta(days=1)))
    refused = client.post(f"{PLANS}/new", data=hidden(form, f"{PLANS}/new") | past)
    assert "要人的日子已经过了" in refused.text
    assert "还没报过" in client.get(PLANS).text


def test_a_stranger_finds_nothing(client: TestClient, own: Boss, clock: FixedClock) -> None:
    sign_in(client, own)
    assert client.get(f"{PLANS}/999").status_code == 404
    client.cookies.clear()
    assert client.get(PLANS).status_code in (303, 401)
