"""Whom the people of a place may call."""

from datetime import timedelta

import pytest

from app.accounts import queries
from app.accounts.actor import SYSTEM
from app.accounts.schemas import NewStaff
from app.accounts.service import create_staff, end_role
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.db import Database
from app.regions.service import add_village

TOWN, VILLAGE, OTHER = "610204107", "610204107291", "610204107292"


@pytest.fixture
def town(database: Database, clock: FixedClock) -> Database:
    with database.write() as session:
        for code, name in ((VILLAGE, "甲村"), (OTHER, "乙村")):
            add_village(session, code, name)
        for username, role, region, phone in (
            ("village1", Role.VILLAGE_OFFICER, VILLAGE, "154-0000-0001"),
            ("township1", Role.TOWNSHIP_OFFICER, TOWN, "154-0000-0002"),
            ("village2", Role.VILLAGE_OFFICER, OTHER, None),
        ):
            new = NewStaff(
                username=username, display_name=username, role=role, region_code=region, work_phone=phone
            )
            create_staff(session, clock, SYSTEM, new, password_hash="x")
    return database


def found(database: Database, clock: FixedClock, code: str) -> str | None:
    with database.read() as session:
        officer = queries.find_duty_officer(session, code, clock.now())
        return officer.name if officer else None


def test_the_village_s_own_officer_goes_first(town: Database, clock: FixedClock) -> None:
    assert found(town, clock, VILLAGE) == "village1"


def test_the_township_stands_in_where_the_village_has_no_phone(town: Database, clock: FixedClock) -> None:
    assert found(town, clock, OTHER) == "township1"
    assert found(town, clock, TOWN) == "township1"


def test_a_county_has_nobody_to_ring(town: Database, clock: FixedClock) -> None:
    assert found(town, clock, "610204") is None


def test_who_left_is_not_rung(town: Database, clock: FixedClock) -> None:
    with town.write() as session:
        user = queries.find_staff(session, "village1")
        assert user is not None
        (grant,) = queries.grants_of(session, user.id, clock.now())
        end_role(session, clock, SYSTEM, grant.id)
    clock.move(timedelta(seconds=1))
    assert found(town, clock, VILLAGE) == "township1"
