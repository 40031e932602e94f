"""The board answers as the database does, and follows it: on both databases."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.db import Database
from app.core.errors import Invalid
from app.core.pagination import encode_cursor
from app.employers.models import Employer
from app.employers.service import act_on_employer
from app.employers.terms import EmployerAction, EmployerKind
from app.jobs import queries
from app.jobs.board import OpenJobs
from app.jobs.board.following import BOARDS
from app.jobs.board.rows import Board, OpenPosting
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.jobs.terms import JobSort, JobState
from app.regions.terms import Reach
from tests.employers import factories
from tests.jobs.factories import open_job, put_in_state, take_place

TOWN, VILLAGE, COUNTY = factories.TOWN, factories.VILLAGE, factories.COUNTY
PLACES = (TOWN, VILLAGE, COUNTY, factories.OTHER_TOWN, factories.OTHER_COUNTY, "320505", "440105")
STOPS = ([], [], [], [TOWN], [VILLAGE], [factories.OTHER_COUNTY], [factories.OTHER_TOWN, COUNTY])
TRADES = (None, "4-10-01-06", "4-10-01-03", "6-18-02-04", "6-04-02-05")
START = (4_000_000, 9_000_000)


@pytest.fixture(autouse=True)
def forget_boards() -> Iterator[None]:
    yield
    BOARDS.forget()


@pytest.fixture
def postings(session: Session, clock: FixedClock) -> list[JobPosting]:
    """Sixty of them: some in one place, some with the same pay or the same day, some without a point."""
    dice = random.Random(11)
    firms = [
        factories.verified_employer(session, clock, name=f"厂{n}", kind=kind)
        for n, kind in enumerate((EmployerKind.ENTERPRISE, EmployerKind.PUBLIC_WELFARE))
    ]
    firms.append(factories.pending_employer(session, clock))
    made = []
    for n in range(60):
        job = open_job(session, clock, dice.choice(firms), title=f"活{n}", region_code=dice.choice(PLACES))
        job.occupation_code = dice.choice(TRADES)
        job.pickup = dice.choice(STOPS)
        far = dice.random() < 0.2
        job.x, job.y = (None, None) if far else (START[0] + dice.randrange(5), START[1] + dice.randrange(5))
        job.wage_month_fen = dice.choice((0, 300_000, 450_000))
        job.published_at = clock.now() - timedelta(microseconds=dice.randrange(4))
        if dice.random() < 0.2:
            put_in_state(session, job, dice.choice((JobState.PAUSED, JobState.CLOSED)))
        made.append(job)
    session.flush()
    return made


def every_question() -> Iterator[JobFilters]:
    areas = [JobFilters(), JobFilters(region_code=TOWN), JobFilters(region_code=COUNTY)]
    areas += [
        JobFilters(region_code=place, within=reach) for place in (VILLAGE, TOWN, COUNTY) for reach in Reach
    ]
    areas.append(JobFilters(region_code=VILLAGE, within=Reach.PROVINCE, beyond=Reach.COUNTY))
    for number, area in enumerate(areas):
        yield replace(area, near=START)
        yield replace(area, sort=JobSort.WAGE, employer_kind=EmployerKind.PUBLIC_WELFARE)
        yield replace(area, occupations=("4-10-", "6-18-02-"), near=START if number % 2 else None)
        yield area


def all_pages(
    listed: Callable[..., tuple[list[JobPosting], str | None]], filters: JobFilters
) -> list[tuple[list[int], str | None]]:
    pages, cursor = [], None
    while True:
        jobs, cursor = listed(filters, limit=7, cursor=cursor)
        pages.append(([job.id for job in jobs], cursor))
        if cursor is None:
            return pages


def test_lists_and_counts_are_those_of_the_database(
    session: Session, clock: FixedClock, postings: list[JobPosting]
) -> None:
    today = clock.today()
    jobs = OpenJobs(session, today)

    def database_lists(filters: JobFilters, **page: Any) -> tuple[list[JobPosting], str | None]:
        return queries.list_open_jobs(session, filters, today, **page)

    groups = {"sewing": ("4-10-",), "both": ("4-10-01-03", "6-"), "none": ("1-",)}
    lengths = set()
    for filters in every_question():
        theirs = all_pages(database_lists, filters)
        assert all_pages(jobs.list_open_jobs, filters) == theirs, filters
        lengths.add(len(theirs))
        assert jobs.count_open_jobs(filters) == queries.count_open_jobs(session, filters, today)
        assert jobs.count_by_occupations(groups, filters) == (
            queries.count_by_occupations(session, groups, filters, today)
        )
        for place in (VILLAGE, TOWN, COUNTY):
            ours = jobs.count_by_reach(place, filters)
            assert ours == queries.count_by_reach(session, place, today, filters)
    assert len(lengths) > 3


@pytest.mark.parametrize("filters", [JobFilters(query="活"), JobFilters(near=START, radius_m=3)])
def test_words_and_circles_go_to_the_database(
    session: Session, clock: FixedClock, postings: list[JobPosting], filters: JobFilters
) -> None:
    theirs = queries.list_open_jobs(session, filters, clock.today(), limit=50)
    assert OpenJobs(session, clock.today()).list_open_jobs(filters, limit=50) == theirs
    assert theirs[0]
    assert OpenJobs(session, clock.today()).count_open_jobs(filters) == len(theirs[0])


@pytest.mark.parametrize("made_up", ["x", encode_cursor(["2026-01-01T00:00:00", 1]), encode_cursor(["x", 1])])
def test_a_made_up_cursor_is_refused(
    session: Session, clock: FixedClock, postings: list[JobPosting], made_up: str
) -> None:
    with pytest.raises(Invalid):
        OpenJobs(session, clock.today()).list_open_jobs(JobFilters(), limit=5, cursor=made_up)


def test_what_is_committed_is_in_the_next_list(own_database: Database, clock: FixedClock) -> None:
    def shown() -> set[int]:
        with own_database.read() as session:
            jobs, _ = OpenJobs(session, clock.today()).list_open_jobs(JobFilters(), limit=50)
            assert OpenJobs(session, clock.today()).count_open_jobs(JobFilters()) == len(jobs)
            return {job.id for job in jobs}

    with own_database.write() as session:
        factories.plant_regions(session)
        firm = factories.verified_employer(session, clock)
        first, second = (open_job(session, clock, firm, title=title).id for title in ("焊工", "瓦工"))
    assert shown() == {first, second}
    with own_database.write() as session:
        firm_id = session.get_one(JobPosting, first).employer_id
        third = open_job(session, clock, session.get_one(Employer, firm_id), title="木工", openings=1).id
    assert shown() == {first, second, third}
    with own_database.write() as session:
        take_place(session, third, clock)
    assert shown() == {first, second}
    with own_database.write() as session:
        county = factories.county_officer()
        act_on_employer(session, county, firm_id, EmployerAction.BAR, clock, reason="收押金")
        assert OpenJobs(session, clock.today()).count_open_jobs(JobFilters()) == 0
    assert shown() == set()


def test_a_board_is_never_altered() -> None:
    one = OpenPosting(3, 1, EmployerKind.PARK, TOWN, None, None, None, 0, 0, (TOWN,))
    before = Board.over([one], 1)
    after = before.changed({3, 4}, [one._replace(id=4)])
    assert before.rows["id"].tolist() == [3]
    assert after.rows["id"].tolist() == [4]
    assert set(before.stops) == {3}
    assert set(after.stops) == {4}
    assert after.list_of_employers({1}) == {4}
