"""名额: places of a posting held for people hired, filled when they start, freed when they don't come.

filled + held <= openings, always: by one guarded UPDATE each, and by a CHECK. Of two takers of the
last place one gets it. The last place filled closes the posting to others; one that is free again opens it.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, update
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.employers.changes import note_change
from app.jobs.errors import JobFull, JobNotFound
from app.jobs.models import JobEvent, JobPosting
from app.jobs.rules import TRANSITIONS
from app.jobs.terms import JobEventKind, JobState


def hold_place(session: Session, job_id: int, clock: Clock) -> None:
    """Keeps a place for somebody who is hired. Raises JobFull."""
    is_free = JobPosting.filled + JobPosting.held < JobPosting.openings
    if _move(session, job_id, clock, is_free, held=JobPosting.held + 1) is None:
        raise JobFull


def release_place(session: Session, job_id: int, clock: Clock) -> None:
    """Gives a held place back: they did not come. Raises JobNotFound where none was held."""
    if _move(session, job_id, clock, JobPosting.held > 0, held=JobPosting.held - 1) is None:
        raise JobNotFound


def fill_held_place(session: Session, job_id: int, clock: Clock, *, actor: Actor = SYSTEM) -> None:
    """Somebody started: their held place is filled. Raises JobNotFound where none was held."""
    row = _move(
        session,
        job_id,
        clock,
        JobPosting.held > 0,
        held=JobPosting.held - 1,
        filled=JobPosting.filled + 1,
    )
    if row is None:
        raise JobNotFound
    if row.filled == row.openings:
        _turn(session, job_id, JobState.OPEN, JobEventKind.FILL, row.state, actor, clock)


def hold_filled_place(session: Session, job_id: int, clock: Clock, *, actor: Actor = SYSTEM) -> None:
    """A start was noted by mistake: the place is held again. Raises JobNotFound where none was filled."""
    row = _move(
        session,
        job_id,
        clock,
        JobPosting.filled > 0,
        held=JobPosting.held + 1,
        filled=JobPosting.filled - 1,
    )
    if row is None:
        raise JobNotFound
    _turn(session, job_id, JobState.FILLED, JobEventKind.REOPEN, row.state, actor, clock)


def _move(
    session: Session, job_id: int, clock: Clock, is_met: ColumnElement[bool], **values: Any
) -> Row[int, int, JobState] | None:
    row = session.execute(
        update(JobPosting)
        .where(JobPosting.id == job_id, is_met)
        .values(**values, updated_at=clock.now(), version=JobPosting.version + 1)
        .returning(JobPosting.filled, JobPosting.openings, JobPosting.state)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is not None:
        note_change(session, job_id=job_id)
    return row


def _turn(
    session: Session,
    job_id: int,
    before: JobState,
    kind: JobEventKind,
    present: JobState,
    actor: Actor,
    clock: Clock,
) -> None:
    """Opens or closes the posting to others, if it is in the state for that."""
    if present is not before:
        return
    after = TRANSITIONS[before, kind]
    session.execute(
        update(JobPosting)
        .where(JobPosting.id == job_id, JobPosting.state == before)
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    session.add(
        JobEvent(
            job_id=job_id,
            kind=kind,
            from_state=before.value,
            to_state=after.value,
            actor_id=actor.user_id,
            at=clock.now(),
        )
    )
