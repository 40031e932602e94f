"""匹配查询: postings as plain columns. No ORM object is made: reading 1,500 of those costs more than
ranking them."""

import json
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Cast, Text, cast, select
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
    JobPosting.filled,
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
)


def list_live_postings(session: Session, today: date) -> list[PostingFacts]:
    """Return the facts of every posting of a verified employer that is open or filled and whose last day
    hasn't passed, by id."""
    statement = (
        select(*_COLUMNS)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .where(JobPosting.state.in_(LIVE), JobPosting.valid_until >= today, employer_queries.is_shown())
        .order_by(JobPosting.id)
    )
    return [_read_stored(tuple(row), today) for row in session.execute(statement)]


@lru_cache(maxsize=100_000)
def _read_stored(columns: tuple[Any, ...], today: date) -> PostingFacts:
    """The facts of a row. They follow from the row and the day alone, so a changed row is read anew."""
    values = dict(zip(_NAMES, columns, strict=True))
    for name in _LISTS:
        values[name] = tuple(json.loads(values[name]))
    values["confirmed_on"] = office_day(values["confirmed_on"])
    return read_posting(PostingRow(employer_verified=True, is_open=True, **values), today)


_NAMES = tuple(
    name for name in PostingRow._fields if name not in ("employer_verified", "is_open", "applicants")
)
_LISTS = ("skills", "certificates", "demands", "suits", "pickup", "shifts")


def find_village_point(session: Session, region_code: str) -> tuple[int, int] | None:
    """Return the point an office gave to a village (12 digits), None for other places and villages
    without one."""
    if len(region_code) != 12:
        return None
    row = session.execute(select(Region.x, Region.y).where(Region.code == region_code)).one_or_none()
    return None if row is None or row.x is None or row.y is None else (row.x, row.y)
