"""Deadlines: each step once, in its time, by profile; a silent firm is muted; a dry run does nothing."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.tasks import Task, TaskRunner
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.occupations.terms import WorkProfile
from app.referrals import tasks, telling
from app.referrals.clocks import postings, running
from app.referrals.clocks.rules import DEFAULTS, CountyClocks, Times, list_steps, with_overrides
from app.referrals.clocks.settings import county_clocks, save_clock_settings
from app.referrals.errors import ReferralMoveNotAllowed
from app.referrals.models import Referral, ReferralEvent
from app.referrals.rules import Tell
from app.referrals.terms import Party, ReferralState, StepKind, TellKind
from tests.databases import RolledBackDatabase
from tests.referrals.situations import COUNTY, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given

# The table "Clocks" of REFERRALS, by hand: hours until each step.
PERSON = {
    WorkProfile.LONG: {"nudge": 48, "officer_call": 72, "expire_person": 7 * 24},
    WorkProfile.SEASON: {"nudge": 24, "officer_call": 36, "expire_person": 3 * 24},
    WorkProfile.DAY: {"nudge": 2, "expire_person": 15},
}
FIRM = {
    WorkProfile.LONG: {
        "first_chase": 3 * 24,
        "second_chase": 7 * 24,
        "phone_hint": 7 * 24,
        "staff_chase": 10 * 24,
        "expire_employer": 21 * 24,
    },
    WorkProfile.SEASON: {
        "first_chase": 24,
        "second_chase": 48,
        "phone_hint": 48,
        "staff_chase": 72,
        "expire_employer": 120,
    },
    WorkProfile.DAY: {"phone_hint": 0, "first_chase": 2, "staff_chase": 4, "expire_employer": 15},
}


def run(scene: Scene, **options: Any) -> Counter[str]:
    return running.run_clocks(scene.session, cipher=scene.cipher, clock=scene.clock, **options).steps


def listen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Party, TellKind]]:
    """What passes through the one place of telling."""
    told: list[tuple[Party, TellKind]] = []

    def note(_: Session, __: Referral, tells: Sequence[Tell], ___: Clock) -> None:
        told.extend((one.to, one.kind) for one in tells)

    monkeypatch.setattr(telling, "tell", note)
    return told


def steps_over(scene: Scene, referral: Referral, hours: int) -> dict[str, int]:
    """Runs the clocks every hour; when each step was taken, in hours from now."""
    start, found = scene.clock.now(), {}
    for hour in range(hours + 1):
        scene.clock.at = start + timedelta(hours=hour)
        for _ in range(2):  # the second run of the hour finds nothing
            for kind in run(scene):
                assert kind not in found
                found[kind] = hour
    return found


@pytest.mark.parametrize("profile", list(WorkProfile))
def test_a_silent_person(scene: Scene, profile: WorkProfile) -> None:
    job = scene.posting(profile=profile, starts_on=scene.clock.today() + timedelta(days=1))
    referral = scene.push(job=job)
    assert steps_over(scene, referral, 8 * 24) == PERSON[profile]
    scene.session.refresh(referral)
    assert (referral.state, referral.late_party) == (ReferralState.EXPIRED, Party.PERSON)


@pytest.mark.parametrize("profile", list(WorkProfile))
def test_a_silent_firm(scene: Scene, profile: WorkProfile) -> None:
    job = scene.posting(profile=profile, starts_on=scene.clock.today() + timedelta(days=1))
    referral = scene.at("submitted", job=job)
    assert steps_over(scene, referral, 22 * 24) == FIRM[profile]
    scene.session.refresh(referral)
    assert (referral.state, referral.late_party) == (ReferralState.EXPIRED, Party.EMPLOYER)


def test_looking_is_no_answer(scene: Scene) -> None:
    """`viewed` goes on with the clock of `submitted`: no chase is repeated, the end stays where it was."""
    referral = scene.at("submitted")
    scene.wait(days=3, minutes=1)
    assert run(scene) == {"first_chase": 1}
    referral = scene.step(referral, "view")
    assert run(scene) == {}
    scene.wait(days=18)
    assert run(scene)["expire_employer"] == 1


def test_a_yes_is_sent_to_the_firm_by_itself(scene: Scene) -> None:
    referral = scene.at("interested")
    assert run(scene) == {"submit": 1}
    scene.session.refresh(referral)
    assert referral.state is ReferralState.SUBMITTED


def test_where_the_township_confirms(scene: Scene) -> None:
    save_clock_settings(
        scene.session,
        COUNTY,
        given.COUNTY,
        overrides={"long.nudge": 60, "long.officer_call": None},
        township_confirms=True,
        month_closes_on=20,
        clock=scene.clock,
    )
    referral = scene.push()
    scene.wait(hours=1)
    assert run(scene) == {"nudge": 1}
    referral = scene.step(referral, "interested")
    assert run(scene) == {}
    with pytest.raises(Forbidden):
        scene.act(referral, VILLAGE, "submit")
    assert scene.act(referral, TOWNSHIP, "submit").state is ReferralState.SUBMITTED


def test_a_clock_that_stood_still(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody hears twice at once after a week without a worker, and nothing is revived by a clock that goes
    back."""
    told = listen(monkeypatch)
    referral = scene.at("submitted")
    told.clear()
    scene.wait(days=11)
    assert run(scene) == {"first_chase": 1, "second_chase": 1, "phone_hint": 1, "staff_chase": 1}
    assert told == [
        (Party.PERSON, TellKind.MAY_PHONE),
        (Party.EMPLOYER, TellKind.CHASE),
        (Party.OFFICER, TellKind.CHASE_BY_STAFF),
    ]
    scene.clock.move(timedelta(days=-9))
    assert run(scene) == {}
    scene.clock.move(timedelta(days=30))
    assert run(scene) == {"expire_employer": 1}
    scene.clock.move(timedelta(days=-30))
    assert run(scene) == {}
    with pytest.raises(ReferralMoveNotAllowed):
        scene.step(referral, "view")


