"""People's rights over HTTP: one test an intention."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.seekers.models import Person
from tests.employers.factories import SignIn
from tests.seekers import factories as given
from tests.seekers.conftest import sign_in
from tests.seekers.privacy.situations import add_person, number_of

__all__ = ["sign_in"]


@pytest.fixture
def person(session: Session, cipher: FieldCipher, clock: FixedClock) -> Person:
    person = add_person(session, cipher, clock, given.household(session, cipher, clock), 1)
    session.commit()
    return person


def test_consents_are_recorded_and_shown(client: TestClient, sign_in: SignIn, person: Person) -> None:
    sign_in(given.village_officer())
    url = f"/api/v1/seekers/{person.id}/consents"
    form = {"purpose": "share_with_employers", "method": "visit", "told_by": "本人"}
    answer = client.post(url, json=form)
    assert answer.status_code == 201, answer.text
    assert answer.json()["purpose_label"] == "把名片给招人的单位看"
    assert client.post(url, json=form | {"is_given": False, "purpose": "messages"}).status_code == 201
    shown = client.get(url).json()
    assert len(shown["items"]) == 2
    allowed = {each["purpose"]: each["is_allowed"] for each in shown["purposes"]}
    assert (allowed["share_with_employers"], allowed["messages"], allowed["ledger"]) == (True, False, True)
    assert client.post(url, json=form | {"extra": 1}).status_code == 422
    sign_in(given.village_officer(given.OTHER_VILLAGE))
    assert client.get(url).status_code == 404
    assert client.post(url, json=form).status_code == 404


def test_a_copy_is_given_as_json_and_as_text(client: TestClient, sign_in: SignIn, person: Person) -> None:
    sign_in(given.village_officer())
    url = f"/api/v1/seekers/{person.id}/copy"
    answer = client.get(url, params={"asked": "visit"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert number_of(1) in answer.text
    text = client.get(url, params={"format": "text"})
    assert text.headers["Content-Type"].startswith("text/plain")
    assert text.text.startswith("个人信息副本")
    assert "导出" in text.text  # the first copy
    sign_in(given.village_officer(given.OTHER_VILLAGE))
    assert client.get(url).status_code == 404


def test_an_erased_person_is_gone(
    client: TestClient,
    sign_in: SignIn,
    session: Session,
    clock: FixedClock,
    person: Person,
    list_path: Path,
) -> None:
    first, second = given.village_officer(), given.township_officer()
    given.add_users(session, clock, first, second)
    session.commit()
    sign_in(first)
    url = f"/api/v1/seekers/{person.id}"
    form = {"method": "visit", "reason": "本人上门说不想留了"}
    assert client.post(f"{url}/erasure", json=form | {"reason": "删"}).status_code == 422
    answer = client.post(f"{url}/erasure", json=form)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting"), answer.text
    own = client.post(f"{url}/erasure/carry-out")
    assert (own.status_code, own.json()["code"]) == (403, "own_request")
    sign_in(given.township_officer(given.OTHER_TOWN, 22))
    assert client.post(f"{url}/erasure/carry-out").status_code == 404
    assert client.post(f"{url}/erasure/refuse", json={"reason": "不用删的"}).status_code == 404
    sign_in(second)
    no = client.post(f"{url}/erasure/refuse", json={"reason": "本人说没有要删"})
    assert (no.status_code, no.json()["state"]) == (200, "refused")
    assert client.post(f"{url}/erasure/carry-out").status_code == 409
    assert client.post(f"{url}/erasure", json=form).status_code == 202
    sign_in(first)
    answer = client.post(f"{url}/erasure/carry-out")
    assert (answer.status_code, answer.json()["outcome"]) == (200, "erased"), answer.text
    assert list_path.exists()
    for path in ("", "/copy", "/consents", "/timeline"):
        assert client.get(url + path).status_code == 404, path
    assert client.post(f"{url}/erasure", json=form).status_code == 404
    assert client.get("/api/v1/seekers", params={"q": "王桂兰"}).json()["items"] == []
    home = client.post("/api/v1/households", json={"region_code": given.VILLAGE}).json()["id"]
    seeker = {"household_id": home, "name": "王桂兰", "id_number": number_of(1)}
    refused = client.post("/api/v1/seekers", json=seeker)
    assert (refused.status_code, refused.json()["code"]) == (409, "erased_before")
    back = {"id_number": number_of(1), "region_code": given.VILLAGE, "method": "paper"}
    assert client.post("/api/v1/seekers/returns", json=back).status_code == 204
    assert client.post("/api/v1/seekers", json=seeker).status_code == 201


def test_a_sealed_record_opens_for_the_county_only(
    client: TestClient, sign_in: SignIn, session: Session, clock: FixedClock, person: Person
) -> None:
    given.add_users(session, clock, given.village_officer(), given.township_officer())
    session.commit()
    url = f"/api/v1/seekers/{person.id}"
    sign_in(given.county_officer())
    hold = client.post(f"{url}/holds", json={"reason": "money_paid", "until_on": "2029-11-22"})
    assert hold.status_code == 201, hold.text
    sign_in(given.village_officer())
    assert client.get(f"{url}/holds").status_code == 403
    assert (
        client.post(f"{url}/erasure", json={"method": "paper", "reason": "本人写了申请"}).status_code == 202
    )
    sign_in(given.township_officer())
    done = client.post(f"{url}/erasure/carry-out").json()
    assert (done["outcome"], done["due_on"]) == ("sealed", "2029-11-22")
    why = {"reason": "审计局来查补贴账"}
    assert client.post(f"{url}/sealed-record", json=why).status_code == 404
    sign_in(given.county_officer())
    opened = client.post(f"{url}/sealed-record", json=why)
    assert opened.status_code == 200
    assert number_of(1) in opened.text
    assert client.post(f"{url}/sealed-record", json={"reason": "查"}).status_code == 422
    held = client.get(f"{url}/holds").json()["items"]
    assert [hold["reason"] for hold in held] == ["money_paid"]
    lift = {"hold_id": held[0]["id"], "reason": "账已经审完"}
    sign_in(given.village_officer())
    assert client.get(f"{url}/holds").status_code == 404
    assert client.post(f"{url}/holds/lift", json=lift).status_code == 404
    sign_in(given.county_officer())
    assert client.post(f"{url}/holds/lift", json=lift).status_code == 200
    assert client.post(f"{url}/holds/lift", json=lift).status_code == 409
