"""岗位变更记录: the log that caches of open postings follow, written with every change."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from app.employers.models import PostingChange

_KEPT: Final = 20_000
_LATE_AT_MOST: Final = 200
"""So many other changes are not committed while one transaction that changes a posting is open."""
_ONE_BY_ONE: Final = 50
"""Larger batches write one row: a follower would read everything again anyway."""


def note_change(session: Session, *, job_id: int | None = None, employer_id: int | None = None) -> None:
    """Notes a changed posting, a changed employer (all its postings), or, without either, a whole batch."""
    session.execute(insert(PostingChange).values(job_id=job_id, employer_id=employer_id))


def note_changed_jobs(session: Session, job_ids: list[int]) -> None:
    """Notes several changed postings."""
    if len(job_ids) > _ONE_BY_ONE:
        note_change(session)
    elif job_ids:
        session.execute(insert(PostingChange), [{"job_id": job_id} for job_id in job_ids])


def drop_old_changes(session: Session) -> None:
    """Forgets all but the newest 20,000: a follower further behind reads everything again."""
    session.execute(delete(PostingChange).where(PostingChange.id <= newest_change(session) - _KEPT))


def head_of_log() -> Select[int | None, int]:
    """A question whose answer differs after every committed change. A number that becomes visible late, on
    PostgreSQL, changes the count of the last ones."""
    newest = select(func.max(PostingChange.id)).scalar_subquery()
    return select(func.max(PostingChange.id), func.count()).where(PostingChange.id > newest - _LATE_AT_MOST)


def newest_change(session: Session) -> int:
    """The newest number of the log, 0 before the first."""
    return session.scalar(select(func.max(PostingChange.id))) or 0


def list_changes(
    session: Session, newest: int, gaps: Collection[int]
) -> list[Row[int, int | None, int | None]]:
    """Number, posting and employer of the changes from number `newest` on, and of those of `gaps` that are
    there by now, by number."""
    connection = session.connection()
    found = list(connection.execute(_CHANGES_FROM, {"newest": newest}))
    if gaps:
        late = _CHANGES.where(PostingChange.id.in_(sorted(gaps)), PostingChange.id < newest)
        found = [*connection.execute(late), *found]
    return found


# Asked before every question, so it is put together once.
_CHANGES: Final = select(PostingChange.id, PostingChange.job_id, PostingChange.employer_id).order_by(
    PostingChange.id
)
_CHANGES_FROM: Final = _CHANGES.where(PostingChange.id >= bindparam("newest"))