def test_two_steps_of_one_moment_tell_both_readers(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """On day 7 the firm is chased again and the person told that they may phone: neither takes the other's
    place."""
    told = listen(monkeypatch)
    scene.at("submitted")
    scene.wait(days=4)
    run(scene)
    told.clear()
    scene.wait(days=3)
    assert run(scene) == {"second_chase": 1, "phone_hint": 1}
    assert told == [(Party.PERSON, TellKind.MAY_PHONE), (Party.EMPLOYER, TellKind.CHASE)]


def test_a_dry_run_writes_nothing(scene: Scene) -> None:
    scene.push()
    scene.at("submitted", scene.neighbour())
    scene.wait(days=30)
    events = scene.session.query(ReferralEvent).count()
    dry = run(scene, dry_run=True)
    assert scene.session.query(ReferralEvent).count() == events
    assert dry == run(scene)
    assert dry["expire_person"] == dry["expire_employer"] == 1


def test_a_paused_one_waits(scene: Scene) -> None:
    referral = scene.push()
    referral.paused_until = scene.clock.today() + timedelta(days=9)
    scene.session.flush()
    scene.wait(days=8)
    assert run(scene) == {}
    scene.wait(days=2)
    assert run(scene)["expire_person"] == 1


def test_a_firm_that_never_answers_is_muted_and_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    told = listen(monkeypatch)
    job = scene.posting(profile="season", openings=50)
    for _ in range(10):
        scene.at("submitted", scene.neighbour(), job)
    scene.wait(days=6)
    run(scene)
    employer = scene.session.get_one(Employer, scene.employer.id, populate_existing=True)
    assert employer.muted_until == scene.clock.today() + timedelta(days=30)
    assert (employer.answer_permille, employer.median_answer_hours) == (0, None)
    assert told.count((Party.EMPLOYER, TellKind.EMPLOYER_MUTED)) == 1
    with pytest.raises(Exception, match="gate_closed"):
        scene.push(person=scene.neighbour(), job=scene.posting())


def test_one_answer_in_time_and_nobody_is_muted(scene: Scene) -> None:
    job = scene.posting(profile="season", openings=50)
    made = [scene.at("submitted", scene.neighbour(), job) for _ in range(11)]
    scene.wait(hours=30)
    scene.step(made[0], "refuse")
    scene.wait(days=6)
    run(scene)
    employer = scene.session.get_one(Employer, scene.employer.id, populate_existing=True)
    assert employer.muted_until is None
    assert (employer.answer_permille, employer.median_answer_hours) == (1000 // 11, 30)


def test_postings_nobody_confirms(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, TellKind]] = []

    def note(_: Session, job: JobPosting, one: Tell, __: Clock) -> None:
        asked.append((job.id, one.kind))

    monkeypatch.setattr(telling, "tell_of_posting", note)
    today = scene.clock.today()
    long, season = scene.posting(), scene.posting(profile="season")
    day = scene.posting(profile="day", starts_on=today + timedelta(days=2))
    paused_on: dict[int, int] = {}
    for number in range(48):
        postings.confirm_postings(scene.session, clock=scene.clock)
        for job in (long, season, day):
            fresh = scene.session.get_one(JobPosting, job.id, populate_existing=True)
            if fresh.state is JobState.PAUSED:
                paused_on.setdefault(job.id, number)
        scene.wait(days=1)
    assert paused_on == {long.id: 46, season.id: 16, day.id: 3}
    assert asked.count((long.id, TellKind.CONFIRM_POSTING)) == 1
    assert asked.count((season.id, TellKind.CONFIRM_POSTING)) == 1
    assert asked.count((long.id, TellKind.POSTING_PAUSED)) == 1


def test_a_county_s_own_times_for_its_postings(scene: Scene) -> None:
    long = scene.posting()
    form: dict[str, Any] = {"township_confirms": False, "month_closes_on": 25, "clock": scene.clock}
    own = {"long.switch_off": 5 * 24 * 60}
    save_clock_settings(scene.session, COUNTY, given.COUNTY, overrides=own, **form)
    scene.wait(days=6)
    assert postings.confirm_postings(scene.session, clock=scene.clock, dry_run=True).steps["pause"] == 1
    save_clock_settings(scene.session, COUNTY, given.COUNTY, overrides={}, **form)
    assert postings.confirm_postings(scene.session, clock=scene.clock).steps["pause"] == 0
    assert long.id


def test_settings_of_a_county(scene: Scene) -> None:
    scene.push()
    form: dict[str, Any] = {"township_confirms": False, "month_closes_on": 25, "clock": scene.clock}
    for wrong in ({"long.nudges": 5}, {"forever.nudge": 5}, {"long.nudge": -1}, {"long.confirm_again": None}):
        with pytest.raises(Invalid):
            save_clock_settings(scene.session, COUNTY, given.COUNTY, overrides=wrong, **form)
    with pytest.raises((Forbidden, NotFound)):
        save_clock_settings(scene.session, TOWNSHIP, given.COUNTY, overrides={}, **form)
    save_clock_settings(scene.session, COUNTY, given.COUNTY, overrides={"day.nudge": 30}, **form)
    assert county_clocks(scene.session, given.VILLAGE).of(WorkProfile.DAY).nudge == 30
    assert county_clocks(scene.session, "610222101201") == CountyClocks()
    assert with_overrides({}) == DEFAULTS


def test_the_task_plans_each_look_once(database: RolledBackDatabase, scene: Scene) -> None:
    scene.at("interested")
    scene.session.commit()
    runner = TaskRunner(database, scene.clock)
    runner.plan_today()
    assert runner.run_due() >= 2
    with database.read() as session:
        assert session.query(Referral).one().state is ReferralState.SUBMITTED
        planned = session.query(Task).filter_by(name=tasks.RUN).count()
    runner.run_due()
    with database.read() as session:
        assert session.query(Task).filter_by(name=tasks.RUN).count() == planned == 144


def test_day_work_ends_before_it_begins() -> None:
    entered = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    late = Times(entered, posting_starts_on=entered.date())
    steps = list_steps(ReferralState.OFFERED, WorkProfile.DAY, late, CountyClocks())
    assert [step.kind for step in steps] == [StepKind.NUDGE, StepKind.EXPIRE_PERSON]
    assert steps[-1].at == entered + timedelta(hours=4)
