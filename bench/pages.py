"""The list page of a place under load: 64 phones at one process on SQLite with 45,000 open postings beside an
empty FastAPI answer from the same kind of process.

    python -m bench.pages [--seconds N] [--postings N] [--towns N]

Prints requests a second, p50 and p99 of the answers, and processor time of the server per request: for the
empty answer, for list pages asked again and again, the same while somebody commits twice a second (a posting
touched, and something that has nothing to do with pages), and for pages asked for the first time.
The phones are a process of their own that reads whole answers over connections kept open.
"""

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy import func, insert, select, text

from app.cli.server import prepare
from app.core.clock import SystemClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.demo.load import load_demo
from app.employers.changes import note_change
from app.jobs.models import JobPosting
from app.main import create_app
from bench.matching.market import towns

PHONES = 64
AREA = "610200"
POSTINGS_AT_ONCE = 5_000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figures:
    """What one run showed."""

    name: str
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


def serve_empty(port: int) -> None:
    app = FastAPI()

    @app.get("/empty")
    async def answer_nothing() -> dict[str, str]:
        return {}

    uvicorn.run(app, port=port, log_config=None, access_log=False)


def serve_site(port: int) -> None:
    uvicorn.run(create_app(Settings()), port=port, log_config=None, access_log=False, server_header=False)


@contextmanager
def serving(kind: str) -> Iterator[tuple[str, int]]:
    """A server process: its port and process id, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.pages", "--serve", kind, "--port", str(port)]
    ready = "/empty" if kind == "empty" else "/healthz"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 60
            while True:
                try:
                    httpx.get(f"http://127.0.0.1:{port}{ready}", timeout=5).raise_for_status()
                    break
                except httpx.HTTPError:
                    if time.monotonic() > until:
                        raise
                    threading.Event().wait(0.2)
            yield port, process.pid
        finally:
            process.terminate()


def fill(database: Database, postings: int) -> None:
    """Copies the demo county's open postings into all towns of its city until there are so many."""
    with database.read() as session:
        table = JobPosting.__table__
        found = session.execute(select(table).where(table.c.state == "open")).mappings().all()
        patterns = [dict(row) for row in found]
        there = session.scalar(select(JobPosting.id).order_by(JobPosting.id.desc()).limit(1)) or 0
    places = towns(AREA)
    for start in range(len(patterns), postings, POSTINGS_AT_ONCE):
        rows = []
        for n in range(start, min(start + POSTINGS_AT_ONCE, postings)):
            town, pattern = places[n % len(places)], patterns[n * 7 % len(patterns)]
            rows.append(
                pattern
                | {"id": there + n, "content_key": None, "region_code": town.code, "office_code": town.code}
                | {"x": town.x, "y": town.y, "confirmed_at": pattern["confirmed_at"] - timedelta(minutes=n)}
            )
        with database.write() as session:
            session.execute(insert(JobPosting), rows)
    with database.write() as session:
        session.execute(text("ANALYZE"))


class Phone:
    """One connection kept open, asking one address after the other."""

    def __init__(self, port: int, asked: list[bytes], times: list[float]) -> None:
        self.port, self.asked, self.times = port, asked, times

    async def run(self, until: float, turn: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(self.asked[turn % len(self.asked)])
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.split(b"\r\n")[0].decode())
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            self.times.append(time.perf_counter() - began)
            turn += PHONES
        writer.close()


def ask(port: int, paths: list[str], seconds: float) -> list[float]:
    """Seconds of each answer to `PHONES` phones that ask as fast as they are answered."""
    head = "Host: bench\r\nAccept-Encoding: gzip, br\r\nAccept-Language: zh-CN\r\n"
    asked = [
        f"GET {path.partition(' ')[0]} HTTP/1.1\r\n{head}Cookie: at={path.partition(' ')[2]}\r\n\r\n".encode()
        for path in paths
    ]
    times: list[float] = []

    async def all_phones() -> None:
        until = time.perf_counter() + seconds
        phones = [Phone(port, asked, times).run(until, turn) for turn in range(PHONES)]
        await asyncio.gather(*phones)

    asyncio.run(all_phones())
    return times


