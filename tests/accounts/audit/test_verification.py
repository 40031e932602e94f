"""Every tampering with the log is found; an untouched log raises no alarm."""

import random
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.accounts.audit import recording
from app.accounts.audit.anchor import make_anchor, read_anchors
from app.accounts.audit.chain import Content, digest_of, seal_of
from app.accounts.audit.models import AuditEntry, AuditHead
from app.accounts.audit.verification import verify_audit
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Invalid
from app.core.settings import Settings
from tests.accounts.audit.entries import OFFICER, reveal
from tests.accounts.audit.tampers import ENTRIES, HEAD, TAMPERS, rows
from tests.accounts.situations import VILLAGE
from tests.databases import RolledBackDatabase


@pytest.fixture
def log(database: RolledBackDatabase, cipher: FieldCipher, clock: FixedClock) -> RolledBackDatabase:
    """Forty entries in eight transactions."""
    for start in range(0, 40, 5):
        with database.write() as session:
            for person in range(start, start + 5):
                reveal(session, cipher, clock, person)
    return database


def findings(database: RolledBackDatabase, cipher: FieldCipher, **more: dict[int, str]) -> list[str]:
    with database.read() as session:
        return [finding.code for finding in verify_audit(session, cipher, **more)]


def test_an_untouched_log_raises_no_alarm(log: RolledBackDatabase, cipher: FieldCipher) -> None:
    assert findings(log, cipher) == []


@pytest.mark.parametrize("dose", [200, pytest.param(1_000, marks=pytest.mark.slow)])
def test_every_tamper_is_found(log: RolledBackDatabase, cipher: FieldCipher, dose: int) -> None:
    chance = random.Random(20261122)
    found: Counter[str] = Counter()
    missed = []
    for number in range(dose):
        tamper = TAMPERS[number % len(TAMPERS)]
        with log._connection.begin_nested() as savepoint:
            tamper(log._connection, chance)
            if findings(log, cipher):
                found[tamper.__name__] += 1
            else:
                missed.append(f"{tamper.__name__} ({number})")
            savepoint.rollback()
        if number % 50 == 0:
            assert findings(log, cipher) == [], "a false alarm on the log as it was"
    sys.stdout.write(f"\n{found.total()} of {dose} tampers found, {len(found)} kinds\n")
    assert missed == []
    assert found.total() == dose


def test_one_change_is_not_a_thousand_findings(log: RolledBackDatabase, cipher: FieldCipher) -> None:
    with log._connection.begin_nested():
        log._connection.execute(update(ENTRIES).where(ENTRIES.c.id == 7).values(subject_id=3))
    assert findings(log, cipher) == ["changed"]


def test_a_log_set_back_as_a_whole_is_found_by_the_anchor(
    database: RolledBackDatabase, cipher: FieldCipher, clock: FixedClock, tmp_path
) -> None:
    with database.write() as session:
        reveal(session, cipher, clock, 1)
    old_head = database._connection.execute(select(HEAD)).one()._mapping
    with database.write() as session:
        reveal(session, cipher, clock, 2)
    file = tmp_path / "anchor"
    with database.read() as session:
        file.write_text(make_anchor(session, cipher, clock.now()) + "\n", encoding="utf-8")
    anchors = read_anchors(file, cipher)
    assert list(anchors) == [2]
    assert findings(database, cipher, anchors=anchors) == []
    database._connection.execute(delete(ENTRIES).where(ENTRIES.c.id > 1))
    database._connection.execute(update(HEAD).values(dict(old_head)))
    assert findings(database, cipher) == []  # nothing inside the database can tell
    assert findings(database, cipher, anchors=anchors) == ["set_back"]
    with database.write() as session:
        reveal(session, cipher, clock, 3)  # the log grows past the anchor again
    assert findings(database, cipher, anchors=anchors) == ["anchor"]


def test_an_anchor_that_was_changed_is_refused(
    log: RolledBackDatabase, cipher: FieldCipher, clock: FixedClock, tmp_path
) -> None:
    with log.read() as session:
        line = make_anchor(session, cipher, clock.now())
    file = tmp_path / "anchor"
    file.write_text(line.replace('"entries": 40', '"entries": 39'), encoding="utf-8")
    with pytest.raises(Invalid):
        read_anchors(file, cipher)
    file.write_text("not an anchor", encoding="utf-8")
    with pytest.raises(Invalid):
        read_anchors(file, cipher)
    with pytest.raises(Invalid):
        read_anchors(tmp_path / "absent", cipher)


@pytest.mark.parametrize("damage", ["delete head", "edit head", "cut tail", "false end"])
def test_writing_goes_on_after_damage_and_the_damage_stays_visible(
    log: RolledBackDatabase, cipher: FieldCipher, clock: FixedClock, damage: str
) -> None:
    if damage == "delete head":
        log._connection.execute(delete(HEAD))
    elif damage == "edit head":
        log._connection.execute(update(HEAD).values(entries=12))
    elif damage == "cut tail":
        log._connection.execute(delete(ENTRIES).where(ENTRIES.c.id > 30))
    else:
        last = rows(log._connection)[-1]
        log._connection.execute(insert(ENTRIES).values({**last, "id": 41}))
    for person in (1, 2):
        with log.write() as session:
            reveal(session, cipher, clock, person)
    assert "broken_before" in findings(log, cipher)
    written = [row["action"] for row in rows(log._connection)]
    assert written.count(recording.CHAIN_BROKEN) == 1


def test_old_keys_still_open_old_entries(
    log: RolledBackDatabase, clock: FixedClock, shared_settings: Settings
) -> None:
    old_key = shared_settings.data_key.get_secret_value()
    new = FieldCipher("the key of next year, which is long enough", [old_key])
    with log.write() as session:
        reveal(session, new, clock, 41)
    assert findings(log, new) == []
    only_new = FieldCipher("the key of next year, which is long enough")
    with log.read() as session:
        assert len(verify_audit(session, only_new)) == 40


@pytest.mark.slow
def test_a_hundred_thousand_entries_are_verified_in_seconds(
    database: RolledBackDatabase, session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    previous, batch = "", []
    for number in range(1, 100_001):
        who = (OFFICER.user_id, "village_officer", VILLAGE, "reveal", "id_number")
        detail = ("办理社保补贴", '{"field":"id_number"}')
        content = Content(number, clock.now(), *who, number, VILLAGE, *detail, previous)
        previous = digest_of(cipher, content)
        batch.append({**content._asdict(), "digest": previous})
    session.execute(insert(AuditEntry), batch)
    head = {"id": 1, "entries": 100_000, "last_digest": previous}
    session.execute(insert(AuditHead).values(seal=seal_of(cipher, "head", 100_000, previous), **head))
    began = time.perf_counter()
    assert verify_audit(session, cipher) == []
    seconds = time.perf_counter() - began
    sys.stdout.write(f"\n100,000 entries verified in {seconds:.2f} s\n")
    assert seconds < 20
