"""A real process changes the keys and is killed with signal 9 in between, again and again."""

import os
import random
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from app.accounts.models import PhoneCode
from app.core.clock import FixedClock
from app.core.crypto import Place
from app.core.db import Database
from app.core.settings import Settings
from app.seekers.privacy.rotation import BATCH, count_old_rows
from tests.conftest import PROJECT
from tests.seekers.privacy.situations import CHANGING, LAST_YEAR, NEW_ALONE, OLD, THIS_YEAR, phone_of

_COMMAND = [sys.executable, "-c", "from app.cli import main; main()", "keys", "rotate"]


def fill(database: Database, clock: FixedClock, rows: int) -> None:
    with database.write() as session:
        session.execute(
            insert(PhoneCode),
            [
                {
                    "id": n,
                    "asker_hash": str(n),
                    "phone": OLD.seal(phone_of(n), Place("phone_codes", "phone", n)),
                    "phone_index": OLD.blind_index("phone", phone_of(n)),
                    "code_digest": "",
                    "created_at": clock.now(),
                    "expires_at": clock.now() + timedelta(minutes=5),
                    "tries": 0,
                }
                for n in range(1, rows + 1)
            ],
        )


def left(database: Database) -> int:
    with database.read() as session:
        return count_old_rows(session, CHANGING).get("phone_codes", 0)


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_killed_and_started_again_it_ends_where_it_should(
    own_settings: Settings, own_database: Database, clock: FixedClock, kills: int
) -> None:
    rows = BATCH * (kills + 3) * 3
    fill(own_database, clock, rows)
    keys = {"SONGGANG_DATA_KEY": THIS_YEAR, "SONGGANG_OLD_DATA_KEYS": LAST_YEAR}
    place = {"SONGGANG_DATABASE_URL": own_settings.database_url, "PYTHONPATH": str(PROJECT)}
    dice = random.Random(kills)
    struck = 0
    for _ in range(kills):
        before = left(own_database)
        process = subprocess.Popen(
            _COMMAND, env=os.environ | keys | place, cwd=PROJECT, stdout=subprocess.DEVNULL
        )
        while process.poll() is None and left(own_database) == before:
            pass
        try:
            process.wait(timeout=dice.uniform(0, 0.03))
        except subprocess.TimeoutExpired:
            process.kill()
            struck += 1
        assert process.wait() in (0, -9)
        assert left(own_database) % BATCH == 0  # whole batches only
    assert struck >= kills - 1
    done = subprocess.run(_COMMAND, env=os.environ | keys | place, cwd=PROJECT, capture_output=True)
    assert done.returncode == 0, done.stderr
    with own_database.read() as session:
        found = session.execute(select(PhoneCode.id, PhoneCode.phone, PhoneCode.phone_index)).all()
    assert len(found) == rows
    for number, sealed, index in found:
        assert NEW_ALONE.open(sealed, Place("phone_codes", "phone", number)) == phone_of(number)
        assert index == NEW_ALONE.blind_index("phone", phone_of(number))
