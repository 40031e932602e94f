"""A scheduler and workers of Dask as processes of their own, as an office would start them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from distributed import Client

from app.core.settings import Settings

DEADLINE_S = 120


@dataclass(frozen=True)
class RunningCluster:
    address: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def running_cluster(settings: Settings, folder: Path) -> Iterator[RunningCluster]:
    """A scheduler and two workers with one thread each, all up."""
    told = folder / "scheduler.json"
    with ExitStack() as stack:
        stack.enter_context(_process(settings, "scheduler", "--port", "0", "--scheduler-file", told))
        # Connecting waits for the file and for the scheduler; so do the workers.
        started = [
            stack.enter_context(
                _process(settings, "worker", "--scheduler-file", told, "--nthreads", "1", "--no-nanny")
            )
            for _ in range(2)
        ]
        with Client(scheduler_file=str(told), timeout=DEADLINE_S, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=DEADLINE_S)
            address = client.scheduler.address
        yield RunningCluster(address, started)


@contextmanager
def _process(settings: Settings, kind: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"SONGGANG_DATABASE_URL": settings.database_url, "SONGGANG_ENV": "test"}
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *map(str, arguments)]
    command += ["--host", "127.0.0.1", "--no-dashboard"]
    started = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait(DEADLINE_S)
