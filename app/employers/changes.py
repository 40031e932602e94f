"""岗位变更记录: the log that caches of open postings follow, written with every change."""

from typing import Final

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.core.change_log import ChangeLog
from app.employers.models import PostingChange

POSTING_CHANGES: Final = ChangeLog(PostingChange.__table__, "job_id", "employer_id")
_ONE_BY_ONE: Final = 50
"""Larger batches write one row: a follower would read everything again anyway."""


def note_change(session: Session, *, job_id: int | None = None, employer_id: int | None = None) -> None:
    """Notes a changed posting, a changed employer (all its postings), or, without either, a whole batch."""
    POSTING_CHANGES.add(session.connection(), [(job_id, employer_id)])


def note_changed_jobs(session: Session, job_ids: list[int]) -> None:
    """Notes several changed postings."""
    if len(job_ids) > _ONE_BY_ONE:
        note_change(session)
    else:
        POSTING_CHANGES.add(session.connection(), [(job_id, None) for job_id in job_ids])


def drop_old_changes(session: Session) -> None:
    """Forgets all but the newest 20,000: a follower further behind reads everything again."""
    POSTING_CHANGES.drop_old(session)


def head_of_log() -> Select[int | None, int]:
    """A question whose answer differs after every committed change."""
    return POSTING_CHANGES.head()
