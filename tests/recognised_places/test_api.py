"""The register over HTTP."""

from fastapi.testclient import TestClient

from tests.employers import factories as firms
from tests.employers.factories import SignIn
from tests.recognised_places.conftest import Register

PLACES = "/api/v1/recognised-places"


def test_the_register(client: TestClient, register: Register, sign_in: SignIn) -> None:
    form = register.form().model_dump(mode="json")
    sign_in(firms.township_officer())
    assert client.post(PLACES, json=form).status_code == 403
    sign_in(firms.county_officer())
    made = client.post(PLACES, json=form)
    assert made.status_code == 201
    address, tag = made.headers["location"], {"If-Match": made.headers["etag"]}
    assert made.json()["figures"]["workers"] == 0
    assert client.post(PLACES, json=form).status_code == 409
    edit = {name: value for name, value in form.items() if name != "employer_id"}
    assert client.put(address, json=edit | {"makes": "童装"}, headers=tag).json()["makes"] == "童装"
    assert client.put(address, json=edit, headers=tag).status_code == 412
    support = {"kind_code": "guaranteed_loan", "received_on": "2026-11-01", "amount_fen": 100}
    assert client.post(f"{address}/supports", json=support).status_code == 201
    review = {"outcome": "kept", "reviewed_on": "2026-11-20"}
    assert client.post(f"{address}/reviews", json=review).json()["review_due_on"] == "2027-11-20"
    assert len(client.get(PLACES).json()["items"]) == 1
    sign_in(firms.member_of(register.firm))
    assert client.get(address).json()["figures"]["classes"] == {}
    sign_in(firms.county_officer(firms.OTHER_COUNTY))
    assert client.get(address).status_code == 404
    assert client.get(PLACES).json()["items"] == []
