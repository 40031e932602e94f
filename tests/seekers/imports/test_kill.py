"""kill -9 in mid-import: what was done stays done, nothing is done twice, nobody uploads again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.settings import Settings
from app.seekers.imports.models import ImportBatch, ImportRow
from app.seekers.imports.terms import ImportState, RowResult
from app.seekers.models import Household, LedgerChange, Person, PrivateFacts
from tests.conftest import PROJECT
from tests.seekers.factories import COUNTY, plant_regions
from tests.seekers.imports.sheets import person, workbook

ROWS = 2600
BAD = 13


@pytest.fixture
def ledger_file(tmp_path: Path) -> Path:
    """2,587 good rows and 13 that are sent back, in households of three."""
    rows = [
        person(n, 户编号=f"H{n // 3}", 民族="汉族", **({"姓名": ""} if n % 200 == 7 else {}))
        for n in range(1, ROWS + 1)
    ]
    return workbook(tmp_path / "ledger.xlsx", rows)


def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "SONGGANG_DATABASE_URL": settings.database_url,
        "SONGGANG_DATABASE_WAIT_S": "30",
        "PYTHONPATH": str(PROJECT),
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "tests.seekers.imports.run_import", *words]


def stage(settings: Settings, path: Path) -> str:
    done = subprocess.run(
        command("stage", str(path), COUNTY),
        env=environment(settings),
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.split()[-1]


def run_until_killed(settings: Settings, import_id: str, dice: random.Random) -> bool:
    """Works on the import and kills the process at a random moment; True when it had finished before."""
    process = subprocess.Popen(
        command("go", import_id), env=environment(settings), cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    # Starting takes longer than the work: the clock begins to run with the first chunk or a few later.
    for _ in range(dice.randint(1, 3)):
        process.stdout.readline()
    threading.Event().wait(dice.uniform(0, 0.25))
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return process.returncode == 0


def check(session: Session, import_id: int) -> None:
    batch = session.get_one(ImportBatch, import_id)
    assert batch.state is ImportState.DONE
    assert batch.counts == {"new": ROWS - BAD, "rejected": BAD}
    by_result: Counter[RowResult] = Counter(
        session.scalars(select(ImportRow.result).where(ImportRow.import_id == import_id))
    )
    assert by_result == {RowResult.NEW: ROWS - BAD, RowResult.REJECTED: BAD}
    numbers = session.scalars(select(ImportRow.row_number).where(ImportRow.import_id == import_id)).all()
    assert sorted(numbers) == list(range(2, ROWS + 2))

    def count(statement: object) -> int:
        return session.scalar(statement) or 0  # type: ignore[call-overload]

    assert count(select(func.count(Person.id))) == ROWS - BAD
    assert count(select(func.count(Person.id_index.distinct()))) == ROWS - BAD
    assert count(select(func.count(PrivateFacts.person_id))) == ROWS - BAD
    assert count(select(func.count(Household.id))) == ROWS // 3 + 1
    assert count(select(func.count(Person.household_id.distinct()))) == ROWS // 3 + 1
    changes = count(select(func.count(LedgerChange.id)).where(LedgerChange.import_id == import_id))
    assert changes == ROWS - BAD + ROWS // 3 + 1


def campaign(settings: Settings, path: Path, kills: int, seed: int) -> int:
    """Kills until `kills` are spent or the import is done, then lets it finish; returns how many hit."""
    dice = random.Random(seed)
    import_id = stage(settings, path)
    path.unlink()  # nobody can upload it again
    hits = 0
    while hits < kills and not run_until_killed(settings, import_id, dice):
        hits += 1
    subprocess.run(
        command("go", import_id), env=environment(settings), cwd=PROJECT, check=True, timeout=300,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    database = Database(settings)
    with database.read() as session:
        check(session, int(import_id))
    database.dispose()
    return hits


@pytest.fixture
def prepared(own_settings: Settings) -> Settings:
    database = Database(own_settings)
    with database.write() as session:
        plant_regions(session)
    database.dispose()
    return own_settings


def test_killed_in_mid_import(prepared: Settings, ledger_file: Path) -> None:
    assert campaign(prepared, ledger_file, kills=2, seed=7) == 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(36))
def test_killed_often(prepared: Settings, ledger_file: Path, seed: int) -> None:
    # Where the dice wait long, the import is done before the third.
    assert campaign(prepared, ledger_file, kills=3, seed=seed) >= 2


def test_killed_while_the_file_is_read(prepared: Settings, ledger_file: Path) -> None:
    """Before the upload was acknowledged nothing of it counts; the same command starts over."""
    process = subprocess.Popen(
        command("stage", str(ledger_file), COUNTY), env=environment(prepared), cwd=PROJECT,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    database = Database(prepared)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with database.read() as session:
            if session.scalar(select(ImportBatch.id)) is not None:
                break
        threading.Event().wait(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    database.dispose()
    assert campaign(prepared, ledger_file, kills=1, seed=3) == 1
