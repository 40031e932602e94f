"""Sealed fields in full: the county's duty role for health, and a firm's twenty phones a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import duty
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.audit.models import AuditEntry
from app.accounts.permission_table import permission_table
from app.accounts.permission_terms import Resource
from app.accounts.quotas import QuotaSpent
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Forbidden
from app.seekers.access.models import EmployerTie
from app.seekers.errors import PersonNotFound
from app.seekers.privacy import consents, copies
from app.seekers.privacy.copies import HEALTH_LEFT_OUT
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.terms import ConsentMethod
from app.seekers.revealing import reveal_field
from tests.accounts.situations import staff_member
from tests.employers import factories as firms
from tests.seekers import factories as given
from tests.seekers.privacy.situations import HEALTH, add_person, phone_of

MOST = 20


def people_who_applied(
    session: Session, cipher: FieldCipher, clock: FixedClock, employer_id: int, count: int
) -> list[int]:
    home = given.household(session, cipher, clock)
    ids = [add_person(session, cipher, clock, home, 100 + n).id for n in range(count)]
    for person_id in ids:
        session.add(EmployerTie(person_id=person_id, employer_id=employer_id, since_at=clock.now()))
    session.flush()
    return ids


def boss(employer_id: int, user_id: int = 901) -> Actor:
    return Actor(user_id, "老板", (Grant(Role.EMPLOYER, employer_id=employer_id),))


def show(session: Session, actor: Actor, person_id: int, cipher: FieldCipher, clock: FixedClock) -> object:
    return reveal_field(session, actor, person_id, "phone", cipher=cipher, clock=clock).value


def test_a_firm_sees_twenty_phones_a_day_and_not_one_more(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    (rule,) = permission_table().rules(Resource.PHONE, Role.EMPLOYER)
    assert rule.quota_per_day == MOST
    firm = firms.verified_employer(session, clock)
    other = firms.verified_employer(session, clock, name="另一家织袜厂")
    ids = people_who_applied(session, cipher, clock, firm.id, MOST + 1)
    for number, person_id in enumerate(ids[:MOST]):
        assert show(session, boss(firm.id), person_id, cipher, clock) == phone_of(100 + number)
    for member in (boss(firm.id), boss(firm.id, 902)):  # the firm's day, not the member's
        with pytest.raises(QuotaSpent) as refused:
            show(session, member, ids[MOST], cipher, clock)
    assert "一天最多看 20 个电话" in refused.value.title
    assert refused.value.retry_after_s == 24 * 3600
    session.add(EmployerTie(person_id=ids[0], employer_id=other.id, since_at=clock.now()))
    assert show(session, boss(other.id, 903), ids[0], cipher, clock) == phone_of(100)
    clock.move(timedelta(days=1, seconds=1))
    assert show(session, boss(firm.id), ids[MOST], cipher, clock) == phone_of(100 + MOST)
    session.commit()
    written = select(func.count()).where(AuditEntry.action == "reveal", AuditEntry.resource == "phone")
    assert session.scalar(written) == MOST + 2


def test_who_did_not_apply_or_said_no_is_not_there_and_costs_nothing(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    firm = firms.verified_employer(session, clock)
    (applied,) = people_who_applied(session, cipher, clock, firm.id, 1)
    stranger = add_person(session, cipher, clock, given.household(session, cipher, clock), 7).id
    with pytest.raises(PersonNotFound):
        show(session, boss(firm.id), stranger, cipher, clock)
    no = ConsentIn(purpose="share_with_employers", is_given=False, method="phone")
    consents.record_consent(session, given.village_officer(), applied, no, cipher=cipher, clock=clock)
    with pytest.raises(PersonNotFound):
        show(session, boss(firm.id), applied, cipher, clock)


def test_twenty_five_at_once_are_still_twenty(own_database: Database, clock: FixedClock) -> None:
    cipher = FieldCipher("a key that is long enough for every test")
    with own_database.write() as session:
        firm_id = firms.verified_employer(session, clock).id
        ids = people_who_applied(session, cipher, clock, firm_id, 25)

    def ask(person_id: int) -> bool:
        try:
            with own_database.write() as session:
                show(session, boss(firm_id), person_id, cipher, clock)
        except QuotaSpent:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, ids)) == MOST
    with own_database.read() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.action == "reveal")) == MOST


def test_the_county_officer_on_duty_reads_health_and_every_reading_is_written_down(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    person = add_person(session, cipher, clock, given.household(session, cipher, clock), 1)
    county = staff_member(session, clock, Role.COUNTY_OFFICER, given.COUNTY, "onduty")
    other = staff_member(session, clock, Role.COUNTY_OFFICER, given.COUNTY, "other")

    def health(actor: Actor) -> object:
        return reveal_field(session, actor, person.id, "health", cipher=cipher, clock=clock).value

    with pytest.raises(Forbidden):
        health(county)
    made = duty.appoint(session, cipher, clock, SYSTEM, county.user_id or 0, given.COUNTY, date(2026, 12, 1))
    assert health(county) == HEALTH
    with pytest.raises(Forbidden):
        health(other)

    def left_out(actor: Actor) -> list[str]:
        asked = ConsentMethod.VISIT
        return copies.make_copy(session, actor, person.id, asked=asked, cipher=cipher, clock=clock).left_out

    assert left_out(county) == []
    assert left_out(other) == [HEALTH_LEFT_OUT]
    duty.end_duty(session, cipher, clock, SYSTEM, made.id)
    with pytest.raises(Forbidden):
        health(county)
    session.commit()
    read = select(func.count()).where(AuditEntry.resource == "health", AuditEntry.actor_id == county.user_id)
    assert session.scalar(read) == 1
