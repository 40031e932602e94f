"""Sharing workers over HTTP."""

from fastapi.testclient import TestClient

from tests.employers import factories as firms
from tests.employers.factories import SignIn
from tests.labour_sharing.conftest import Sharing
from tests.referrals.situations import VILLAGE

ROOT = "/api/v1/labour-sharing"


def test_from_the_notice_to_the_return(client: TestClient, sharing: Sharing, sign_in: SignIn) -> None:
    today = str(sharing.clock.today())
    spell = sharing.worker()
    form = {"title": "缝纫工", "headcount": 3, "from_on": today, "until_on": "2027-01-31"}
    form |= {"region_code": firms.TOWN}
    sign_in(firms.member_of(sharing.home))
    offer = client.post(f"{ROOT}/notices", json=form | {"side": "offer", "employer_id": sharing.home.id})
    assert offer.status_code == 201
    assert client.get(f"{ROOT}/notices/{offer.json()['id']}/fitting").status_code == 403
    sign_in(sharing.county)
    need = client.post(f"{ROOT}/notices", json=form | {"side": "need", "employer_id": sharing.host.id})
    (fitting,) = client.get(f"{ROOT}/notices/{offer.json()['id']}/fitting").json()["items"]
    assert fitting["id"] == need.json()["id"]
    deal = {
        "home_employer_id": sharing.home.id,
        "host_employer_id": sharing.host.id,
        "offer_id": offer.json()["id"],
        "need_id": fitting["id"],
        "title": "缝纫工",
        "headcount": 1,
        "starts_on": today,
        "ends_on": "2027-01-31",
        "wage_fen": 360000,
        "terms_read": True,
    }
    swapped = deal | {"offer_id": deal["need_id"]}
    assert client.post(f"{ROOT}/agreements", json=swapped).status_code == 422
    made = client.post(f"{ROOT}/agreements", json=deal)
    assert made.status_code == 201
    address = f"{ROOT}/agreements/{made.json()['id']}"
    for side in ("offer", "need"):
        said = client.post(f"{address}/agree", json={"side": side, "said_by": "paper"})
    assert said.json()["state"] == "agreed"
    assert len(client.get(f"{ROOT}/agreements?state=agreed").json()["items"]) == 1
    sign_in(VILLAGE)
    stay = client.post(f"{address}/stays", json={"spell_id": spell.id})
    assert stay.status_code == 201
    steps = f"{ROOT}/stays/{stay.json()['id']}/actions"
    assert client.post(steps, json={"action": "move"}).status_code == 409
    assert client.post(steps, json={"action": "consent"}).status_code == 422
    client.post(steps, json={"action": "consent", "said_by": "phone"})
    assert client.post(steps, json={"action": "move"}).json()["state"] == "there"
    assert [each["name"] for each in client.get(f"{ROOT}/stays").json()["items"]] == ["王桂兰"]
    assert client.post(steps, json={"action": "bring_back"}).json()["state"] == "back"
    checked = client.post(
        f"{ROOT}/stays/{stay.json()['id']}/check", json={"outcome": "in_post", "method": "phone"}
    )
    assert checked.json()["is_checked"] is True
    sign_in(firms.county_officer(firms.OTHER_COUNTY))
    assert client.get(address).status_code == 404
    assert client.post(steps, json={"action": "drop"}).status_code == 404
    sign_in(firms.member_of(sharing.home))
    assert client.get(f"{address}/stays").status_code == 403
    assert client.post(f"{ROOT}/notices/{offer.json()['id']}/close").json()["closed_at"]
