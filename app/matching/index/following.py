"""跟随变更: keeps the market of postings in step with the database, in every process by itself.

Every change to a posting writes a row of `posting_changes` in its own transaction. Before a question the
follower looks whether there are rows it has not seen; if so, those postings are read again. What is committed
is in the next answer, whoever committed it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from time import monotonic
from typing import Final

from sqlalchemy.orm import Session

from app.core.following import (
    connection_notes,
    data_version,
    database_name,
    is_reading,
    running_transactions,
)
from app.matching import queries
from app.matching.facts import PostingFacts
from app.matching.index.market import PostingMarket
from app.matching.words import OCCUPATION_WORDS

SEEN: Final = "matching: data version"
LOOKED_BACK: Final = 1_000
"""How far back numbers of transactions still open are looked for when all is read anew."""
MOST_CHANGES: Final = 2_000
"""With more changes than that, reading all postings is quicker than reading them by id."""
LONGEST_READ_S: Final = 60.0
"""No reading transaction lasts as long."""
SETTLING_S: Final = 5.0
"""A number's transaction has its own number at the latest after so long."""


@dataclass(frozen=True)
class Gap:
    """空号: a number of the log nobody has seen. Its transaction may still commit, or was rolled back."""

    noted_at: float
    before: int | None = None
    """Once this transaction number is the oldest that runs, the gap's own is over."""


@dataclass(frozen=True)
class Position:
    """位置: a market, and how far in the log it has come."""

    market: PostingMarket
    newest: int
    confirmed_at: float
    """When the newest number was last seen in the log."""
    gaps: Mapping[int, Gap] = field(default_factory=dict)


class PostingFollower:
    """跟随者: one database's market. May be asked from several threads."""

    def __init__(self) -> None:
        self._position: Position | None = None
        self._lock = Lock()

    def current(self, session: Session, today: date) -> PostingMarket:
        """The market as the session sees it: all that is committed, and what the session itself wrote."""
        if not is_reading(session):
            return self._seen_by_writer(session, today)
        version, notes = data_version(session), connection_notes(session)
        position = self._position
        is_current = position is not None and position.market.today == today.toordinal()
        if position is not None and is_current and version is not None and notes.get(SEEN) == version:
            return position.market
        if position is None or not is_current or not self._is_followed(session, position):
            with self._lock:
                position = self._catch_up(session, today)
        notes[SEEN] = version
        return position.market

    def _is_followed(self, session: Session, position: Position) -> bool:
        """Whether nothing was committed that the position lacks."""
        rows = queries.list_changes(session, position.newest, position.gaps.keys())
        return not position.gaps and [row.id for row in rows] == (
            [position.newest] if position.newest else []
        )

    def _catch_up(self, session: Session, today: date) -> Position:
        position = self._position
        if position is None or position.market.today != today.toordinal():
            position = read_everything(session, today)
        else:
            position = advance(session, position, today)
        self._position = position
        return position

    def _seen_by_writer(self, session: Session, today: date) -> PostingMarket:
        """A writing session sees rows that may never be committed: they stay out of the shared market."""
        position = self._position
        session.flush()
        if position is None or position.market.today != today.toordinal():
            return read_everything(session, today).market
        return advance(session, position, today).market


def advance(session: Session, position: Position, today: date) -> Position:
    """The position after everything the session can see."""
    rows = queries.list_changes(session, position.newest, position.gaps.keys())
    if position.newest and all(row.id != position.newest for row in rows):
        # Either this transaction began before another thread came so far, or the log was cut off.
        if monotonic() - position.confirmed_at < LONGEST_READ_S:
            return position
        return read_everything(session, today)
    newest = rows[-1].id if rows else 0
    rows = [row for row in rows if row.id != position.newest]
    if len(rows) > MOST_CHANGES or any(row.job_id is None and row.employer_id is None for row in rows):
        return read_everything(session, today)
    if rows:
        jobs = {row.job_id for row in rows if row.job_id is not None}
        employers = {row.employer_id for row in rows if row.employer_id is not None}
        if employers:
            jobs.update(position.market.list_of_employers(employers))
        fresh: dict[int, PostingFacts | None] = dict.fromkeys(jobs)
        fresh |= {posting.id: posting for posting in queries.list_changed(session, jobs, employers, today)}
        position = replace(position, market=position.market.changed(fresh))
    gaps = _follow_gaps(session, position, {row.id for row in rows}, newest)
    return replace(position, newest=newest, confirmed_at=monotonic(), gaps=gaps)


def read_everything(session: Session, today: date) -> Position:
    """A position from nothing: every live posting."""
    newest = queries.newest_change(session)
    seen = {row.id for row in queries.list_changes(session, newest - LOOKED_BACK, ())}
    postings = queries.list_live_postings(session, today)
    market = PostingMarket.over(postings, today.toordinal(), OCCUPATION_WORDS)
    start = Position(market, min(seen, default=newest + 1) - 1, monotonic())
    return replace(start, newest=newest, gaps=_follow_gaps(session, start, seen, newest))


def _follow_gaps(session: Session, position: Position, seen: set[int], newest: int) -> dict[int, Gap]:
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


_FOLLOWERS: Final[dict[str, PostingFollower]] = {}


def current_market(session: Session, today: date) -> PostingMarket:
    """The market of the session's database, as the session sees it."""
    name = database_name(session)
    follower = _FOLLOWERS.get(name) or _FOLLOWERS.setdefault(name, PostingFollower())
    return follower.current(session, today)


def forget_markets() -> None:
    """Let go of every market, for a process that starts over on another database of the same name."""
    _FOLLOWERS.clear()
