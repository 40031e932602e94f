"""Files are not kept for ever."""

from datetime import timedelta

from sqlalchemy import func, select

from app.core.tasks import TaskContext
from app.seekers.imports import tasks
from app.seekers.imports.models import ImportBatch, ImportChunk
from app.seekers.imports.terms import ImportState
from tests.seekers.imports.conftest import Desk
from tests.seekers.imports.sheets import person


def forget(desk: Desk) -> None:
    with desk.database.write() as session:
        tasks.forget_files(TaskContext(session, desk.clock), {})


def test_the_rows_of_a_file_go_when_they_are_old_and_the_counts_stay(desk: Desk) -> None:
    desk.take_in([person()])
    desk.clock.move(timedelta(days=99))
    forget(desk)
    with desk.database.read() as session:
        assert session.scalar(select(func.count(ImportChunk.sealed))) == 1
    desk.clock.move(timedelta(days=2))
    forget(desk)
    with desk.database.read() as session:
        assert session.scalar(select(func.count(ImportChunk.sealed))) == 0
        batch = session.scalars(select(ImportBatch)).one()
        assert (batch.state, batch.counts) == (ImportState.DONE, {"new": 1})


def test_what_was_never_taken_in_goes_sooner(desk: Desk) -> None:
    desk.take_in([person()], dry_run=True)
    desk.clock.move(timedelta(days=31))
    forget(desk)
    with desk.database.read() as session:
        assert session.scalar(select(func.count(ImportChunk.id))) == 0
        assert session.scalars(select(ImportBatch.state)).one() is ImportState.FAILED
