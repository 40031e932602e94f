"""Any past day can be rebuilt, whatever was done; two colleagues never overwrite each other."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock, office_day
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Stale
from app.seekers import history, households, merging, people, queries
from app.seekers.fields import snapshot
from app.seekers.models import Person
from app.seekers.schemas import HouseholdPatch, PersonPatch
from app.seekers.sealing import SEALED_FIELDS
from app.seekers.terms import CloseReason, LabourClass
from tests.seekers import factories as given

EDITS = st.one_of(
    st.fixed_dictionaries({"status": st.sampled_from(["seeking", "employed", "training", "not_seeking"])}),
    st.fixed_dictionaries({"phone": st.sampled_from(["13900002041", "13900002042", None])}),
    st.fixed_dictionaries({"name": st.sampled_from(["王桂兰", "王桂香", "曾桂兰"])}),
    st.fixed_dictionaries({"id_number": st.sampled_from([given.id_number(), given.id_number(sequence=14)])}),
    st.fixed_dictionaries({"skills": st.lists(st.sampled_from(["电焊", "平车", "别的"]), max_size=2)}),
    st.fixed_dictionaries({"limits": st.lists(st.sampled_from(["night", "dust", "heights"]), max_size=3)}),
    st.fixed_dictionaries({"health": st.fixed_dictionaries({"健康状况": st.sampled_from(["", "残疾"])})}),
    st.fixed_dictionaries({"ledger": st.fixed_dictionaries({"民族": st.sampled_from(["汉", "回", ""])})}),
    st.fixed_dictionaries({"wage_floor_fen": st.sampled_from([None, 200000, 300000])}),
    st.sampled_from(["close", "reopen", "move", "class", "merge", "unmerge"]),
)


def act(session: Session, tools: dict[str, Any], ids: dict[str, int], edit: Any) -> None:
    if isinstance(edit, dict):
        patch = PersonPatch.model_validate(edit)
        person = queries.get_person(session, SYSTEM, ids["person"])
        if person.closed_at is None:
            people.update_person(session, SYSTEM, person.id, patch, **tools)
    elif edit in ("close", "reopen"):
        reason = CloseReason.OTHER if edit == "close" else None
        person = queries.get_person(session, SYSTEM, ids["person"])
        if (person.closed_at is None) == (edit == "close"):
            people.close_person(session, SYSTEM, person.id, reason, **tools)
    elif edit == "move" and queries.get_person(session, SYSTEM, ids["person"]).closed_at is None:
        people.move_person(session, SYSTEM, ids["person"], ids["there"], **tools)
    elif edit == "class" and queries.get_person(session, SYSTEM, ids["person"]).closed_at is None:
        people.set_class(session, SYSTEM, ids["person"], LabourClass.SEMI, reason="评议", **tools)
    elif edit in ("merge", "unmerge"):
        merged = queries.find_merged(session, Person, ids["twin"]) is not None
        open_now = queries.get_person(session, SYSTEM, ids["person"]).closed_at is None
        if edit == "merge" and not merged and open_now:
            merging.merge_people(session, SYSTEM, ids["person"], ids["twin"], **tools)
        elif edit == "unmerge" and merged:
            merging.unmerge_people(session, SYSTEM, ids["twin"], **tools)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(st.lists(st.tuples(st.integers(0, 30), EDITS), max_size=12))
def test_every_past_day_is_rebuilt_as_it_was(
    session: Session, cipher: FieldCipher, edits: list[tuple[int, Any]]
) -> None:
    clock = FixedClock(history.datetime(2026, 11, 22, 1, 0, tzinfo=history.OFFICE_ZONE))
    tools: dict[str, Any] = {"cipher": cipher, "clock": clock}
    nested = session.begin_nested()
    try:
        person = given.seeker(session, cipher, clock)
        twin = given.member(
            session, cipher, clock, person.household, name="王桂兰", birth_on="1975-03-08", care_hours="早上"
        )
        there = given.household(session, cipher, clock, region_code=given.OTHER_VILLAGE)
        ids = {"person": person.id, "twin": twin.id, "there": there.id}
        records: dict[str, Person] = {"person": person, "twin": twin}
        days: dict[Any, dict[str, Any]] = {}
        for hours, edit in edits:
            clock.move(timedelta(hours=hours))
            act(session, tools, ids, edit)
            days[clock.today()] = {name: photograph(session, row, cipher) for name, row in records.items()}
        first = office_day(person.created_at)
        for name, row in records.items():
            assert history.as_of(session, row, first - timedelta(days=1)) is None
            for day, seen in days.items():
                past = history.as_of(session, row, day, cipher=cipher, may_open=SEALED_FIELDS)
                assert past is not None
                assert past.fields == seen[name], day
                closed = history.as_of(session, row, day)
                assert closed is not None
                assert not SEALED_FIELDS & closed.fields.keys()
    finally:
        nested.rollback()
        session.expire_all()


def photograph(session: Session, person: Person, cipher: FieldCipher) -> dict[str, Any]:
    session.flush()
    session.refresh(person)
    return snapshot(person) | history.open_present(session, person, cipher)


def test_a_household_is_rebuilt_and_tells_its_members_story(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    person = given.seeker(session, cipher, clock)
    home = person.household
    first = clock.today()
    clock.move(timedelta(days=2))
    patch = HouseholdPatch.model_validate({"address": "新居3号楼", "kinds": ["relocated"], "reason": "搬迁"})
    households.update_household(session, SYSTEM, home.id, patch, cipher=cipher, clock=clock)
    clock.move(timedelta(days=2))
    patch_of_person = PersonPatch(status="employed")
    people.update_person(session, SYSTEM, person.id, patch_of_person, cipher=cipher, clock=clock)
    past = history.as_of(session, home, first)
    assert past is not None
    assert (past.fields["address"], past.fields["kinds"]) == ("柳树塬村3组7号", [])
    entries, following = history.timeline(session, home, limit=2)
    assert [(entry.record_kind.value, entry.kind.value) for entry in entries] == [
        ("person", "updated"),
        ("household", "updated"),
    ]
    rest, end = history.timeline(session, home, limit=2, cursor=following)
    assert [entry.kind.value for entry in rest] == ["created", "created"]
    assert end is None


def test_two_colleagues_save_the_same_person_and_one_is_told(
    own_database: Database, cipher: FieldCipher, clock: FixedClock
) -> None:
    with own_database.write() as session:
        person_id = given.seeker(session, cipher, clock).id
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def save(wish: str) -> None:
        ready.wait(timeout=10)
        patch = PersonPatch(training_wish=wish)
        try:
            with own_database.write() as session:
                people.update_person(session, SYSTEM, person_id, patch, cipher=cipher, clock=clock, version=1)
            outcomes.append("saved")
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=save, args=(wish,)) for wish in ("想学月嫂", "想学电焊")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["saved", "stale"]
    with own_database.read() as session:
        person = queries.get_person(session, SYSTEM, person_id)
        assert person.version == 2
        entries, _ = history.timeline(session, person)
        assert [entry.kind.value for entry in entries] == ["updated", "created"]


def test_nothing_is_half_written(
    own_database: Database, cipher: FieldCipher, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row and its history come together or not at all."""
    with own_database.write() as session:
        person_id = given.seeker(session, cipher, clock).id

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.seekers.changing.audit", fail)
    patch = PersonPatch(training_wish="想学月嫂", phone="13900009999")
    with pytest.raises(RuntimeError), own_database.write() as session:
        people.update_person(session, SYSTEM, person_id, patch, cipher=cipher, clock=clock)
    with own_database.read() as session:
        person = queries.get_person(session, SYSTEM, person_id)
        assert (person.version, person.training_wish) == (1, "")
        assert len(history.timeline(session, person)[0]) == 1
