"""The copy for the person holds everything the office holds, and whoever made it is written down."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.seekers import people
from app.seekers.errors import PersonNotFound
from app.seekers.fields import HOUSEHOLD_LABELS, PERSON_LABELS, SEALED_LABELS
from app.seekers.models import Person
from app.seekers.privacy.consents import give_consent
from app.seekers.privacy.copies import make_copy
from app.seekers.privacy.copy_text import write_copy
from app.seekers.privacy.schemas import ConsentIn, CopyOut
from app.seekers.privacy.terms import ConsentMethod
from app.seekers.revealing import reveal_field
from app.seekers.schemas import PersonPatch
from tests.accounts.situations import staff_member
from tests.seekers import factories as given
from tests.seekers.privacy.situations import HEALTH, add_person, number_of, phone_of

OFFICER = given.village_officer()


@pytest.fixture
def person(session: Session, cipher: FieldCipher, clock: FixedClock) -> Person:
    home = given.household(session, cipher, clock, officer_id=None)
    return add_person(session, cipher, clock, home, 1, skills=["写毛笔字"], wage_floor_fen=250000)


def copied(
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    person: Person,
    actor: Actor = OFFICER,
    **more: Any,
) -> CopyOut:
    asked = ConsentMethod.VISIT
    return make_copy(session, actor, person.id, asked=asked, cipher=cipher, clock=clock, **more)


def test_everything_held_is_in_it(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person
) -> None:
    for phone in ("13700000001", phone_of(1)):
        patch = PersonPatch.model_validate({"phone": phone, "acting_for": "本人"})
        people.update_person(session, OFFICER, person.id, patch, cipher=cipher, clock=clock)
    agreed = ConsentIn(purpose="messages", method="phone")
    give_consent(session, OFFICER, person.id, agreed, cipher=cipher, clock=clock)
    reveal_field(session, OFFICER, person.id, "id_number", cipher=cipher, clock=clock, reason="核对补贴名单")
    session.commit()
    copy = copied(session, cipher, clock, person)
    assert {field.name for field in copy.person} == set(PERSON_LABELS)
    assert {field.name for field in copy.household} == set(HOUSEHOLD_LABELS)
    values = {field.name: field.value for field in copy.private}
    assert (values["id_number"], values["phone"]) == (number_of(1), phone_of(1))
    assert len(copy.history) == 3
    assert copy.history[1].fields[0].value == "13700000001"
    assert [consent.purpose for consent in copy.consents] == ["messages"]
    assert [(look.what, look.action, look.reason) for look in copy.looks] == [
        ("身份证号", "看全文", "核对补贴名单")
    ]
    text = write_copy(copy)
    for said in (
        number_of(1),
        "手艺：写毛笔字",
        "最低工钱：2500 元",
        "核对补贴名单",
        "同意：收招工消息（电话里说的）",
        "2026年11月22日 09:00",
        "就业状态：想找活",
    ):
        assert said in text
    session.commit()
    looks = [look.action for look in copied(session, cipher, clock, person).looks]
    assert looks == ["导出", "看全文"]


def test_health_is_left_out_where_the_maker_may_not_read_it(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person
) -> None:
    mine = staff_member(session, clock, Role.VILLAGE_OFFICER, given.VILLAGE)
    copy = copied(session, cipher, clock, person, mine)
    assert HEALTH["健康状况"] not in copy.model_dump_json()
    assert len(copy.left_out) == 1
    person.household.officer_id = mine.user_id
    copy = copied(session, cipher, clock, person, mine)
    assert {f.name for f in copy.private} == set(SEALED_LABELS)
    assert HEALTH["健康状况"] in write_copy(copy)
    assert copy.left_out == []


def test_who_may_not_show_the_number_makes_no_copy(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person
) -> None:
    for actor in (
        given.village_officer(given.OTHER_VILLAGE),
        given.county_officer(given.OTHER_COUNTY),
        given.holding(Role.CITY_VIEWER, "610200"),
        given.holding(Role.AUDITOR, None),
        given.holding(Role.ADMIN, None),
    ):
        with pytest.raises(PersonNotFound):
            copied(session, cipher, clock, person, actor)
