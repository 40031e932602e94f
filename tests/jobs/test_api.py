"""Postings over HTTP: one test an intention."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC
from app.core.clock import FixedClock
from app.employers.models import Employer
from app.jobs.terms import JobState
from tests.employers import factories as given
from tests.employers.factories import SignIn
from tests.jobs.factories import open_job, put_in_state

# CONTRACT, "A job".
FIELDS = [
    "id",
    "title",
    "employer",
    "occupation",
    "region",
    "address",
    "lng",
    "lat",
    "wage",
    "openings",
    "filled",
    "skills",
    "certificates",
    "demands",
    "suits",
    "pickup",
    "age_min",
    "age_max",
    "education",
    "profile",
    "shifts",
    "board",
    "lodging",
    "transport",
    "insurance",
    "starts_on",
    "valid_until",
    "confirmed_at",
    "description",
    "state",
]


@pytest.fixture
def employer(session: Session, clock: FixedClock) -> Employer:
    return given.verified_employer(session, clock)


def full_form(employer: Employer) -> dict[str, object]:
    return {
        "employer_id": employer.id,
        "title": "平车工",
        "region_code": given.VILLAGE,
        "occupation": "缝纫工",
        "address": "村委会旁边",
        "lng": 108.98,
        "lat": 34.91,
        "wage": {"min_fen": 300000, "max_fen": 450000, "unit": "month", "negotiable": False},
        "openings": 6,
        "demands": ["long_standing"],
        "suits": ["semi", "care_hours"],
        "pickup": [given.OTHER_TOWN],
        "age_min": 18,
        "age_max": 55,
        "education": "none",
        "profile": "long",
        "shifts": ["day"],
        "board": True,
        "lodging": False,
        "transport": True,
        "insurance": ["injury", "pension"],
        "starts_on": "2026-12-01",
        "valid_until": "2026-12-31",
        "description": "缝校服",
    }


def test_post_submit_approve_and_everyone_sees_it(
    client: TestClient, session: Session, employer: Employer, sign_in: SignIn
) -> None:
    sign_in(given.member_of(employer))
    made = client.post("/api/v1/jobs", json=full_form(employer))
    assert made.status_code == 201
    job = made.json()
    assert job["state"] == "draft"
    assert set(FIELDS) <= set(job)
    place = made.headers["Location"]
    assert client.post(f"{place}/actions", json={"action": "submit"}).json()["state"] == "review"
    assert client.post(f"{place}/actions", json={"action": "approve"}).status_code == 403
    sign_in(PUBLIC)
    assert client.get(place).status_code == 404
    sign_in(given.township_officer())
    assert [j["id"] for j in client.get("/api/v1/jobs?state=review").json()["items"]] == [job["id"]]
    assert client.post(f"{place}/actions", json={"action": "approve"}).json()["state"] == "open"
    sign_in(PUBLIC)
    shown = client.get(place).json()
    assert shown["region"] == {
        "code": given.VILLAGE,
        "name": "石柱原村",
        "path": "陕西省铜川市耀州区董家河镇石柱原村",
    }
    assert shown["wage"]["text"] == "3000-4500 元/月"
    assert shown["employer"] == {"id": employer.id, "name": "耀州红星制衣", "kind": "enterprise"}
    assert shown["occupation"]["code"].startswith("6-05")
    sent = full_form(employer)
    for name in ("lng", "lat", "openings", "suits", "pickup", "insurance", "valid_until", "shifts", "board"):
        assert shown[name] == (sorted(sent[name]) if isinstance(sent[name], list) else sent[name])
    assert client.get("/api/v1/jobs?state=review").json()["items"] == []


def test_lists_filter_and_page(
    client: TestClient, session: Session, clock: FixedClock, employer: Employer
) -> None:
    for number in range(5):
        open_job(session, clock, employer, title=f"缝纫{number}号", lng=109.0 + number / 10, lat=34.9)
    open_job(session, clock, employer, title="电焊工", region_code="320505")
    session.commit()
    page = client.get(f"/api/v1/jobs?region={given.VILLAGE}&within=county&near=109.0,34.9&limit=3").json()
    assert [job["title"] for job in page["items"]] == ["缝纫0号", "缝纫1号", "缝纫2号"]
    assert page["items"][0]["distance_m"] == 0
    assert 8_000 < page["items"][1]["distance_m"] < 10_000
    rest = client.get(
        f"/api/v1/jobs?region={given.VILLAGE}&within=county&near=109.0,34.9&limit=3&cursor={page['next']}"
    ).json()
    assert ([job["title"] for job in rest["items"]], rest["next"]) == (["缝纫3号", "缝纫4号"], None)
    assert len(client.get("/api/v1/jobs?q=电焊").json()["items"]) == 1
    assert len(client.get("/api/v1/jobs?occupation=电焊工").json()["items"]) == 1
    assert len(client.get("/api/v1/jobs?occupation=6-05-00-00").json()["items"]) == 5
    assert len(client.get("/api/v1/jobs?near=109.0,34.9&radius_km=15").json()["items"]) == 2
    assert len(client.get("/api/v1/jobs?employer_kind=agency").json()["items"]) == 0
    assert len(client.get("/api/v1/jobs?region=320505").json()["items"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("region=999999", "region"),
        ("within=county", "region"),
        ("within=moon", "within"),
        ("near=abc", "near"),
        ("near=500,34", "near"),
        ("radius_km=5", "near"),
        ("occupation=9-99-99-99", "occupation"),
        ("sort=luck", "sort"),
        ("limit=101", "limit"),
        ("cursor=zzz", "cursor"),
        ("colour=red", "colour"),
    ],
)
def test_wrong_questions_get_a_plain_answer(client: TestClient, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/jobs?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_edit_with_if_match(
    client: TestClient, session: Session, clock: FixedClock, employer: Employer, sign_in: SignIn
) -> None:
    job = open_job(session, clock, employer)
    session.commit()
    sign_in(given.county_officer())
    url = f"/api/v1/jobs/{job.id}"
    assert client.get(url).headers["ETag"] == '"1"'
    edited = client.patch(url, json={"openings": 9}, headers={"If-Match": '"1"'})
    assert (edited.status_code, edited.json()["openings"], edited.headers["ETag"]) == (200, 9, '"2"')
    stale = client.patch(url, json={"openings": 3}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert client.patch(url, json={"openings": 3}, headers={"If-Match": "abc"}).status_code == 422
    for wrong, field in [
        ({"employer_id": 1}, "employer_id"),
        ({"title": None}, "title"),
        ({"age_max": 12}, "age_max"),
    ]:
        answer = client.patch(url, json=wrong)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert client.patch(url, json={"lng": 108.9}).status_code == 422


def test_a_move_that_is_not_allowed_is_409(
    client: TestClient, session: Session, clock: FixedClock, employer: Employer, sign_in: SignIn
) -> None:
    job = open_job(session, clock, employer)
    session.commit()
    sign_in(given.county_officer())
    answer = client.post(f"/api/v1/jobs/{job.id}/actions", json={"action": "resume"})
    assert (answer.status_code, answer.json()["code"]) == (409, "job_move_not_allowed")
    unknown = client.post(f"/api/v1/jobs/{job.id}/actions", json={"action": "fill"})
    assert unknown.status_code == 422


def test_what_ended_is_410(
    client: TestClient, session: Session, clock: FixedClock, employer: Employer
) -> None:
    put_in_state(session, open_job(session, clock, employer), JobState.CLOSED)
    job = open_job(session, clock, employer)
    put_in_state(session, job, JobState.CLOSED)
    session.commit()
    assert client.get(f"/api/v1/jobs/{job.id}").status_code == 410
    assert client.get("/api/v1/jobs/99999999").status_code == 404


def test_a_repeated_post_makes_one_posting(
    client: TestClient, session: Session, employer: Employer, sign_in: SignIn
) -> None:
    sign_in(given.member_of(employer))
    headers = {"Idempotency-Key": "once"}
    first = client.post("/api/v1/jobs", json=full_form(employer), headers=headers)
    second = client.post("/api/v1/jobs", json=full_form(employer), headers=headers)
    assert first.json()["id"] == second.json()["id"]
    assert len(client.get("/api/v1/jobs?state=draft").json()["items"]) == 1
