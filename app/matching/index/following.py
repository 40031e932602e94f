"""跟随变更: the market of postings of this process, in step with the database (jobs.following)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.db import Database
from app.core.settings import Environment, Settings
from app.jobs.following import Followers, Source
from app.matching import queries
from app.matching.facts import PostingFacts
from app.matching.index.keeping import MarketShelf, most_changes
from app.matching.index.market import PostingMarket
from app.matching.words import OCCUPATION_WORDS

log = structlog.get_logger()


def _read_all(session: Session, today: date) -> PostingMarket:
    postings = queries.list_live_postings(session, today)
    return PostingMarket.over(postings, today.toordinal(), OCCUPATION_WORDS)


def _read_changed(
    session: Session, market: PostingMarket, jobs: set[int], employers: set[int], today: date
) -> PostingMarket:
    if employers:
        jobs = jobs | set(market.list_of_employers(employers))
    fresh: dict[int, PostingFacts | None] = dict.fromkeys(jobs)
    fresh |= {posting.id: posting for posting in queries.list_changed(session, jobs, employers, today)}
    return market.changed(fresh)


def _on_day(session: Session, market: PostingMarket, today: date) -> PostingMarket:
    """Expired postings go; firms that were muted until now are read again."""
    moved = market.on_day(today.toordinal())
    unmuted = queries.list_unmuted(session, date.fromordinal(market.today), today)
    return _read_changed(session, moved, set(), unmuted, today) if unmuted else moved


SHELF: Final = MarketShelf()
MARKETS: Final = Followers(
    Source(
        "market",
        _read_all,
        _read_changed,
        most_changes=lambda market: most_changes(len(market)),
        on_day=_on_day,
        shelf=SHELF,
    )
)
TEND_EVERY_S: Final = 60.0


def keep_markets(settings: Settings) -> None:
    """From now on this process keeps its markets as files where the settings say, tests aside."""
    is_on = settings.keep_index and settings.env is not Environment.TEST
    SHELF.folder = settings.var_dir / "index" if is_on else None


@contextmanager
def tending(database: Database, clock: Clock) -> Iterator[None]:
    """Keeps the database's market and its file up to date while the block runs (a thread of its own), also
    where nobody asks: on a new day nobody waits."""
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(TEND_EVERY_S):
            try:
                MARKETS.tend(database, clock.today())
            except SQLAlchemyError as error:
                log.warning("index_not_tended", kind=type(error).__name__)

    thread = threading.Thread(target=look, name="market", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


def current_market(session: Session, today: date) -> PostingMarket:
    """The market of the session's database, as the session sees it."""
    return MARKETS.current(session, today)


def forget_markets() -> None:
    """Let go of every market, for a process that starts over on another database of the same name."""
    MARKETS.forget()
