"""Who plans a session, who brings whom and what, and who sees whom on the screen."""

from datetime import timedelta

import pytest

from app.accounts.actor import Actor
from app.core.errors import Forbidden, Invalid
from app.jobs.terms import JobState
from app.referrals.sessions import queries, service
from app.referrals.sessions.errors import (
    PairSettled,
    SessionExists,
    SessionNotFound,
)
from app.referrals.sessions.terms import PairKind, SessionState
from tests.referrals.sessions.friday import AUDITOR, OTHER_TOWNSHIP, Friday
from tests.referrals.situations import BROKER, COUNTY, OWNER, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given


def test_a_day_has_one_session_of_a_region(friday: Friday, scene: Scene) -> None:
    with pytest.raises(SessionExists) as caught:
        service.plan_session(scene.session, TOWNSHIP, given.TOWN, scene.clock.today(), clock=scene.clock)
    assert caught.value.session_id == friday.row.id
    friday.move(SessionState.CLOSED)
    again = service.plan_session(scene.session, TOWNSHIP, given.TOWN, scene.clock.today(), clock=scene.clock)
    assert again.id != friday.row.id


@pytest.mark.parametrize(
    ("actor", "region", "error"),
    [
        (VILLAGE, given.TOWN, Forbidden),
        (TOWNSHIP, "610204", Forbidden),
        (OTHER_TOWNSHIP, given.TOWN, SessionNotFound),
        (BROKER, given.TOWN, SessionNotFound),
        (OWNER, given.TOWN, SessionNotFound),
        (AUDITOR, given.TOWN, Forbidden),
        (TOWNSHIP, given.VILLAGE, Invalid),
        (COUNTY, "61", Invalid),
    ],
)
def test_the_region_s_own_office_plans_it(
    scene: Scene, actor: Actor, region: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        service.plan_session(scene.session, actor, region, scene.clock.today(), clock=scene.clock)


def test_no_session_on_a_day_that_is_over(scene: Scene) -> None:
    yesterday = scene.clock.today() - timedelta(days=1)
    with pytest.raises(Invalid):
        service.plan_session(scene.session, COUNTY, "610204", yesterday, clock=scene.clock)


def test_everybody_brings_their_own_people_once(friday: Friday, scene: Scene) -> None:
    outside = scene.neighbour(given.FAR_VILLAGE, status="seeking")
    assert friday.bring(VILLAGE, *friday.people) == service.Brought(0, 0), "they stand there already"
    assert friday.bring(COUNTY, outside) == service.Brought(0, 1), "not of the region"
    found = scene.neighbour(given.OTHER_VILLAGE, status="seeking")
    assert friday.bring(VILLAGE, found) == service.Brought(0, 1), "not of the village"
    assert friday.bring(TOWNSHIP, found) == service.Brought(1, 0)
    for actor in (OTHER_TOWNSHIP, BROKER, OWNER, scene.member):
        with pytest.raises(SessionNotFound):
            friday.bring(actor, found)
    with pytest.raises(Forbidden):
        friday.bring(AUDITOR, found)


def test_all_who_wait_are_brought_at_once_the_longest_first(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    friday = Friday(scene)
    people = [scene.neighbour(status="seeking") for _ in range(3)]
    for person, days in zip(people, (5, 90, 30), strict=True):
        person.seeking_since_on = scene.clock.today() - timedelta(days=days)
    scene.neighbour(status="employed")
    scene.session.flush()
    monkeypatch.setattr(service, "MOST_PEOPLE", 7)
    done = service.bring_waiting(scene.session, TOWNSHIP, friday.row.id, clock=scene.clock)
    assert done.added == 2, "there was room for two"
    ids = queries.list_brought_ids(scene.session, friday.row.id)
    assert {people[1].id, people[2].id} <= ids
    assert people[0].id not in ids


def test_dropping_takes_the_pairs_along_but_not_what_was_sent(friday: Friday, scene: Scene) -> None:
    friday.propose()
    friday.open()
    [first, *_] = [pair for pair in friday.pairs() if pair.job_id == friday.jobs[0].id]
    friday.confirm(pair_ids=[first.id])
    with pytest.raises(PairSettled):
        service.drop_person(scene.session, TOWNSHIP, friday.row.id, first.person_id, clock=scene.clock)
    with pytest.raises(PairSettled):
        service.drop_posting(scene.session, TOWNSHIP, friday.row.id, first.job_id, clock=scene.clock)
    other = next(pair for pair in friday.pairs() if pair.referral_id is None)
    person_id = other.person_id
    if person_id != first.person_id:
        service.drop_person(scene.session, VILLAGE, friday.row.id, person_id, clock=scene.clock)
        assert person_id not in {pair.person_id for pair in friday.pairs()}
        assert person_id not in queries.list_brought_ids(scene.session, friday.row.id)


def test_names_are_masked_until_somebody_who_may_asks_for_them(friday: Friday) -> None:
    person = friday.people[0]
    for actor, whole in ((TOWNSHIP, True), (COUNTY, True), (VILLAGE, True), (AUDITOR, False)):
        masked = friday.board(actor)
        assert person.name not in {line.name for line in masked.people}
        assert not masked.has_full_names
        shown = friday.board(actor, full_names=True)
        assert (person.name in {line.name for line in shown.people}) is whole
        assert shown.may_show_names is whole


def test_everybody_sees_the_people_of_their_own_area_and_how_many_there_are_elsewhere(scene: Scene) -> None:
    friday = Friday(scene, "610204", COUNTY)
    far = scene.neighbour(given.FAR_VILLAGE, status="seeking")
    friday.bring(OTHER_TOWNSHIP, far)
    for actor, people, elsewhere in ((COUNTY, 6, 0), (TOWNSHIP, 5, 1), (OTHER_TOWNSHIP, 1, 5)):
        sums = friday.board(actor).sums
        assert (sums.people, sums.elsewhere) == (people, elsewhere)
    for actor in (BROKER, OWNER, scene.member, given.township_officer("610222100", user_id=20)):
        with pytest.raises(SessionNotFound):
            friday.board(actor)
        assert queries.list_sessions(scene.session, actor) == []
    for actor in (COUNTY, TOWNSHIP, VILLAGE, OTHER_TOWNSHIP, AUDITOR):
        assert [row.id for row in queries.list_sessions(scene.session, actor)] == [friday.row.id]


def test_a_village_brings_and_looks_but_does_not_decide(friday: Friday) -> None:
    friday.propose()
    with pytest.raises(Forbidden):
        friday.decide(friday.people[0], friday.jobs[0], PairKind.PINNED, VILLAGE)
    with pytest.raises(SessionNotFound):
        friday.decide(friday.people[0], friday.jobs[0], PairKind.PINNED, OTHER_TOWNSHIP)


def test_who_has_no_pair_is_told_what_would_open_some(friday: Friday, scene: Scene) -> None:
    limited = scene.neighbour(status="seeking", travel="village")
    friday.bring(TOWNSHIP, limited)
    friday.propose()
    line = next(line for line in friday.board().people if line.id == limited.id)
    assert (line.pairs, line.is_seeking) == ((), True)
    assert line.steps, "how much farther they would have to go"


def test_a_posting_that_is_not_recruiting_is_not_brought(friday: Friday, scene: Scene) -> None:
    paused = scene.posting(title="停了的")
    paused.state = JobState.PAUSED
    scene.session.flush()
    done = service.bring_posting(scene.session, COUNTY, friday.row.id, paused.id, clock=scene.clock)
    assert done == service.Brought(0, 0)
    open_ones = service.bring_open_postings(scene.session, TOWNSHIP, friday.row.id, clock=scene.clock)
    assert open_ones == service.Brought(0, 0), "both are there"
    assert [job.title for _, job in queries.list_postings(scene.session, friday.row.id)] == [
        "平车工",
        "锁边工",
    ]
