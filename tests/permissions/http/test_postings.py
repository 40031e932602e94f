"""Postings and firms over HTTP: every caller, every action, against the oracle."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts.actor import Actor, Grant
from app.accounts.dependencies import get_actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.jobs.terms import JobState
from tests.databases import RolledBackDatabase
from tests.employers import factories as firms
from tests.jobs.factories import open_job, put_in_state
from tests.permissions import oracle
from tests.permissions.http.probe import Caller, callers

CONTACT = "0919-7654321"
DECISIONS = {"approve": Action.DECIDE, "reject": Action.DECIDE}
STATES = (JobState.DRAFT, JobState.REVIEW, JobState.OPEN)


def everybody(employer_id: int) -> Iterator[Caller]:
    yield from callers()
    member = Grant(Role.EMPLOYER, employer_id=employer_id)
    yield Caller("member of the firm", Actor(7, "厂里的人", (member,)))
    yield Caller("mandated broker", Actor(8, "经纪人", (Grant(Role.BROKER, employer_id=employer_id),)))
    county = Grant(Role.COUNTY_OFFICER, "610204")
    yield Caller("county officer with a firm", Actor(9, "同事", (county, member)))


def become(client: TestClient, actor: Actor) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    app.dependency_overrides[get_actor] = lambda: actor


@pytest.fixture
def firm_and_jobs(database: RolledBackDatabase, clock: FixedClock) -> tuple[int, dict[JobState, int]]:
    with database.write() as session:
        employer = firms.verified_employer(session, clock, contact_phone=CONTACT)
        jobs = {}
        for state in STATES:
            job = open_job(session, clock, employer, title=f"缝纫工{state.value}")
            jobs[state] = put_in_state(session, job, state).id
        return employer.id, jobs


def test_postings_are_read_changed_and_decided_by_whom_safety_says(
    client: TestClient,
    database: RolledBackDatabase,
    clock: FixedClock,
    firm_and_jobs: tuple[int, dict[JobState, int]],
) -> None:
    employer_id, jobs = firm_and_jobs
    wrong, asked = [], 0
    for caller in everybody(employer_id):
        become(client, caller.actor)
        for state, job_id in jobs.items():
            target = Target(
                region_code=firms.TOWN,
                employer_ids=frozenset({employer_id}),
                state="draft" if state is JobState.DRAFT else None,
                is_public=state is JobState.OPEN,
            )
            for method, path, body, action in calls(job_id):
                with database._connection.begin_nested() as savepoint:
                    answer = client.request(method, path, json=body)
                    savepoint.rollback()
                asked += 1
                due = expected(caller.actor, action, target, clock)
                if not due(answer.status_code):
                    wrong.append(f"{caller.name}: {method} {path} {state.value} {body} {answer.status_code}")
    assert asked > 700
    assert not wrong, "\n".join(wrong[:20])


def calls(job_id: int) -> Iterator[tuple[str, str, dict[str, object] | None, Action]]:
    path = f"/api/v1/jobs/{job_id}"
    yield "GET", path, None, Action.READ
    yield "PATCH", path, {"openings": 3}, Action.EDIT
    for action in ("submit", "approve", "reject", "pause", "close"):
        body: dict[str, object] = {"action": action, "reason": "工钱没写清楚"}
        yield "POST", f"{path}/actions", body, DECISIONS.get(action, Action.EDIT)


def expected(actor: Actor, action: Action, target: Target, clock: FixedClock):  # type: ignore[no-untyped-def]
    """What the status must be: done (or refused for another cause), 403, 404, 401."""
    if action is not Action.READ and not actor.is_signed_in:
        return lambda status: status == 401
    if oracle.say(actor, action, Resource.POSTING, target, clock.now()):
        return lambda status: status < 300 or status in (409, 412, 422)
    if oracle.knows_of(actor, Resource.POSTING, target, clock.now()):
        # Outside one's area 404 is right too, though anyone may read what is open.
        return lambda status: status in (403, 404)
    return lambda status: status == 404


def test_a_firm_s_contact_is_for_whom_safety_says(
    client: TestClient, clock: FixedClock, firm_and_jobs: tuple[int, dict[JobState, int]]
) -> None:
    employer_id, _ = firm_and_jobs
    target = Target(region_code=firms.TOWN, employer_ids=frozenset({employer_id}))
    seen = []
    for caller in everybody(employer_id):
        become(client, caller.actor)
        shown = CONTACT in client.get(f"/api/v1/employers/{employer_id}").text
        verdicts = oracle.say(caller.actor, Action.READ, Resource.EMPLOYER_PAPERS, target, clock.now())
        assert shown is any(v.shown == "full" for v in verdicts), caller.name
        seen.append(shown)
    assert True in seen
    assert False in seen


def test_firms_are_barred_by_whom_safety_says(
    client: TestClient,
    database: RolledBackDatabase,
    clock: FixedClock,
    firm_and_jobs: tuple[int, dict[JobState, int]],
) -> None:
    employer_id, _ = firm_and_jobs
    target = Target(region_code=firms.TOWN, employer_ids=frozenset({employer_id}))
    for caller in everybody(employer_id):
        become(client, caller.actor)
        with database._connection.begin_nested() as savepoint:
            body = {"action": "bar", "reason": "收押金，查实了"}
            answer = client.post(f"/api/v1/employers/{employer_id}/actions", json=body)
            savepoint.rollback()
        allowed = oracle.say(caller.actor, Action.DECIDE, Resource.EMPLOYER_PAPERS, target, clock.now())
        assert (answer.status_code == 200) is bool(allowed), (caller.name, answer.text)
