"""The demo county goes into both databases through the ordinary services, and again without a trace."""

import time
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Environment, Settings
from app.demo.county import DemoCounty
from app.demo.load import PASSWORD, SIGN_INS, demo_sign_ins, first_village_code, load_demo, posting_keys
from app.employers.models import Employer
from app.employers.terms import EmployerState
from app.jobs.models import JobEvent, JobPosting
from app.jobs.terms import JobEventKind, JobState
from app.referrals.sessions.models import MatchingSession
from app.referrals.sessions.terms import SessionState
from app.regions.models import Region
from app.seekers.id_numbers import age_on
from app.seekers.models import Household, LedgerChange, Person
from app.seekers.terms import LabourClass, SeekerStatus


def counts(database: Database) -> dict[str, int]:
    tables = {"users": User, "employers": Employer, "jobs": JobPosting, "events": JobEvent}
    with database.read() as session:
        found = {name: session.scalar(select(func.count()).select_from(t)) for name, t in tables.items()}
        villages = select(func.count()).select_from(Region).where(func.length(Region.code) == 12)
        return {name: number or 0 for name, number in found.items()} | {
            "villages": session.scalar(villages) or 0
        }


def test_loads_once_finishes_what_was_cut_off_and_renews_what_is_stale(
    database: Database, clock: FixedClock, county: DemoCounty, shared_settings: Settings
) -> None:
    cipher = cipher_of(shared_settings)
    started = time.monotonic()
    load_demo(database, clock, cipher, with_staff=False)
    assert time.monotonic() - started < 60  # 3 s alone on SQLite, where the goal is 10
    first = counts(database)
    check_people(database, county)
    assert first["users"] == 0
    assert first["jobs"] == 1_500
    assert first["employers"] == len(county.employers)
    assert first["villages"] == len(county.places)
    check_contents(database, county)

    clock.move(timedelta(days=13))
    load_demo(database, clock, cipher)
    assert counts(database) == first

    clock.move(timedelta(days=-13))
    remove_last_posting(database, county)
    load_demo(database, clock, cipher)
    again = counts(database)
    assert again["jobs"] == 1_500
    assert again["users"] == len(county.staff)
    with database.read() as session:
        [friday] = session.scalars(select(MatchingSession))
        assert (friday.state, friday.gap is not None) == (SessionState.PLANNED, True)

    clock.move(timedelta(days=100))
    load_demo(database, clock, cipher)
    assert counts(database)["users"] == len(county.staff)
    with database.read() as session:
        living = (
            select(func.count())
            .select_from(JobPosting)
            .where(JobPosting.state == JobState.OPEN, JobPosting.valid_until >= clock.today())
        )
        assert (session.scalar(living) or 0) > 1_000


def check_contents(database: Database, county: DemoCounty) -> None:
    with database.read() as session:
        rows = session.scalars(select(JobPosting)).all()
        states = Counter(row.state for row in rows)
        assert states == Counter(posting.state for posting in county.postings)
        assert sum(row.filled for row in rows) == sum(posting.filled for posting in county.postings)
        assert all(row.source == "demo" and row.office_code == "610204" for row in rows)
        assert all(row.occupation_code for row in rows)
        waiting = session.scalars(select(Employer).where(Employer.state == EmployerState.PENDING)).all()
        assert {row.name for row in waiting} == {
            employer.name for employer in county.employers if employer.state is EmployerState.PENDING
        }
        answered = select(func.count()).select_from(Employer).where(Employer.answer_permille.is_not(None))
        assert (session.scalar(answered) or 0) > 60
        paused = select(func.count()).select_from(JobEvent).where(JobEvent.kind == JobEventKind.PAUSE)
        assert session.scalar(paused) == states[JobState.PAUSED]


def check_people(database: Database, county: DemoCounty) -> None:
    with database.read() as session:
        people = session.scalars(select(Person)).all()
        assert len(people) == len(county.people) == 4_000
        assert session.scalar(select(func.count()).select_from(Household)) == len(county.households)
        changes = select(func.count()).select_from(LedgerChange).where(LedgerChange.kind == "created")
        assert session.scalar(changes) == 4_000 + len(county.households)
        seeking = [person for person in people if person.status is SeekerStatus.SEEKING]
        assert len(seeking) > 500
        assert all(age_on(person.birth_on, county.today) >= 16 for person in seeking if person.birth_on)
        assert {person.labour_class for person in seeking} == set(LabourClass)


def remove_last_posting(database: Database, county: DemoCounty) -> None:
    """As if a load had died in its last batch."""
    with database.write() as session:
        last = session.scalars(
            select(JobPosting).where(JobPosting.content_key == posting_keys(county)[-1])
        ).one()
        for event in session.scalars(select(JobEvent).where(JobEvent.job_id == last.id)):
            session.delete(event)
        session.flush()
        session.delete(last)


def test_sign_ins_are_told_except_in_production() -> None:
    lines = demo_sign_ins(Settings(env=Environment.DEVELOPMENT))
    assert len(lines) == len(SIGN_INS) == 8
    assert "村就业信息员（王桂兰）  账号 village" in lines[0]
    assert all(PASSWORD in line for line in lines)
    keys = {"secret_key": "a" * 40, "data_key": "b" * 40}
    assert demo_sign_ins(Settings(env=Environment.PRODUCTION, **keys)) == []
    assert first_village_code() == "610204107200"


def test_keys_of_postings_are_all_different(county: DemoCounty) -> None:
    keys = posting_keys(county)
    assert len(set(keys)) == len(keys) == 1_500
