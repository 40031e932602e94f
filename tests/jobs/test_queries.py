"""What is shown to whom, near where, in which order: on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC, SYSTEM, Actor, Grant
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.employers.models import Employer
from app.employers.terms import EmployerKind
from app.jobs import queries
from app.jobs.errors import JobGone, JobNotFound
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.jobs.terms import JobSort, JobState
from app.regions.projection import project
from app.regions.terms import Reach
from tests.employers import factories
from tests.jobs.factories import open_job, put_in_state

TOWN, OTHER_TOWN, VILLAGE, COUNTY = (
    factories.TOWN,
    factories.OTHER_TOWN,
    factories.VILLAGE,
    factories.COUNTY,
)


@pytest.fixture
def employer(session: Session, clock: FixedClock) -> Employer:
    return factories.verified_employer(session, clock)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    session.flush()
    session.expunge_all()
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield sent
    event.remove(bind, "before_cursor_execute", note)


def titles(session: Session, clock: FixedClock, filters: JobFilters | None = None) -> list[str]:
    jobs, cursor = queries.list_open_jobs(session, filters or JobFilters(), clock.today(), limit=100)
    assert cursor is None
    return [job.title for job in jobs]


def test_the_public_sees_only_what_is_really_on_offer(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    open_job(session, clock, employer, title="在招")
    for state in JobState:
        if state is not JobState.OPEN:
            put_in_state(session, open_job(session, clock, employer, title=state.label + "的"), state)
    open_job(session, clock, employer, title="满了", openings=1).filled = 1
    open_job(session, clock, employer, title="过期").valid_until = clock.today() - timedelta(days=1)
    open_job(session, clock, factories.pending_employer(session, clock), title="没核验")
    session.flush()
    assert titles(session, clock) == ["在招"]


def test_managed_postings_by_role(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = put_in_state(session, open_job(session, clock, employer), JobState.REVIEW)
    seeing = [
        factories.member_of(employer),
        factories.township_officer(),
        factories.county_officer(),
        factories.officer(Role.CITY_VIEWER, "610200"),
        factories.officer(Role.PROVINCE_VIEWER, "610000"),
        Actor(8, "审计", (Grant(Role.AUDITOR),)),
        SYSTEM,
    ]
    blind = [
        PUBLIC,
        factories.somebody(),
        factories.village_officer(),
        factories.township_officer(OTHER_TOWN),
        factories.county_officer(factories.OTHER_COUNTY),
        factories.officer(Role.PROVINCE_VIEWER, "440000"),
        factories.member_of(factories.verified_employer(session, clock, name="另一家")),
        Actor(9, "管机器的", (Grant(Role.ADMIN),)),
    ]
    for actor in seeing:
        assert queries.get_visible_job(session, actor, job.id, clock.today()).id == job.id
        assert queries.get_managed_job(session, actor, job.id).id == job.id
    for actor in blind:
        with pytest.raises(JobNotFound):
            queries.get_visible_job(session, actor, job.id, clock.today())
        with pytest.raises(JobNotFound):
            queries.get_managed_job(session, actor, job.id)


def test_what_ended_is_gone_and_what_never_was_shown_is_not_there(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer)
    put_in_state(session, job, JobState.CLOSED)
    with pytest.raises(JobGone):
        queries.get_visible_job(session, PUBLIC, job.id, clock.today())
    put_in_state(session, job, JobState.DRAFT)
    with pytest.raises(JobNotFound):
        queries.get_visible_job(session, PUBLIC, job.id, clock.today())


@pytest.mark.parametrize("word", ["焊工", "电焊", "焊", "CO2", "红星", "董家河", "电焊 石柱原"])
def test_search_finds_short_words(session: Session, clock: FixedClock, employer: Employer, word: str) -> None:
    open_job(session, clock, employer, title="电焊工", description="会 CO2 保护焊", region_code=VILLAGE)
    open_job(session, clock, factories.verified_employer(session, clock, name="别家"), title="会计")
    expected = ["电焊工"]
    if word == "董家河":
        expected = ["会计", "电焊工"]  # both lie in 董家河镇
    assert sorted(titles(session, clock, JobFilters(query=word))) == sorted(expected)


def test_search_follows_changes_and_takes_any_sign(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer, title="会计")
    assert titles(session, clock, JobFilters(query="会计")) == ["会计"]
    job.search_text = "出 纳"
    session.flush()
    assert titles(session, clock, JobFilters(query="会计")) == []
    for odd in ['"', "会计'; DROP TABLE x", "*", "OR AND NOT", "(((", "％", "-出纳"]:
        titles(session, clock, JobFilters(query=odd))


def test_search_by_the_everyday_name(session: Session, clock: FixedClock, employer: Employer) -> None:
    open_job(session, clock, employer, title="母婴护理", occupation="月嫂")
    assert titles(session, clock, JobFilters(query="月嫂")) == ["母婴护理"]


def spread_out(session: Session, clock: FixedClock, employer: Employer) -> None:
    for title, region in [
        ("本村", VILLAGE),
        ("本镇", TOWN),
        ("邻镇", OTHER_TOWN),
        ("本县", COUNTY),
        ("邻县", factories.OTHER_COUNTY),
        ("外省", "320505"),
    ]:
        open_job(session, clock, employer, title=title, region_code=region)


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (Reach.VILLAGE, {"本村"}),
        (Reach.TOWNSHIP, {"本村", "本镇"}),
        (Reach.COUNTY, {"本村", "本镇", "邻镇", "本县"}),
        (Reach.CITY, {"本村", "本镇", "邻镇", "本县", "邻县"}),
        (Reach.PROVINCE, {"本村", "本镇", "邻镇", "本县", "邻县"}),
        (Reach.ANYWHERE, {"本村", "本镇", "邻镇", "本县", "邻县", "外省"}),
    ],
)
def test_reach_around_a_village(
    session: Session, clock: FixedClock, employer: Employer, reach: Reach, expected: set[str]
) -> None:
    spread_out(session, clock, employer)
    assert set(titles(session, clock, JobFilters(region_code=VILLAGE, within=reach))) == expected


def test_a_region_alone_is_the_place_itself(session: Session, clock: FixedClock, employer: Employer) -> None:
    spread_out(session, clock, employer)
    assert set(titles(session, clock, JobFilters(region_code="610200"))) == {
        "本村",
        "本镇",
        "邻镇",
        "本县",
        "邻县",
    }


@pytest.mark.parametrize(
    ("stop", "comes"), [(VILLAGE, True), (TOWN, True), (COUNTY, True), (OTHER_TOWN, False)]
)
def test_a_bus_from_home_counts_as_township(
    session: Session, clock: FixedClock, employer: Employer, stop: str, comes: bool
) -> None:
    open_job(session, clock, employer, region_code="320505", pickup=[stop])
    found = titles(session, clock, JobFilters(region_code=VILLAGE, within=Reach.TOWNSHIP))
    assert bool(found) is comes
    assert titles(session, clock, JobFilters(region_code=VILLAGE, within=Reach.VILLAGE)) == []


def test_counts_agree_with_lists_and_take_one_statement(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    spread_out(session, clock, employer)
    open_job(session, clock, employer, title="有班车", region_code="320505", pickup=[TOWN])
    with counted(session) as sent:
        counts = queries.count_by_reach(session, VILLAGE, clock.today())
    assert len(sent) == 1
    for reach in Reach:
        assert counts[reach] == len(titles(session, clock, JobFilters(region_code=VILLAGE, within=reach)))
    filters = JobFilters(query="本镇")
    assert queries.count_by_reach(session, VILLAGE, clock.today(), filters)[Reach.TOWNSHIP] == 1


def test_counts_by_trade(session: Session, clock: FixedClock, employer: Employer) -> None:
    open_job(session, clock, employer, title="焊接", occupation="6-18-02-04")
    open_job(session, clock, employer, title="卖货", occupation="4-01-02-01")
    groups = {"焊": ["6-18-02-"], "卖": ["4-01-", "4-02-"], "无": ["7-"]}
    counts = queries.count_by_occupations(session, groups, JobFilters(), clock.today())
    assert counts == {"焊": 1, "卖": 1, "无": 0}
    assert titles(session, clock, JobFilters(occupations=("4-01-", "4-02-"))) == ["卖货"]


def test_other_filters(session: Session, clock: FixedClock, employer: Employer) -> None:
    farm = factories.verified_employer(session, clock, name="张家农场", kind="family_farm")
    open_job(session, clock, employer, title="厂里")
    open_job(session, clock, farm, title="地里")
    assert titles(session, clock, JobFilters(employer_kind=EmployerKind.FAMILY_FARM)) == ["地里"]
    assert titles(session, clock, JobFilters(employer_id=employer.id)) == ["厂里"]


def test_distance_radius_and_order(session: Session, clock: FixedClock, employer: Employer) -> None:
    home = project(108.98, 34.91)
    for title, lng in [("远的", 109.20), ("近的", 108.99), ("中间", 109.05)]:
        open_job(session, clock, employer, title=title, lng=lng, lat=34.91)
    assert titles(session, clock, JobFilters(near=home)) == ["近的", "中间", "远的"]
    assert titles(session, clock, JobFilters(near=home, radius_m=8_000)) == ["近的", "中间"]
    job = open_job(session, clock, employer, title="没有点")
    job.x = job.y = None
    session.flush()
    assert titles(session, clock, JobFilters(near=home))[-1] == "没有点"


def test_sorting_by_pay_compares_months(session: Session, clock: FixedClock, employer: Employer) -> None:
    for title, amount, unit in [("月", 400000, "month"), ("天", 20000, "day"), ("时", 1500, "hour")]:
        open_job(session, clock, employer, title=title + "工", wage={"max_fen": amount, "unit": unit})
    open_job(session, clock, employer, title="面议", wage={"negotiable": True})
    assert titles(session, clock, JobFilters(sort=JobSort.WAGE)) == ["天工", "月工", "时工", "面议"]


def test_a_page_is_one_statement_and_lazy_loading_is_an_error(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    for number in range(25):
        open_job(session, clock, employer, title=f"第{number}个")
    with counted(session) as sent:
        jobs, cursor = queries.list_open_jobs(session, JobFilters(), clock.today(), limit=20)
        assert [job.employer.name for job in jobs] == ["耀州红星制衣"] * 20
    assert (len(sent), cursor is not None) == (1, True)
    session.expunge_all()
    bare = session.get_one(JobPosting, jobs[0].id)
    with pytest.raises(InvalidRequestError):
        bare.employer  # noqa: B018


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_paging_has_no_gap_and_no_repeat_while_postings_come_and_go(
    session: Session, clock: FixedClock, data: st.DataObject
) -> None:
    with session.begin_nested() as savepoint:
        employer = factories.verified_employer(session, clock)
        wages = data.draw(st.lists(st.integers(1, 4), min_size=8, max_size=14))
        stay = set()
        for number, wage in enumerate(wages):
            form = {"wage": {"max_fen": wage, "unit": "month"}, "lng": 109.0 + wage / 10, "lat": 34.9}
            stay.add(open_job(session, clock, employer, title=f"第{number}个", **form).id)
        sort = data.draw(st.sampled_from(JobSort))
        filters = JobFilters(sort=sort, near=project(109.0, 34.9))
        seen: list[int] = []
        cursor: str | None = None
        while True:
            limit = data.draw(st.integers(1, 4))
            jobs, cursor = queries.list_open_jobs(session, filters, clock.today(), limit=limit, cursor=cursor)
            seen += [job.id for job in jobs]
            if cursor is None:
                break
            if data.draw(st.booleans()):
                wage = data.draw(st.integers(1, 4))
                form = {"wage": {"max_fen": wage, "unit": "month"}, "lng": 109.0 + wage / 10, "lat": 34.9}
                open_job(session, clock, employer, title="新来的", **form)
            gone = data.draw(st.sampled_from(sorted(stay)))
            if data.draw(st.booleans()):
                put_in_state(session, session.get_one(JobPosting, gone), JobState.CLOSED)
                stay.discard(gone)
            if not stay:
                break
        assert len(seen) == len(set(seen))
        assert stay <= set(seen)
        savepoint.rollback()
