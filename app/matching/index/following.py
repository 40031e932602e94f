"""跟随变更: the market of postings of this process, in step with the database (jobs.following)."""

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.jobs.following import Followers, Source
from app.matching import queries
from app.matching.facts import PostingFacts
from app.matching.index.market import PostingMarket
from app.matching.words import OCCUPATION_WORDS


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


MARKETS: Final = Followers(Source("market", _read_all, _read_changed))


def current_market(session: Session, today: date) -> PostingMarket:
    """The market of the session's database, as the session sees it."""
    return MARKETS.current(session, today)


def forget_markets() -> None:
    """Let go of every market, for a process that starts over on another database of the same name."""
    MARKETS.forget()
