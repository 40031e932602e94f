"""Keys change while the office works, in batches that may be killed anywhere; nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, func, select, text, update
from sqlalchemy.orm import Session

from app import models
from app.accounts import queries as accounts
from app.accounts.audit.recording import record_audit
from app.accounts.audit.verification import verify_audit
from app.accounts.models import User
from app.accounts.permission_terms import Action, Resource
from app.core.clock import FixedClock
from app.core.crypto import Place, Unsealable
from app.core.db import Database
from app.core.tasks import Task, TaskRunner, TaskState
from app.seekers import finding, queries, sealing
from app.seekers import tasks as seeker_tasks
from app.seekers.history import open_present, timeline
from app.seekers.models import LedgerChange, Person, PrivateFacts
from app.seekers.people import update_person
from app.seekers.privacy import rotation
from app.seekers.privacy.rotation import (
    SEALED_TABLES,
    Position,
    count_old_rows,
    reseal_batch,
)
from app.seekers.schemas import PersonPatch
from tests.seekers import factories as given
from tests.seekers.privacy.situations import (
    CHANGING,
    HEALTH,
    LAST_YEAR,
    LEDGER,
    NEW_ALONE,
    OLD,
    THIS_YEAR,
    add_account,
    add_person,
    number_of,
    phone_of,
)

PEOPLE = 7
OFFICER = given.village_officer()


def fill(session: Session, clock: FixedClock) -> list[int]:
    home = given.household(session, OLD, clock)
    ids = []
    for n in range(PEOPLE):
        person = add_person(session, OLD, clock, home, 100 + n)
        patch = PersonPatch.model_validate({"phone": phone_of(100 + n), "status": "employed"})
        update_person(session, OFFICER, person.id, patch, cipher=OLD, clock=clock)
        patch = PersonPatch.model_validate({"health": {"健康状况": "残疾"}})
        update_person(session, OFFICER, person.id, patch, cipher=OLD, clock=clock)
        add_account(session, OLD, clock, 100 + n)
        ids.append(person.id)
    return ids


def rotate(session: Session, limit: int = 3) -> int:
    position: Position | None = Position()
    done = 0
    while position is not None:
        position, more = reseal_batch(session, CHANGING, position, limit=limit)
        done += more
    return done


def assert_all_is_readable(session: Session, clock: FixedClock, ids: list[int], cipher: Any) -> None:
    session.expire_all()
    for n, person_id in enumerate(ids):
        person = session.get_one(Person, person_id)
        present = open_present(session, person, cipher)
        assert present["id_number"] == number_of(100 + n)
        assert present["phone"] == phone_of(100 + n)
        assert present["ledger"] == LEDGER
        assert present["health"] == {**HEALTH, "健康状况": "残疾"}
        changes, _ = timeline(session, person, cipher=cipher, may_open=["health"])
        assert any(f.after == {**HEALTH, "健康状况": "残疾"} for entry in changes for f in entry.fields)
        assert queries.find_person_by_id_number(session, number_of(100 + n), cipher) is person
        for typed in (number_of(100 + n), phone_of(100 + n), phone_of(100 + n)[-4:], number_of(100 + n)[-4:]):
            found, _ = finding.find_people(session, OFFICER, typed, clock.today(), cipher=cipher, limit=20)
            assert person in found, typed
        user = accounts.find_by_phone(session, cipher.blind_indexes("phone", phone_of(100 + n)))
        assert user is not None
        assert cipher.open(user.totp_secret, Place("users", "totp_secret", user.id)).startswith("JB")


# Made of what is stored nowhere else, so they can't be renewed; found by the old key as long as it is listed.
# A roll lasts a day; a complaint told twice is told twice within days.
SHORT_LIVED = {("arrival_rolls", "tail_index"), ("cases", "story_index")}


def own_key(table: str, column: str) -> str:
    """The column that holds the key another column is sealed with; empty for most."""
    comment = models.metadata.tables[table].columns[column].comment or ""
    return comment.removeprefix("sealed with ") if comment.startswith("sealed with ") else ""


def test_every_sealed_column_of_the_schema_is_resealed() -> None:
    """A column sealed in future must be named in the table, or its rows are lost with the old key."""
    named = {(table.name, column.name) for table in SEALED_TABLES for column in table.columns}
    sealed = {
        (table.name, column.name)
        for table in models.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and "sealed" in (column.comment or "")
    }
    # A picture is sealed with a key of its own; that key is sealed and renewed.
    with_own_key = {(table, column) for table, column in sealed if own_key(table, column)}
    assert {(table, own_key(table, column)) for table, column in with_own_key} <= named
    sealed -= with_own_key
    assert named == sealed
    digests = {
        (table.name, name)
        for table in SEALED_TABLES
        for column in table.columns
        for name, _ in (*column.digests, *column.tails)
    }
    indexes = {
        (table.name, column.name)
        for table in models.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_index")
    }
    assert digests | SHORT_LIVED == indexes


def test_all_opens_and_is_found_before_during_and_after(session: Session, clock: FixedClock) -> None:
    ids = fill(session, clock)
    with pytest.raises(Unsealable):
        assert_all_is_readable(session, clock, ids, NEW_ALONE)
    assert_all_is_readable(session, clock, ids, CHANGING)
    before = count_old_rows(session, CHANGING)
    assert before["people"] == before["private_facts"] == before["users"] == before["phone_codes"] == PEOPLE
    position: Position | None = Position()
    while position is not None:
        position, _ = reseal_batch(session, CHANGING, position, limit=3)
        assert_all_is_readable(session, clock, ids, CHANGING)
    assert count_old_rows(session, CHANGING) == {}
    assert_all_is_readable(session, clock, ids, NEW_ALONE)
    assert rotate(session) == 0


def test_a_batch_holds_no_more_rows_than_asked(session: Session, clock: FixedClock) -> None:
    fill(session, clock)
    position, done = reseal_batch(session, CHANGING, Position(), limit=3)
    assert done == 3
    assert count_old_rows(session, CHANGING)["people"] == PEOPLE - 3
    assert rotation.BATCH == 500
    assert position is not None
    assert position.table == 0


def test_a_row_no_key_opens_is_left_and_counted(session: Session, clock: FixedClock) -> None:
    ids = fill(session, clock)
    torn = session.scalar(select(Person.phone).where(Person.id == ids[1]))
    session.execute(update(Person).where(Person.id == ids[1]).values(phone=b"torn" + (torn or b"")))
    rotate(session)
    assert count_old_rows(session, CHANGING) == {"people": 1}


def test_two_rows_with_one_number_give_way(session: Session, clock: FixedClock) -> None:
    """Entered in the same instant under two keys: both can be read, one is found, nothing stands still."""
    home = given.household(session, OLD, clock)
    first = add_person(session, OLD, clock, home, 1)
    second = given.member(session, NEW_ALONE, clock, home)
    for name, value in sealing.seal_id_number(second.id, number_of(1), NEW_ALONE).items():
        setattr(second, name, value)
    session.flush()
    rotate(session)
    assert count_old_rows(session, CHANGING) == {}
    session.expire_all()
    assert sealing.open_id_number(first, NEW_ALONE) == sealing.open_id_number(second, NEW_ALONE)
    assert (first.id_index, second.id_index) == (None, sealing.id_index(number_of(1), NEW_ALONE))


SWAPS = [
    ("id_number", "phone", 0, 0),
    ("phone", "id_number", 0, 0),
    ("id_number", "id_number", 0, 1),
    ("phone", "phone", 0, 1),
]


@pytest.mark.parametrize("rotated", [False, True])
@pytest.mark.parametrize(("taken", "put", "of_row", "into_row"), SWAPS)
def test_a_swapped_ciphertext_never_opens(
    session: Session, clock: FixedClock, rotated: bool, taken: str, put: str, of_row: int, into_row: int
) -> None:
    home = given.household(session, OLD, clock)
    people = [add_person(session, OLD, clock, home, n).id for n in (1, 2)]
    if rotated:
        rotate(session)
    value = session.scalar(select(getattr(Person, taken)).where(Person.id == people[of_row]))
    session.execute(update(Person).where(Person.id == people[into_row]).values({put: value}))
    session.expire_all()
    opening = sealing.open_phone if put == "phone" else sealing.open_id_number
    with pytest.raises(Unsealable):
        opening(session.get_one(Person, people[into_row]), CHANGING)
    if not rotated:  # nor does sealing anew make good what was swapped
        rotate(session)
        session.expire_all()
        with pytest.raises(Unsealable):
            opening(session.get_one(Person, people[into_row]), CHANGING)


def test_swapped_documents_and_changes_stay_shut(session: Session, clock: FixedClock) -> None:
    ids = fill(session, clock)
    rotate(session)
    session.expire_all()
    first, second = (session.get_one(PrivateFacts, i) for i in ids[:2])
    first.health, second.health = second.health, first.health
    with pytest.raises(Unsealable):
        sealing.open_facts(first, "health", CHANGING)
    first.ledger = first.health
    with pytest.raises(Unsealable):
        sealing.open_facts(first, "ledger", CHANGING)
    one, two = session.scalars(
        select(LedgerChange).where(LedgerChange.sealed.is_not(None)).order_by(LedgerChange.id).limit(2)
    )
    one.sealed = two.sealed
    with pytest.raises(Unsealable):
        sealing.open_change(one, CHANGING)


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def with_new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGGANG_DATA_KEY", THIS_YEAR)
    monkeypatch.setenv("SONGGANG_OLD_DATA_KEYS", f"{LAST_YEAR}, some other key from long ago")


@pytest.mark.usefixtures("with_new_key")
def test_killed_in_every_batch_the_task_goes_on(
    own_database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_database.write() as session:
        ids = fill(session, clock)
    with own_database.write() as session:
        assert seeker_tasks.start_reseal(session, CHANGING, clock)
        assert not seeker_tasks.start_reseal(session, CHANGING, clock)
    kills = 0
    spare = True

    def dying(*args: Any, **more: Any) -> Any:
        """Every other time, the process dies after the batch is written and before it is committed."""
        nonlocal kills, spare
        spare = not spare
        result = reseal_batch(*args, **more, limit=2)
        if not spare:
            kills += 1
            raise Killed
        return result

    monkeypatch.setattr(seeker_tasks, "reseal_batch", dying)
    for _ in range(200):
        runner = TaskRunner(own_database, clock)  # a new process each time
        try:
            if not runner.run_one():
                break
        except Killed:
            clock.move(timedelta(minutes=6))  # until the dead runner's claim has run out
        else:
            with own_database.read() as session:
                assert_all_is_readable(session, clock, ids, CHANGING)
    assert kills >= 10
    with own_database.read() as session:
        assert count_old_rows(session, CHANGING) == {}
        states = session.scalars(select(Task.state).where(Task.name == seeker_tasks.RESEAL)).all()
        assert set(states) == {TaskState.DONE}
        assert_all_is_readable(session, clock, ids, NEW_ALONE)


def test_a_worker_with_another_key_leaves_the_batch(
    own_database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_database.write() as session:
        fill(session, clock)
        seeker_tasks.start_reseal(session, CHANGING, clock)
    monkeypatch.setenv("SONGGANG_DATA_KEY", LAST_YEAR)
    TaskRunner(own_database, clock).run_one()
    with own_database.read() as session:
        assert count_old_rows(session, CHANGING)["people"] == PEOPLE
        assert session.scalar(select(Task.last_error)) == "OtherKey"


def test_an_edit_between_two_batches_keeps_both(session: Session, clock: FixedClock) -> None:
    ids = fill(session, clock)
    reseal_batch(session, CHANGING, Position(), limit=2)
    patch = PersonPatch.model_validate({"phone": "13700000001"})
    for person_id in (ids[0], ids[-1]):
        update_person(session, OFFICER, person_id, patch, cipher=CHANGING, clock=clock)
    rotate(session)
    session.expire_all()
    for person_id in (ids[0], ids[-1]):
        person = session.get_one(Person, person_id)
        assert sealing.open_phone(person, NEW_ALONE) == "13700000001"
        assert person.phone_index == sealing.phone_index("13700000001", NEW_ALONE)


def test_the_audit_log_stays_whole_across_a_change_of_keys(own_database: Database, clock: FixedClock) -> None:
    def note(cipher: Any) -> None:
        with own_database.write() as session:
            record_audit(session, cipher, clock, OFFICER, Action.READ, Resource.PHONE, subject_id=1)

    note(OLD)
    note(CHANGING)  # before anything was sealed anew
    note(OLD)  # a process that was not restarted yet: seals the head with the old key once more
    with own_database.write() as session:
        rotate(session)
    note(CHANGING)
    with own_database.read() as session:
        found = [finding.code for finding in verify_audit(session, CHANGING)]
    # Only the straggler's entry, which could not know the new key, is told as a break.
    assert found == ["broken_before"]


def test_an_account_is_found_under_the_old_key(session: Session, clock: FixedClock) -> None:
    user = add_account(session, OLD, clock, 5)
    assert accounts.find_by_phone(session, CHANGING.blind_indexes("phone", phone_of(5))) is user
    assert accounts.find_by_phone(session, NEW_ALONE.blind_indexes("phone", phone_of(5))) is None
    assert session.scalar(select(func.count()).select_from(User)) == 1


def test_sealed_values_name_their_key(session: Session, clock: FixedClock) -> None:
    fill(session, clock)
    rotate(session)
    for table in SEALED_TABLES:
        for column in table.columns:
            rows = session.scalars(text(f"SELECT {column.name} FROM {table.name}"))  # noqa: S608
            for value in rows:
                assert value is None or bytes(value).startswith(NEW_ALONE.header)
