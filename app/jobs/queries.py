"""岗位查询: the only place with conditions on postings. Everything shown starts from `visible_jobs`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.pagination import SortKey, paginate
from app.core.search import search_words, text_matches
from app.employers import queries as employer_queries
from app.employers.models import Employer
from app.employers.terms import EmployerKind
from app.jobs.errors import JobGone, JobNotFound
from app.jobs.models import JobEvent, JobPosting
from app.jobs.terms import JobSort, JobState
from app.regions.gazetteer import ancestors
from app.regions.models import Region
from app.regions.queries import hold_living
from app.regions.scope import reach_prefix, scope_prefix
from app.regions.terms import Reach

FAR: Final = 4_000_000_000_000_000
"""Squared metres of a posting without any known place: behind all others."""
_SHOWN_ONCE: Final = frozenset(
    {JobState.OPEN, JobState.PAUSED, JobState.FILLED, JobState.EXPIRED, JobState.CLOSED}
)

Point = tuple[int, int]


@dataclass(frozen=True)
class JobFilters:
    """岗位筛选: what a list of open postings is narrowed to.

    `region_code` with `within` is the area around that place, including postings whose bus comes there;
    alone it is the place itself. `beyond` leaves out a nearer area around it (省内 without 本区). `near` is
    a point in projected metres, the start for distances; `radius_m` metres around it. `occupations` are code
    prefixes ('4-01-'), one of which must fit.
    """

    region_code: str | None = None
    within: Reach | None = None
    beyond: Reach | None = None
    query: str = ""
    occupations: tuple[str, ...] = ()
    near: Point | None = None
    radius_m: int | None = None
    employer_kind: EmployerKind | None = None
    employer_id: int | None = None
    sort: JobSort | None = None


def is_public(today: date) -> ColumnElement[bool]:
    """Open, not expired, places left, and the employer verified. Needs `Employer` joined."""
    return and_(
        JobPosting.state == JobState.OPEN,
        JobPosting.valid_until >= today,
        JobPosting.filled < JobPosting.openings,
        employer_queries.is_shown(),
    )


def public_jobs(today: date) -> Select[JobPosting]:
    """Postings that everyone may see, each with its employer."""
    return _jobs().where(is_public(today))


def visible_jobs(actor: Actor, today: date) -> Select[JobPosting]:
    """Postings `actor` may see, in any state: public ones and those they manage."""
    return _jobs().where(or_(is_public(today), _is_managed(actor)))


def managed_jobs(actor: Actor) -> Select[JobPosting]:
    """Postings in `actor`'s care, in any state: of their own firm, or kept by an office of their region."""
    return _jobs().where(_is_managed(actor))


def _jobs() -> Select[JobPosting]:
    return (
        select(JobPosting)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(contains_eager(JobPosting.employer))
    )


def _is_managed(actor: Actor) -> ColumnElement[bool]:
    prefixes = reading_prefixes(actor, Resource.POSTING)
    ways = [lies_in(JobPosting.office_code, prefix) for prefix in prefixes]
    firms = employer_queries.firms_of(actor)
    if firms:
        ways.append(JobPosting.employer_id.in_(sorted(firms)))
    return or_(*ways) if ways else false()


def lies_in(column: Any, prefix: str) -> ColumnElement[bool]:
    """Whether a region code begins with `prefix`, as a range that an index serves under every collation."""
    if not prefix:
        return true()
    condition: ColumnElement[bool] = column.between(prefix, prefix.ljust(12, "9"))
    return condition


def is_within(region_code: str, reach: Reach) -> ColumnElement[bool]:
    """Postings in reach of someone at `region_code`; a bus from their village or town counts as township
    (MATCHING, reach). Raises UnknownRegion."""
    inside = lies_in(JobPosting.region_code, reach_prefix(region_code, reach))
    if reach in (Reach.VILLAGE, Reach.ANYWHERE):
        return inside
    return or_(inside, _bus_comes_to(region_code))


def _bus_comes_to(region_code: str) -> ColumnElement[bool]:
    """A stop is the place itself, something around it, or, for a town, something in it."""
    codes = [step.code for step in ancestors(region_code)]
    if len(region_code) == 12:
        codes.append(region_code)
    stops = cast(JobPosting.pickup, Text)
    ways = [stops.contains(f'"{code}"') for code in codes]
    if len(region_code) >= 9:
        ways.append(stops.contains(f'"{region_code[:9]}'))
    return and_(stops != "[]", or_(*ways))


