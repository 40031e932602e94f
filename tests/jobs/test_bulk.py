"""Taking in many postings, the sweep of the overdue: on both databases."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.db import Database
from app.core.tasks import TaskContext, registered_tasks
from app.employers.changes import POSTING_CHANGES
from app.employers.models import Employer
from app.jobs import places, policies, queries, service, tasks
from app.jobs.bulk import JobDraft, expire_jobs, save_jobs
from app.jobs.errors import JobFull, JobMoveNotAllowed
from app.jobs.models import JobEvent, JobPosting
from app.jobs.terms import JobAction, JobEventKind, JobState, SaveOutcome
from tests.employers import factories as given
from tests.jobs.factories import job_form, open_job, take_place


@pytest.fixture
def employer(session: Session, clock: FixedClock) -> Employer:
    return given.verified_employer(session, clock)


def drafts(employer: Employer, count: int, **changes: object) -> list[JobDraft]:
    return [
        JobDraft(job_form(employer, title=f"缝纫工{number}", **changes), f"k{number}", wage_text="3000-4500")
        for number in range(count)
    ]


def test_the_same_postings_again_change_nothing(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    first = save_jobs(session, drafts(employer, 4), clock)
    assert (first.created, first.updated, first.unchanged) == (4, 0, 0)
    mark = POSTING_CHANGES.newest(session)
    clock.move(timedelta(days=3))
    again = save_jobs(session, drafts(employer, 4), clock)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4)
    assert POSTING_CHANGES.newest(session) == mark
    assert session.scalar(select(func.count()).select_from(JobEvent)) == 4


def test_what_changed_is_updated_without_touching_the_rest(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    save_jobs(session, drafts(employer, 2), clock)
    result = save_jobs(session, [*drafts(employer, 1), *drafts(employer, 2, openings=8)[1:]], clock)
    assert result.outcomes == [SaveOutcome.UNCHANGED, SaveOutcome.UPDATED]
    jobs = queries.find_jobs_by_key(session, ["k0", "k1"])
    assert (jobs["k0"].version, jobs["k1"].version, jobs["k1"].openings) == (1, 2, 8)


def test_a_key_counts_once_however_often_it_comes(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    twice = [*drafts(employer, 1), *drafts(employer, 1, openings=9)]
    assert save_jobs(session, twice, clock).outcomes == [SaveOutcome.CREATED, SaveOutcome.UNCHANGED]
    assert save_jobs(session, twice, clock).unchanged == 2


def test_deadlines_in_imports(session: Session, clock: FixedClock, employer: Employer) -> None:
    past = clock.today() - timedelta(days=5)
    save_jobs(session, drafts(employer, 1, valid_until=past), clock)
    job = queries.find_jobs_by_key(session, ["k0"])["k0"]
    assert job.state is JobState.EXPIRED
    assert save_jobs(session, drafts(employer, 1, valid_until=past), clock).unchanged == 1
    renewed = clock.today() + timedelta(days=5)
    assert save_jobs(session, drafts(employer, 1, valid_until=renewed), clock).updated == 1
    session.refresh(job)
    assert job.state is JobState.OPEN
    clock.move(timedelta(days=9))
    assert expire_jobs(session, clock) == 1
    assert save_jobs(session, drafts(employer, 1), clock).updated == 1  # no deadline: thirty more days
    session.refresh(job)
    assert (job.state, job.valid_until) == (JobState.OPEN, clock.today() + timedelta(days=30))


def test_what_a_person_closed_stays_closed(session: Session, clock: FixedClock, employer: Employer) -> None:
    save_jobs(session, drafts(employer, 1), clock)
    job = queries.find_jobs_by_key(session, ["k0"])["k0"]
    job.state = JobState.CLOSED
    session.flush()
    save_jobs(session, drafts(employer, 1, openings=7), clock)
    session.refresh(job)
    assert (job.state, job.openings) == (JobState.CLOSED, 7)


def test_people_already_hired_are_not_forgotten(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer, openings=5)
    for _ in range(3):
        take_place(session, job.id, clock)
    form = job_form(employer, openings=2)
    save_jobs(session, [JobDraft(form, job.content_key or "")], clock)
    session.refresh(job)
    assert (job.openings, job.filled) == (3, 3)


def test_for_review(session: Session, clock: FixedClock, employer: Employer) -> None:
    save_jobs(session, drafts(employer, 1), clock, opened=False)
    assert queries.find_jobs_by_key(session, ["k0"])["k0"].state is JobState.REVIEW


def test_the_sweep_expires_with_an_event(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = open_job(session, clock, employer)
    clock.move(timedelta(days=31))
    registered_tasks()[tasks.EXPIRE](TaskContext(session, clock), {"day": str(clock.today())})
    session.refresh(job)
    assert job.state is JobState.EXPIRED
    assert queries.list_events(session, job.id)[-1].kind is JobEventKind.EXPIRE


def test_a_change_is_told_by_posting_and_a_batch_as_one(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    save_jobs(session, drafts(employer, 60), clock)
    job = queries.find_jobs_by_key(session, ["k0"])["k0"]
    newest = POSTING_CHANGES.newest(session)
    places.hold_place(session, job.id, clock)
    changes = POSTING_CHANGES.since(session, newest, ())
    assert changes[-1].record == job.id
    assert changes[-2].record is None


def test_many_postings_come_in_quickly(session: Session, clock: FixedClock, employer: Employer) -> None:
    many = drafts(employer, 1500, description="缝制女装，按件计酬，" * 10)
    began = time.process_time()
    assert save_jobs(session, many, clock).created == 1500
    # Well under 2 s on the machines we know; four times that only breaks when something went quadratic.
    assert time.process_time() - began < 8
    assert session.scalar(select(func.count()).select_from(JobPosting)) == 1500


def test_the_last_place_goes_to_one_of_many_takers(own_database: Database, clock: FixedClock) -> None:
    with own_database.write() as session:
        employer = given.verified_employer(session, clock)
        job_id = open_job(session, clock, employer, openings=3).id

    def take(_: int) -> bool:
        try:
            with own_database.write() as session:
                take_place(session, job_id, clock)
        except JobFull:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        taken = sum(pool.map(take, range(12)))
    with own_database.read() as session:
        job = session.get_one(JobPosting, job_id)
        assert (taken, job.filled, job.state) == (3, 3, JobState.FILLED)


def test_two_officers_decide_at_once_and_one_decision_stands(
    own_database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_database.write() as session:
        employer = given.verified_employer(session, clock)
        save_jobs(session, drafts(employer, 1), clock, opened=False)
        job_id = queries.find_jobs_by_key(session, ["k0"])["k0"].id
    both_have_read, allowed = Barrier(2), policies.may_act_on_job

    def wait_for_the_other(*args: Any) -> bool:
        # On SQLite the second writer cannot even read before the first is done: then nobody comes.
        with suppress(BrokenBarrierError):
            both_have_read.wait(1)
        return allowed(*args)

    monkeypatch.setattr(policies, "may_act_on_job", wait_for_the_other)

    def decide(action: JobAction) -> bool:
        try:
            with own_database.write() as session:
                officer = given.county_officer(user_id=10 + (action is JobAction.CLOSE))
                service.act_on_job(session, officer, job_id, action, clock, reason="看过")
        except JobMoveNotAllowed:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(decide, [JobAction.REJECT, JobAction.CLOSE]))
    with own_database.read() as session:
        job, events = session.get_one(JobPosting, job_id), queries.list_events(session, job_id)
    # One after the other, closing what was rejected is fine; at the same instant, one of them is refused.
    assert len(events) == 1 + sum(done) == job.version
    if not own_database.is_sqlite:
        assert sum(done) == 1
