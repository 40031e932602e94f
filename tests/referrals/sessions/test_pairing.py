"""Pairs by assignment around what the meeting sets and rules out, edited by several, and sent."""

from collections import Counter

import pytest

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core.errors import Forbidden, Invalid, Stale
from app.referrals.errors import GateClosed
from app.referrals.models import Referral
from app.referrals.sessions import confirming, service
from app.referrals.sessions.errors import (
    PairSettled,
    SessionClosed,
    SessionStepNotAllowed,
)
from app.referrals.sessions.terms import PairKind, SessionState
from app.referrals.terms import ReferralState
from app.seekers.models import Person
from tests.referrals.sessions.friday import OTHER_TOWNSHIP, Friday
from tests.referrals.situations import COUNTY, TOWNSHIP, Scene
from tests.seekers import factories as given


def test_pairs_keep_to_places_and_three_each_and_the_gap_is_certified(friday: Friday) -> None:
    row = friday.propose()
    pairs = friday.pairs()
    assert Counter(pair.job_id for pair in pairs) == {friday.jobs[0].id: 1, friday.jobs[1].id: 2}
    assert row.gap is not None
    assert row.gap <= 0.01
    assert row.total is not None
    assert row.total > 0
    assert all(pair.goes_first for pair in pairs), "nobody works in these households"


def test_twice_as_many_are_asked_where_the_meeting_wants_it(friday: Friday, scene: Scene) -> None:
    service.set_oversend(scene.session, TOWNSHIP, friday.row.id, 200, version=None, clock=scene.clock)
    friday.propose()
    assert Counter(pair.job_id for pair in friday.pairs()) == {friday.jobs[0].id: 2, friday.jobs[1].id: 4}
    with pytest.raises(Invalid):
        service.set_oversend(scene.session, TOWNSHIP, friday.row.id, 130, version=None, clock=scene.clock)


def test_what_the_meeting_set_stands_and_the_rest_is_worked_out_around_it(
    friday: Friday, scene: Scene
) -> None:
    friday.propose()
    lucky = {pair.person_id for pair in friday.pairs() if pair.job_id == friday.jobs[0].id}
    person = next(person for person in friday.people if person.id not in lucky)
    friday.decide(person, friday.jobs[0], PairKind.PINNED)
    friday.propose()
    of_first = [pair for pair in friday.pairs() if pair.job_id == friday.jobs[0].id]
    assert [(pair.person_id, pair.kind) for pair in of_first] == [(person.id, PairKind.PINNED)], (
        "its one place is taken"
    )
    assert len(friday.pairs()) == 3


def test_what_the_meeting_ruled_out_does_not_come_back_until_it_is_let_in(friday: Friday) -> None:
    friday.propose()
    [pair] = [pair for pair in friday.pairs() if pair.job_id == friday.jobs[0].id]
    person = next(person for person in friday.people if person.id == pair.person_id)
    friday.decide(person, friday.jobs[0], PairKind.FORBIDDEN)
    friday.propose()
    live = [pair for pair in friday.pairs() if pair.kind is not PairKind.FORBIDDEN]
    assert (person.id, friday.jobs[0].id) not in {(pair.person_id, pair.job_id) for pair in live}
    assert len(live) == 3, "somebody else has the place"
    assert friday.decide(person, friday.jobs[0], None) is None
    for other in friday.people:
        if other is not person:
            friday.decide(other, friday.jobs[0], PairKind.FORBIDDEN)
    friday.propose()
    assert person.id in {pair.person_id for pair in friday.pairs() if pair.kind is PairKind.PROPOSED}


def test_a_pair_set_by_hand_passes_the_gates_and_the_three(friday: Friday, scene: Scene) -> None:
    old = scene.neighbour(status="seeking")
    friday.bring(TOWNSHIP, old)
    young_only = scene.posting(title="装配工", age_max=30)
    more = [scene.posting(title=f"裁剪工{number}", openings=3) for number in range(2)]
    for job in (young_only, *more):
        service.bring_posting(scene.session, TOWNSHIP, friday.row.id, job.id, clock=scene.clock)
    with pytest.raises(GateClosed) as shut:
        friday.decide(old, young_only, PairKind.PINNED)
    assert "年纪对不上" in shut.value.title
    for job in (friday.jobs[1], *more):
        friday.decide(old, job, PairKind.PINNED)
    with pytest.raises(GateClosed) as full:
        friday.decide(old, friday.jobs[0], PairKind.PINNED)
    assert full.value.gate == "too_many"


def test_who_has_offers_waiting_gets_only_what_is_left_of_three(friday: Friday, scene: Scene) -> None:
    busy = friday.people[0]
    for number in range(3):
        scene.push(TOWNSHIP, scene.posting(title=f"钉扣工{number}"), busy)
    asked = friday.people[1]
    scene.push(TOWNSHIP, friday.jobs[0], asked)
    friday.propose()
    pairs = {(pair.person_id, pair.job_id) for pair in friday.pairs()}
    assert busy.id not in {person_id for person_id, _ in pairs}
    assert (asked.id, friday.jobs[0].id) not in pairs, "asked this week"


def test_households_without_a_worker_come_first(scene: Scene) -> None:
    friday = Friday(scene)
    helped = friday.people[0]
    worker = scene.neighbour(status="employed")
    worker.household_id = helped.household_id
    scene.session.flush()
    friday.propose()
    assert helped.id not in {pair.person_id for pair in friday.pairs()}, "three places, four other households"


