"""看板查询: open postings as plain columns."""

import json
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, Text, cast, select
from sqlalchemy.orm import Session

from app.employers.models import Employer
from app.jobs.board.rows import OpenPosting
from app.jobs.models import JobPosting
from app.jobs.queries import is_public

_AT_ONCE: Final = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def list_open_postings(session: Session, today: date) -> list[OpenPosting]:
    """Every posting that everyone may see."""
    return [_read(row) for row in session.execute(_open_rows(today))]


def list_changed_postings(
    session: Session, ids: Collection[int], employers: Collection[int], today: date
) -> list[OpenPosting]:
    """As `list_open_postings`, for some postings and for all postings of some employers."""
    found: dict[int, OpenPosting] = {}
    for column, wanted in ((JobPosting.id, sorted(ids)), (JobPosting.employer_id, sorted(employers))):
        for start in range(0, len(wanted), _AT_ONCE):
            rows: Iterable[Row[Any]] = session.execute(
                _open_rows(today).where(column.in_(wanted[start : start + _AT_ONCE]))
            )
            found |= {row.id: _read(row) for row in rows}
    return list(found.values())


def _open_rows(today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            JobPosting.id,
            JobPosting.employer_id,
            Employer.kind,
            JobPosting.region_code,
            JobPosting.occupation_code,
            JobPosting.x,
            JobPosting.y,
            JobPosting.wage_month_fen,
            JobPosting.published_at,
            cast(JobPosting.pickup, Text).label("stops"),
        )
        .join(Employer, Employer.id == JobPosting.employer_id)
        .where(is_public(today))
    )


def _read(row: Row[Any]) -> OpenPosting:
    return OpenPosting(
        row.id,
        row.employer_id,
        row.kind,
        row.region_code,
        row.occupation_code,
        row.x,
        row.y,
        row.wage_month_fen,
        published_microseconds(row.published_at),
        tuple(json.loads(row.stops)),
    )


def published_microseconds(moment: datetime) -> int:
    """When a posting was published, as the board keeps it."""
    return (moment - _EPOCH) // _MICROSECOND


def published_words(microseconds: int) -> str:
    """When a posting was published, as the cursors of `jobs.queries` write it."""
    return (_EPOCH + microseconds * _MICROSECOND).isoformat()
