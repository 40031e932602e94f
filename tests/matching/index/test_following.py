"""The market follows the database: what is committed is in the next answer, what is not stays out."""

import random
import threading
from collections.abc import Iterator
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.db import Database
from app.core.settings import Settings
from app.employers.changes import note_change
from app.employers.models import Employer, PostingChange
from app.employers.terms import EmployerState
from app.jobs import following as jobs_following
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.matching import queries
from app.matching.facts import PersonFacts
from app.matching.index import following, market
from app.matching.index.following import current_market, forget_markets
from app.matching.reference import rank_postings
from tests.employers.factories import verified_employer
from tests.jobs.factories import open_job
from tests.matching.samples import month, person

ANYONE = person(reach="anywhere", areas=("", "", "", "", "", ""))


@pytest.fixture(autouse=True)
def _own_markets() -> Iterator[None]:
    forget_markets()
    yield
    forget_markets()


@pytest.fixture
def first_jobs(own_database: Database, clock: FixedClock) -> list[int]:
    with own_database.write() as session:
        firms = [verified_employer(session, clock), verified_employer(session, clock, name="第二家工厂")]
        return [open_job(session, clock, firms[number % 2], openings=number + 1).id for number in range(6)]


def ids_now(database: Database, clock: FixedClock) -> set[int]:
    with database.read() as session:
        return {key[2] for key in current_market(session, clock.today()).rank(ANYONE)}


def close(session: Session, job_id: int) -> None:
    session.execute(update(JobPosting).where(JobPosting.id == job_id).values(state=JobState.CLOSED))
    note_change(session, job_id=job_id)


def reopen(session: Session, job_id: int) -> None:
    session.execute(update(JobPosting).where(JobPosting.id == job_id).values(state=JobState.OPEN))
    note_change(session, job_id=job_id)


def test_a_commit_is_in_the_next_answer(
    own_database: Database, clock: FixedClock, first_jobs: list[int]
) -> None:
    everything = set(first_jobs)
    assert ids_now(own_database, clock) == everything
    for job_id in first_jobs[:3]:
        with own_database.write() as session:
            close(session, job_id)
        everything.discard(job_id)
        assert ids_now(own_database, clock) == everything
    with own_database.write() as session:
        firm = session.get_one(JobPosting, first_jobs[3]).employer_id
        session.execute(update(Employer).where(Employer.id == firm).values(state=EmployerState.BARRED))
        note_change(session, employer_id=firm)
        theirs = set(session.scalars(select(JobPosting.id).where(JobPosting.employer_id == firm)))
    assert ids_now(own_database, clock) == everything - theirs
    with own_database.write() as session:
        session.execute(update(JobPosting).values(state=JobState.OPEN))
        note_change(session)
    assert ids_now(own_database, clock) == set(first_jobs) - theirs


def test_a_writer_sees_its_own_rows_and_nobody_else_does(
    own_database: Database, clock: FixedClock, first_jobs: list[int]
) -> None:
    assert ids_now(own_database, clock) == set(first_jobs)
    with pytest.raises(ZeroDivisionError), own_database.write() as session:
        close(session, first_jobs[0])
        mine = current_market(session, clock.today())
        assert {key[2] for key in mine.rank(ANYONE)} == set(first_jobs[1:])
        if not own_database.is_sqlite:
            assert ids_now(own_database, clock) == set(first_jobs)
        raise ZeroDivisionError
    assert ids_now(own_database, clock) == set(first_jobs)


def test_another_day_is_read_anew(own_database: Database, clock: FixedClock, first_jobs: list[int]) -> None:
    with own_database.write() as session:
        session.execute(
            update(JobPosting).where(JobPosting.id == first_jobs[0]).values(valid_until=clock.today())
        )
        note_change(session, job_id=first_jobs[0])
    assert ids_now(own_database, clock) == set(first_jobs)
    with own_database.read() as session:
        tomorrow = date.fromordinal(clock.today().toordinal() + 1)
        assert len(current_market(session, tomorrow)) == len(first_jobs) - 1