def test_whoever_saw_other_pairs_is_told_and_nothing_happens(friday: Friday, scene: Scene) -> None:
    seen = friday.propose().version
    friday.decide(friday.people[0], friday.jobs[0], PairKind.FORBIDDEN, version=seen)
    with pytest.raises(Stale):
        friday.decide(friday.people[1], friday.jobs[0], PairKind.FORBIDDEN, version=seen)
    with pytest.raises(Stale):
        friday.propose(version=seen)
    friday.open()
    with pytest.raises(Stale):
        friday.confirm(version=seen)
    with pytest.raises(Stale):
        friday.move(SessionState.CLOSED, version=seen)
    assert scene.session.query(Referral).count() == 0


def test_the_same_word_twice_is_no_change(friday: Friday) -> None:
    friday.propose()
    friday.decide(friday.people[0], friday.jobs[0], PairKind.FORBIDDEN)
    version = friday.row.version
    friday.decide(friday.people[0], friday.jobs[0], PairKind.FORBIDDEN, version=1)
    assert friday.row.version == version


def test_bringing_does_not_disturb_who_edits_pairs(friday: Friday, scene: Scene) -> None:
    seen = friday.propose().version
    assert not friday.board().is_behind
    scene.wait(minutes=1)
    friday.bring(TOWNSHIP, scene.neighbour(given.OTHER_VILLAGE, status="seeking"))
    assert friday.row.version == seen
    assert friday.board().is_behind, "the pairs do not know the new one yet"


def test_pairs_become_referrals_with_all_guards_and_the_skipped_are_told_why(
    friday: Friday, scene: Scene
) -> None:
    friday.propose()
    with pytest.raises(SessionStepNotAllowed):
        friday.confirm()
    friday.open()
    shut = friday.pairs()[0]
    scene.session.get_one(Person, shut.person_id).closed_at = scene.clock.now()
    scene.session.flush()
    scene.session.expire_all()
    done = friday.confirm()
    gates = [pair.skipped_gate for pair in friday.pairs() if pair.referral_id is None]
    assert (done.pairs + done.skipped, set(gates)) == (3, {"person"})
    assert done.skipped == len(gates)
    referrals = scene.session.query(Referral).all()
    assert {referral.state for referral in referrals} == {ReferralState.OFFERED}
    assert len({referral.batch_key for referral in referrals}) == 1


def test_a_posting_that_filled_meanwhile_is_skipped_and_worked_out_again(
    friday: Friday, scene: Scene
) -> None:
    friday.propose()
    friday.open()
    friday.jobs[1].filled = 2
    scene.session.flush()
    done = friday.confirm()
    assert (done.pairs, done.skipped) == (1, 2)
    skipped = [pair for pair in friday.pairs() if pair.skipped_why]
    assert {pair.skipped_gate for pair in skipped} == {"full"}
    assert "人招满了" in skipped[0].skipped_why
    assert friday.board().sums.skipped == 2
    friday.propose()
    assert [pair for pair in friday.pairs() if pair.skipped_why] == []


def test_sent_twice_is_sent_once(friday: Friday, scene: Scene) -> None:
    friday.propose()
    friday.open()
    assert friday.confirm().pairs == 3
    assert friday.confirm() == confirming.Sent(0, 0, 0)
    friday.propose()
    assert len([pair for pair in friday.pairs() if pair.referral_id is None]) == 0, "places are spoken for"
    assert scene.session.query(Referral).count() == 3


def test_each_township_sends_its_own_people_and_the_county_none(scene: Scene) -> None:
    friday = Friday(scene, "610204", COUNTY)
    far = scene.neighbour(given.FAR_VILLAGE, status="seeking")
    friday.bring(OTHER_TOWNSHIP, far)
    friday.propose()
    friday.decide(far, friday.jobs[1], PairKind.PINNED)
    friday.open()
    with pytest.raises(Forbidden):
        friday.confirm(COUNTY)
    assert friday.confirm(OTHER_TOWNSHIP).people == 1
    assert {referral.person_id for referral in scene.session.query(Referral)} == {far.id}
    assert friday.confirm(TOWNSHIP).pairs >= 2, "another office's sending is no other version"


def test_who_sees_more_than_they_may_send_leaves_the_rest_alone(scene: Scene) -> None:
    roles = (Grant(Role.COUNTY_OFFICER, "610204"), Grant(Role.VILLAGE_OFFICER, given.VILLAGE))
    friday = Friday(scene, "610204", COUNTY)
    far = scene.neighbour(given.FAR_VILLAGE, status="seeking")
    friday.bring(OTHER_TOWNSHIP, far)
    friday.decide(far, friday.jobs[1], PairKind.PINNED)
    friday.propose()
    friday.open()
    assert friday.confirm(Actor(5, "两头干", roles)).skipped == 0
    assert [pair.settled_at for pair in friday.pairs() if pair.person_id == far.id] == [None]


def test_a_closed_session_is_a_report(friday: Friday, scene: Scene) -> None:
    friday.propose()
    friday.open()
    friday.confirm()
    friday.move(SessionState.CLOSED)
    for change in (
        friday.propose,
        lambda: friday.bring(TOWNSHIP, friday.people[0]),
        lambda: friday.decide(friday.people[0], friday.jobs[0], PairKind.FORBIDDEN),
    ):
        with pytest.raises((SessionClosed, PairSettled)):
            change()
    with pytest.raises(SessionClosed):
        friday.move(SessionState.RUNNING)
    sums = friday.board().sums
    assert (sums.people, sums.pairs, sums.sent, sums.skipped) == (5, 3, 3, 0)
