"""Duplicates become one and two again."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import NotFound
from app.seekers import history, merging, people, queries, sealing
from app.seekers.errors import CannotMerge, CannotUnmerge, PersonNotFound
from app.seekers.models import Household, Person
from app.seekers.schemas import PersonPatch
from tests.seekers import factories as given

Tools = dict[str, Any]


@pytest.fixture
def tools(cipher: FieldCipher, clock: FixedClock) -> Tools:
    return {"cipher": cipher, "clock": clock}


@pytest.fixture
def twins(session: Session, cipher: FieldCipher, clock: FixedClock) -> tuple[Person, Person]:
    """The same woman twice: once without a number, once with."""
    home = given.household(session, cipher, clock)
    without = given.member(
        session,
        cipher,
        clock,
        home,
        name="王桂兰",
        birth_on="1975-03-08",
        status="seeking",
        training_wish="月嫂",
    )
    other = given.seeker(
        session, cipher, clock, home, skills=["平车"], ledger={"民族": "汉"}, status="employed"
    )
    return without, other


def test_the_one_that_stays_gets_what_it_lacked_and_keeps_what_it_had(
    session: Session, cipher: FieldCipher, tools: Tools, twins: tuple[Person, Person]
) -> None:
    kept, other = twins
    merging.merge_people(session, SYSTEM, kept.id, other.id, reason="同一个人", **tools)
    assert sealing.open_id_number(kept, cipher) == given.id_number()
    assert sealing.open_phone(kept, cipher) == "13900002041"
    assert history.open_present(session, kept, cipher)["ledger"] == {"民族": "汉"}
    assert kept.skills == other.skills
    assert kept.status.value == "seeking"
    assert kept.training_wish == "月嫂"
    with pytest.raises(PersonNotFound):
        queries.get_person(session, SYSTEM, other.id)
    holder = queries.find_person_by_id_number(session, given.id_number(), cipher)
    assert holder is kept


def test_undoing_takes_back_what_nobody_changed_since(
    session: Session, cipher: FieldCipher, tools: Tools, twins: tuple[Person, Person]
) -> None:
    kept, other = twins
    before = history.open_present(session, other, cipher)
    merging.merge_people(session, SYSTEM, kept.id, other.id, **tools)
    patch = PersonPatch(phone="13900007777", education="junior")
    people.update_person(session, SYSTEM, kept.id, patch, **tools)
    back = merging.unmerge_people(session, SYSTEM, other.id, reason="不是一个人", **tools)
    assert back is other
    assert history.open_present(session, other, cipher) == before
    now = history.open_present(session, kept, cipher)
    assert (now["id_number"], now["phone"], now["ledger"]) == (None, "13900007777", {})
    assert kept.skills == []
    assert kept.education is not None
    with pytest.raises(PersonNotFound):
        merging.unmerge_people(session, SYSTEM, other.id, **tools)
    # And again, as if nothing had been.
    merging.merge_people(session, SYSTEM, kept.id, other.id, **tools)
    merging.unmerge_people(session, SYSTEM, other.id, **tools)
    assert history.open_present(session, other, cipher) == before


def test_two_numbers_are_two_people(
    session: Session, cipher: FieldCipher, clock: FixedClock, tools: Tools
) -> None:
    one = given.seeker(session, cipher, clock)
    other = given.seeker(session, cipher, clock, one.household, id_number=given.id_number(sequence=14))
    with pytest.raises(CannotMerge):
        merging.merge_people(session, SYSTEM, one.id, other.id, **tools)
    with pytest.raises(CannotMerge):
        merging.merge_people(session, SYSTEM, one.id, one.id, **tools)


def test_both_records_must_be_in_ones_care(
    session: Session, cipher: FieldCipher, clock: FixedClock, tools: Tools, twins: tuple[Person, Person]
) -> None:
    kept, _ = twins
    far = given.household(session, cipher, clock, region_code=given.OTHER_VILLAGE)
    stranger = given.member(session, cipher, clock, far)
    for pair in ((kept.id, stranger.id), (stranger.id, kept.id)):
        with pytest.raises(NotFound):
            merging.merge_people(session, given.village_officer(), *pair, **tools)
    merging.merge_people(session, given.township_officer(), kept.id, stranger.id, **tools)
    with pytest.raises(NotFound):
        merging.unmerge_people(session, given.village_officer(), stranger.id, **tools)


def test_households_merge_with_their_members_and_part_again(
    session: Session, cipher: FieldCipher, clock: FixedClock, tools: Tools
) -> None:
    person = given.seeker(session, cipher, clock)
    kept = person.household
    other = given.household(
        session, cipher, clock, address="", kinds=["lifted", "sudden"], household_number="H1"
    )
    child = given.member(session, cipher, clock, other)
    leaver = given.member(session, cipher, clock, other, name="王大宝", birth_on="2012-01-01")
    merging.merge_households(session, SYSTEM, kept.id, other.id, version=1, **tools)
    assert {row.id for row in queries.list_members(session, kept.id)} == {person.id, child.id, leaver.id}
    assert (kept.kinds, kept.is_monitored, kept.household_number) == (["lifted", "sudden"], True, "H1")
    assert kept.address == "柳树塬村3组7号"
    third = given.household(session, cipher, clock)
    people.move_person(session, SYSTEM, leaver.id, third.id, **tools)
    merging.unmerge_households(session, SYSTEM, other.id, **tools)
    assert [row.id for row in queries.list_members(session, other.id)] == [child.id]
    assert [row.id for row in queries.list_members(session, kept.id)] == [person.id]
    assert (kept.kinds, kept.is_monitored, kept.household_number) == ([], False, None)
    assert leaver.household_id == third.id


def test_a_person_comes_back_only_into_a_household_that_is_there(
    session: Session, cipher: FieldCipher, clock: FixedClock, tools: Tools
) -> None:
    person = given.seeker(session, cipher, clock)
    there = given.household(session, cipher, clock)
    twin = given.member(session, cipher, clock, there, name="王桂兰", birth_on="1975-03-08")
    merging.merge_people(session, SYSTEM, person.id, twin.id, **tools)
    merging.merge_households(session, SYSTEM, person.household_id, there.id, **tools)
    with pytest.raises(CannotUnmerge):
        merging.unmerge_people(session, SYSTEM, twin.id, **tools)
    merging.unmerge_households(session, SYSTEM, there.id, **tools)
    assert merging.unmerge_people(session, SYSTEM, twin.id, **tools).household_id == there.id
    assert session.get_one(Household, there.id).merged_into_id is None
