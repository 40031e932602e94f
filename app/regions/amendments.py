"""本级改动: what offices changed in the table of regions, brought into every process's gazetteer.

The database is the truth; `regions.gazetteer` is a process's memory of it. A process that changes a division
lays the change over its own memory when its transaction has committed. Every other process (web servers, the
worker) runs `watch`, which asks once a second for the newest revision. In that second names may be old, but
nobody sees more: permissions compare codes, codes are moved in the database, and a place that a process
does not know yet is a place nobody may enter there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from sqlalchemy import event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.db import Database
from app.regions import gazetteer
from app.regions.change_models import RegionChange
from app.regions.gazetteer import Amendments, Division
from app.regions.models import Region
from app.regions.terms import Level, RegionChangeKind, RegionChangeState, RegionSource

log = structlog.get_logger()
# Reading one number once a second costs nothing, and a new name is up before anyone could wonder.
LOOK_EVERY_S: Final = 1.0


def refresh(session: Session) -> bool:
    """Brings this process's gazetteer to what the database says; whether anything was new."""
    revision = latest_revision(session)
    if revision == gazetteer.gazetteer().revision:
        return False
    gazetteer.amend(read_amendments(session, revision))
    return True


def latest_revision(session: Session) -> int:
    """Rises with every change that takes effect or is undone; 0 before the first."""
    return session.scalar(select(func.max(RegionChange.revision))) or 0


def amend_after_commit(session: Session) -> None:
    """Lays what this session has changed over the process's gazetteer as soon as it has committed; a rollback
    forgets it."""
    session.flush()
    session.info["regions.amendments"] = read_amendments(session, latest_revision(session))


@event.listens_for(Session, "after_commit")
def _amend(session: Session) -> None:
    if session.get_nested_transaction() is not None:
        return  # a savepoint; the transaction itself may still be rolled back
    amendments: Amendments | None = session.info.pop("regions.amendments", None)
    if amendments is not None:
        gazetteer.amend(amendments)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("regions.amendments", None)


def read_amendments(session: Session, revision: int) -> Amendments:
    """All that differs from the built-in table: a few rows, whatever the size of the table."""
    changed = session.scalars(
        select(Region).where(
            Region.level != Level.VILLAGE,
            Region.source == RegionSource.OFFICE,
            Region.retired_on.is_(None),
        )
    )
    retired = session.scalars(
        select(Region).where(Region.level != Level.VILLAGE, Region.moved_to.is_not(None))
    ).all()
    moved = session.execute(select(Region.code, Region.moved_to).where(Region.moved_to.is_not(None)))
    renamed = session.execute(
        select(RegionChange.old_name, RegionChange.new_code).where(
            RegionChange.state == RegionChangeState.APPLIED,
            RegionChange.kind == RegionChangeKind.RENAME,
        )
    )
    known = [(row.old_name, row.new_code) for row in renamed if len(row.new_code) < 12]
    known += [(region.name, region.moved_to) for region in retired if region.moved_to is not None]
    return Amendments(
        revision,
        tuple(_division(region) for region in changed),
        tuple(_division(region) for region in retired),
        {old: new for old, new in moved if new is not None},
        tuple(known),
    )


def _division(region: Region) -> Division:
    before = gazetteer.built_in().divisions.get(region.code)
    return Division(
        region.code,
        region.name,
        region.short_name,
        region.level,
        before.levels if before else (region.level,),
        region.parent_code,
        region.pinyin,
        region.initials,
        region.x,
        region.y,
    )


@contextmanager
def watching(database: Database) -> Iterator[None]:
    """Keeps this process's gazetteer up to date while the block runs (a thread of its own)."""
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(LOOK_EVERY_S):
            _look(database)

    _look(database)
    thread = threading.Thread(target=look, name="regions", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def _look(database: Database) -> None:
    try:
        with database.read() as session:
            if refresh(session):
                log.info("regions_read_anew", revision=gazetteer.gazetteer().revision)
    except SQLAlchemyError as error:
        # Not migrated yet, or away for a moment: the next look will tell.
        log.warning("regions_not_read", kind=type(error).__name__)
