"""People for one posting measured: the best 20 out of a million people of a province, by our index and by
tuned SQL on PostgreSQL.

    .venv/bin/python -m bench.match_people [--people N] [--json FILE]

Both answer the same specification; ids and score bits are compared. Times are processor milliseconds of all
processes that take part, so that a busy machine disturbs less.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.matching.facts import MatchContext, PostingFacts, Vocabulary
from app.matching.people.columns import Candidate
from app.matching.people.index import PeopleIndex
from app.matching.people.market import PeopleMarket
from app.matching.reference import OrderKey, rank_people
from app.matching.words import OCCUPATION_WORDS
from bench.matching import market as made
from bench.matching.peers import Best
from bench.matching.people_peer import PeoplePeer
from tests.conftest import create_postgres_database
from tests.postgres import running_postgres

LIMIT = 20
OFFERS = 3_000
SAMPLE = 200
"""Postings both are asked about."""
COUNTED = 40
"""Of these, so many are counted over the whole province."""
BY_REFERENCE = 20_000
"""People the plain reference ranks, for three postings."""


def measure(
    name: str,
    postings: Sequence[PostingFacts],
    answer: Callable[[PostingFacts], Any],
    cpu_s: Callable[[], float] = time.process_time,
) -> tuple[dict[str, Any], list[Any]]:
    """Wall and processor milliseconds over postings, and the answers."""
    walls, answers, spent = [], [], cpu_s()
    for posting in postings:
        began = time.perf_counter()
        answers.append(answer(posting))
        walls.append((time.perf_counter() - began) * 1e3)
    cpu = (cpu_s() - spent) * 1e3 / len(postings)
    p99 = sorted(walls)[max(0, round(len(walls) * 0.99) - 1)]
    return {"engine": name, "p50_ms": statistics.median(walls), "p99_ms": p99, "cpu_ms": cpu}, answers


def agrees(keys: list[OrderKey], best: Best) -> bool:
    """Whether SQL found the same scores to the bit, and the same ids above the last, where ties end."""
    if [-key[0] for key in keys] != [score for _, score in best]:
        return False
    last = -keys[-1][0] if keys else 0.0
    return {key[2] for key in keys if -key[0] > last} == {number for number, score in best if score > last}


def index_bytes(index: PeopleIndex) -> int:
    """Bytes of every array of the index."""
    arrays = [*index.columns.values(), *vars(index).values()]
    different = {id(array): array.nbytes for array in arrays if isinstance(array, np.ndarray)}
    return sum(different.values())


def compare(
    crowd: PeopleMarket, context: MatchContext, offers: list[PostingFacts], people: int
) -> list[dict[str, Any]]:
    """Ours in areas of every width, and PostgreSQL."""

    def rank(posting: PostingFacts, area: tuple[str, ...] | None = None) -> list[OrderKey]:
        return crowd.rank(crowd.ask(posting, context), context, area, LIMIT)

    # As servers that have run for a while: both are asked everything once before.
    sample = offers[:SAMPLE]
    for posting in offers:
        rank(posting)
    gc.collect()
    gc.freeze()  # as ours does when it is warm
    first, ours = measure("ours", sample, rank)
    lines = [
        first,
        measure("ours, a city's people", sample, lambda p: rank(p, (p.region_scope[:4],)))[0],
        measure("ours, a county's people", sample, lambda p: rank(p, (p.region_scope[:6],)))[0],
        measure("ours, counts", sample[:COUNTED], lambda p: crowd.count(crowd.ask(p, context), context))[0],
        measure(
            "ours, a county's counts",
            sample,
            lambda p: crowd.count(crowd.ask(p, context), context, (p.region_scope[:6],)),
        )[0],
    ]
    lines[0]["megabytes"] = index_bytes(crowd.base) / 1e6
    with running_postgres() as cluster:
        url = create_postgres_database(cluster, "bench_match_people")
        peer = PeoplePeer(made.make_people(people, made.PROVINCE), context, url)
        for posting in sample:
            peer.best(posting, LIMIT)
        line, answers = measure(peer.name, sample, lambda p: peer.best(p, LIMIT), peer.cpu_s)
        right = [agrees(keys, best) for keys, best in zip(ours, answers, strict=True)]
        lines.append(line | {"identical": f"{sum(right)}/{len(right)}", "megabytes": peer.size() / 1e6})
        peer.connection.close()
    for line in lines:
        line["ratio"] = line["cpu_ms"] / lines[0]["cpu_ms"]
    return lines


def check_reference(context: MatchContext, offers: list[PostingFacts]) -> str:
    """How many of some postings' whole rankings are the plain reference's, bit for bit."""
    few = list(made.make_people(BY_REFERENCE, made.PROVINCE))
    crowd = crowd_of(few)
    right = 0
    for posting in offers[:3]:
        ranking = rank_people(posting, few, context)
        question = crowd.ask(posting, context)
        same = crowd.rank(question, context) == [match.key for match in ranking.matches]
        right += same and crowd.count(question, context) == (ranking.total, ranking.excluded)
    return f"{right}/3"


def crowd_of(people: Any) -> PeopleMarket:
    candidates = (Candidate(person, household, person.home_scope) for person, household in people)
    return PeopleMarket.over(candidates, made.TODAY, OCCUPATION_WORDS)


def print_table(told: dict[str, Any]) -> None:
    print(
        f"\n{told['people']:,} people, made and indexed in {told['build_s']:.0f} s of processor;"
        f" as the reference: {told['reference']}; load of the machine {told['load']:.1f}"
    )
    print(f"{'':26}{'p50 ms':>10}{'p99 ms':>10}{'cpu ms':>10}{'x ours':>9}{'MB':>8}  identical")
    for line in told["engines"]:
        size = f"{line['megabytes']:8.0f}" if "megabytes" in line else " " * 8
        print(
            f"{line['engine']:26}{line['p50_ms']:10.3f}{line['p99_ms']:10.3f}{line['cpu_ms']:10.3f}"
            f"{line['ratio']:9.1f}{size}  {line.get('identical', '')}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    asked = parser.parse_args(arguments)
    offers = list(made.make_postings(OFFERS, made.PROVINCE))
    context = MatchContext(made.TODAY, Vocabulary.from_postings(offers), OCCUPATION_WORDS)
    began = time.process_time()
    crowd = crowd_of(made.make_people(asked.people, made.PROVINCE))
    told: dict[str, Any] = {"people": asked.people, "build_s": time.process_time() - began}
    told |= {"reference": check_reference(context, offers), "load": os.getloadavg()[0]}
    told["engines"] = compare(crowd, context, offers, asked.people)
    print_table(told)
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=1))
    wrong = told["reference"] != "3/3" or any(
        len(set(line["identical"].split("/"))) > 1 for line in told["engines"] if "identical" in line
    )
    if wrong:
        print("NOT IDENTICAL")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
