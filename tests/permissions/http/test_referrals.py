"""Referrals, spells and checks over HTTP: every caller, every route, every place, against the oracle; a
canary in the name of each person."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts.actor import Actor, Grant
from app.accounts.dependencies import get_actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.seekers.masking import mask_name
from tests.databases import RolledBackDatabase
from tests.permissions import oracle
from tests.permissions.http.probe import Caller, callers
from tests.referrals.situations import OWNER, Scene
from tests.seekers import factories as given

PLACES = (given.VILLAGE, given.OTHER_VILLAGE, given.FAR_VILLAGE)
NAMES = dict(zip(PLACES, ("探甲亘", "探乙亟", "探丙亳"), strict=True))
# `given.township_officer` made everything: who made a thing does not decide about it.
TOWNSHIP_ID = 2
PHONED = {"method": "phone", "consent": True}


@dataclass(frozen=True)
class Filed:
    """Somebody's referral, submitted, and work of theirs with its first check."""

    place: str
    person_id: int
    referral_id: int
    spell_id: int
    check_id: int
    employer_id: int
    owner_user_id: int | None

    @property
    def target(self) -> Target:
        return Target(
            region_code=self.place,
            created_by_id=TOWNSHIP_ID,
            owner_user_id=self.owner_user_id,
            related_employer_ids=frozenset({self.employer_id}),
        )


@pytest.fixture
def filed(database: RolledBackDatabase, clock: FixedClock, shared_settings: Settings) -> list[Filed]:
    with database.write() as session:
        scene = Scene(session, cipher_of(shared_settings), clock)
        made = []
        for place, name in NAMES.items():
            person = scene.neighbour(place, name=name)
            owner = scene.own(person) if place == given.VILLAGE else None
            officer = given.township_officer(place[:9])
            keys = {"on_behalf": PHONED}
            referral = scene.push(officer, person=person, job=scene.posting())
            scene.act(referral, officer, "interested", **keys)
            scene.act(referral, officer, "submit")
            worked = scene.push(officer, person=person, job=scene.posting())
            for action, form in (
                ("interested", keys),
                ("submit", {}),
                ("hire", {"told_by": "phone", "starts_on": "2026-11-22", "wage_fen": 1}),
                ("arrive", {"evidence": "visit"}),
            ):
                worked = scene.act(worked, officer, action, **form)
            again = scene.push(officer, person=person, job=scene.posting())
            scene.act(again, officer, "interested", **keys)
            again = scene.act(again, officer, "submit")
            check = scene.checks(worked)[0]
            made.append(
                Filed(
                    place,
                    person.id,
                    again.id,
                    worked.spell_id or 0,
                    check.id,
                    again.employer_id,
                    owner.user_id if owner else None,
                )
            )
        return made


def everybody(employer_id: int) -> Iterator[Caller]:
    yield from callers()
    yield Caller("the person", OWNER)
    member = Grant(Role.EMPLOYER, employer_id=employer_id)
    yield Caller("member of the firm", Actor(70, "厂里的人", (member,)))
    other = Grant(Role.EMPLOYER, employer_id=employer_id + 5000)
    yield Caller("member of another firm", Actor(74, "别的厂", (other,)))


Needs = tuple[Action, ...]
RECORD: Needs = (Action.CREATE, Action.EDIT)


def calls(one: Filed) -> Iterator[tuple[str, str, dict[str, object] | None, Needs]]:
    """Route, body and the permissions of which one is needed."""
    referral, check = f"/api/v1/referrals/{one.referral_id}", f"/api/v1/checks/{one.check_id}"
    spell = f"/api/v1/spells/{one.spell_id}"
    yield "GET", referral, None, (Action.READ,)
    yield "GET", f"{referral}/events", None, (Action.READ,)
    for action, needs, form in (
        ("withdraw", (*RECORD, Action.WITHDRAW), {"on_behalf": PHONED}),
        ("pool", (Action.EDIT, Action.DECIDE), {"told_by": "phone"}),
        ("undo", (Action.DECIDE,), {"reason": "点错了人"}),
    ):
        yield "POST", f"{referral}/actions", {"action": action, **form}, needs
    yield "PATCH", referral, {"is_disputed": True}, (Action.EDIT,)
    yield "GET", spell, None, (Action.READ,)
    yield "POST", f"{spell}/answers", {"outcome": "in_post"}, (*RECORD, Action.ANSWER)
    yield "POST", f"{check}/answers", {"outcome": "in_post"}, (*RECORD, Action.ANSWER)
    yield "POST", "/api/v1/referrals", {"job_id": 999_999_999, "seeker_id": one.person_id}, (Action.CREATE,)


