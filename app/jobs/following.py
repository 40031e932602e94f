"""跟随变更: keeps what a process remembers of postings in step with the database, in every process by itself.

Every change to a posting writes a row of `posting_changes` in its own transaction. Before a question a
follower looks whether there are rows it has not seen; if so, those postings are read again. What is committed
is in the next answer, whoever committed it. The index of matching and the board of the portal follow this
way; so does the index over people, by a log of its own (`Source.log`).
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from app.core.change_log import ChangeLog
from app.core.db import Database
from app.core.following import (
    connection_notes,
    data_version,
    database_name,
    is_reading,
    running_transactions,
)
from app.employers.changes import POSTING_CHANGES

LOOKED_BACK: Final = 1_000
"""How far back numbers of transactions still open are looked for when all is read anew."""
MOST_CHANGES: Final = 2_000
LONGEST_READ_S: Final = 60.0
"""No reading transaction lasts as long."""
SETTLING_S: Final = 5.0
"""A number's transaction has its own number at the latest after so long."""


def usual_most(memory: object) -> int:
    """How many changes are read one by one; with more, reading everything is quicker."""
    return MOST_CHANGES


class Memory(Protocol):
    """记下的岗位: what is remembered of the postings of one day. Never altered; a change makes a new one."""

    @property
    def today(self) -> int:
        """The day it holds for, as an ordinal."""
        ...


Kept = TypeVar("Kept", bound=Memory)


@dataclass(frozen=True)
class Source(Generic[Kept]):
    """来源: how to read what is remembered. `name` tells the kinds of memory of a database apart."""

    name: str
    read_all: Callable[[Session, date], Kept]
    read_changed: Callable[[Session, Kept, set[int], set[int], date], Kept]
    """The memory after some postings, and all postings of some employers, were read again."""
    log: ChangeLog = POSTING_CHANGES
    most_changes: Callable[[Kept], int] = usual_most
    on_day: Callable[[Session, Kept, date], Kept] | None = None
    """The memory on a later day, where that is quicker than reading everything."""
    shelf: "Shelf[Kept] | None" = None


@dataclass(frozen=True)
class Gap:
    """空号: a number of the log nobody has seen. Its transaction may still commit, or was rolled back."""

    noted_at: float
    before: int | None = None
    """Once this transaction number is the oldest that runs, the gap's own is over."""


@dataclass(frozen=True)
class Stored:
    """存下的: a file, and how far in the log it had come."""

    path: Path
    newest: int


@dataclass(frozen=True)
class Position(Generic[Kept]):
    """位置: what is remembered, and how far in the log it has come."""

    memory: Kept
    newest: int
    confirmed_at: float
    """When the newest number was last seen in the log."""
    gaps: Mapping[int, Gap] = field(default_factory=dict)
    stored: Stored | None = None
    """The file that the memory came out of."""


class Shelf(Protocol[Kept]):
    """架: where a memory is kept when a process ends, and shared with others."""

    def newest(self, session: Session) -> Path | None:
        """The newest file of the session's database."""

    def take(self, session: Session, today: int, *, trusted: bool = False) -> Position[Kept] | None:
        """What the newest file has, if it can be brought up to the day and to what the session sees.
        `trusted`: it was finished just now, and may be newer than that."""

    def is_worn(self, position: Position[Kept]) -> bool:
        """Whether so much has changed since the file was written that a new one is worth its while."""

    def fold(self, memory: Kept) -> Kept:
        """The memory as it can be put into a file."""

    def put(self, session: Session, position: Position[Kept]) -> bool:
        """Write a file, for who is alone; whether it could be done."""

    def alone(self, session: Session, *, patient: bool = True) -> AbstractContextManager[bool]:
        """Wait until nobody else writes (or not); whether this process may now."""


