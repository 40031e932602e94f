"""Employers over HTTP: one test an intention."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC
from app.core.clock import FixedClock
from tests.employers import factories as given
from tests.employers.factories import SignIn


def test_register_look_and_verify(
    client: TestClient, session: Session, clock: FixedClock, sign_in: SignIn
) -> None:
    given.plant_regions(session)
    sign_in(given.county_officer())
    form = {
        "name": "耀州红星制衣",
        "kind": "enterprise",
        "region_code": given.TOWN,
        "contact_phone": "0919",
    }
    assert client.post("/api/v1/employers", json=form).status_code == 422
    form["contact_phone"] = "0919-0000001"
    made = client.post("/api/v1/employers", json=form)
    assert (made.status_code, made.json()["state"], made.headers["ETag"]) == (201, "pending", '"1"')
    place = made.headers["Location"]
    sign_in(PUBLIC)
    assert client.get(place).status_code == 404
    sign_in(given.county_officer())
    done = client.post(f"{place}/actions", json={"action": "verify"}, headers={"If-Match": '"1"'})
    assert (done.status_code, done.json()["state"]) == (200, "verified")
    again = client.post(f"{place}/actions", json={"action": "verify"})
    assert (again.status_code, again.json()["code"]) == (409, "employer_move_not_allowed")
    sign_in(given.township_officer())
    refused = client.post(f"{place}/actions", json={"action": "bar"}, headers={"If-Match": '"2"'})
    assert refused.status_code == 403
    sign_in(given.county_officer())
    stale = client.post(f"{place}/actions", json={"action": "bar"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412


def test_phones_are_for_those_in_charge(
    client: TestClient, session: Session, clock: FixedClock, sign_in: SignIn
) -> None:
    employer = given.verified_employer(session, clock, contact_phone="0919-0000001", contact_name="老李")
    session.commit()
    sign_in(PUBLIC)
    shown = client.get(f"/api/v1/employers/{employer.id}")
    assert shown.json()["contact_phone"] is None
    assert "老李" not in shown.text
    for actor, phone in [
        (given.member_of(employer), "0919-0000001"),
        (given.township_officer(), "0919-0000001"),
        (given.village_officer(), None),
        (given.county_officer(given.OTHER_COUNTY), None),
    ]:
        sign_in(actor)
        assert client.get(f"/api/v1/employers/{employer.id}").json()["contact_phone"] == phone


def test_the_public_is_asked_to_sign_in(client: TestClient) -> None:
    assert client.post("/api/v1/employers", json={}).status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"credit_code": "91350100M000100Y44"}, "credit_code"),
        ({"kind": "bank"}, "kind"),
        ({"region_code": "999999"}, "region_code"),
        ({"name": "12"}, "name"),
        ({"boss": "x"}, "boss"),
    ],
)
def test_wrong_fields_are_named_in_plain_words(
    client: TestClient, session: Session, sign_in: SignIn, change: dict[str, str], field: str
) -> None:
    given.plant_regions(session)
    sign_in(given.county_officer())
    form = {"name": "耀州红星制衣", "kind": "enterprise", "region_code": given.TOWN} | change
    answer = client.post("/api/v1/employers", json=form)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert next(iter(change.values())) not in answer.text or field in ("boss",)
