"""本人认档: proving that a file is one's own, and what ends it."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.audit.models import AuditEntry
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Forbidden, Stale, TooMany
from app.seekers import people, queries
from app.seekers.access import own, service
from app.seekers.access.models import PersonLink
from app.seekers.access.own import OwnPatch
from app.seekers.access.terms import LinkEnd
from app.seekers.errors import PersonNotFound
from app.seekers.history import timeline
from app.seekers.privacy.errors import ConsentMissing
from app.seekers.privacy.terms import ConsentPurpose
from app.seekers.schemas import PersonPatch
from tests.seekers.access.situations import by_phone, say
from tests.seekers.factories import household, id_number, member, seeker, village_officer

TAIL = id_number()[-4:]


def test_the_phone_and_the_last_four_make_a_file_ones_own(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    person = seeker(session, cipher, clock)
    actor = by_phone(session, clock, cipher)
    assert service.people_of_user(session, actor.user_id or 0) == []
    assert service.link_person(session, actor, f" {TAIL.lower()} ", cipher=cipher, clock=clock) == person.id
    assert service.people_of_user(session, actor.user_id or 0) == [person.id]
    assert own.get_own_person(session, actor, person.id).id == person.id
    link = session.scalars(select(PersonLink)).one()
    assert (link.made_at, link.proof.value) == (clock.now(), "id_tail")
    # Said twice it is one link, and it is written down once.
    service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)
    assert len(session.scalars(select(PersonLink)).all()) == 1


def test_a_family_on_one_phone_each_by_their_own_number(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    home = household(session, cipher, clock)
    mother = seeker(session, cipher, clock, home)
    number = id_number(date(1999, 5, 20), 46)
    daughter = seeker(session, cipher, clock, home, name="李小梅", id_number=number)
    actor = by_phone(session, clock, cipher)
    service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)
    assert service.people_of_user(session, actor.user_id or 0) == [mother.id]
    service.link_person(session, actor, number[-4:], cipher=cipher, clock=clock)
    assert service.people_of_user(session, actor.user_id or 0) == [mother.id, daughter.id]
    service.leave_person(session, actor, mother.id, cipher=cipher, clock=clock)
    assert service.people_of_user(session, actor.user_id or 0) == [daughter.id]


@pytest.mark.parametrize("case", ["wrong tail", "another phone", "a child", "closed", "two alike"])
def test_all_else_is_answered_alike(
    session: Session, clock: FixedClock, cipher: FieldCipher, case: str
) -> None:
    home = household(session, cipher, clock)
    person = seeker(session, cipher, clock, home)
    tail = "0000" if case == "wrong tail" else TAIL
    if case == "a child":
        child = id_number(date(2015, 6, 1), 31)
        member(session, cipher, clock, home, id_number=child, phone="13900002041", birth_on="2015-06-01")
        tail = child[-4:]
    if case == "closed":
        person.closed_at = clock.now()
    if case == "two alike":
        other = seeker(session, cipher, clock, home, id_number=id_number(date(1990, 1, 1), 46))
        other.id_tail_index = person.id_tail_index
    session.flush()
    phone = "13900009999" if case == "another phone" else "13900002041"
    actor = by_phone(session, clock, cipher, phone)
    assert service.link_person(session, actor, tail, cipher=cipher, clock=clock) is None
    assert service.people_of_user(session, actor.user_id or 0) == []


def test_tries_are_counted_whatever_comes_of_them(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    actor = by_phone(session, clock, cipher)
    for _ in range(5):
        assert service.link_person(session, actor, "0000", cipher=cipher, clock=clock) is None
    seeker(session, cipher, clock)
    with pytest.raises(TooMany):
        service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)


def test_a_colleague_links_nothing(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    with pytest.raises(Forbidden):
        service.link_person(session, village_officer(), TAIL, cipher=cipher, clock=clock)


def test_an_officer_changes_the_phone_and_the_link_is_over_for_good(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    person = seeker(session, cipher, clock)
    actor = by_phone(session, clock, cipher)
    service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)
    for phone in ("13900007777", "13900002041"):
        patch = PersonPatch.model_validate({"phone": phone})
        people.update_person(session, village_officer(), person.id, patch, cipher=cipher, clock=clock)
        assert service.people_of_user(session, actor.user_id or 0) == []
        with pytest.raises(PersonNotFound):
            own.get_own_person(session, actor, person.id)
    assert session.scalars(select(PersonLink)).one().end_reason is LinkEnd.PHONE_CHANGED


def test_a_phone_changed_by_a_statement_ends_it_as_well(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    """As an import writes it: past every use case."""
    person = seeker(session, cipher, clock)
    actor = by_phone(session, clock, cipher)
    service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)
    person.phone_index = cipher.blind_index("phone", "13900007777")
    session.flush()
    assert service.people_of_user(session, actor.user_id or 0) == []


def test_a_second_phone_takes_the_file_over(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    person = seeker(session, cipher, clock)
    first = by_phone(session, clock, cipher)
    service.link_person(session, first, TAIL, cipher=cipher, clock=clock)
    patch = OwnPatch.model_validate({"phone": "13900007777"})
    own.edit_own(session, first, person.id, patch, cipher=cipher, clock=clock)
    second = by_phone(session, clock, cipher, "13900007777")
    assert service.link_person(session, second, TAIL, cipher=cipher, clock=clock) == person.id
    assert service.people_of_user(session, first.user_id or 0) == []
    assert service.people_of_user(session, second.user_id or 0) == [person.id]


def test_one_changes_what_is_ones_own_with_history(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    person = seeker(session, cipher, clock)
    actor = by_phone(session, clock, cipher)
    service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)
    patch = OwnPatch.model_validate({"training_wish": "月嫂", "limits": ["night"]})
    changed = own.edit_own(session, actor, person.id, patch, cipher=cipher, clock=clock, version=1)
    assert (changed.training_wish, changed.limits, changed.version) == ("月嫂", ["night"], 2)
    entry = timeline(session, changed)[0][0]
    assert (entry.actor_id, entry.reason) == (actor.user_id, own.BY_THEMSELF)
    with pytest.raises(Stale):
        own.edit_own(session, actor, person.id, patch, cipher=cipher, clock=clock, version=1)


def test_health_only_with_the_yes_to_keeping_it(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    person = seeker(session, cipher, clock)
    actor = by_phone(session, clock, cipher)
    service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)
    patch = OwnPatch.model_validate({"health": {"健康状况": "腰不好"}})
    with pytest.raises(ConsentMissing):
        own.edit_own(session, actor, person.id, patch, cipher=cipher, clock=clock)
    say(session, clock, cipher, person.id, ConsentPurpose.HEALTH)
    own.edit_own(session, actor, person.id, patch, cipher=cipher, clock=clock)
    found = own.read_own_health(session, actor, queries.get_person(session, actor, person.id), cipher)
    assert found == {"健康状况": "腰不好"}


@pytest.mark.parametrize("field", ["name", "id_number", "labour_class", "welfare_eligible", "ledger"])
def test_nobody_changes_who_they_are_or_what_they_may_claim(field: str) -> None:
    with pytest.raises(ValueError, match="Extra inputs"):
        OwnPatch.model_validate({field: "x"})


def test_another_persons_file_is_not_there(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    home = household(session, cipher, clock)
    seeker(session, cipher, clock, home)
    other = seeker(session, cipher, clock, home, name="李小梅", id_number=id_number(date(1999, 5, 20), 46))
    actor = by_phone(session, clock, cipher)
    service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)
    patch = OwnPatch.model_validate({"training_wish": "月嫂"})
    with pytest.raises(PersonNotFound):
        own.edit_own(session, actor, other.id, patch, cipher=cipher, clock=clock)
    # An officer has pages of their own; by this way nobody is theirs.
    with pytest.raises(PersonNotFound):
        own.get_own_person(session, village_officer(), other.id)


def test_linking_is_written_into_the_audit_log(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    person = seeker(session, cipher, clock)
    actor = by_phone(session, clock, cipher)
    service.link_person(session, actor, TAIL, cipher=cipher, clock=clock)
    session.commit()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.actor_id == actor.user_id)).all()
    assert [(e.subject_id, e.detail) for e in entries] == [(person.id, '{"link":"made","proof":"id_tail"}')]