class Follower(Generic[Kept]):
    """跟随者: one database's memory of one kind. May be asked from several threads."""

    def __init__(self, source: Source[Kept]) -> None:
        self._source = source
        self._position: Position[Kept] | None = None
        self._lock = Lock()

    def current(self, session: Session, today: date) -> Kept:
        """The memory as the session sees it: all that is committed, and what the session itself wrote."""
        if not is_reading(session):
            return self._seen_by_writer(session, today)
        version, notes = data_version(session), connection_notes(session)
        seen = f"seen: {self._source.name}"
        position = self._position
        is_current = position is not None and position.memory.today == today.toordinal()
        if position is not None and is_current and version is not None and notes.get(seen) == version:
            return position.memory
        if position is None or not is_current or not self._is_followed(session, position):
            with self._lock:
                position = self._catch_up(session, today)
        notes[seen] = version
        return position.memory

    def _is_followed(self, session: Session, position: Position[Kept]) -> bool:
        """Whether nothing was committed that the position lacks."""
        changes = self._source.log.since(session, position.newest, position.gaps.keys())
        return not position.gaps and [change.number for change in changes] == (
            [position.newest] if position.newest else []
        )

    def _catch_up(self, session: Session, today: date) -> Position[Kept]:
        position = self._position
        if position is None:
            position = self._begin(session, today)
        else:
            position = bring_up(session, self._source, position, today)
        self._position = position
        return position

    def _begin(self, session: Session, today: date) -> Position[Kept]:
        """What the shelf has, brought up to now; where it has nothing, everything is read and put there."""
        source, shelf, day = self._source, self._source.shelf, today.toordinal()
        if shelf is None:
            return read_everything(session, source, today)
        before = shelf.newest(session)
        kept = shelf.take(session, day)
        if kept is None:
            with shelf.alone(session) as is_alone:
                if shelf.newest(session) != before:
                    kept = shelf.take(session, day, trusted=True)
                if kept is None:
                    position = read_everything(session, source, today)
                    if is_alone and shelf.put(session, position):
                        # From now on the memory is the one that other processes have.
                        kept = shelf.take(session, day, trusted=True)
                    return kept or position
        return bring_up(session, source, kept, today)

    def tend(self, read: Callable[[], AbstractContextManager[Session]], today: date) -> None:
        """Bring the memory up to now and see to the shelf: write what has changed much, take over what
        another process has written. `read` opens a reading session."""
        shelf = self._source.shelf
        with read() as session:
            self.current(session, today)
            position = self._position
            if shelf is None or position is None:
                return
            if position.stored is None or shelf.is_worn(position):
                with shelf.alone(session, patient=False) as is_alone:
                    if is_alone and shelf.newest(session) == (position.stored and position.stored.path):
                        shelf.put(session, replace(position, memory=shelf.fold(position.memory)))
            if shelf.newest(session) == (position.stored and position.stored.path):
                return
        with read() as session:
            kept = shelf.take(session, today.toordinal())
        if kept is not None:
            # A session that begins with the lock held sees whatever the sessions of other threads saw.
            with self._lock, read() as session:
                self._position = bring_up(session, self._source, kept, today)

    def _seen_by_writer(self, session: Session, today: date) -> Kept:
        """A writing session sees rows that may never be committed: they stay out of the shared memory."""
        position, shelf = self._position, self._source.shelf
        session.flush()
        if position is None and shelf is not None:
            position = shelf.take(session, today.toordinal())
        if position is None:
            return read_everything(session, self._source, today).memory
        return bring_up(session, self._source, position, today).memory


def bring_up(session: Session, source: Source[Kept], position: Position[Kept], today: date) -> Position[Kept]:
    """The position on a day, after everything the session can see."""
    day = today.toordinal()
    if position.memory.today != day:
        if source.on_day is None or position.memory.today > day:
            return read_everything(session, source, today)
        position = replace(position, memory=source.on_day(session, position.memory, today))
    return advance(session, source, position, today)


def advance(session: Session, source: Source[Kept], position: Position[Kept], today: date) -> Position[Kept]:
    """The position after everything the session can see."""
    changes = source.log.since(session, position.newest, position.gaps.keys())
    if position.newest and all(change.number != position.newest for change in changes):
        # Either this transaction began before another thread came so far, or the log was cut off.
        if monotonic() - position.confirmed_at < LONGEST_READ_S:
            return position
        return read_everything(session, source, today)
    newest = changes[-1].number if changes else 0
    changes = [change for change in changes if change.number != position.newest]
    if len(changes) > source.most_changes(position.memory) or any(
        each.record is None and each.group is None for each in changes
    ):
        return read_everything(session, source, today)
    if changes:
        records = {change.record for change in changes if change.record is not None}
        groups = {change.group for change in changes if change.group is not None}
        memory = source.read_changed(session, position.memory, records, groups, today)
        position = replace(position, memory=memory)
    gaps = _follow_gaps(session, position, {change.number for change in changes}, newest)
    return replace(position, newest=newest, confirmed_at=monotonic(), gaps=gaps)


def read_everything(session: Session, source: Source[Kept], today: date) -> Position[Kept]:
    """A position from nothing: everything is read."""
    newest = source.log.newest(session)
    seen = {change.number for change in source.log.since(session, newest - LOOKED_BACK, ())}
    memory = source.read_all(session, today)
    start = Position(memory, min(seen, default=newest + 1) - 1, monotonic())
    return replace(start, newest=newest, gaps=_follow_gaps(session, start, seen, newest))


def _follow_gaps(session: Session, position: Position[Kept], seen: set[int], newest: int) -> dict[int, Gap]:
    """The numbers to look for again. A gap is given up once every transaction that could own it is over."""
    gaps = {number: gap for number, gap in position.gaps.items() if number not in seen}
    holes = [number for number in range(position.newest + 1, newest) if number not in seen]
    if not gaps and not holes:
        return {}
    running = running_transactions(session)
    if running is None:
        return {}
    oldest, following = running
    now = monotonic()
    kept = dict.fromkeys(holes, Gap(now))
    for number, gap in gaps.items():
        if gap.before is None:
            kept[number] = gap if now - gap.noted_at < SETTLING_S else Gap(gap.noted_at, following)
        elif oldest < gap.before:
            kept[number] = gap
    return kept


class Followers(Generic[Kept]):
    """所有跟随者: one for each database a process knows."""

    def __init__(self, source: Source[Kept]) -> None:
        self._source = source
        self._by_database: dict[str, Follower[Kept]] = {}

    def current(self, session: Session, today: date) -> Kept:
        """What is remembered of the session's database, as the session sees it."""
        name = database_name(session)
        follower = self._by_database.get(name)
        if follower is None:
            follower = self._by_database.setdefault(name, Follower(self._source))
        return follower.current(session, today)

    def forget(self) -> None:
        """Lets go of everything, for a process that starts over on another database of the same name."""
        self._by_database.clear()

    def tend(self, database: Database, today: date) -> None:
        """As `Follower.tend`, for a database."""
        with database.read() as session:
            name = database_name(session)
        follower = self._by_database.setdefault(name, Follower(self._source))
        follower.tend(database.read, today)
