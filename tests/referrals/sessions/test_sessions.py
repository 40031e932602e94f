"""The weekly session: bringing, pairing around what the meeting sets and rules out, sending, and who sees
what."""

from collections import Counter
from datetime import timedelta

import pytest

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core.errors import Forbidden, Invalid, Stale
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.referrals.errors import GateClosed
from app.referrals.models import Referral
from app.referrals.sessions import board, confirming, proposing, queries, service
from app.referrals.sessions.errors import (
    PairSettled,
    SessionClosed,
    SessionExists,
    SessionNotFound,
    SessionStepNotAllowed,
)
from app.referrals.sessions.models import MatchingSession, SessionPair
from app.referrals.sessions.terms import PairKind, SessionState
from app.referrals.terms import ReferralState
from app.seekers.models import Person
from tests.referrals.situations import BROKER, COUNTY, OWNER, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given

AUDITOR = Actor(91, "审计员", (Grant(Role.AUDITOR),))
NEIGHBOUR_TOWN = given.OTHER_TOWN
OTHER_TOWNSHIP = given.township_officer(NEIGHBOUR_TOWN, user_id=19)


class Friday:
    """A township's session with five people and two postings of one and two places."""

    def __init__(self, scene: Scene, region_code: str = given.TOWN, actor: Actor = TOWNSHIP) -> None:
        self.scene, self.actor = scene, actor
        self.people: list[Person] = [scene.neighbour(status="seeking") for _ in range(5)]
        self.jobs: list[JobPosting] = [
            scene.posting(title="平车工", openings=1),
            scene.posting(title="锁边工", openings=2),
        ]
        self.row = service.plan_session(
            scene.session, actor, region_code, scene.clock.today(), clock=scene.clock
        )
        self.bring(VILLAGE, *self.people)
        for job in self.jobs:
            service.bring_posting(scene.session, actor, self.row.id, job.id, "人社局", clock=scene.clock)

    def bring(self, actor: Actor, *people: Person) -> service.Brought:
        ids = [person.id for person in people]
        return service.bring_people(self.scene.session, actor, self.row.id, ids, clock=self.scene.clock)

    def propose(self, **more: object) -> MatchingSession:
        form = {"version": None, "clock": self.scene.clock} | more
        return proposing.propose(self.scene.session, self.actor, self.row.id, **form)  # type: ignore[arg-type]

    def decide(
        self,
        person: Person,
        job: JobPosting,
        kind: PairKind | None,
        actor: Actor | None = None,
        version: int | None = None,
    ) -> SessionPair | None:
        return proposing.decide_pair(
            self.scene.session,
            actor or self.actor,
            self.row.id,
            person.id,
            job.id,
            kind,
            version=version,
            clock=self.scene.clock,
        )

    def open(self) -> None:
        self.move(SessionState.RUNNING)

    def move(self, state: SessionState, version: int | None = None) -> MatchingSession:
        return service.move_session(
            self.scene.session, self.actor, self.row.id, state, version=version, clock=self.scene.clock
        )

    def confirm(self, actor: Actor | None = None, **more: object) -> confirming.Sent:
        form = {"version": None, "cipher": self.scene.cipher, "clock": self.scene.clock} | more
        return confirming.confirm_pairs(
            self.scene.session,
            actor or self.actor,
            self.row.id,
            **form,  # type: ignore[arg-type]
        )

    def pairs(self) -> list[SessionPair]:
        return queries.list_pairs(self.scene.session, self.row.id)

    def board(self, actor: Actor | None = None, *, full_names: bool = False) -> board.Board:
        return board.show_board(
            self.scene.session, actor or self.actor, self.row.id, self.scene.clock, full_names=full_names
        )


@pytest.fixture
def friday(scene: Scene) -> Friday:
    return Friday(scene)


# ---------------------------------------------------------------- planning and bringing
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


# ---------------------------------------------------------------- pairing
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


# ---------------------------------------------------------------- editing at once
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


# ---------------------------------------------------------------- sending
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


# ---------------------------------------------------------------- who sees what
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