def say(caller: Caller, needs: Needs, one: Filed, path: str, clock: FixedClock) -> bool:
    """What SAFETY says. A firm is related to the referral, not to the person's other work; and it undoes
    nothing, though it decides."""
    is_firm = any(grant.role is Role.EMPLOYER for grant in caller.actor.grants)
    if is_firm and ("/referrals/" not in path or path.endswith("#undo")):
        return False
    return any(oracle.say(caller.actor, need, Resource.REFERRAL, one.target, clock.now()) for need in needs)


# One call in so many by default, a prime; all of them behind the marker `slow`.
@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_everything_is_asked_by_everybody(
    client: TestClient, database: RolledBackDatabase, clock: FixedClock, filed: list[Filed], step: int
) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    product = (
        (caller, one, call)
        for caller in everybody(filed[0].employer_id)
        for one in filed
        for call in calls(one)
    )
    wrong, asked = [], 0
    for caller, one, (method, path, body, needs) in islice(product, 0, None, step):
        app.dependency_overrides[get_actor] = lambda actor=caller.actor: actor
        with database._connection.begin_nested() as savepoint:
            answer = client.request(method, path, json=body)
            savepoint.rollback()
        asked += 1
        where = f"{caller.name}: {method} {path} {body} in {one.place} -> {answer.status_code}"
        is_undo = body is not None and body.get("action") == "undo"
        may = say(caller, needs, one, path + ("#undo" if is_undo else ""), clock)
        missing_job = path == "/api/v1/referrals" and answer.json().get("code") == "job_not_found"
        refused = answer.status_code in (401, 403, 404) and not missing_job
        if may is refused or answer.status_code >= 500:
            wrong.append(f"{where}, {'allowed' if may else 'not allowed'} by SAFETY")
        wrong += [f"{where} tells {name}" for name in told_wrongly(caller, answer.text, filed, clock)]
    assert asked > 800 // step
    assert wrong == [], "\n".join(wrong[:20])


def told_wrongly(caller: Caller, text: str, filed: list[Filed], clock: FixedClock) -> Iterator[str]:
    """Names in an answer that the caller may not read in full."""
    for one in filed:
        views = oracle.say(caller.actor, Action.READ, Resource.REFERRAL, one.target, clock.now())
        if NAMES[one.place] in text and not any(view.shown == "full" for view in views):
            yield mask_name(NAMES[one.place])


def test_lists_hold_what_may_be_read_and_nothing_else(
    client: TestClient, clock: FixedClock, filed: list[Filed]
) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    full = 0
    for caller in everybody(filed[0].employer_id):
        app.dependency_overrides[get_actor] = lambda actor=caller.actor: actor
        if not caller.actor.is_signed_in:
            assert client.get("/api/v1/referrals").status_code == 401
            continue
        listed = {item["id"] for item in client.get("/api/v1/referrals?limit=100").json()["items"]}
        due = {
            one.referral_id
            for one in filed
            if oracle.say(caller.actor, Action.READ, Resource.REFERRAL, one.target, clock.now())
        }
        assert {one.referral_id for one in filed} & listed == due, caller.name
        checks = client.get("/api/v1/checks?due=2027-12-31&limit=100").json()["items"]
        people = {check["seeker"]["id"] for check in checks}
        firm = any(grant.role is Role.EMPLOYER for grant in caller.actor.grants)
        assert people == ({one.person_id for one in filed if one.referral_id in due} if not firm else set())
        full += len(due) == len(filed)
    assert full >= 3
