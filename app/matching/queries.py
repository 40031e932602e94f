"""匹配查询: postings as plain columns. No ORM object is made: reading 1,500 of those costs more than
ranking them."""

import json
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Cast, Select, Text, cast, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.clock import office_day
from app.employers import queries as employer_queries
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.matching.facts import PostingFacts
from app.matching.reading.postings import PostingRow, read_posting
from app.regions.models import Region

LIVE = (JobState.OPEN, JobState.FILLED)
"""Filled postings are read too, so that a person can be told how many were full."""


def _as_text(column: InstrumentedAttribute[list[str]]) -> Cast[str]:
    return cast(column, Text)


# In the order of `PostingRow`. Lists come as their JSON text: parsing them costs more than all the rest, and
# a row that was read before need not be parsed again.
_COLUMNS = (
    JobPosting.id,
    JobPosting.employer_id,
    Employer.kind,
    Employer.muted_until,
    Employer.answer_permille,
    Employer.median_answer_hours,
    JobPosting.title,
    JobPosting.description,
    JobPosting.occupation_code,
    JobPosting.region_code,
    JobPosting.address,
    JobPosting.x,
    JobPosting.y,
    JobPosting.point_is_exact,
    JobPosting.wage_min_fen,
    JobPosting.wage_max_fen,
    JobPosting.wage_unit,
    JobPosting.estimate_fen,
    JobPosting.openings,
    JobPosting.filled + JobPosting.held,  # a place kept for somebody hired is taken
    _as_text(JobPosting.skills),
    _as_text(JobPosting.certificates),
    _as_text(JobPosting.demands),
    _as_text(JobPosting.suits),
    _as_text(JobPosting.pickup),
    _as_text(JobPosting.shifts),
    JobPosting.age_min,
    JobPosting.age_max,
    JobPosting.education,
    JobPosting.profile,
    JobPosting.board,
    JobPosting.lodging,
    JobPosting.starts_on,
    JobPosting.valid_until,
    JobPosting.confirmed_at,
    JobPosting.applicants,
)


def list_live_postings(session: Session, today: date) -> list[PostingFacts]:
    """Return the facts of every posting of a verified employer that is open or filled and whose last day
    hasn't passed, by id."""
    return _read_rows(session, _live_rows(today).order_by(JobPosting.id), today)


def list_postings_by_id(session: Session, ids: Collection[int], today: date) -> dict[int, PostingFacts]:
    """As `list_live_postings`, for some postings, by id."""
    return {posting.id: posting for posting in list_changed(session, ids, (), today)}


def list_changed(
    session: Session, ids: Collection[int], employers: Collection[int], today: date
) -> list[PostingFacts]:
    """As `list_live_postings`, for some postings and for all postings of some employers."""
    found: dict[int, PostingFacts] = {}
    for column, wanted in ((JobPosting.id, sorted(ids)), (JobPosting.employer_id, sorted(employers))):
        for start in range(0, len(wanted), _AT_ONCE):
            some = _live_rows(today).where(column.in_(wanted[start : start + _AT_ONCE]))
            found |= {posting.id: posting for posting in _read_rows(session, some, today)}
    return list(found.values())


def list_unmuted(session: Session, first: date, today: date) -> set[int]:
    """Return the ids of firms that were muted on `first` and are no longer today."""
    muted = select(Employer.id).where(Employer.muted_until >= first, Employer.muted_until < today)
    return set(session.scalars(muted))


_AT_ONCE: Final = 500


def _live_rows(today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .where(JobPosting.state.in_(LIVE), JobPosting.valid_until >= today, employer_queries.is_shown())
    )


def _read_rows(session: Session, statement: Select[*tuple[Any, ...]], today: date) -> list[PostingFacts]:
    found: list[PostingFacts] = []
    for row in session.execute(statement):
        columns = tuple(row)
        muted = columns[_MUTED]
        if muted is not None and muted < today:
            # Read like anybody else, so that what was read stays good on another day.
            columns = (*columns[:_MUTED], None, *columns[_MUTED + 1 :])
        found.append(_read_stored(columns))
    return found


@lru_cache(maxsize=100_000)
def _read_stored(columns: tuple[Any, ...]) -> PostingFacts:
    """The facts of a row. They follow from the row alone, so a changed row is read anew."""
    values = dict(zip(_NAMES, columns, strict=True))
    for name in _LISTS:
        values[name] = tuple(json.loads(values[name]))
    values["confirmed_on"] = office_day(values["confirmed_on"])
    muted = values["muted_until"]
    return read_posting(PostingRow(employer_verified=True, is_open=True, **values), muted or date.max)


_NAMES = tuple(name for name in PostingRow._fields if name not in ("employer_verified", "is_open"))
_MUTED = _NAMES.index("muted_until")
_LISTS = ("skills", "certificates", "demands", "suits", "pickup", "shifts")


def find_village_point(session: Session, region_code: str) -> tuple[int, int] | None:
    """Return the point an office gave to a village (12 digits), None for other places and villages
    without one."""
    if len(region_code) != 12:
        return None
    row = session.execute(select(Region.x, Region.y).where(Region.code == region_code)).one_or_none()
    return None if row is None or row.x is None or row.y is None else (row.x, row.y)
