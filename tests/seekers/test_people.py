"""The law of the use cases: adding, changing, moving, closing; on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, Unsealable
from app.core.db import Database
from app.core.errors import Forbidden, Invalid, NotFound, Stale
from app.seekers import history, households, people, queries, sealing
from app.seekers.errors import HouseholdNotFound, PersonExists, PersonNotFound, RecordClosed
from app.seekers.models import LedgerChange, Person, PrivateFacts
from app.seekers.schemas import HouseholdIn, HouseholdPatch, MemberIn, PersonPatch, SeekerIn
from app.seekers.terms import CloseReason, LabourClass, Relation, SeekerStatus, Sex
from tests.databases import RolledBackDatabase
from tests.seekers import factories as given


def change(
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    person: Person,
    actor: Actor = SYSTEM,
    *,
    version: int | None = None,
    **fields: Any,
) -> Person:
    patch = PersonPatch.model_validate(fields)
    return people.update_person(session, actor, person.id, patch, cipher=cipher, clock=clock, version=version)


def test_a_seeker_is_registered_with_all_that_follows(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    person = given.seeker(
        session, cipher, clock, skills=["会电焊"], certificates=["C1"], lng=108.98, lat=34.9
    )
    assert (person.sex, person.birth_on) == (Sex.FEMALE, date(1975, 3, 8))
    assert person.status is SeekerStatus.SEEKING
    assert person.seeking_since_on == clock.today()
    assert person.labour_class is LabourClass.SKILLED
    assert person.region_code == given.VILLAGE
    assert person.certificates == ["licence_c1"]
    assert person.x is not None
    assert sealing.open_id_number(person, cipher) == given.id_number()
    assert sealing.open_phone(person, cipher) == "13900002041"
    assert person.version == 1
    assert "wgl" in person.search_text
    (created,) = session.scalars(
        select(LedgerChange).where(LedgerChange.record_kind == "person", LedgerChange.record_id == person.id)
    )
    assert (created.kind, created.before, created.after, created.sealed) == ("created", {}, {}, None)


def test_nobody_under_16_is_ever_registered_as_a_seeker(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    day_before = date(2010, 11, 23)  # 16 tomorrow
    with pytest.raises(Invalid) as refused:
        given.seeker(session, cipher, clock, id_number=given.id_number(day_before))
    assert "16" in refused.value.title
    person = given.seeker(session, cipher, clock, id_number=given.id_number(date(2010, 11, 22)))
    assert queries.get_seeker(session, SYSTEM, person.id, clock.today()) is person
    home = person.household
    child = given.member(session, cipher, clock, home, id_number=given.id_number(day_before), birth_on=None)
    assert child.status is SeekerStatus.NOT_SEEKING
    with pytest.raises(PersonNotFound):
        queries.get_seeker(session, SYSTEM, child.id, clock.today())
    for status in SeekerStatus:
        if status in (SeekerStatus.NOT_SEEKING, SeekerStatus.STUDYING, SeekerStatus.UNABLE):
            continue
        with pytest.raises(Invalid):
            change(session, cipher, clock, child, status=status)
    filters = queries.PeopleFilters(seekers_only=True)
    listed, _ = queries.list_people(session, SYSTEM, filters, clock.today(), limit=100)
    assert {row.id for row in listed if row.household_id == home.id} == {person.id}
    clock.move(timedelta(days=1))
    assert queries.get_seeker(session, SYSTEM, child.id, clock.today()) is child


def test_the_same_id_number_is_registered_once(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    first = given.seeker(session, cipher, clock)
    far = given.household(session, cipher, clock, region_code=given.FAR_VILLAGE)
    form = {"household_id": far.id, "name": "又一个", "id_number": given.id_number()}
    data = SeekerIn.model_validate(form)
    stranger = given.village_officer(given.FAR_VILLAGE)
    with pytest.raises(PersonExists) as refused:
        people.add_seeker(session, stranger, data, cipher=cipher, clock=clock)
    assert refused.value.extra == {}, "another village's file is not pointed to"
    with pytest.raises(PersonExists) as refused:
        people.add_seeker(session, SYSTEM, data, cipher=cipher, clock=clock)
    assert refused.value.extra["person_id"] == first.id


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id_number": "61020419750308001"}, "id_number"),
        ({"phone": "1390000204"}, "phone"),
        ({"sex": "male"}, "sex"),
        ({"birth_on": "1975-03-09"}, "birth_on"),
        ({"region_code": "610222"}, "region_code"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    session: Session, cipher: FieldCipher, clock: FixedClock, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        given.seeker(session, cipher, clock, **fields)
    assert [problem.field for problem in refused.value.fields] == [field]
    assert "1975" not in str(refused.value.fields)


def test_a_change_is_kept_and_nothing_changed_leaves_no_trace(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    person = given.seeker(session, cipher, clock)
    clock.move(timedelta(hours=1))
    change(session, cipher, clock, person, status="employed", employer_name="红星制衣", reason="入户走访")
    assert (person.version, person.status, person.seeking_since_on) == (2, SeekerStatus.EMPLOYED, None)
    change(session, cipher, clock, person, status="employed", phone="139 0000 2041")
    assert person.version == 2
    change(session, cipher, clock, person, status="seeking")
    assert (person.employer_name, person.seeking_since_on) == ("", clock.today())
    entries, _ = history.timeline(session, person)
    assert [entry.kind.value for entry in entries] == ["updated", "updated", "created"]
    by_name = {field.name: (field.before, field.after) for field in entries[1].fields}
    assert by_name["status"] == ("seeking", "employed")
    assert entries[1].reason == "入户走访"


def test_sealed_changes_are_named_and_not_shown(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    person = given.seeker(session, cipher, clock, ledger={"民族": "汉"}, health={"健康状况": "长期慢性病"})
    assert person.labour_class is LabourClass.SEMI
    change(session, cipher, clock, person, phone="13900009999", health={"健康状况": ""})
    assert person.labour_class is LabourClass.ORDINARY
    (entry, _), _ = history.timeline(session, person)
    sealed = {field.name: (field.before, field.after) for field in entry.fields if field.is_sealed}
    assert sealed == {"phone": (None, None), "health": (None, None)}
    (entry, _), _ = history.timeline(session, person, cipher=cipher, may_open={"phone"})
    sealed = {field.name: (field.before, field.after) for field in entry.fields if field.is_sealed}
    assert sealed == {"phone": ("13900002041", "13900009999"), "health": (None, None)}
    assert history.open_present(session, person, cipher)["ledger"] == {"民族": "汉"}
    change(session, cipher, clock, person, phone=None)
    assert (person.phone, person.phone_index, person.phone_tail_index) == (None, None, None)


def test_an_older_version_is_stale(session: Session, cipher: FieldCipher, clock: FixedClock) -> None:
    person = given.seeker(session, cipher, clock)
    change(session, cipher, clock, person, version=1, training_wish="想学月嫂")
    with pytest.raises(Stale):
        change(session, cipher, clock, person, version=1, training_wish="想学电焊")
    assert person.training_wish == "想学月嫂"


def test_a_version_made_meanwhile_stops_the_whole_change(
    own_database: Database, cipher: FieldCipher, clock: FixedClock
) -> None:
    """Two colleagues read the same version; the second to save changes nothing."""
    with own_database.write() as session:
        person_id = given.seeker(session, cipher, clock).id
    with pytest.raises(Stale), own_database.write() as session:
        person = queries.get_person(session, SYSTEM, person_id)
        person.training_wish = "想学电焊"
        session.flush()
        # As if read before a colleague saved: the row is one version further than this session knows.
        session.execute(text("UPDATE people SET version = 2 WHERE id = :id"), {"id": person_id})
        history.record_change(
            session,
            SYSTEM,
            person,
            {"training_wish": ""},
            {"training_wish": "想学电焊"},
            kind=history.ChangeKind.UPDATED,
            cipher=cipher,
            clock=clock,
        )
    with own_database.read() as session:
        row = session.get(Person, person_id)
        assert row is not None
        assert (row.version, row.training_wish) == (1, "")


def test_class_by_hand_stays_until_it_is_given_back(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    person = given.seeker(session, cipher, clock)
    tools: dict[str, Any] = {"cipher": cipher, "clock": clock}
    with pytest.raises(Invalid):
        people.set_class(session, SYSTEM, person.id, LabourClass.WEAK, **tools)
    people.set_class(session, SYSTEM, person.id, LabourClass.WEAK, reason="腿脚不便，村里评议", **tools)
    change(session, cipher, clock, person, skills=["电焊"])
    assert (person.labour_class, person.class_reason) == (LabourClass.WEAK, "腿脚不便，村里评议")
    people.set_class(session, SYSTEM, person.id, None, **tools)
    assert (person.labour_class, person.class_reason) == (LabourClass.SKILLED, None)


def test_class_sent_with_the_registration(session: Session, cipher: FieldCipher, clock: FixedClock) -> None:
    derived = given.seeker(session, cipher, clock, **{"class": "ordinary"})
    assert derived.class_reason is None
    stated = given.seeker(session, cipher, clock, id_number=given.id_number(sequence=14), **{"class": "semi"})
    assert (stated.labour_class, stated.class_reason) == (LabourClass.SEMI, people.BY_HAND)


def test_moving_to_another_household(session: Session, cipher: FieldCipher, clock: FixedClock) -> None:
    person = given.seeker(session, cipher, clock)
    there = given.household(session, cipher, clock, region_code=given.OTHER_VILLAGE)
    tools: dict[str, Any] = {"cipher": cipher, "clock": clock}
    with pytest.raises(HouseholdNotFound):
        people.move_person(session, given.village_officer(), person.id, there.id, **tools)
    moved = people.move_person(
        session, given.township_officer(), person.id, there.id, relation=Relation.SPOUSE, **tools
    )
    assert (moved.household_id, moved.region_code) == (there.id, given.OTHER_VILLAGE)
    assert moved.household is there
    with pytest.raises(PersonNotFound):
        queries.get_person(session, given.village_officer(), person.id)


def test_a_household_takes_its_members_along(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    person = given.seeker(session, cipher, clock)
    patch = HouseholdPatch.model_validate(
        {"region_code": given.OTHER_VILLAGE, "kinds": ["relocated", "sudden"]}
    )
    tools: dict[str, Any] = {"cipher": cipher, "clock": clock}
    with pytest.raises(Forbidden):
        households.update_household(session, given.village_officer(), person.household_id, patch, **tools)
    home = households.update_household(
        session, given.township_officer(), person.household_id, patch, version=1, **tools
    )
    assert (home.region_code, home.kinds) == (given.OTHER_VILLAGE, ["relocated", "sudden"])
    assert home.is_monitored
    assert person.region_code == given.OTHER_VILLAGE
    with pytest.raises(Stale):
        households.update_household(
            session, given.township_officer(), person.household_id, patch, version=1, **tools
        )


def test_closing_and_reopening_a_household(session: Session, cipher: FieldCipher, clock: FixedClock) -> None:
    person = given.seeker(session, cipher, clock)
    earlier = given.member(session, cipher, clock, person.household)
    tools: dict[str, Any] = {"cipher": cipher, "clock": clock}
    people.close_person(session, SYSTEM, earlier.id, CloseReason.DIED, **tools)
    clock.move(timedelta(days=1))
    households.close_household(session, SYSTEM, person.household_id, CloseReason.MOVED_AWAY, **tools)
    assert person.closed_at == clock.now()
    with pytest.raises(RecordClosed):
        change(session, cipher, clock, person, training_wish="x")
    filters = queries.PeopleFilters()
    assert person not in queries.list_people(session, SYSTEM, filters, clock.today(), limit=100)[0]
    households.reopen_household(session, SYSTEM, person.household_id, **tools)
    assert person.closed_at is None
    assert earlier.closed_at is not None
    people.close_person(session, SYSTEM, earlier.id, None, **tools)
    assert earlier.closed_at is None


def test_who_may_do_what(session: Session, cipher: FieldCipher, clock: FixedClock) -> None:
    person = given.seeker(session, cipher, clock)
    form = HouseholdIn(region_code=given.VILLAGE)
    tools: dict[str, Any] = {"cipher": cipher, "clock": clock}
    assert households.create_household(session, given.village_officer(), form, **tools).id
    for actor in (
        given.village_officer(given.OTHER_VILLAGE),
        given.holding(Role.CITY_VIEWER, "610200"),
        given.holding(Role.AUDITOR, None),
        given.holding(Role.BROKER, given.TOWN),
        Actor(9, "路人"),
    ):
        with pytest.raises(Forbidden):
            households.create_household(session, actor, form, **tools)
        with pytest.raises(NotFound):
            change(session, cipher, clock, person, actor, training_wish="x")
    looking = given.holding(Role.VILLAGE_OFFICER, given.VILLAGE, read_only=True)
    assert queries.get_person(session, looking, person.id) is person
    with pytest.raises(Forbidden):
        change(session, cipher, clock, person, looking, training_wish="x")


def test_writes_stand_in_the_audit_log(
    database: RolledBackDatabase, cipher: FieldCipher, clock: FixedClock
) -> None:
    with database.write() as session:
        person_id = given.seeker(session, cipher, clock).id
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(row.action, row.resource) for row in rows] == [
            ("create", "household_file"),
            ("create", "seeker_card"),
        ]
        assert rows[1].subject_id == person_id


def test_a_place_must_be_a_village_or_a_town(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    given.plant_regions(session)
    for code in (given.COUNTY, "610204101299"):
        with pytest.raises(Invalid):
            given.household(session, cipher, clock, region_code=code)


def test_facts_are_sealed_and_bound_to_their_row(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    one = given.seeker(session, cipher, clock, ledger={"民族": "汉"})
    other = given.seeker(
        session, cipher, clock, one.household, id_number=given.id_number(sequence=14), ledger={"民族": "回"}
    )
    one.phone, other.phone = other.phone, one.phone
    for person in (one, other):
        with pytest.raises(Unsealable):
            sealing.open_phone(person, cipher)
    facts = session.get_one(PrivateFacts, one.id)
    facts.health = facts.ledger
    with pytest.raises(Unsealable):
        sealing.open_facts(facts, "health", cipher)


def test_a_member_without_a_number_needs_a_birth_date(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    home = given.household(session, cipher, clock)
    with pytest.raises(Invalid):
        people.add_member(session, SYSTEM, home.id, MemberIn(name="小宝"), cipher=cipher, clock=clock)


def test_who_turns_61_becomes_weak_unless_an_office_said_otherwise(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    tools: dict[str, Any] = {"cipher": cipher, "clock": clock}
    birthday = date(1966, 11, 22)
    turning = given.seeker(session, cipher, clock, id_number=given.id_number(birthday))
    home = turning.household
    by_hand = given.seeker(
        session, cipher, clock, home, id_number=given.id_number(birthday, 14), **{"class": "skilled"}
    )
    clock.move(timedelta(days=364))
    assert people.follow_age(session, limit=10, **tools) == 0
    clock.move(timedelta(days=1))
    assert people.follow_age(session, limit=10, **tools) == 1
    assert turning.labour_class is LabourClass.WEAK
    assert by_hand.labour_class is LabourClass.SKILLED
    assert people.follow_age(session, limit=10, **tools) == 0
    (entry, _), _ = history.timeline(session, turning)
    assert entry.actor_name == "系统"


def test_since_when_somebody_waits_may_be_told(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    told = date(2026, 9, 1)
    person = given.seeker(session, cipher, clock, seeking_since_on=told)
    assert person.seeking_since_on == told
    change(session, cipher, clock, person, training_wish="月嫂")
    assert person.seeking_since_on == told
    change(session, cipher, clock, person, seeking_since_on="2030-01-01")
    assert person.seeking_since_on == clock.today()
    change(session, cipher, clock, person, status="employed", seeking_since_on="2026-09-01")
    assert person.seeking_since_on is None
