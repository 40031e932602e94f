"""Random sequences of changes, undoings and new households: at every step everybody has exactly one
managing region, the same as the household's; counts add up; and no account sees anybody a change showed it
that it did not see before.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import app.tasks  # noqa: F401 - whoever holds region codes is registered there
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import AppError
from app.regions import amendments, gazetteer
from app.regions.change_models import RegionChange
from app.regions.gazetteer import Amendments
from app.regions.models import Region
from app.regions.terms import Level, RegionChangeState
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
)

OFFICERS = ("county1", "county2", "town", "othertown", "villagea", "villageb", "villagefar", "both")
STEP = st.tuples(
    st.sampled_from((RENAME, NEW_CODE, MERGE, TRANSFER, "undo", "household")),
    st.integers(0, 30),
    st.integers(0, 30),
)


@pytest.fixture(autouse=True)
def forget_amendments() -> Iterator[None]:
    yield
    gazetteer.amend(Amendments(0))


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=2, max_size=7))
def test_nobody_is_lost_and_nobody_gains(
    shared_engine: Engine, clock: FixedClock, cipher: FieldCipher, steps: list[tuple[object, int, int]]
) -> None:
    gazetteer.amend(Amendments(0))
    with shared_engine.connect() as connection, connection.begin() as outer:
        session = Session(connection, join_transaction_mode="create_savepoint")
        world = settle(session, clock, cipher)
        world.open_account("both", Role.VILLAGE_OFFICER, A)
        world.give("both", Role.VILLAGE_OFFICER, FAR)
        for code in (A, B, FAR, TOWN):
            world.people_in(code, 1)
        people = session.scalar(select(func.count()).select_from(Person))
        for number, (kind, one, two) in enumerate(steps):
            seen = {name: world.seen_by(name) for name in OFFICERS}
            allowed = dict(seen)
            if kind == "household":
                homes = living(session)
                made = world.people_in(homes[one % len(homes)], 1)
                people = (people or 0) + 1
                new = set(session.scalars(select(Person.id).where(Person.household_id == made.id)))
                allowed = {name: ids | new for name, ids in seen.items()}
            elif kind == "undo":
                allowed = undo_one(world, one, seen)
            else:
                change_one(world, kind, one, two, number)
            session.expire_all()
            amendments.refresh(session)
            assert strays(session) == 0
            assert session.scalar(select(func.count()).select_from(Person)) == people
            for name in OFFICERS:
                assert world.seen_by(name) <= allowed[name], (kind, name)
            check_counts(world)
        session.close()
        outer.rollback()


SEEN_BEFORE: dict[int, dict[str, set[int]]] = {}


def change_one(world: World, kind: object, one: int, two: int, number: int) -> None:
    """A change of some village or town, refused ones too."""
    places = living(world.session, towns=True)
    old = places[one % len(places)]
    new = places[two % len(places)]
    if kind is NEW_CODE:
        new = f"{old[:-3]}{700 + two:03d}"
    elif kind is TRANSFER:
        new = f"{OTHER_TOWN if old.startswith(TOWN) else TOWN}{800 + two:03d}"
    seen = {name: world.seen_by(name) for name in OFFICERS}
    try:
        change = world.change(kind, old, "" if kind is RENAME else new, f"新名{number}村" * (two % 2))  # type: ignore[arg-type]
    except AppError:
        drop_open(world)
        return
    SEEN_BEFORE[change.id] = seen


def drop_open(world: World) -> None:
    open_states = (RegionChangeState.PREPARED, RegionChangeState.APPROVED)
    for change in world.session.scalars(select(RegionChange).where(RegionChange.state.in_(open_states))):
        change.state = RegionChangeState.DROPPED
    world.session.flush()


def undo_one(world: World, one: int, seen: dict[str, set[int]]) -> dict[str, set[int]]:
    """Undoing brings back what the change took away, and no more; people who came since are new to all."""
    done = world.session.scalars(
        select(RegionChange).where(RegionChange.state == RegionChangeState.APPLIED).order_by(RegionChange.id)
    ).all()
    if not done:
        return seen
    change = done[one % len(done)]
    before = SEEN_BEFORE[change.id]
    known = set().union(*before.values())
    came = set(world.session.scalars(select(Person.id).where(Person.id.not_in(known))))
    try:
        world.undo(change)
    except AppError:
        return seen
    return {name: seen[name] | before[name] | came for name in OFFICERS}


def living(session: Session, *, towns: bool = False) -> list[str]:
    """Codes of the living villages of the two towns, with the towns themselves if asked for."""
    levels = (Level.VILLAGE, Level.TOWN) if towns else (Level.VILLAGE,)
    rows = session.scalars(
        select(Region.code)
        .where(Region.retired_on.is_(None), Region.level.in_(levels), Region.code.startswith(COUNTY))
        .order_by(Region.code)
    )
    mine = set(session.scalars(select(Region.parent_code).where(Region.level == Level.VILLAGE)))
    return [code for code in rows if len(code) == 12 or code in mine or code in (TOWN, OTHER_TOWN)]


def check_counts(world: World) -> None:
    """By village, by town and in all: the same people."""
    by_code = Counter(world.session.scalars(select(Person.region_code)))
    homes = dict(world.session.execute(select(Household.id, Household.region_code)).all())
    assert set(by_code) <= set(homes.values())
    by_town: Counter[str] = Counter()
    for code, number in by_code.items():
        by_town[code[:9]] += number
    assert sum(by_town.values()) == sum(by_code.values()) == len(world.seen_by("county1"))