def processor_s(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def wait_until_idle(pid: int) -> None:
    """Until the server has read its postings: reading them is not the price of a page."""
    until, before = time.monotonic() + 120, -1.0
    while time.monotonic() < until and processor_s(pid) - before > 0.05:
        before = processor_s(pid)
        threading.Event().wait(1)


def measure(name: str, server: tuple[int, int], paths: list[str], seconds: float) -> Figures:
    port, pid = server
    before, began = processor_s(pid), time.perf_counter()
    times = ask(port, paths, seconds)
    took, cpu = time.perf_counter() - began, processor_s(pid) - before
    cuts = statistics.quantiles(times, n=100)
    return Figures(name, len(times) / took, cuts[49] * 1000, cuts[98] * 1000, cpu / len(times) * 1000)


@contextmanager
def somebody_writes(database: Database, touch_postings: bool) -> Iterator[None]:
    """Commits twice a second as long as the block runs."""
    stop, clock = threading.Event(), SystemClock()

    def write() -> None:
        n = 0
        while not stop.wait(0.5):
            n += 1
            with database.write() as session:
                job = session.scalars(select(JobPosting).where(JobPosting.id == n)).one()
                job.updated_at = clock.now()
                if touch_postings:
                    note_change(session, job_id=job.id)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def run(seconds: float, postings: int, town_count: int) -> list[Figures]:
    settings = Settings()
    prepare(settings)
    database = Database(settings)
    with database.read() as session:
        is_filled = session.scalar(select(func.count()).select_from(JobPosting)) >= postings
    if not is_filled:
        load_demo(database, SystemClock(), cipher_of(settings), with_staff=False)
        fill(database, postings)
    codes = [town.code for town in towns(AREA)][:town_count]
    lists = [f"/jobs {code}" for code in codes]
    with database.read() as session:
        shown = session.scalars(select(JobPosting.id).where(JobPosting.state == "open").limit(20)).all()
    figures = []
    with serving("empty") as server:
        measure("warm-up", server, ["/empty 610204"], 1)
        figures.append(measure("empty FastAPI answer", server, ["/empty 610204"], seconds))
    with serving("site") as server:
        address = f"http://127.0.0.1:{server[0]}/jobs"
        httpx.get(address, cookies={"at": codes[0]}, timeout=120).raise_for_status()
        wait_until_idle(server[1])
        figures.append(measure("list, first time", server, first_times(codes), min(seconds, 5)))
        measure("warm-up", server, lists, 2)
        figures.append(measure("list of a place", server, lists, seconds))
        figures.append(measure("posting page", server, [f"/jobs/{n} 610204" for n in shown], seconds))
        with somebody_writes(database, touch_postings=False):
            figures.append(measure("list, others write", server, lists, seconds))
        with somebody_writes(database, touch_postings=True):
            figures.append(measure("list, postings change", server, lists, seconds))
    database.dispose()
    return figures


def first_times(codes: list[str]) -> list[str]:
    """Addresses that differ, so that none was asked before."""
    return [f"/jobs?far=county&_={n} {codes[n % len(codes)]}" for n in range(20_000)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--postings", type=int, default=45_000)
    parser.add_argument("--towns", type=int, default=20)
    parser.add_argument("--folder", help="keeps the filled database here for the next run")
    parser.add_argument("--serve", choices=("empty", "site"))
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    if given.serve:
        (serve_empty if given.serve == "empty" else serve_site)(given.port)
        return
    with nullcontext(given.folder) if given.folder else tempfile.TemporaryDirectory() as folder:
        os.environ["SONGGANG_DATABASE_URL"] = f"sqlite:///{folder}/bench.db"
        os.environ["SONGGANG_VAR_DIR"] = folder
        figures = run(given.seconds, given.postings, given.towns)
    empty = figures[0]
    print(f"{'':24}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}{'x empty':>9}")
    for each in figures:
        ratio = each.cpu_ms / empty.cpu_ms
        print(
            f"{each.name:24}{each.per_second:10.0f}{each.p50_ms:9.1f}{each.p99_ms:9.1f}"
            f"{each.cpu_ms:9.3f}{ratio:9.1f}"
        )


if __name__ == "__main__":
    main()