def _conditions(filters: JobFilters) -> Iterable[ColumnElement[bool]]:
    if filters.region_code is not None:
        if filters.within is not None:
            yield is_within(filters.region_code, filters.within)
        else:
            yield lies_in(JobPosting.region_code, scope_prefix(filters.region_code))
        if filters.beyond is not None:
            yield not_(is_within(filters.region_code, filters.beyond))
    if filters.occupations:
        yield _has_occupation(filters.occupations)
    if filters.employer_kind is not None:
        yield Employer.kind == filters.employer_kind
    if filters.employer_id is not None:
        yield JobPosting.employer_id == filters.employer_id
    for word in search_words(filters.query):
        yield text_matches(JobPosting, word)
    if filters.near is not None and filters.radius_m is not None:
        x, y = filters.near
        reach = filters.radius_m
        yield JobPosting.x.between(x - reach, x + reach)
        yield JobPosting.y.between(y - reach, y + reach)
        yield _squared_way(filters.near) <= reach * reach


def _has_occupation(prefixes: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(JobPosting.occupation_code.startswith(prefix, autoescape=True) for prefix in prefixes))


def _squared_way(start: Point) -> ColumnElement[int]:
    east = cast(JobPosting.x, BigInteger) - start[0]
    north = cast(JobPosting.y, BigInteger) - start[1]
    return func.coalesce(east * east + north * north, FAR)


def squared_way(job: JobPosting, start: Point) -> int:
    """Squared metres from `start` to the posting, as the database computes it."""
    if job.x is None or job.y is None:
        return FAR
    return (job.x - start[0]) ** 2 + (job.y - start[1]) ** 2


def list_open_jobs(
    session: Session, filters: JobFilters, today: date, *, limit: int, cursor: str | None = None
) -> tuple[list[JobPosting], str | None]:
    """One page of what everyone may see, employers loaded, and the cursor of the next page.

    Sorted by distance where `near` is given, else by the day it was published, unless `sort` says otherwise;
    sorting by distance without `near` falls back to newest. Raises UnknownRegion, Invalid for a bad cursor.
    """
    return _one_page(session, public_jobs(today).where(*_conditions(filters)), filters, limit, cursor)


def list_managed_jobs(
    session: Session,
    actor: Actor,
    filters: JobFilters,
    *,
    states: Sequence[JobState] = (),
    limit: int,
    cursor: str | None = None,
) -> tuple[list[JobPosting], str | None]:
    """One page of the postings in `actor`'s care, in the given states (empty: all)."""
    statement = managed_jobs(actor).where(*_conditions(filters))
    if states:
        statement = statement.where(JobPosting.state.in_(states))
    return _one_page(session, statement, filters, limit, cursor)


def _one_page(
    session: Session, statement: Select[Any], filters: JobFilters, limit: int, cursor: str | None
) -> tuple[list[JobPosting], str | None]:
    sort = filters.sort or (JobSort.DISTANCE if filters.near else JobSort.NEWEST)
    near = filters.near
    by_id = SortKey(JobPosting.__table__.c.id, descending=True)
    if sort is JobSort.DISTANCE and near is not None:
        start = near
        return paginate(
            session,
            statement,
            [SortKey(_squared_way(start)), by_id],
            limit=limit,
            cursor=cursor,
            sort_values=lambda job: (squared_way(job, start), job.id),
            parse=(int, int),
        )
    if sort is JobSort.WAGE:
        return paginate(
            session,
            statement,
            [SortKey(JobPosting.__table__.c.wage_month_fen, descending=True), by_id],
            limit=limit,
            cursor=cursor,
            sort_values=lambda job: (job.wage_month_fen, job.id),
            parse=(int, int),
        )
    return paginate(
        session,
        statement,
        [SortKey(JobPosting.__table__.c.published_at, descending=True), by_id],
        limit=limit,
        cursor=cursor,
        sort_values=lambda job: (job.published_at.isoformat(), job.id),
        parse=(datetime.fromisoformat, int),
    )


def count_open_jobs(session: Session, filters: JobFilters, today: date) -> int:
    """How many postings `list_open_jobs` would show in all."""
    statement = (
        select(func.count())
        .select_from(JobPosting)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .where(is_public(today), *_conditions(filters))
    )
    return session.scalar(statement) or 0