def test_a_log_that_was_cut_off_is_noticed(
    own_database: Database, clock: FixedClock, first_jobs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ids_now(own_database, clock) == set(first_jobs)
    with own_database.write() as session:
        session.execute(delete(PostingChange))
        session.execute(
            update(JobPosting).where(JobPosting.id == first_jobs[0]).values(state=JobState.CLOSED)
        )
    # At first it looks like a transaction that began long ago.
    assert ids_now(own_database, clock) == set(first_jobs)
    monkeypatch.setattr(jobs_following, "LONGEST_READ_S", 0.0)
    with own_database.write() as session:
        session.execute(update(JobPosting).values(description="还招"))
    assert ids_now(own_database, clock) == set(first_jobs[1:])


def test_a_transaction_that_began_earlier_turns_nothing_back(
    own_database: Database, clock: FixedClock, first_jobs: list[int]
) -> None:
    assert ids_now(own_database, clock) == set(first_jobs)
    with own_database.read() as early:
        early.scalar(select(JobPosting.id).limit(1))
        with own_database.write() as session:
            close(session, first_jobs[0])
        assert ids_now(own_database, clock) == set(first_jobs[1:])
        assert {key[2] for key in current_market(early, clock.today()).rank(ANYONE)} == set(first_jobs[1:])
    assert ids_now(own_database, clock) == set(first_jobs[1:])


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_number_that_becomes_visible_late(
    own_database: Database, clock: FixedClock, first_jobs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The earlier number commits after the later one; a number rolled back is given up in the end."""
    assert ids_now(own_database, clock) == set(first_jobs)
    with own_database.write() as early:
        close(early, first_jobs[0])
        with own_database.write() as late:
            close(late, first_jobs[1])
        assert ids_now(own_database, clock) == set(first_jobs) - {first_jobs[1]}
    assert ids_now(own_database, clock) == set(first_jobs[2:])
    with pytest.raises(ZeroDivisionError), own_database.write() as session:
        reopen(session, first_jobs[0])
        raise ZeroDivisionError
    with own_database.write() as session:
        reopen(session, first_jobs[1])
    assert ids_now(own_database, clock) == set(first_jobs[1:])
    follower = next(iter(following.MARKETS._by_database.values()))
    assert follower._position is not None
    assert len(follower._position.gaps) == 1
    monkeypatch.setattr(jobs_following, "SETTLING_S", 0.0)
    for _ in range(3):
        ids_now(own_database, clock)
    assert follower._position.gaps == {}


def answer_questions(settings: Settings, today: date, pipe: Connection) -> None:
    """Another process: tells the live ids and their openings whenever it is asked."""
    database = Database(settings)
    while pipe.recv():
        with database.read() as session:
            market_now = current_market(session, today)
            pipe.send([key[2] for key in market_now.rank(ANYONE)])
    database.dispose()


class Change:
    """One random insert, edit or closing, and what must be live afterwards."""

    def __init__(self, jobs: list[int]) -> None:
        self.dice = random.Random(20261122)
        self.live = set(jobs)
        self.closed: set[int] = set()

    def make(self, session: Session) -> None:
        kind = self.dice.choice(["insert", "edit", "edit", "close", "reopen"])
        some = sorted(self.closed if kind == "reopen" else self.live)
        if not some or (kind == "close" and len(some) < 4):
            return
        job_id = self.dice.choice(some)
        if kind == "insert":
            columns = [
                column for column in JobPosting.__table__.c if column.name not in ("id", "content_key")
            ]
            copy = dict(session.execute(select(*columns).where(JobPosting.id == job_id)).one()._mapping)
            job_id = session.execute(insert(JobPosting).values(copy).returning(JobPosting.id)).scalar_one()
            note_change(session, job_id=job_id)
            self.live.add(job_id)
        elif kind == "edit":
            pay = self.dice.randrange(2_000, 9_000) * 100
            session.execute(
                update(JobPosting)
                .where(JobPosting.id == job_id)
                .values(wage_min_fen=pay, wage_max_fen=pay + 50_000, openings=self.dice.randrange(30, 60))
            )
            note_change(session, job_id=job_id)
        elif kind == "close":
            close(session, job_id)
            self.live.discard(job_id)
            self.closed.add(job_id)
        else:
            reopen(session, job_id)
            self.closed.discard(job_id)
            self.live.add(job_id)


def agree_with_reference(session: Session, today: date, who: PersonFacts) -> None:
    """In one session without writers beside it."""
    now = current_market(session, today)
    ranking = rank_postings(who, queries.list_live_postings(session, today), now.context)
    assert now.rank(who) == [match.key for match in ranking.matches]
    assert now.count(who) == (ranking.total, ranking.excluded)


def run_campaign(database: Database, settings: Settings, today: date, jobs: list[int], changes: int) -> None:
    """Changes while four threads ask without pause; after each, this process and two others are asked."""
    who = [ANYONE, person(pay_floor=month(3_500)), person(reach="village"), person(age=17)]
    stop, failures = threading.Event(), []

    def ask(one: PersonFacts) -> None:
        try:
            while not stop.is_set():
                with database.read() as session:
                    now = current_market(session, today)
                    assert len(now.rank(one)) == now.count(one)[0]
                stop.wait(0.02)
        except BaseException as error:
            failures.append(error)

    spawn = get_context("spawn")
    pipes = [spawn.Pipe() for _ in range(2)]
    others = [spawn.Process(target=answer_questions, args=(settings, today, far)) for _, far in pipes]
    threads = [threading.Thread(target=ask, args=(one,)) for one in who]
    for worker in (*others, *threads):
        worker.start()
    change = Change(jobs)
    try:
        for number in range(changes):
            with database.write() as session:
                change.make(session)
            for pipe, _ in pipes:
                pipe.send(True)
            with database.read() as session:
                assert {key[2] for key in current_market(session, today).rank(ANYONE)} == change.live
                if number % 20 == 0:
                    agree_with_reference(session, today, who[number // 20 % len(who)])
            for pipe, _ in pipes:
                assert pipe.poll(60)
                assert set(pipe.recv()) == change.live
            assert not failures
    finally:
        stop.set()
        for pipe, _ in pipes:
            pipe.send(False)
        for worker in (*threads, *others):
            worker.join(30)
    assert not failures


@pytest.fixture
def _early_merges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market, "MOST_LOOSE", 4)
    monkeypatch.setattr(market, "LEAST_MERGED", 16)


@pytest.mark.usefixtures("_early_merges")
def test_no_stale_answer_under_120_changes(
    own_database: Database, own_settings: Settings, clock: FixedClock, first_jobs: list[int]
) -> None:
    run_campaign(own_database, own_settings, clock.today(), first_jobs, 120)


@pytest.mark.slow
@pytest.mark.usefixtures("_early_merges")
def test_no_stale_answer_under_10_000_changes(
    own_database: Database, own_settings: Settings, clock: FixedClock, first_jobs: list[int]
) -> None:
    run_campaign(own_database, own_settings, clock.today(), first_jobs, 10_000)
