"""索引的存放: the market of a database kept as a file, so that a process starts in no time and all of them
share one memory.

The database stays the truth. A file is taken only where the database's log still has the changes that were
the newest when it was written, with the random marks they bore: so it is not of another database, nor of one
put back to an earlier day. From there the log says what has changed since. One process writes, under a lock
that ends with it; the others wait for the file, or go on with what they have.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from time import monotonic
from typing import Any, Final

import structlog
from sqlalchemy.orm import Session

from app.core.following import database_name
from app.employers.changes import POSTING_CHANGES
from app.jobs.following import Gap, Position, Stored
from app.matching.index.market import PostingMarket
from app.matching.index.snapshot import Facts, Refused, map_snapshot, write_snapshot
from app.matching.index.stored import describe_market, restore_market
from app.matching.rules.scoring import FORMULA_VERSION
from app.matching.words import OCCUPATION_WORDS
from app.regions import gazetteer
from app.regions.amendments import latest_revision

log = structlog.get_logger()

FORMAT: Final = 1
MARKED: Final = 64
"""So many of the newest changes must be those that were the newest when the file was written."""
WORN_SHARE: Final = 0.002
LEAST_WORN: Final = 500
"""A file is written anew when so many changes have come since, at least, and this share of the postings."""
PROGRAM: Final = ("matching", "occupations", "regions", "jobs/reading")
"""What is read out of a posting follows from these folders of the program."""

Kept = Position[PostingMarket]


@cache
def program_digest() -> str:
    """A checksum of the program and the tables by which postings are read."""
    folder, told = Path(__file__).parents[2], blake2b(digest_size=16)
    for part in PROGRAM:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                told.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
                told.update(path.read_bytes())
    return told.hexdigest()


class MarketShelf:
    """架: where the files lie. Keeps none while `folder` is None."""

    def __init__(self) -> None:
        self.folder: Path | None = None

    def newest(self, session: Session) -> Path | None:
        """The newest file of the session's database."""
        return max(self._files(session), default=None)

    def take(self, session: Session, today: int, *, trusted: bool = False) -> Kept | None:
        """The newest file's market and its place in the log, None where there is none that fits.

        `trusted` files were finished while this process waited for them: the session's transaction may be
        older than they are, and so may not see in the log what they were written after.
        """
        path = self.newest(session)
        if path is None:
            return None
        try:
            facts, arrays = map_snapshot(path)
            self._check(session, facts, today, trusted=trusted)
            market = restore_market(facts["market"], arrays, OCCUPATION_WORDS)
        except FileNotFoundError:
            return None  # a newer one has just taken its place
        except (Refused, OSError, ValueError, KeyError, TypeError) as error:
            reason = str(error) if isinstance(error, Refused) else type(error).__name__
            log.warning("index_file_refused", file=path.name, reason=reason)
            return None
        log.info("index_file_taken", file=path.name, postings=len(market))
        now = monotonic()
        gaps = {number: Gap(now) for number in facts["gaps"]}
        return Position(market, facts["newest"], now, gaps, Stored(path, facts["newest"]))

    def _check(self, session: Session, facts: Facts, today: int, *, trusted: bool) -> None:
        """Raise Refused where a file doesn't fit the program, the day or the database."""
        if facts["made_by"] != _made_by(session):
            raise Refused("made by another version of the program, or for another database")
        if facts["places"] != latest_revision(session):
            raise Refused("places have changed since")
        if facts["market"]["today"] > today:
            raise Refused("from a later day")
        if trusted:
            return
        marks = POSTING_CHANGES.marks(session, facts["marks"][0][0])
        if any(marks.get(number) != mark for number, mark in facts["marks"]):
            raise Refused("the log has not the changes it was written after")
        changes = POSTING_CHANGES.since(session, facts["newest"], facts["gaps"])
        if len(changes) > most_changes(facts["market"]["size"]):
            raise Refused("too much has changed since")
        later = (each for each in changes if each.number != facts["newest"])
        if any(each.record is None and each.group is None for each in later):
            raise Refused("everything has changed since")

    def is_worn(self, position: Kept) -> bool:
        """Whether a new file is worth its while: starting from this one, much would have to be read again."""
        behind = position.newest - (position.stored.newest if position.stored else 0)
        return self.folder is not None and behind > max(LEAST_WORN, WORN_SHARE * len(position.memory))

    def fold(self, memory: PostingMarket) -> PostingMarket:
        """The market in one piece."""
        return memory.folded()

    def put(self, session: Session, position: Kept) -> bool:
        """Write a market that is whole as the newest file, and delete older ones. For who holds the lock."""
        if self.folder is None:
            return False
        marks = POSTING_CHANGES.marks(session, max(position.newest - MARKED, 0) + 1)
        if not marks.get(position.newest) or gazetteer.gazetteer().revision != latest_revision(session):
            log.info("index_file_not_written", reason="the log is empty, or places are about to change")
            return False
        market, arrays = describe_market(position.memory)
        facts = {
            "made_by": _made_by(session),
            "places": gazetteer.gazetteer().revision,
            "newest": position.newest,
            "gaps": sorted(position.gaps),
            "marks": sorted(marks.items()),
            "market": market,
        }
        files = sorted(self._files(session))
        number = int(files[-1].stem.rsplit("-", 1)[1]) + 1 if files else 1
        path = self.folder / f"{_name(session)}-{number:08d}.index"
        try:
            size = write_snapshot(path, facts, arrays)
            for old in (*files, *self.folder.glob(f"{_name(session)}-*.tmp")):
                # Whoever has it mapped keeps it until they let go.
                old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("index_file_not_written", reason=type(error).__name__)
            return False
        log.info("index_file_written", file=path.name, postings=len(position.memory), megabytes=size // 10**6)
        return True

    @contextmanager
    def alone(self, session: Session, *, patient: bool = True) -> Iterator[bool]:
        """Hold the lock of the session's database; whether this process is the one to write.

        False where the lock is somebody else's and nobody waits for it (`patient`), or nothing is kept.
        """
        if self.folder is None:
            yield False
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(
                self.folder / f"{_name(session)}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600
            )
        except OSError as error:
            log.warning("index_file_not_written", reason=type(error).__name__)
            yield False
            return
        try:
            yield _locked(lock, patient=patient)
        finally:
            os.close(lock)

    def _files(self, session: Session) -> list[Path]:
        return [] if self.folder is None else list(self.folder.glob(f"{_name(session)}-????????.index"))


def _locked(lock: int, *, patient: bool) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if patient else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def most_changes(postings: int) -> int:
    """With more changes than that, reading all postings is quicker than reading them by id."""
    return max(2_000, postings // 50)


def _name(session: Session) -> str:
    return f"postings-{blake2b(database_name(session).encode(), digest_size=8).hexdigest()}"


def _made_by(session: Session) -> list[Any]:
    return [FORMAT, FORMULA_VERSION, program_digest(), _name(session)]
