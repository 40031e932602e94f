"""分给集群: shards go out, lists come back, and the draft is made as in one process.

Dask gives the shards of a worker that dies to others; a shard has the same answer however often it is ranked.
Stopped (Ctrl-C) or failed, what was handed out is called back and the day's draft stays as it was.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy.orm import Session

from app.cluster import shards
from app.cluster.errors import ClusterAway, ClusterNotInstalled
from app.cluster.queries import describe_database
from app.cluster.shards import Order, Shard, ShardLists
from app.cluster.worker import rank_shard
from app.matching.rules.scoring import FORMULA_VERSION
from app.referrals.recommending.giving import Lists, ReportPerson

FIRST_WORKER_WITHIN_S: Final = 60
IN_FLIGHT: Final = 256
"""Shards handed out at once: enough for a hundred processes, and what waits to be fetched stays small."""
TRIES: Final = 3
"""So often a shard is tried anew when a worker's database does not answer."""


@dataclass(frozen=True)
class Cluster:
    """集群: lists everybody on the workers of the scheduler at `address` (tcp://... or tls://...); `most` is
    how many people a shard has at most."""

    address: str
    most: int = shards.PEOPLE_A_SHARD

    def __call__(
        self, session: Session, people: Sequence[tuple[int, str]], today: date, report: ReportPerson | None
    ) -> Lists:
        """The lists of (person, home) pairs, people rising. Raises ClusterNotInstalled, ClusterAway,
        WorkerDiffers."""
        order = Order(uuid4().hex, today.toordinal(), FORMULA_VERSION, describe_database(session))
        lists = Lists.of([identity for identity, _ in people])
        cut = list(shards.cut(people, self.most))
        sizes = {order.key_of(shard): len(shard.people) for shard in cut}
        done = 0
        distributed = _load()
        with _connected(distributed, self.address) as client:
            waiting = iter(cut)
            sent = [_submit(client, shard, order) for shard in islice(waiting, IN_FLIGHT)]
            running = distributed.as_completed(sent)
            for future in running:
                _fetch(distributed, future).lay_into(lists)
                done += sizes[future.key]
                future.release()
                for shard in islice(waiting, 1):
                    running.add(_submit(client, shard, order))
                if report is not None:
                    report(done, len(people))
        return lists


def _submit(client: Any, shard: Shard, order: Order) -> Any:
    return client.submit(rank_shard, shard, order, key=order.key_of(shard), retries=TRIES)


def _fetch(distributed: Any, future: Any) -> ShardLists:
    lost = (distributed.KilledWorker, distributed.CancelledError, distributed.comm.CommClosedError)
    try:
        found: ShardLists = future.result()
    except lost as error:
        raise ClusterAway from error
    return found


def _load() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise ClusterNotInstalled from None


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    """A client of the scheduler; when it closes, all that runs for it is called back."""
    try:
        client = distributed.Client(address, timeout=FIRST_WORKER_WITHIN_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterAway from error
    with client:
        try:
            client.wait_for_workers(1, timeout=FIRST_WORKER_WITHIN_S)
        except TimeoutError as error:
            raise ClusterAway from error
        with client.as_current():
            yield client


def is_open_wire(address: str) -> bool:
    """Whether what goes to this scheduler leaves the machine unencrypted."""
    if address.startswith("tls://"):
        return False
    host = urlsplit(address if "://" in address else f"tcp://{address}").hostname
    return host not in ("127.0.0.1", "localhost", "::1")
