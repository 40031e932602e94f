"""A new yearly table: codes that it no longer has are retired where empty, else proposed to people."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import app.tasks  # noqa: F401 - whoever holds region codes is registered there
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.regions import gazetteer, service
from app.regions.change_models import RegionChange
from app.regions.gazetteer import Amendments
from app.regions.models import Region
from app.regions.terms import Level, RegionChangeState, RegionSource
from app.regions.yearly import LeavingCodes, propose_changes
from tests.regions.situations import COUNTY, RENAME, TOWN, settle


@pytest.fixture(autouse=True)
def forget_amendments() -> Iterator[None]:
    yield
    gazetteer.amend(Amendments(0))


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


def leave_behind(session: Session, code: str, name: str) -> None:
    """A town of last year's table."""
    level = Level.TOWN if len(code) == 9 else Level.VILLAGE
    source = RegionSource.BUILTIN if level is Level.TOWN else RegionSource.OFFICE
    session.add(
        Region(code=code, level=level, name=name, short_name=name, parent_code=code[:-3], pinyin="",
               initials="", source=source)
    )  # fmt: skip
    session.flush()


def test_nothing_leaves_with_the_table_of_today(session: Session, clock: FixedClock) -> None:
    assert propose_changes(session, clock) == LeavingCodes(0, 0)


def test_an_empty_town_goes_at_once_one_with_a_village_waits(session: Session, clock: FixedClock) -> None:
    leave_behind(session, f"{COUNTY}901", "空镇")
    leave_behind(session, f"{COUNTY}902", gazetteer.get(TOWN).name)
    leave_behind(session, f"{COUNTY}902201", "老村")
    assert propose_changes(session, clock) == LeavingCodes(1, 1)
    assert session.get_one(Region, f"{COUNTY}901").retired_on == clock.today()
    assert session.get_one(Region, f"{COUNTY}902").retired_on is None
    proposal = session.scalars(select(RegionChange)).one()
    assert (proposal.state, proposal.old_code, proposal.new_code, proposal.prepared_by_id) == (
        RegionChangeState.PROPOSED, f"{COUNTY}902", TOWN, None,
    )  # fmt: skip
    assert propose_changes(session, clock) == LeavingCodes(0, 0)


def test_loading_again_keeps_what_an_office_changed(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    world = settle(session, clock, cipher)
    world.change(RENAME, TOWN, name="清河口镇")
    loaded = service.load_reference_divisions(session)
    assert (loaded.created, loaded.updated) == (0, 0)
    assert session.get_one(Region, TOWN).name == "清河口镇"
