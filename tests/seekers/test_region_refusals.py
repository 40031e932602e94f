"""Region changes: what is refused, who may do what, and taking a change back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

import app.tasks  # noqa: F401 - whoever holds region codes is registered there
from app.accounts import region_changes
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import AppError, Forbidden, Invalid, NotFound
from app.regions import gazetteer
from app.regions.errors import BadRegionChange, RegionChangeInTheWay, UnknownRegion
from app.regions.gazetteer import Amendments
from app.regions.models import Region
from app.regions.terms import RegionChangeState
from app.seekers.models import Household, Person
from tests.regions.situations import (
    COUNTY,
    FAR,
    MERGE,
    NEW_CODE,
    OTHER_TOWN,
    RENAME,
    TOWN,
    TRANSFER,
    A,
    B,
    World,
    settle,
    strays,
)  # fmt: skip
from tests.seekers.factories import member

NEW = "610204101288"


@pytest.fixture(autouse=True)
def forget_amendments() -> Iterator[None]:
    yield
    gazetteer.amend(Amendments(0))


@contextmanager
def refused(error: type[AppError], words: str) -> Iterator[None]:
    """Refused with this error, whose sentence says `words`."""
    with pytest.raises(error) as caught:
        yield
    assert words in caught.value.title


@pytest.fixture
def world(session: Session, clock: FixedClock, cipher: FieldCipher) -> World:
    return settle(session, clock, cipher)


def test_nobody_widens_their_own_role_or_one_they_may_not_give(world: World) -> None:
    world.open_account("county3", Role.COUNTY_OFFICER, COUNTY)
    world.give("county2", Role.VILLAGE_OFFICER, B)
    own = world.grant_id("county2", B)
    change = world.prepare(MERGE, A, B)
    with pytest.raises(Forbidden):
        world.approve(change, own)
    with pytest.raises(Forbidden):
        world.approve(change, 999_999)


def test_two_people_and_only_for_ones_own_county(world: World) -> None:
    change = world.prepare(RENAME, A, name="柳林村")
    with refused(Forbidden, "另一位同事"):
        world.approve(change, by="county1")
    with pytest.raises(NotFound):
        world.approve(change, by="town")
    world.open_account("elsewhere", Role.COUNTY_OFFICER, "610222")
    with pytest.raises(NotFound):
        world.approve(change, by="elsewhere")
    with pytest.raises(NotFound):
        world.prepare(RENAME, B, name="柳林村", by="town")


@pytest.mark.parametrize(
    ("kind", "old", "new", "name", "words"),
    [
        (RENAME, A, "", "柳树塬村", "一样"),
        (RENAME, A, "", "", "新名字"),
        (RENAME, A, "", "北塬村", "已经有一个"),
        (MERGE, A, A, "", "自己"),
        (NEW_CODE, A, A, "", "一样"),
        (MERGE, A, "610204101999", "", "没有这个代码"),
        (MERGE, A, TOWN, "", "12 位"),
        (NEW_CODE, A, B, "", "北塬村的"),
        (NEW_CODE, A, "610204101000", "", "不能全是 0"),
        (NEW_CODE, A, f"{OTHER_TOWN}288", "", "划转"),
        (TRANSFER, A, "610204101288", "", "换代码"),
        (TRANSFER, A, "610204999288", "", "上级"),
        (NEW_CODE, "610200", "610299", "", "区划表"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    world: World, kind: object, old: str, new: str, name: str, words: str
) -> None:
    with refused(BadRegionChange, words):
        world.prepare(kind, old, new, name, by="admin1")  # type: ignore[arg-type]


def test_unknown_retired_used_and_round_about_codes_are_refused(world: World) -> None:
    with pytest.raises(UnknownRegion):
        world.prepare(MERGE, "610204101999", A)
    world.change(MERGE, A, B)
    with refused(BadRegionChange, "已经撤并"):
        world.prepare(RENAME, A, name="新柳村")
    with refused(BadRegionChange, "不能再并回去"):
        world.prepare(MERGE, B, A)
    with refused(BadRegionChange, "以前用过"):
        world.prepare(TRANSFER, FAR, A)


def test_one_change_of_a_place_at_a_time(world: World) -> None:
    change = world.prepare(MERGE, A, B)
    for kind, old, name in ((RENAME, A, "一村"), (RENAME, B, "二村"), (RENAME, TOWN, "三镇")):
        with refused(RegionChangeInTheWay, "没办完"):
            world.prepare(kind, old, name=name)
    region_changes.drop(
        world.session, world.actor("county1"), change.id, clock=world.clock, cipher=world.cipher
    )
    world.prepare(RENAME, A, name="一村")


def test_days_and_reasons(world: World) -> None:
    with pytest.raises(Invalid):
        world.prepare(RENAME, A, name="一村", on=world.clock.today() - timedelta(days=1))
    change = world.prepare(RENAME, A, name="一村", on=world.clock.today() + timedelta(days=5))
    world.approve(change)
    with refused(RegionChangeInTheWay, "生效日"):
        world.carry_out(change)
    world.clock.move(timedelta(days=5))
    world.carry_out(change)
    assert world.session.get_one(Region, A).name == "一村"


def test_undoing_a_merge_takes_back_exactly_what_came(world: World) -> None:
    mine, theirs = world.people_in(A), world.people_in(B)
    seen = {name: world.seen_by(name) for name in ("villagea", "villageb", "town")}
    change = world.change(MERGE, A, B, "联合村")
    # Somebody joins a household from A, and a new household comes to B: each stays with its own.
    mine = world.session.get_one(Household, mine.id)
    child = member(world.session, world.cipher, world.clock, mine)
    newcomer = world.people_in(B)
    world.undo(change)
    world.session.expire_all()
    assert world.session.get_one(Household, mine.id).region_code == A
    assert world.session.get_one(Person, child.id).region_code == A
    for home in (theirs, newcomer):
        assert world.session.get_one(Household, home.id).region_code == B
    assert strays(world.session) == 0
    assert world.session.get_one(Region, B).name == "北塬村"
    assert world.seen_by("villagea") == seen["villagea"] | {child.id}
    assert seen["villageb"] < world.seen_by("villageb")
    assert gazetteer.current_code(A) == A
    again = world.change(MERGE, A, B)
    assert again.state is RegionChangeState.APPLIED


def test_undoing_a_new_code_and_doing_it_again(world: World) -> None:
    home = world.people_in(A)
    change = world.change(NEW_CODE, A, NEW)
    world.undo(change)
    assert world.session.get_one(Household, home.id).region_code == A
    assert world.grants("villagea") == [("village_officer", A)]
    assert gazetteer.current_code(NEW) == A
    world.change(NEW_CODE, A, NEW)
    assert world.session.get_one(Household, home.id).region_code == NEW
    assert gazetteer.current_code(A) == NEW


def test_what_stands_against_undoing(world: World) -> None:
    world.people_in(A)
    change = world.change(NEW_CODE, A, NEW)
    with pytest.raises(Forbidden):
        world.undo(change, by="county1")
    world.people_in(NEW)
    with refused(RegionChangeInTheWay, "新登记的户"):
        world.undo(change)
    other = world.change(MERGE, B, NEW)
    with refused(RegionChangeInTheWay, "后面那一个"):
        world.undo(change)
    world.clock.move(timedelta(days=8))
    with refused(RegionChangeInTheWay, "7 天"):
        world.undo(other)


def test_a_role_given_since_stands_against_undoing(world: World) -> None:
    change = world.change(NEW_CODE, A, NEW)
    world.give("villageb", Role.VILLAGE_OFFICER, NEW)
    with refused(RegionChangeInTheWay, "角色"):
        world.undo(change)
