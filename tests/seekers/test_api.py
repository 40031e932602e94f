"""Households and seekers over HTTP: one test an intention."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.seekers.models import Person
from tests.employers.factories import SignIn
from tests.seekers import factories as given

# CONTRACT, "A seeker"; of `birth_on|age` the age is told.
FIELDS = {
    *("id", "household_id", "name", "region_code", "lng", "lat", "age", "education", "class", "skills"),
    *("certificates", "occupations", "travel", "wage_floor_fen", "wage_floor_unit", "shifts", "needs_board"),
    *("needs_lodging", "cares_for_family", "limits", "profiles", "welfare_eligible", "status"),
}
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture
def person(session: Session, cipher: FieldCipher, clock: FixedClock) -> Person:
    return given.seeker(session, cipher, clock)


def test_a_village_officer_registers_a_household_and_a_seeker(
    client: TestClient, session: Session, sign_in: SignIn
) -> None:
    given.plant_regions(session)
    sign_in(given.village_officer())
    made = client.post(
        "/api/v1/households", json={"region_code": given.VILLAGE, "kinds": ["sudden", "lifted"]}
    )
    assert made.status_code == 201
    assert made.json()["kinds"] == ["lifted", "sudden"]
    assert made.json()["is_monitored"]
    form = {
        "household_id": made.json()["id"],
        "name": "王桂兰",
        "id_number": "'" + given.id_number().translate(FULL_WIDTH).lower(),
        "phone": "139-0000-2041",
        "education": "junior",
        "skills": ["会平车", "写毛笔字"],
        "occupations": ["月嫂"],
        "travel": "township",
        "wage_floor_fen": 250000,
        "limits": ["night"],
        "profiles": ["season"],
        "class": "ordinary",
    }
    answer = client.post("/api/v1/seekers", json=form)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert set(body) >= FIELDS
    assert (body["phone"], body["id_number"]) == ("139****2041", f"9902**********{given.id_number()[-4:]}")
    assert body["birth_on"] is None
    assert body["age"] == 51
    assert (body["class"], body["status"]) == ("ordinary", "seeking")
    assert "写毛笔字" in body["skills"]
    assert "平车" in body["skill_names"]
    assert body["region"]["path"].endswith("柳树塬村")
    again = client.get(answer.headers["Location"])
    assert again.json() == body
    assert again.headers["ETag"] == '"1"'
    home = client.get(f"/api/v1/households/{body['household_id']}").json()
    assert [member["name"] for member in home["members"]] == ["王桂兰"]
    assert given.id_number() not in str(home)


def test_an_edit_names_its_version(client: TestClient, sign_in: SignIn, person: Person) -> None:
    sign_in(given.township_officer())
    url = f"/api/v1/seekers/{person.id}"
    answer = client.patch(url, json={"status": "employed"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.headers["ETag"]) == ("employed", '"2"')
    late = client.patch(url, json={"status": "training"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert client.get(url).json()["status"] == "employed"
    assert client.patch(url, json={"unknown": 1}).status_code == 422
    entries = client.get(f"{url}/timeline").json()["items"]
    assert [entry["kind"] for entry in entries] == ["updated", "created"]
    changed = {field["name"]: field["after"] for field in entries[0]["fields"]}
    assert changed == {"status": "employed", "seeking_since_on": None}


def test_outside_ones_area_there_is_nobody(client: TestClient, sign_in: SignIn, person: Person) -> None:
    urls = [f"/api/v1/seekers/{person.id}", f"/api/v1/households/{person.household_id}"]
    urls += [f"{url}/timeline" for url in urls]
    for actor in (
        given.village_officer(given.OTHER_VILLAGE),
        given.county_officer(given.OTHER_COUNTY),
        given.holding(Role.CITY_VIEWER, "610200"),
        given.holding(Role.ADMIN, None),
    ):
        sign_in(actor)
        assert [client.get(url).status_code for url in urls] == [404] * 4
        assert client.patch(urls[0], json={"status": "employed"}).status_code == 404
        asked = {"field": "phone", "reason": "联系本人"}
        assert client.post(f"{urls[0]}/reveal", json=asked).status_code == 404
        assert client.get("/api/v1/seekers").json()["items"] == []
    sign_in(PUBLIC)
    assert client.get(urls[0]).status_code == 401


def test_a_child_is_no_seeker(
    client: TestClient,
    sign_in: SignIn,
    person: Person,
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
) -> None:
    child = given.member(session, cipher, clock, person.household)
    sign_in(given.county_officer())
    assert client.get(f"/api/v1/seekers/{child.id}").status_code == 404
    assert client.patch(f"/api/v1/seekers/{child.id}", json={"status": "seeking"}).status_code == 404
    assert [item["id"] for item in client.get("/api/v1/seekers").json()["items"]] == [person.id]
    members = client.get(f"/api/v1/households/{person.household_id}").json()["members"]
    assert [(m["name"], m["is_seeker"]) for m in members] == [("王桂兰", True), ("王小宝", False)]


def test_a_number_is_revealed_for_a_reason(client: TestClient, sign_in: SignIn, person: Person) -> None:
    sign_in(given.village_officer())
    url = f"/api/v1/seekers/{person.id}/reveal"
    refused = client.post(url, json={"field": "id_number"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "reason"
    told = client.post(url, json={"field": "id_number", "reason": "办理就业登记"})
    assert told.json() == {"field": "id_number", "value": given.id_number()}
    assert told.headers["Cache-Control"] == "no-store"
    assert client.post(url, json={"field": "phone"}).json()["value"] == "13900002041"
    # Not this officer's own household.
    assert client.post(url, json={"field": "health", "reason": "入户走访"}).status_code == 403


def test_an_auditor_sees_the_file_masked(client: TestClient, sign_in: SignIn, person: Person) -> None:
    sign_in(given.holding(Role.AUDITOR, None))
    url = f"/api/v1/households/{person.household_id}"
    assert [member["name"] for member in client.get(url).json()["members"]] == ["王*兰"]
    assert client.get(f"{url}/timeline").status_code == 403
    listed = client.get("/api/v1/households").json()["items"]
    assert [home["members"][0]["name"] for home in listed] == ["王*兰"]


def test_lists_find_and_page(
    client: TestClient,
    sign_in: SignIn,
    person: Person,
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
) -> None:
    for number in range(3):
        given.seeker(
            session,
            cipher,
            clock,
            person.household,
            name=f"李{'一二三'[number]}",
            id_number=given.id_number(sequence=20 + number),
            status="employed",
        )
    sign_in(given.county_officer())
    first = client.get("/api/v1/seekers", params={"limit": 3}).json()
    rest = client.get("/api/v1/seekers", params={"limit": 3, "cursor": first["next"]}).json()
    assert [item["name"] for item in first["items"] + rest["items"]] == ["王桂兰", "李一", "李二", "李三"]
    assert rest["next"] is None
    found = client.get("/api/v1/seekers", params={"q": "li", "status": "employed"}).json()
    assert len(found["items"]) == 3
    assert client.get("/api/v1/seekers", params={"q": "wgl"}).json()["items"][0]["id"] == person.id
    here = {"region": given.OTHER_TOWN}
    assert client.get("/api/v1/seekers", params=here).json()["items"] == []
    assert client.get("/api/v1/seekers", params={"nothing": 1}).status_code == 422


def test_merge_and_undo_over_http(
    client: TestClient,
    sign_in: SignIn,
    person: Person,
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
) -> None:
    twin = given.member(session, cipher, clock, person.household, name="王桂兰", birth_on="1975-03-08")
    sign_in(given.township_officer())
    url = f"/api/v1/seekers/{person.id}"
    assert client.post(f"{url}/merge", json={"duplicate_id": twin.id}).status_code == 200
    assert client.get(f"/api/v1/seekers/{twin.id}").status_code == 404
    assert client.post(f"/api/v1/seekers/{twin.id}/unmerge").status_code == 200
    assert client.get(f"/api/v1/seekers/{twin.id}").status_code == 200


def test_counts_for_who_may_only_count(
    client: TestClient,
    sign_in: SignIn,
    person: Person,
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
) -> None:
    far = given.household(session, cipher, clock, region_code=given.FAR_VILLAGE)
    for number in range(12):
        form: dict[str, Any] = {"name": f"赵{number}", "id_number": given.id_number(sequence=100 + number)}
        given.seeker(session, cipher, clock, far, **form)
    sign_in(given.holding(Role.CITY_VIEWER, "610200"))
    counts = client.get("/api/v1/seekers/counts", params={"region": given.COUNTY}).json()
    assert counts["total"]["people"] == 13
    assert [part["people"] for part in counts["parts"]] == [None, None]
    sign_in(given.county_officer())
    counts = client.get("/api/v1/seekers/counts", params={"region": given.COUNTY}).json()
    assert [part["seeking"] for part in counts["parts"]] == [1, 12]
    sign_in(given.village_officer())
    counts = client.get("/api/v1/seekers/counts", params={"region": given.COUNTY}).json()
    assert [part["people"] for part in counts["parts"]] == [None]
    assert counts["total"]["people"] is None
    sign_in(given.holding(Role.CITY_VIEWER, "610300"))
    counts = client.get("/api/v1/seekers/counts", params={"region": given.COUNTY}).json()
    assert (counts["parts"], counts["total"]["people"]) == ([], 0)


def test_no_answer_holds_a_whole_number(client: TestClient, sign_in: SignIn, person: Person) -> None:
    sign_in(given.county_officer())
    client.patch(f"/api/v1/seekers/{person.id}", json={"phone": "13900008888"})
    for url in (
        f"/api/v1/seekers/{person.id}",
        f"/api/v1/seekers/{person.id}/timeline",
        f"/api/v1/seekers/{person.id}/as-of?day=2026-11-22",
        f"/api/v1/households/{person.household_id}",
        f"/api/v1/households/{person.household_id}/timeline",
        "/api/v1/seekers?q=8888",
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        assert not re.search(r"1390000|99020419", answer.text), url
