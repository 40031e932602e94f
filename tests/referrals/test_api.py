"""Referrals over HTTP: CONTRACT's names, refusals in plain words, and who sees what."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.matching.terms import Gate
from app.occupations.terms import Education
from tests.employers.factories import SignIn
from tests.referrals.situations import BROKER, BY_PHONE, COUNTY, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given

REFERRALS = "/api/v1/referrals"


def push(client: TestClient, scene: Scene, **form: Any) -> Any:
    body = {"job_id": scene.job.id, "seeker_id": scene.person.id} | form
    return client.post(REFERRALS, json=body)


def act(client: TestClient, referral_id: int, action: str, **form: Any) -> Any:
    return client.post(f"{REFERRALS}/{referral_id}/actions", json={"action": action, **form})


def test_a_whole_life(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    sign_in(VILLAGE)
    answer = push(client, scene, note="她会踩平车")
    assert answer.status_code == 201, answer.text
    referral = answer.json()
    assert (referral["state"], referral["state_label"]) == ("offered", "已推送")
    assert answer.headers["Location"] == f"{REFERRALS}/{referral['id']}"
    number = referral["id"]
    answer = act(client, number, "interested", on_behalf=BY_PHONE)
    assert answer.json()["state"] == "interested", answer.text
    assert act(client, number, "submit").json()["state"] == "submitted"
    assert act(client, number, "view", told_by="phone").status_code == 403, "what firms say is the township's"
    sign_in(scene.member)
    seen = client.get(f"{REFERRALS}/{number}").json()
    assert seen["seeker"]["name"] == "王*兰"
    assert (seen["note"], seen["seeker"]["is_masked"]) == (None, True)
    assert act(client, number, "view").json()["state"] == "viewed"
    assert act(client, number, "interview", starts_on="2026-11-25").json()["state"] == "interview"
    hired = act(client, number, "hire", starts_on="2026-11-22", wage_fen=380000).json()
    assert (hired["state"], hired["wage_fen"], hired["seeker"]["name"]) == ("hired", 380000, "王桂兰")
    refused = act(client, number, "arrive", evidence="roll_call")
    assert (refused.status_code, refused.json()["code"]) == (409, "arrival_not_proven")
    sign_in(VILLAGE)
    done = act(client, number, "arrive", evidence="visit").json()
    assert done["state"] == "onboard"
    assert done["spell_id"]
    assert client.get(f"/api/v1/jobs/{scene.job.id}").json()["filled"] == 1
    assert client.get(f"/api/v1/seekers/{scene.person.id}").json()["status"] == "employed"
    events = client.get(f"{REFERRALS}/{number}/events").json()["items"]
    assert [event["to_state"] for event in events] == [
        *("offered", "interested", "submitted", "viewed", "interview", "hired", "onboard"),
    ]
    assert events[1]["acting_for"] == "person"
    assert (events[1]["channel"], events[1]["has_consent"]) == ("phone", True)
    assert events[3]["party"] == "employer"


def test_refusals_say_which_gate(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    sign_in(VILLAGE)
    scene.person.education = Education.PRIMARY
    scene.session.flush()
    for changes, gate in (
        ({"education": "bachelor"}, "education"),
        ({"age_max": 30}, "age"),
        ({"certificates": ["电工证"]}, "certificate"),
    ):
        answer = push(client, scene, job_id=scene.posting(**changes).id)
        assert (answer.status_code, answer.json().get("gate")) == (409, gate)
        assert Gate(gate).label in answer.json()["title"]


def test_guards_of_an_offer(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    sign_in(VILLAGE)
    assert push(client, scene).status_code == 201
    again = push(client, scene)
    assert (again.status_code, again.json()["gate"]) == (409, "again")
    for _ in range(2):
        assert push(client, scene, job_id=scene.posting().id).status_code == 201
    fourth = push(client, scene, job_id=scene.posting().id)
    assert (fourth.status_code, fourth.json()["gate"]) == (409, "too_many")
    other = scene.neighbour()
    full = scene.posting(openings=1)
    full.filled = 1
    closed = scene.posting()
    scene.session.flush()
    answer = push(client, scene, seeker_id=other.id, job_id=full.id)
    assert (answer.status_code, answer.json()["gate"]) == (409, "full")
    sign_in(COUNTY)
    assert client.post(f"/api/v1/jobs/{closed.id}/actions", json={"action": "close"}).status_code == 200
    sign_in(VILLAGE)
    answer = push(client, scene, seeker_id=other.id, job_id=closed.id)
    assert (answer.status_code, answer.json()["gate"]) == (409, "closed")
    assert push(client, scene, seeker_id=other.id, job_id=999_999).status_code == 404
    assert push(client, scene, seeker_id=other.id, hello=1).status_code == 422


@pytest.mark.parametrize(
    ("state", "action", "form", "field"),
    [
        ("offered", "interested", {}, "on_behalf"),
        ("offered", "interested", {"on_behalf": {"method": "phone", "consent": False}}, "on_behalf.consent"),
        ("submitted", "interview", {"told_by": "phone"}, "starts_on"),
        ("submitted", "hire", {"told_by": "phone"}, "starts_on"),
        ("submitted", "hire", {"told_by": "phone", "starts_on": "2026-11-30"}, "wage_fen"),
        ("submitted", "refuse", {"told_by": "phone"}, "reason"),
        ("hired", "arrive", {}, "evidence"),
        ("hired", "arrive", {"evidence": "visit", "starts_on": "2026-12-30"}, "starts_on"),
    ],
)
def test_what_is_missing_is_named(
    client: TestClient,
    scene: Scene,
    sign_in: SignIn,
    state: str,
    action: str,
    form: dict[str, Any],
    field: str,
) -> None:
    referral = scene.at(state)
    sign_in(TOWNSHIP)
    answer = act(client, referral.id, action, **form)
    assert answer.status_code == 422, answer.text
    named = [problem["field"] for problem in answer.json()["errors"]]
    assert any(name.endswith(field) for name in named), answer.text


def test_moves_the_table_does_not_have(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    referral = scene.at("declined")
    sign_in(TOWNSHIP)
    for action in ("interested", "submit", "view", "pool", "depart"):
        answer = act(client, referral.id, action, on_behalf=BY_PHONE)
        assert (answer.status_code, answer.json()["code"]) == (409, "referral_move_not_allowed")
    assert act(client, referral.id, "fly").status_code == 422
    assert act(client, referral.id, "expire_person").status_code == 422, "only people's own actions"


def test_nobody_outside_knows(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    referral = scene.at("submitted")
    strangers = [
        given.village_officer(given.OTHER_VILLAGE),
        given.township_officer(given.OTHER_TOWN),
        given.county_officer(given.OTHER_COUNTY),
        BROKER,
        Actor(99, "路人"),
        Actor(98, "别的厂", (Grant(Role.EMPLOYER, employer_id=scene.employer.id + 1000),)),
        Actor(97, "市里", (Grant(Role.CITY_VIEWER, "610200"),)),
    ]
    for actor in strangers:
        sign_in(actor)
        assert client.get(f"{REFERRALS}/{referral.id}").status_code == 404, actor
        assert client.get(f"{REFERRALS}/{referral.id}/events").status_code == 404
        assert act(client, referral.id, "withdraw", on_behalf=BY_PHONE).status_code == 404
        assert client.get(REFERRALS).json()["items"] == []
        assert push(client, scene, job_id=scene.posting().id).status_code == 404, actor
    nobody = client.get(f"{REFERRALS}/999999")
    sign_in(given.village_officer(given.OTHER_VILLAGE))
    assert client.get(f"{REFERRALS}/{referral.id}").json()["title"] == nobody.json()["title"]


def test_county_reads_changes_and_decides_but_makes_none(
    client: TestClient, scene: Scene, sign_in: SignIn
) -> None:
    referral = scene.at("submitted")
    sign_in(COUNTY)
    assert push(client, scene, job_id=scene.posting().id).status_code == 403
    assert act(client, referral.id, "pool", told_by="phone").status_code == 200
    sign_in(Actor(50, "审计", (Grant(Role.AUDITOR),)))
    seen = client.get(f"{REFERRALS}/{referral.id}").json()
    assert (seen["seeker"]["name"], seen["actions"]) == ("王*兰", [])
    assert act(client, referral.id, "withdraw", reason="看看").status_code == 403


def test_lists(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    made = [scene.push(job=scene.posting(), person=scene.neighbour()) for _ in range(5)]
    scene.step(made[0], "decline")
    sign_in(TOWNSHIP)
    first = client.get(f"{REFERRALS}?limit=3").json()
    second = client.get(f"{REFERRALS}?limit=3&cursor={first['next']}").json()
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert ids == [referral.id for referral in reversed(made)]
    assert second["next"] is None
    offered = client.get(f"{REFERRALS}?state=offered").json()["items"]
    assert made[0].id not in [item["id"] for item in offered]
    assert client.get(f"{REFERRALS}?region={given.OTHER_TOWN}").json()["items"] == []
    assert len(client.get(f"{REFERRALS}?region={given.TOWN}").json()["items"]) == 5
    assert client.get(f"{REFERRALS}?state=nonsense").status_code == 422


def test_the_same_request_twice(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    sign_in(VILLAGE)
    key = {"Idempotency-Key": "tap 1"}
    body = {"job_id": scene.job.id, "seeker_id": scene.person.id}
    first = client.post(REFERRALS, json=body, headers=key)
    second = client.post(REFERRALS, json=body, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    move = {"action": "interested", "on_behalf": BY_PHONE}
    address = f"{REFERRALS}/{first.json()['id']}/actions"
    answers = [client.post(address, json=move, headers={"Idempotency-Key": "tap 2"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len(client.get(f"{REFERRALS}/{first.json()['id']}/events").json()["items"]) == 2


def test_flags_are_the_township_s(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    address = f"{REFERRALS}/{scene.push().id}"
    sign_in(VILLAGE)
    assert client.patch(address, json={"is_disputed": True}).status_code == 403
    sign_in(given.township_officer(given.OTHER_TOWN))
    assert client.patch(address, json={"is_disputed": True}).status_code == 404
    sign_in(TOWNSHIP)
    form = {"paused_until": "2026-12-01", "is_disputed": True, "note": "收完苹果再说"}
    seen = client.patch(address, json=form)
    assert {name: seen.json()[name] for name in form} == form
    assert client.patch(address, json={"note": "x"}, headers={"If-Match": '"1"'}).status_code == 412
    assert client.patch(address, json={"paused_until": "2026-01-01"}).status_code == 422
    assert client.patch(address, json={"paused_until": None}).json()["paused_until"] is None
    assert client.patch(address, json={"state": "hired"}).status_code == 422
    events = client.get(f"{address}/events").json()["items"]
    assert [event["action"] for event in events] == ["offer", "flag", "flag"]
    assert "苹果" not in str(events)
