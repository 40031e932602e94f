"""匹配查询: postings as plain columns. No ORM object is made: reading 1,500 of those costs more than
ranking them."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import office_day
from app.employers import queries as employer_queries
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.matching.postings import PostingRow
from app.regions.models import Region

LIVE = (JobState.OPEN, JobState.FILLED)
"""Filled postings are read too, so that a person can be told how many were full."""

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
    JobPosting.skills,
    JobPosting.certificates,
    JobPosting.demands,
    JobPosting.suits,
    JobPosting.pickup,
    JobPosting.age_min,
    JobPosting.age_max,
    JobPosting.education,
    JobPosting.profile,
    JobPosting.shifts,
    JobPosting.board,
    JobPosting.lodging,
    JobPosting.starts_on,
    JobPosting.valid_until,
    JobPosting.confirmed_at,
)


def list_live_postings(session: Session, today: date) -> list[PostingRow]:
    """Return every posting of a verified employer that is open or filled and whose last day hasn't
    passed, by id."""
    statement = (
        select(*_COLUMNS)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .where(JobPosting.state.in_(LIVE), JobPosting.valid_until >= today, employer_queries.is_shown())
        .order_by(JobPosting.id)
    )
    rows: list[PostingRow] = []
    for row in session.execute(statement):
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in row._mapping.items()
        }
        confirmed_on = office_day(values.pop("confirmed_at"))
        rows.append(
            PostingRow(
                employer_kind=values.pop("kind"),
                employer_verified=True,
                confirmed_on=confirmed_on,
                is_open=True,
                **values,
            )
        )
    return rows


def find_village_point(session: Session, region_code: str) -> tuple[int, int] | None:
    """Return the point an office gave to a village (12 digits), None for other places and villages
    without one."""
    if len(region_code) != 12:
        return None
    row = session.execute(select(Region.x, Region.y).where(Region.code == region_code)).one_or_none()
    return None if row is None or row.x is None or row.y is None else (row.x, row.y)
