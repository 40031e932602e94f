"""Entries live and die with the transaction they tell about, and the chain holds under concurrency."""

import statistics
import sys
import threading
import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.accounts.audit.models import AuditEntry, AuditHead
from app.accounts.audit.recording import begin_audit, record_audit
from app.accounts.audit.verification import verify_audit
from app.accounts.permission_terms import Action, Resource
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from tests.accounts.audit.entries import OFFICER, REASON, reveal
from tests.accounts.situations import VILLAGE
from tests.databases import RolledBackDatabase


def entries(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_an_entry_says_who_what_whose_why_and_under_which_role(
    database: RolledBackDatabase, cipher: FieldCipher, clock: FixedClock
) -> None:
    with database.write() as session:
        reveal(session, cipher, clock, 5)
    with database.read() as session:
        (entry,) = entries(session)
        assert (entry.id, entry.at, entry.actor_id) == (1, clock.now(), OFFICER.user_id)
        assert (entry.role, entry.team_code) == ("village_officer", VILLAGE)
        assert (entry.action, entry.resource, entry.subject_id) == ("reveal", "id_number", 5)
        assert (entry.region_code, entry.reason) == (VILLAGE, REASON)
        assert entry.detail == '{"field":"id_number","times":1}'
        assert verify_audit(session, cipher) == []


def test_work_rolled_back_leaves_no_entry(own_database: Database, clock: FixedClock, cipher) -> None:
    with pytest.raises(RuntimeError), own_database.write() as session:
        reveal(session, cipher, clock, 1)
        raise RuntimeError
    with own_database.write() as session:
        reveal(session, cipher, clock, 2)
        with pytest.raises(RuntimeError), session.begin_nested():
            reveal(session, cipher, clock, 3)
            with session.begin_nested():
                reveal(session, cipher, clock, 4)
            raise RuntimeError
        with session.begin_nested():
            reveal(session, cipher, clock, 5)
    with own_database.read() as session:
        assert [(entry.id, entry.subject_id) for entry in entries(session)] == [(1, 2), (2, 5)]
        assert verify_audit(session, cipher) == []


def test_one_session_may_commit_several_times(own_database: Database, clock: FixedClock, cipher) -> None:
    with Session(own_database.writer) as session:
        for person in (1, 2):
            reveal(session, cipher, clock, person)
            session.commit()
        reveal(session, cipher, clock, 3)
        session.rollback()
        session.commit()
        assert [entry.subject_id for entry in entries(session)] == [1, 2]
        assert verify_audit(session, cipher) == []


def test_a_reading_session_refuses_instead_of_losing_the_entry(
    own_database: Database, clock: FixedClock, cipher: FieldCipher
) -> None:
    with own_database.read() as session, pytest.raises(DBAPIError):
        reveal(session, cipher, clock)


def test_begun_once_the_log_can_not_be_emptied_unseen(own_database: Database, cipher: FieldCipher) -> None:
    for _ in range(2):
        with own_database.write() as session:
            begin_audit(session, cipher)
    with own_database.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditHead)) == 1
        assert verify_audit(session, cipher) == []


@pytest.mark.parametrize(
    "detail",
    [
        {"name": "王小云"},
        {"phone": "13900002041"},
        {"id": "610204198203041234"},
        {"id": 610204820304123},
        {"号": 1},
        {"nested": {"a": 1}},
        {"wage": 1.5},
        {"list": ["ok", "柳树塬"]},
    ],
)
def test_details_hold_codes_and_ids_only(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, detail
) -> None:
    with pytest.raises(ValueError), database.write() as session:  # noqa: PT011 - the kind is the point
        record_audit(session, cipher, clock, SYSTEM, Action.EDIT, Resource.SEEKER_CARD, detail=detail)


def test_a_reason_keeps_no_number_of_a_person(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher
) -> None:
    with database.write() as session:
        reason = "核对 610204198203041234\n和 13900002041，" + "长" * 300
        record_audit(session, cipher, clock, SYSTEM, Action.REVEAL, Resource.ID_NUMBER, reason=reason)
    with database.read() as session:
        (entry,) = entries(session)
    assert entry.reason.startswith("核对 （号码略） 和 （号码略），长")
    assert len(entry.reason) == 200


def test_twelve_writers_at_once_make_one_chain(
    own_database: Database, clock: FixedClock, cipher: FieldCipher
) -> None:
    """No head yet: the race for the first entry is part of it."""
    start, failures = threading.Barrier(12), []

    def work(writer: int) -> None:
        try:
            start.wait(timeout=20)
            for number in range(10):
                with own_database.write() as session:
                    reveal(session, cipher, clock, writer * 100 + number)
                    reveal(session, cipher, clock, writer * 100 + 50 + number)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failures == []
    with own_database.read() as session:
        assert verify_audit(session, cipher) == []
        assert [entry.id for entry in entries(session)] == list(range(1, 241))


def test_verifying_while_the_log_grows_raises_no_alarm(
    own_database: Database, clock: FixedClock, cipher: FieldCipher
) -> None:
    done = threading.Event()

    def write() -> None:
        for number in range(60):
            with own_database.write() as session:
                reveal(session, cipher, clock, number)
        done.set()

    with own_database.write() as session:
        begin_audit(session, cipher)
    thread = threading.Thread(target=write)
    thread.start()
    looks = 0
    while not done.is_set() or looks == 0:
        with own_database.read() as session:
            assert verify_audit(session, cipher) == []
        looks += 1
    thread.join(timeout=60)
    assert looks >= 1


def test_the_cost_of_an_entry(own_database: Database, clock: FixedClock, cipher: FieldCipher) -> None:
    """Printed for the record; the limit only catches a mistake of an order of magnitude."""

    def seconds_with(entries_each: int) -> float:
        times = []
        for _ in range(20):
            began = time.perf_counter()
            with own_database.write() as session:
                session.execute(select(1))
                for person in range(entries_each):
                    reveal(session, cipher, clock, person)
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    seconds_with(1)
    none, one, many = seconds_with(0), seconds_with(1), seconds_with(100)
    sys.stdout.write(
        f"\none entry {1000 * (one - none):.2f} ms; each of a hundred {10 * (many - none):.3f} ms\n"
    )
    assert one - none < 0.2