def count_by_reach(
    session: Session, region_code: str, today: date, filters: JobFilters | None = None
) -> dict[Reach, int]:
    """How many open postings lie within each reach of a place, in one statement. `filters` narrows further
    (its own region and reach are left aside). Raises UnknownRegion."""
    rest = replace(filters or JobFilters(), region_code=None, within=None, beyond=None)
    columns = [
        func.coalesce(func.sum(case((is_within(region_code, reach), 1), else_=0)), 0) for reach in Reach
    ]
    row = session.execute(
        select(*columns)
        .select_from(JobPosting)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .where(is_public(today), *_conditions(rest))
    ).one()
    return dict(zip(Reach, (int(count) for count in row), strict=True))


def count_by_occupations(
    session: Session, groups: Mapping[str, Sequence[str]], filters: JobFilters, today: date
) -> dict[str, int]:
    """How many open postings fall into each named group of occupation prefixes, in one statement. The
    filter's own occupations are left aside."""
    rest = replace(filters, occupations=())
    columns = [
        func.coalesce(func.sum(case((_has_occupation(prefixes), 1), else_=0)), 0)
        for prefixes in groups.values()
    ]
    if not columns:
        return {}
    row = session.execute(
        select(*columns)
        .select_from(JobPosting)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .where(is_public(today), *_conditions(rest))
    ).one()
    return dict(zip(groups, (int(count) for count in row), strict=True))


def get_visible_job(session: Session, actor: Actor, job_id: int, today: date) -> JobPosting:
    """One posting with its employer. Raises JobGone for one that was shown once and ended, else JobNotFound
    (also: it exists, but is none of `actor`'s business)."""
    job = session.scalar(visible_jobs(actor, today).where(JobPosting.id == job_id))
    if job is not None:
        return job
    gone = session.execute(
        select(JobPosting.state, Employer.state)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .where(JobPosting.id == job_id, JobPosting.state.in_(_SHOWN_ONCE), employer_queries.is_shown())
    ).one_or_none()
    raise JobGone if gone is not None else JobNotFound


def get_managed_job(session: Session, actor: Actor, job_id: int) -> JobPosting:
    """One posting in `actor`'s care, freshly read with its employer. Raises JobNotFound."""
    job = session.scalar(
        managed_jobs(actor).where(JobPosting.id == job_id).execution_options(populate_existing=True)
    )
    if job is None:
        raise JobNotFound
    return job


def list_jobs_by_id(session: Session, ids: Sequence[int], today: date) -> list[JobPosting]:
    """Public postings with these ids, employers loaded, in the order given; those gone meanwhile left out."""
    found = {job.id: job for job in session.scalars(public_jobs(today).where(JobPosting.id.in_(ids)))}
    return [found[job_id] for job_id in ids if job_id in found]


def list_events(session: Session, job_id: int) -> list[JobEvent]:
    """What happened to a posting, oldest first. The caller has made sure it may be seen."""
    return list(session.scalars(select(JobEvent).where(JobEvent.job_id == job_id).order_by(JobEvent.id)))


def find_jobs_by_key(session: Session, keys: Sequence[str]) -> dict[str, JobPosting]:
    """Postings by their identity in imports, freshly read."""
    rows = session.scalars(
        select(JobPosting).where(JobPosting.content_key.in_(keys)).execution_options(populate_existing=True)
    )
    return {row.content_key: row for row in rows if row.content_key is not None}


def list_jobs_by_key(session: Session, keys: Sequence[str]) -> list[JobPosting]:
    """Postings by their identity in imports, employers loaded."""
    return list(session.scalars(_jobs().where(JobPosting.content_key.in_(keys)).order_by(JobPosting.id)))


def list_overdue_states(session: Session, today: date, limit: int) -> Sequence[Row[int, JobState]]:
    """Id and state of postings whose last day has passed but whose state does not say so yet."""
    live = (JobState.OPEN, JobState.PAUSED, JobState.FILLED)
    return session.execute(
        select(JobPosting.id, JobPosting.state)
        .where(JobPosting.state.in_(live), JobPosting.valid_until < today)
        .order_by(JobPosting.id)
        .limit(limit)
    ).all()


def list_places(session: Session, codes: Collection[str]) -> dict[str, Region]:
    """Living places by code, for writing records under them (see regions.queries.hold_living)."""
    return hold_living(session, codes)


def list_village_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Names of the villages (12 digits) among these codes: they are not built in."""
    villages = {code for code in codes if len(code) == 12}
    if not villages:
        return {}
    rows = session.execute(select(Region.code, Region.name).where(Region.code.in_(villages)))
    return {row.code: row.name for row in rows}


def list_ids_by_key(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """Ids by identity in imports."""
    rows = session.execute(
        select(JobPosting.content_key, JobPosting.id).where(JobPosting.content_key.in_(keys))
    )
    return {key: row_id for key, row_id in rows if key is not None}
