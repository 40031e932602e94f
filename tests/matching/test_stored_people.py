"""Matching for people of the ledger, both ways, over HTTP and on both databases."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.employers.models import Employer
from app.matching.candidates import list_candidates, profile_of, read_stored_person
from app.seekers.models import Person
from tests.employers.conftest import sign_in
from tests.employers.factories import SignIn, verified_employer
from tests.jobs.factories import draft_job, open_job
from tests.seekers import factories as given

__all__ = ["sign_in"]


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def factory(session: Session, clock: FixedClock) -> Employer:
    return verified_employer(session, clock)


@pytest.fixture
def sewer(session: Session, cipher: FieldCipher, clock: FixedClock) -> Person:
    return given.seeker(session, cipher, clock, skills=["平车"], travel="county", education="junior")


def test_postings_for_a_person_of_the_ledger(
    client: TestClient,
    session: Session,
    clock: FixedClock,
    sign_in: SignIn,
    factory: Employer,
    sewer: Person,
) -> None:
    sewing = open_job(session, clock, factory, title="平车工", skills=["平车"])
    welding = open_job(session, clock, factory, title="电焊工", skills=["电焊"])
    graduates = open_job(session, clock, factory, title="文员", education="bachelor")
    sign_in(given.village_officer())
    answer = client.get(f"/api/v1/seekers/{sewer.id}/matches").json()
    assert [item["job"]["id"] for item in answer["items"]] == [sewing.id, welding.id]
    assert answer["excluded"] == {"education": 1}
    assert graduates.id
    assert "平车" in answer["items"][0]["reasons"][0]
    profile = {"region_code": given.VILLAGE, "skills": ["平车"], "travel": "county", "education": "junior"}
    profile |= {"birth_on": "1975-03-08", "class": "ordinary"}
    asked = client.post("/api/v1/matches/jobs", json=profile).json()
    assert [item["score"] for item in asked["items"]] == [item["score"] for item in answer["items"]]
    for actor in (given.village_officer(given.OTHER_VILLAGE), given.county_officer(given.OTHER_COUNTY)):
        sign_in(actor)
        assert client.get(f"/api/v1/seekers/{sewer.id}/matches").status_code == 404


def test_people_for_a_posting(
    client: TestClient,
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    sign_in: SignIn,
    factory: Employer,
    sewer: Person,
) -> None:
    number = iter(range(20, 60))

    def neighbour(home_kinds: list[str], **changes: object) -> Person:
        home = given.household(session, cipher, clock, kinds=home_kinds)
        form = {"id_number": given.id_number(sequence=next(number)), "skills": ["平车"]} | changes
        return given.seeker(session, cipher, clock, home, **form)

    needy = neighbour(["sudden"])
    employed = neighbour([], status="employed")
    child = given.member(session, cipher, clock, sewer.household)
    student = neighbour([], id_number=given.id_number(date(2009, 1, 1)), status="studying")
    elsewhere = given.household(session, cipher, clock, region_code=given.FAR_VILLAGE)
    far = given.seeker(session, cipher, clock, elsewhere, id_number=given.id_number(sequence=77))
    near_only = neighbour([], travel="village", region_code=given.VILLAGE)
    job = open_job(session, clock, factory, title="平车工", skills=["平车"], region_code=given.TOWN)
    sign_in(given.township_officer())
    answer = client.get(f"/api/v1/jobs/{job.id}/matches").json()
    ids = [item["seeker"]["id"] for item in answer["items"]]
    assert ids[0] == needy.id, "the needy household before its equals"
    assert set(ids) >= {sewer.id, needy.id}
    assert not set(ids) & {employed.id, child.id, student.id, far.id}
    assert answer["total"] + sum(answer["excluded"].values()) == 3
    assert near_only.id
    sign_in(given.county_officer())
    assert far.id in [
        item["seeker"]["id"] for item in client.get(f"/api/v1/jobs/{job.id}/matches").json()["items"]
    ]
    draft = draft_job(session, clock, given.county_officer(), factory)
    assert client.get(f"/api/v1/jobs/{draft.id}/matches").status_code == 409
    assert client.get("/api/v1/jobs/999999/matches").status_code == 404


def test_a_list_reads_people_as_one_by_one(
    session: Session, cipher: FieldCipher, clock: FixedClock, sewer: Person
) -> None:
    old = given.seeker(
        session,
        cipher,
        clock,
        id_number=given.id_number(date(1960, 1, 1)),
        limits=["night"],
        refused_places=["650000", "610203"],
        occupations=["月嫂"],
        lng=108.98,
        lat=34.91,
        **{"class": "semi", "class_reason": "评议"},
    )
    clock.move(timedelta(days=30))
    listed = {
        facts.id: (facts, home) for facts, home in list_candidates(session, given.SYSTEM, clock.today())
    }
    for person in (sewer, old):
        facts, home = listed[person.id]
        assert facts == read_stored_person(person, clock.today(), None).facts
        assert (home.waiting_days, home.anyone_employed, home.monitored) == (30, False, False)
    assert listed[old.id][0].labour_class == "semi"
    assert listed[old.id][0].refused == ("610203", "65")
    assert profile_of({**vars(old)}, clock.today()).labour_class is not None
