"""Scope equals a brute-force oracle: nobody sees one person more or less than their area holds."""

import random

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.regions import gazetteer
from app.regions.models import Region
from app.seekers.bulk import HouseholdDraft, save_households
from app.seekers.models import Household, Person
from app.seekers.queries import visible_households, visible_people
from app.seekers.schemas import HouseholdIn, MemberIn
from tests.seekers import factories as given

LEVEL_DIGITS = {Role.VILLAGE_OFFICER: 12, Role.TOWNSHIP_OFFICER: 9, Role.COUNTY_OFFICER: 6}


def every_town(session: Session) -> list[str]:
    codes = session.scalars(select(Region.code).where(Region.level == "town")).all()
    assert len(codes) > 30_000, "without the reference divisions this test would show nothing"
    return sorted(codes)


@pytest.fixture
def spread(session: Session, cipher: FieldCipher, clock: FixedClock) -> list[str]:
    """A household in each of 1,500 towns all over the country, those of odd codes among them."""
    towns = every_town(session)
    dice = random.Random(7)
    odd = [code for code in towns if code.startswith(("50", "4419", "4420", "4604", "6590", "4690", "6202"))]
    chosen = sorted({*dice.sample(towns, 1_200), *dice.sample(odd, 300)})
    drafts = [
        HouseholdDraft(
            HouseholdIn(region_code=code),
            [MemberIn.model_validate({"name": "某人", "id_number": given.id_number(sequence=n % 1000)})]
            if n < 1000
            else [],
        )
        for n, code in enumerate(chosen)
    ]
    save_households(session, drafts, clock, cipher=cipher)
    rows = session.execute(select(Household.id, Household.region_code)).all()
    session.execute(
        insert(Person),
        [
            {"household_id": row.id, "region_code": row.region_code, "name": "某人", **stamps(clock)}
            for row in rows
        ],
    )
    return chosen


def stamps(clock: FixedClock) -> dict[str, object]:
    return {"created_at": clock.now(), "updated_at": clock.now()}


def oracle(grant: Grant, code: str) -> bool:
    """Whether `code` lies in the area, told by walking up the tree of divisions."""
    if grant.role not in LEVEL_DIGITS or grant.region_code is None:
        return False
    above = {step.code for step in gazetteer.ancestors(code)} | {code}
    level = len(grant.region_code) if len(grant.region_code) > 6 else _digits(grant.region_code)
    # A role held over a place of another level than its own covers nothing (accounts.rules.may_hold).
    return level == LEVEL_DIGITS[grant.role] and grant.region_code in above


def _digits(code: str) -> int:
    return len(gazetteer.scope_prefix(code))


def test_each_area_holds_exactly_its_own(session: Session, spread: list[str]) -> None:
    areas: set[str] = set()
    for code in spread:
        areas |= {step.code for step in gazetteer.ancestors(code)} | {code}
    dice = random.Random(11)
    tried = 0
    for area in sorted(dice.sample(sorted(areas), 90)):
        for role in (Role.VILLAGE_OFFICER, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER):
            grant = Grant(role, area)
            expected = sorted(code for code in spread if oracle(grant, code))
            actor = Actor(1, "王", (grant,))
            seen = session.scalars(visible_people(actor).with_only_columns(Person.region_code)).all()
            assert sorted(set(seen)) == expected, (role, area)
            homes = session.scalars(visible_households(actor).with_only_columns(Household.region_code))
            assert sorted(set(homes)) == expected, (role, area)
            tried += bool(expected)
    assert tried > 40


def test_other_roles_read_nobody_and_two_areas_add_up(session: Session, spread: list[str]) -> None:
    for role in set(Role) - set(LEVEL_DIGITS):
        actor = Actor(1, "某", (Grant(role, spread[0][:6]),))
        assert session.scalars(visible_people(actor).with_only_columns(Person.id)).all() == []
    grants = (Grant(Role.TOWNSHIP_OFFICER, spread[0]), Grant(Role.TOWNSHIP_OFFICER, spread[-1], None, True))
    seen = session.scalars(visible_people(Actor(1, "王", grants)).with_only_columns(Person.region_code))
    assert set(seen) == {spread[0], spread[-1]}
