"""The costs from which docs/scale.md works out 30 million people and 1 million postings.

    .venv/bin/python -m bench.scale [--postings N] [--people N]

A demo county is read, saved and put back; invented people are ranked over a prefecture's postings as a worker
of the cluster does it. All times are processor time of this process, on SQLite, on one core.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from distributed.protocol import serialize
from sqlalchemy import text

from app.accounts.actor import SYSTEM
from app.cluster.shards import ShardLists
from app.core.backup.restoring import restore_backup
from app.core.backup.saving import write_backup
from app.core.clock import SystemClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.migrations import head_revision
from app.core.settings import Settings
from app.demo.load import load_demo
from app.matching import candidates, queries
from app.matching.index.market import PostingMarket
from app.matching.words import OCCUPATION_WORDS
from app.models import metadata
from app.referrals.recommending.giving import list_best
from bench.matching import market as made
from tests.conftest import prepare


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of some work, and what it returns."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def measure_county(folder: Path) -> dict[str, Any]:
    """Reading, saving and putting back a demo county; microseconds and bytes of each row."""
    settings = Settings(database_url=f"sqlite:///{folder / 'county.db'}", var_dir=folder)
    prepare(settings)
    database, clock, cipher = Database(settings), SystemClock(), cipher_of(settings)
    load_demo(database, clock, cipher)
    told: dict[str, Any] = {}
    with database.read() as session:
        people_s, people = spent(lambda: candidates.list_candidates(session, SYSTEM, clock.today()))
        homes_s, homes = spent(lambda: candidates.list_homes(session, SYSTEM, clock.today()))
        postings_s, postings = spent(lambda: queries.list_live_postings(session, clock.today()))
        told["us to read a person"] = round(people_s / len(people) * 1e6)
        told["us to list a home"] = round(homes_s / len(homes) * 1e6)
        told["us to read a posting"] = round(postings_s / len(postings) * 1e6)
        told["people in the ledger"] = session.scalar(text("SELECT count(*) FROM people"))
    file, revision = folder / "county.backup", head_revision() or ""
    saving_s, counts = spent(
        lambda: write_backup(database, metadata, file, cipher, revision=revision, now=clock.now())
    )
    rows = sum(counts.values())
    told["rows of a backup"], told["bytes a row of a backup"] = rows, round(file.stat().st_size / rows)
    told["us to save a row"] = round(saving_s / rows * 1e6)
    with database.refill(metadata) as session:
        restoring_s, _ = spent(lambda: restore_backup(session, metadata, file, cipher, revision=revision))
    told["us to put back a row"] = round(restoring_s / rows * 1e6)
    database.dispose()
    return told


def measure_ranking(postings: int, people: int) -> dict[str, Any]:
    """What a worker spends on a person, and sends back."""
    every = list(made.make_postings(postings, made.PREFECTURE))
    asked = [person for person, _ in made.make_people(people, made.PREFECTURE)]
    index_s, market = spent(
        lambda: PostingMarket.over(every, SystemClock().today().toordinal(), OCCUPATION_WORDS)
    )
    list_best(market, asked[:200], workers=1)
    ranking_s, lists = spent(lambda: list_best(market, asked, workers=1))
    packing_s, packed = spent(lambda: serialize(ShardLists.pack(lists)))
    sent = sum(len(memoryview(frame).cast("B")) for frame in packed[1])
    return {
        "postings": postings,
        "us to index a posting": round(index_s / postings * 1e6),
        "us to rank a person": round(ranking_s / people * 1e6),
        "us to pack a person": round(packing_s / people * 1e6, 2),
        "bytes sent for a person": round(sent / people),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postings", type=int, default=45_000)
    parser.add_argument("--people", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = measure_county(Path(folder)) | measure_ranking(asked.postings, asked.people)
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
