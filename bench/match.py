"""Matching measured: one person among 45,000 postings of a prefecture (and 1 million of a province), by the
plain reference, by our index, by tuned SQL on SQLite, DuckDB and PostgreSQL, by numpy over every posting.

    .venv/bin/python -m bench.match [--province] [--json FILE] [--people N]

All answer the same specification; ids and score bits are compared. Times are processor milliseconds of all
processes that take part (PostgreSQL: the client and its backend), so that a busy machine disturbs less.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.matching.facts import PersonFacts
from app.matching.index.everyone import rank_everyone
from app.matching.index.market import PostingMarket
from app.matching.index.near import near_misses_in
from app.matching.index.packed import arrays_of
from app.matching.index.postings import best_keys
from app.matching.index.scores import score_rows
from app.matching.reference import OrderKey, rank_postings
from app.matching.rules import places
from app.matching.words import OCCUPATION_WORDS
from bench.matching import market as made
from bench.matching.following import measure_following
from bench.matching.peers import Best, Peer, SqlitePeer
from bench.matching.servers import DuckPeer, PostgresPeer, ask_duckdb
from bench.matching.starting import measure_start, say_start
from tests.conftest import create_postgres_database
from tests.postgres import running_postgres

LIMIT = 20
SAMPLE, PROVINCE_SAMPLE = 300, 60
"""People a database is asked about, spread evenly over the crowd; a database of a province is slow."""
FEW = 6
"""People the reference answers for."""
OURS = 1_000


def brute_force(market: PostingMarket, person: PersonFacts) -> list[OrderKey]:
    """numpy over every posting of the market: gates, way, score, order."""
    index = market.base
    question = index.ask(person, market.tally.vocabulary)
    every = np.arange(len(index.ids))
    reached = index.lie_in(every, places.reach_area(person, person.reach))
    if person.reach != "village":
        reached[question.buses] = True
    scores = score_rows(index.columns, index.tables, question.asker, every, np.isin(every, question.buses))
    rows = np.flatnonzero(reached & index.locks.opens(question.key, slice(None)))
    return best_keys(scores[rows], index.ids[rows], market.today, LIMIT)


def measure(name: str, people: Sequence[PersonFacts], answer: Callable[[PersonFacts], Any]) -> dict[str, Any]:
    """Wall and processor milliseconds over people."""
    walls, spent = [], time.process_time()
    for person in people:
        began = time.perf_counter()
        answer(person)
        walls.append((time.perf_counter() - began) * 1e3)
    cpu = (time.process_time() - spent) * 1e3 / len(people)
    return row_of(name, walls, cpu)


def measure_peer(peer: Peer, people: Sequence[PersonFacts]) -> tuple[dict[str, Any], list[Best]]:
    for person in people[:8]:
        peer.best(person, LIMIT)
    walls, answers, spent = [], [], peer.cpu_s()
    for person in people:
        began = time.perf_counter()
        answers.append(peer.best(person, LIMIT))
        walls.append((time.perf_counter() - began) * 1e3)
    cpu = (peer.cpu_s() - spent) * 1e3 / len(people)
    return row_of(peer.name, walls, cpu), answers


def row_of(name: str, walls: list[float], cpu: float) -> dict[str, Any]:
    p99 = sorted(walls)[max(0, round(len(walls) * 0.99) - 1)]
    return {"engine": name, "p50_ms": statistics.median(walls), "p99_ms": p99, "cpu_ms": cpu}


def agrees(keys: list[OrderKey], best: Best) -> bool:
    """Whether SQL found the same scores to the bit, and the same ids above the last, where ties end."""
    ours = [-key[0] for key in keys]
    if ours != [score for _, score in best]:
        return False
    last = ours[-1] if ours else 0.0
    return {key[2] for key in keys if -key[0] > last} == {number for number, score in best if score > last}


def compare(
    market: PostingMarket, people: list[PersonFacts], postings: Sequence[Any], asked: int
) -> list[dict[str, Any]]:
    """Every engine on one market; `asked` people are asked about in every database."""
    sample = people[:: len(people) // asked][:asked]
    # As in a server that has run for a while: every word was asked about, these people were not.
    for person in people[OURS:]:
        market.rank(person, LIMIT)
    ours = [market.rank(person, LIMIT) for person in sample]
    lines = [
        measure("ours", people[:OURS], lambda person: market.rank(person, LIMIT)),
        measure("ours, with counts", people[:OURS], lambda p: (market.rank(p, LIMIT), market.count(p))),
        measure("ours, near misses", people[:200], lambda person: near_misses_in(market, person)),
        measure("numpy, every posting", sample, lambda person: brute_force(market, person)),
    ]
    for reach in places.REACHES:
        some = [person for person in people[: 8 * OURS] if person.reach == reach][:200]
        lines.append(measure(f"ours, {reach}", some, lambda person: market.rank(person, LIMIT)))
    same = [brute_force(market, person) == keys for person, keys in zip(sample, ours, strict=True)]
    lines[3]["identical"] = f"{sum(same)}/{len(same)}"
    if postings:
        few = sample[:FEW]
        lines.append(measure("reference", few, lambda p: rank_postings(p, postings, market.context, LIMIT)))
        right = [
            [match.key for match in rank_postings(p, postings, market.context, LIMIT).matches] == keys
            for p, keys in zip(few, ours, strict=False)
        ]
        lines[-1]["identical"] = f"{sum(right)}/{len(right)}"
    with tempfile.TemporaryDirectory() as folder, running_postgres() as cluster:
        url = create_postgres_database(cluster, "bench_match")
        postgres = PostgresPeer(market, url)
        ducks: list[Peer] = [DuckPeer(market, Path(folder))] if ask_duckdb() else []
        peers: list[Peer] = [SqlitePeer(market, Path(folder) / "match.db"), *ducks, postgres]
        for peer in peers:
            line, answers = measure_peer(peer, sample)
            right = [agrees(keys, best) for keys, best in zip(ours, answers, strict=True)]
            lines.append(line | {"identical": f"{sum(right)}/{len(right)}"})
        lines[-1]["megabytes"] = postgres.size() / 1e6
        lines[0]["megabytes"] = index_bytes(market) / 1e6
        postgres.connection.close()
    for line in lines:
        line["ratio"] = line["cpu_ms"] / lines[0]["cpu_ms"]
    return lines


def index_bytes(market: PostingMarket) -> int:
    """Bytes of every array of the index and of its tables."""
    index = market.base
    parts = (index.columns, index.tables, index.parts.census, index.cells, index.parts.orders)
    arrays = [array for part in parts for array in arrays_of(part).values()]
    return sum(array.nbytes for array in (*arrays, index.parts.words, index.sets.words))


def crowd(market: PostingMarket, people: list[PersonFacts], lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Everybody's best 20 as the product works them out. What the databases would take is what they took for
    one person of the sample, as often as there are people: processor seconds against processor seconds."""
    began, spent = time.perf_counter(), _cpu_s()
    found = rank_everyone(market, people, LIMIT)
    told: dict[str, Any] = {
        "people": len(people),
        "wall_s": time.perf_counter() - began,
        "cpu_s": _cpu_s() - spent,
    }
    some = range(0, len(people), max(1, len(people) // 500))
    right = [
        [key[2] for key in market.rank(people[row], LIMIT)] == found.ids[row, : found.counts[row]].tolist()
        for row in some
    ]
    told["identical"] = f"{sum(right)}/{len(right)}"
    for line in lines:
        if line["engine"] in ("SQLite", "DuckDB", "PostgreSQL"):
            told[f"x {line['engine']}"] = line["cpu_ms"] / 1e3 * len(people) / told["cpu_s"]
    return told


def _cpu_s() -> float:
    """Processor seconds of this process and of those it has ended."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def run(
    name: str, postings: int, area: str, everyone: int, asked: int, *, with_reference: bool
) -> dict[str, Any]:
    began = time.perf_counter()
    listed = list(made.make_postings(postings, area))
    people = [person for person, _ in made.make_people(max(everyone, 8 * OURS), area)]
    made_s, began = time.perf_counter() - began, time.perf_counter()
    market = PostingMarket.over(listed, made.TODAY, OCCUPATION_WORDS)
    build_s = time.perf_counter() - began
    gc.collect()
    gc.freeze()  # as the server does when it is warm
    lines = compare(market, people, listed if with_reference else (), asked)
    told = {
        "market": name,
        "postings": postings,
        "made_s": made_s,
        "build_s": build_s,
        "load": os.getloadavg()[0],
        "start": measure_start(market),
    }
    if everyone:
        told["everyone"] = crowd(market, people[:everyone], lines)
    print_table(told, lines)
    return told | {"engines": lines}


def print_table(told: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    print(
        f"\n{told['market']}: {told['postings']:,} postings, index built in {told['build_s']:.1f} s;"
        f" load of the machine {told['load']:.1f}"
    )
    print(f"{'':24}{'p50 ms':>10}{'p99 ms':>10}{'cpu ms':>10}{'x ours':>9}{'MB':>8}  identical")
    for line in lines:
        size = f"{line['megabytes']:8.0f}" if "megabytes" in line else " " * 8
        print(
            f"{line['engine']:24}{line['p50_ms']:10.3f}{line['p99_ms']:10.3f}{line['cpu_ms']:10.3f}"
            f"{line['ratio']:9.1f}{size}  {line.get('identical', '')}"
        )
    postgres_mb = next(line["megabytes"] for line in lines if line["engine"] == "PostgreSQL")
    say_start(told["start"], told["build_s"], postgres_mb)
    if "everyone" in told:
        all_of = told["everyone"]
        ratios = ", ".join(f"{name[2:]} {all_of[name]:.0f}" for name in all_of if name.startswith("x "))
        print(
            f"everyone: {all_of['people']:,} people in {all_of['wall_s']:.1f} s, {all_of['cpu_s']:.2f} s of"
            f" processor (identical {all_of['identical']}); times as much by: {ratios}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--province", action="store_true", help="also 1 million postings (some minutes, 4 GB)"
    )
    parser.add_argument("--following", action="store_true", help="also what it costs to be current")
    parser.add_argument("--people", type=int, default=4_000, help="how many are ranked in one go (31805)")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    asked = parser.parse_args(arguments)
    markets = [("prefecture", made.PREFECTURE_POSTINGS, made.PREFECTURE, asked.people, SAMPLE)]
    if asked.province:
        markets.append(("province", made.PROVINCE_POSTINGS, made.PROVINCE, 0, PROVINCE_SAMPLE))
    told = [run(*market, with_reference=market is markets[0]) for market in markets]
    following = measure_following() if asked.following else []
    if asked.json:
        asked.json.write_text(json.dumps({"markets": told, "following": following}, indent=1))
    lines = [line for market in told for line in market["engines"]]
    wrong = [
        line["engine"] for line in lines if "identical" in line and len(set(line["identical"].split("/"))) > 1
    ]
    if wrong:
        print(f"NOT IDENTICAL: {', '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
