"""Who works where: the list of colleagues follows the table of permissions, and tells dates honestly."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.accounts import events, queries, service
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.models import User
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.accounts.terms import AccountEventKind, Role
from app.core.clock import FixedClock
from app.core.errors import Invalid
from tests.accounts.situations import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    PROVINCE,
    TOWN,
    VILLAGE,
    add_regions,
    holding,
    staff_member,
)

PLACES = {
    "village": (Role.VILLAGE_OFFICER, VILLAGE),
    "village2": (Role.VILLAGE_OFFICER, OTHER_VILLAGE),
    "town": (Role.TOWNSHIP_OFFICER, TOWN),
    "fartown": (Role.TOWNSHIP_OFFICER, OTHER_TOWN),
    "county": (Role.COUNTY_OFFICER, COUNTY),
    "farcounty": (Role.COUNTY_OFFICER, OTHER_COUNTY),
    "city": (Role.CITY_VIEWER, CITY),
    "broker": (Role.BROKER, COUNTY),
    "audit": (Role.AUDITOR, None),
    "boss": (Role.ADMIN, None),
}


@pytest.fixture
def staff(session: Session, clock: FixedClock) -> dict[str, Actor]:
    add_regions(session)
    return {name: staff_member(session, clock, *held, name) for name, held in PLACES.items()}


def names(session: Session, actor: Actor, clock: FixedClock, **filters: str) -> list[str]:
    lines, _ = queries.list_staff(session, actor, clock.now(), **filters)  # type: ignore[arg-type]
    return [line.user.username or "" for line in lines]


@pytest.mark.parametrize(
    ("role", "code", "seen"),
    [
        (Role.VILLAGE_OFFICER, VILLAGE, []),
        (Role.TOWNSHIP_OFFICER, TOWN, ["village", "village2"]),
        (Role.COUNTY_OFFICER, COUNTY, ["village", "village2", "town", "broker"]),
        (Role.CITY_VIEWER, CITY, ["county", "farcounty"]),
        (Role.PROVINCE_VIEWER, PROVINCE, ["city"]),
        (
            Role.ADMIN,
            None,
            ["village", "village2", "town", "fartown", "county", "farcounty", "city", "broker"],
        ),
        (Role.AUDITOR, None, list(PLACES)),
        (Role.EMPLOYER, None, []),
    ],
)
def test_each_role_sees_the_accounts_the_table_gives_it(
    session: Session,
    clock: FixedClock,
    staff: dict[str, Actor],
    role: Role,
    code: str | None,
    seen: list[str],
) -> None:
    actor = holding(role, code, 999_999)
    assert names(session, actor, clock) == seen
    assert queries.may_list_staff(actor) is bool(seen)
    for name, (held, place) in PLACES.items():
        target = Target(region_code=place, account_roles=frozenset({held}))
        assert (may(actor, Action.READ, Resource.STAFF_ACCOUNT, target) is not None) == (name in seen)


def test_who_also_holds_a_role_above_is_not_shown_below(
    session: Session, clock: FixedClock, staff: dict[str, Actor]
) -> None:
    user_id = staff["village"].user_id or 0
    service.grant_role(session, clock, SYSTEM, user_id, Grant(Role.COUNTY_OFFICER, OTHER_COUNTY))
    assert names(session, holding(Role.TOWNSHIP_OFFICER, TOWN), clock) == ["village2"]


def test_a_role_that_ended_ran_out_or_never_began_shows_nobody(
    session: Session, clock: FixedClock, staff: dict[str, Actor]
) -> None:
    town = holding(Role.TOWNSHIP_OFFICER, TOWN)
    grant = queries.grants_of(session, staff["village"].user_id or 0, clock.now())[0]
    grant.valid_until = clock.now() + timedelta(days=1)
    lines, _ = queries.list_staff(session, town, clock.now())
    assert lines[0].grants[0].valid_until == grant.valid_until
    session.get_one(User, staff["village2"].user_id).disabled_at = clock.now()
    clock.move(timedelta(days=2))
    assert names(session, town, clock) == []


def test_filters_by_place_and_name_and_pages(
    session: Session, clock: FixedClock, staff: dict[str, Actor]
) -> None:
    county = holding(Role.COUNTY_OFFICER, COUNTY)
    assert names(session, county, clock, region_code=OTHER_VILLAGE) == ["village2"]
    assert names(session, county, clock, region_code=TOWN) == ["village", "village2", "town"]
    assert names(session, county, clock, region_code=OTHER_COUNTY) == []
    assert names(session, county, clock, name=" LAGE2 ") == ["village2"]
    assert names(session, county, clock, name="%") == []
    first, following = queries.list_staff(session, county, clock.now(), limit=3)
    rest, last = queries.list_staff(session, county, clock.now(), limit=3, cursor=following)
    assert [len(first), len(rest), last] == [3, 1, None]
    with pytest.raises(Invalid):
        queries.list_staff(session, county, clock.now(), cursor="???")


def test_the_last_sign_in_is_told_in_three_statements(
    session: Session, clock: FixedClock, staff: dict[str, Actor]
) -> None:
    town = holding(Role.TOWNSHIP_OFFICER, TOWN)
    for hours in (30, 2):
        at = FixedClock(clock.now() - timedelta(hours=hours))
        events.record(session, at, AccountEventKind.SIGNED_IN, user_id=staff["village2"].user_id)
    session.flush()
    seen: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *a: seen.append(a[2]))
    lines, _ = queries.list_staff(session, town, clock.now())
    assert [line.signed_in_at for line in lines] == [None, clock.now() - timedelta(hours=2)]
    assert len(seen) == 3, seen


def test_officers_over_a_place_are_the_nearest_first_and_only_those_in_office(
    session: Session, clock: FixedClock, staff: dict[str, Actor]
) -> None:
    found = queries.list_officers_over(session, VILLAGE, clock.now())
    assert [user.username for user in found] == ["village", "town", "county"]
    service.hand_over_village(
        session,
        clock,
        SYSTEM,
        region_code=VILLAGE,
        from_user_id=staff["village"].user_id or 0,
        to_user_id=staff["village2"].user_id or 0,
    )
    found = queries.list_officers_over(session, VILLAGE, clock.now())
    assert [user.username for user in found] == ["village2", "town", "county"]
