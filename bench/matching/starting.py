"""Starting from a file: how long it takes to write one, and how soon another process answers from it.

    .venv/bin/python -m bench.matching.starting FILE

is that other process. Its start is the time from the file to the first answers, its own imports aside; what
it holds for itself is its memory without that of the file and of the program.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from app.matching.facts import PersonFacts
from app.matching.index.market import PostingMarket
from app.matching.index.snapshot import map_snapshot, write_snapshot
from app.matching.index.stored import describe_market, restore_market
from app.matching.words import OCCUPATION_WORDS

ASKED = (
    PersonFacts(home_scope="411325102205", pay_floor=3_000_00 * 12),
    PersonFacts(home_scope="411325102205", reach="anywhere", areas=("",) * 6, skills=("sewing",)),
)
RUNS = 3
"""The best of so many: the first may still have to read what is compiled from the disk."""


def measure_start(market: PostingMarket) -> dict[str, Any]:
    """Write the market to a file and let other processes start from it, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "market.index"
        began = time.perf_counter()
        size = write_snapshot(path, *describe_market(market))
        written_s = time.perf_counter() - began
        command = [sys.executable, "-m", "bench.matching.starting", str(path)]
        told = [json.loads(subprocess.check_output(command)) for _ in range(RUNS)]
    best: dict[str, Any] = min(told, key=lambda one: one["start_s"])
    if best.pop("answers") != [market.rank(person, 20)[0][2] for person in ASKED]:
        raise SystemExit("a process that started from the file answers otherwise")
    return {"file_mb": size / 1e6, "written_s": written_s, **best}


def say_start(told: dict[str, Any], build_s: float, postgres_mb: float) -> None:
    """Print what `measure_start` found."""
    ratio = told["file_mb"] / postgres_mb
    print(
        f"from a file of {told['file_mb']:.0f} MB ({ratio:.2f} of PostgreSQL's; built in {build_s:.1f} s,"
        f" written in {told['written_s']:.2f} s) another process answers after {told['start_s']:.2f} s"
        f" ({told['cpu_s']:.2f} s of processor) and holds {told['own_mb']:.0f} MB for itself"
    )


def own_megabytes() -> float:
    """What nobody shares with this process."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) / 1e3


def start(path: Path) -> dict[str, Any]:
    """Take the file and answer."""
    before, began, spent = own_megabytes(), time.perf_counter(), time.process_time()
    market = restore_market(*map_snapshot(path), OCCUPATION_WORDS)
    taken_s = time.perf_counter() - began
    answers = [market.rank(person, 20)[0][2] for person in ASKED]
    return {
        "taken_s": taken_s,
        "start_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - spent,
        "own_mb": own_megabytes() - before,
        "answers": answers,
    }


if __name__ == "__main__":
    json.dump(start(Path(sys.argv[1])), sys.stdout)
    sys.stdout.flush()
    os._exit(0)
