"""/api/v1/sessions: the steps of a meeting over the API, masked, and 412 for who saw an older version."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from app.accounts.actor import Actor
from tests.referrals.situations import COUNTY, OWNER, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given

SESSIONS = "/api/v1/sessions"


@pytest.fixture
def planned(client: TestClient, scene: Scene, sign_in: Callable[[Actor], None]) -> str:
    """A session of the town with two people and a posting."""
    sign_in(TOWNSHIP)
    day = str(scene.clock.today())
    answer = client.post(SESSIONS, json={"region_code": given.TOWN, "held_on": day})
    assert answer.status_code == 201, answer.text
    address = answer.headers["location"]
    people = [scene.neighbour(status="seeking").id for _ in range(2)]
    job = scene.posting(openings=1)
    assert client.post(f"{address}/people", json={"seeker_ids": people}).json()["added"] == 2
    assert client.post(f"{address}/jobs", json={"job_id": job.id}).json()["added"] == 1
    return str(address)


def test_a_meeting_over_the_api(client: TestClient, planned: str, scene: Scene) -> None:
    proposed = client.post(f"{planned}/propose", headers={"If-Match": '"1"'})
    assert proposed.json()["gap"] < 0.01
    late = client.post(f"{planned}/propose", headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    shown = client.get(planned)
    [pair] = shown.json()["pairs"]
    assert "*" in pair["seeker_name"]
    assert shown.headers["etag"] == proposed.headers["etag"]
    told = {"seeker_id": pair["seeker_id"], "job_id": pair["job_id"], "kind": "pinned"}
    assert client.put(f"{planned}/pairs", json=told).status_code == 204
    assert client.post(f"{planned}/confirm", json={}).status_code == 409, "not opened yet"
    assert client.post(f"{planned}/state", json={"state": "running"}).json()["state"] == "running"
    assert client.post(f"{planned}/confirm", json={}).json() == {"pairs": 1, "people": 1, "skipped": 0}
    dropped = client.delete(f"{planned}/people/{pair['seeker_id']}")
    assert (dropped.status_code, dropped.json()["code"]) == (409, "pair_settled")


def test_whose_business_it_is_not_finds_none(
    client: TestClient, planned: str, sign_in: Callable[[Actor], None]
) -> None:
    for actor in (OWNER, given.township_officer(given.OTHER_TOWN, user_id=19)):
        sign_in(actor)
        assert client.get(planned).status_code == 404
        assert client.post(f"{planned}/propose").status_code == 404
        assert client.get(SESSIONS).json()["items"] == []
    for actor, status in ((VILLAGE, 403), (COUNTY, 200)):
        sign_in(actor)
        assert client.get(planned).status_code == 200
        assert client.post(f"{planned}/propose").status_code == status
