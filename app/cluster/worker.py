"""工作进程: what a worker of the cluster does with a shard. Runs in processes that Dask starts.

The database is the worker's own, by its own settings (`SONGGANG_DATABASE_URL`, which may be a replica).
Postings are read once a run and process.
"""

from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.cluster.errors import WorkerDiffers
from app.cluster.queries import describe_database
from app.cluster.shards import Order, Shard, ShardLists
from app.core.db import Database
from app.core.settings import Settings
from app.matching import candidates
from app.matching.index.following import current_market
from app.matching.index.market import PostingMarket
from app.matching.rules.scoring import FORMULA_VERSION
from app.referrals.recommending.giving import list_best
from app.regions.amendments import refresh

_OPENING: Final = Lock()


def rank_shard(shard: Shard, order: Order) -> ShardLists:
    """The best postings of each of the shard's people who still looks for work. The same shard and order have
    the same answer, on whichever worker and however often. Raises WorkerDiffers."""
    today = date.fromordinal(order.today)
    with _database().read() as session:
        with _OPENING:
            market = _open_market(session, order, today)
        people = candidates.list_candidates(session, SYSTEM, today, among=shard.people, within=shard.county)
    return ShardLists.pack(list_best(market, [person for person, _ in people], workers=1))


@lru_cache(maxsize=1)
def _database() -> Database:
    return Database(Settings())


class _Kept:
    """The market of the run this process works for."""

    order: Order | None = None
    market: PostingMarket | None = None


def _open_market(session: Session, order: Order, today: date) -> PostingMarket:
    if _Kept.market is None or _Kept.order != order:
        if order.formula != FORMULA_VERSION or order.database != describe_database(session):
            raise WorkerDiffers
        refresh(session)
        _Kept.order, _Kept.market = order, current_market(session, today)
    return _Kept.market
