"""Who may read health facts in a county: appointed by somebody who may not, with an end, read at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts import duty, service
from app.accounts.actor import SYSTEM, Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.accounts.queries import grants_of
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.settings import Settings
from tests.accounts.situations import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE, add_regions, staff_member

UNTIL = date(2026, 12, 31)


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def officer(session: Session, clock: FixedClock) -> Actor:
    add_regions(session)
    return staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "onduty")


@pytest.fixture
def city(session: Session, clock: FixedClock, officer: Actor) -> Actor:
    return staff_member(session, clock, Role.CITY_VIEWER, CITY, "city")


def reads(session: Session, actor: Actor, clock: FixedClock, code: str = VILLAGE) -> bool:
    ids = duty.duty_user_ids(session, code, clock.now())
    return may(actor, Action.READ, Resource.HEALTH, Target(region_code=code, duty_user_ids=ids)) is not None


def test_an_appointment_counts_from_now_to_the_end_of_its_day(
    session: Session, clock: FixedClock, cipher: FieldCipher, officer: Actor, city: Actor
) -> None:
    assert not reads(session, officer, clock)
    user_id = officer.user_id or 0
    made = duty.appoint(session, cipher, clock, city, user_id, COUNTY, clock.today() + timedelta(days=1))
    assert reads(session, officer, clock)
    assert duty.duties_of(session, [user_id], clock.now()) == {user_id: [made]}
    other = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "other")
    assert not reads(session, other, clock)
    assert not reads(session, officer, clock, "610222101201")
    clock.move(timedelta(hours=38, minutes=59))
    assert reads(session, officer, clock)
    clock.move(timedelta(minutes=1))
    assert not reads(session, officer, clock)


def test_it_ends_with_the_role_and_when_it_is_taken_back(
    session: Session, clock: FixedClock, cipher: FieldCipher, officer: Actor, city: Actor
) -> None:
    user_id = officer.user_id or 0
    first = duty.appoint(session, cipher, clock, city, user_id, COUNTY, UNTIL)
    second = duty.appoint(session, cipher, clock, city, user_id, COUNTY, UNTIL)  # anew: the earlier one ends
    session.refresh(first)
    assert first.ended_at is not None
    duty.end_duty(session, cipher, clock, city, second.id)
    assert not reads(session, officer, clock)
    with pytest.raises(NotFound):
        duty.end_duty(session, cipher, clock, city, second.id)
    third = duty.appoint(session, cipher, clock, city, user_id, COUNTY, UNTIL)
    duty.end_duty(session, cipher, clock, officer, third.id)  # given up by oneself
    duty.appoint(session, cipher, clock, city, user_id, COUNTY, UNTIL)
    grant = grants_of(session, user_id, clock.now())[0]
    service.end_role(session, clock, city, grant.id)
    assert not reads(session, Actor(user_id, "没有角色了"), clock)


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.VILLAGE_OFFICER, VILLAGE),
        (Role.TOWNSHIP_OFFICER, TOWN),
        (Role.COUNTY_OFFICER, COUNTY),
        (Role.CITY_VIEWER, "610300"),
        (Role.PROVINCE_VIEWER, "610000"),
        (Role.AUDITOR, None),
    ],
)
def test_only_who_looks_after_the_account_appoints(
    session: Session, clock: FixedClock, cipher: FieldCipher, officer: Actor, role: Role, code: str | None
) -> None:
    actor = Actor(999_999, "别人", ())
    if code != "610300":
        actor = staff_member(session, clock, role, code, "someone")
    with pytest.raises(NotFound):
        duty.appoint(session, cipher, clock, actor, officer.user_id or 0, COUNTY, UNTIL)


def test_never_oneself_never_elsewhere_never_without_an_end(
    session: Session, clock: FixedClock, cipher: FieldCipher, officer: Actor, city: Actor
) -> None:
    user_id = officer.user_id or 0
    with pytest.raises(Forbidden):
        duty.appoint(session, cipher, clock, officer, user_id, COUNTY, UNTIL)
    with pytest.raises(Invalid):
        duty.appoint(session, cipher, clock, city, user_id, OTHER_COUNTY, UNTIL)
    for day in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=367)):
        with pytest.raises(Invalid):
            duty.appoint(session, cipher, clock, city, user_id, COUNTY, day)
    admin = staff_member(session, clock, Role.ADMIN, None, "boss")
    made = duty.appoint(session, cipher, clock, admin, user_id, COUNTY, UNTIL)
    village = staff_member(session, clock, Role.VILLAGE_OFFICER, VILLAGE, "village")
    with pytest.raises(NotFound):
        duty.end_duty(session, cipher, clock, village, made.id)
    with pytest.raises(NotFound):
        duty.appoint(session, cipher, clock, SYSTEM, 987_654, COUNTY, UNTIL)
