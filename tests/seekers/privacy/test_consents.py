"""What people agreed to: the last word counts, and a no stops the purpose at once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.audit.models import AuditEntry
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Forbidden
from app.seekers.errors import PersonNotFound
from app.seekers.history import open_present, timeline
from app.seekers.models import Person
from app.seekers.people import update_person
from app.seekers.privacy.consents import (
    TEXT_VERSION,
    allowed_among,
    give_consent,
    has_consent,
    is_allowed,
    is_allowed_for,
    list_consents,
    record_consent,
    require_allowed,
    withdraw_consent,
)
from app.seekers.privacy.errors import ConsentMissing
from app.seekers.privacy.schemas import ConsentIn, ConsentsOut
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from app.seekers.schemas import PersonPatch
from tests.seekers import factories as given
from tests.seekers.privacy.situations import HEALTH, add_person

OFFICER = given.village_officer()
SHARE, MESSAGES = ConsentPurpose.SHARE_WITH_EMPLOYERS, ConsentPurpose.MESSAGES


@pytest.fixture
def person(session: Session, cipher: FieldCipher, clock: FixedClock) -> Person:
    return add_person(session, cipher, clock, given.household(session, cipher, clock), 1)


def said(purpose: ConsentPurpose, **more: object) -> ConsentIn:
    return ConsentIn.model_validate({"purpose": purpose, "method": "phone"} | more)


def test_sharing_needs_a_yes_and_messages_stop_with_a_no(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person
) -> None:
    def allowed(purpose: ConsentPurpose) -> bool:
        in_list = session.scalar(select(Person.id).where(Person.id == person.id, is_allowed_for(purpose)))
        one = is_allowed(session, person.id, purpose)
        assert one is (in_list is not None)
        assert one is (person.id in allowed_among(session, [person.id, -1], purpose))
        return one

    assert (allowed(SHARE), allowed(MESSAGES)) == (False, True)
    assert not has_consent(session, person.id, MESSAGES)
    give_consent(session, OFFICER, person.id, said(SHARE), cipher=cipher, clock=clock)
    withdraw_consent(session, OFFICER, person.id, said(MESSAGES), cipher=cipher, clock=clock)
    assert (allowed(SHARE), allowed(MESSAGES)) == (True, False)
    with pytest.raises(ConsentMissing):
        require_allowed(session, person.id, MESSAGES)
    record_consent(session, OFFICER, person.id, said(MESSAGES), cipher=cipher, clock=clock)
    no = said(SHARE, is_given=False)
    record_consent(session, OFFICER, person.id, no, cipher=cipher, clock=clock)
    assert (allowed(SHARE), allowed(MESSAGES)) == (False, True)
    assert has_consent(session, person.id, MESSAGES)


def test_each_word_is_kept_with_how_it_was_said(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person
) -> None:
    paper = said(SHARE, method="paper", told_by="儿子", text_version="2026-10")
    give_consent(session, OFFICER, person.id, paper, cipher=cipher, clock=clock)
    withdraw_consent(session, OFFICER, person.id, said(SHARE), cipher=cipher, clock=clock)
    last, first = list_consents(session, OFFICER, person.id)
    assert (first.method, first.told_by, first.text_version) == (ConsentMethod.PAPER, "儿子", "2026-10")
    assert (first.actor_id, first.at) == (OFFICER.user_id, clock.now())
    assert (last.is_given, last.text_version) == (False, TEXT_VERSION)
    shown = {p.purpose: p.is_allowed for p in ConsentsOut.of([last, first]).purposes}
    assert shown == {p: not p.needs_asking for p in ConsentPurpose}
    session.commit()
    details = "".join(session.scalars(select(AuditEntry.detail)))
    assert '"consent":"share_with_employers"' in details


def test_health_facts_go_with_the_consent(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person
) -> None:
    assert open_present(session, person, cipher)["health"] == HEALTH
    worse = PersonPatch.model_validate({"health": {"健康状况": "残疾"}})
    update_person(session, OFFICER, person.id, worse, cipher=cipher, clock=clock)
    entries, _ = timeline(session, person, cipher=cipher, may_open=["health"])
    assert HEALTH["健康状况"] in repr(entries)
    no = said(ConsentPurpose.HEALTH)
    withdraw_consent(session, OFFICER, person.id, no, cipher=cipher, clock=clock)
    session.expire_all()
    present = open_present(session, person, cipher)
    assert present["health"] == {}
    assert present["ledger"] != {}
    entries, _ = timeline(session, person, cipher=cipher, may_open=["health"])
    assert HEALTH["健康状况"] not in repr(entries)


def test_outside_the_area_there_is_nobody(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person
) -> None:
    stranger = given.village_officer(given.OTHER_VILLAGE)
    with pytest.raises(PersonNotFound):
        give_consent(session, stranger, person.id, said(SHARE), cipher=cipher, clock=clock)
    with pytest.raises(PersonNotFound):
        list_consents(session, stranger, person.id)
    former = given.holding(given.Role.VILLAGE_OFFICER, given.VILLAGE, read_only=True)
    with pytest.raises(Forbidden):
        give_consent(session, former, person.id, said(SHARE), cipher=cipher, clock=clock)
