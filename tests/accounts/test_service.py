"""Opening accounts, giving and taking back roles, tokens, handing a village over."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from app.accounts import credentials, queries, service
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.errors import NotTheOfficer, NotYoursToGrant, UsernameTaken
from app.accounts.models import AccountEvent, ApiToken, RoleGrant, User
from app.accounts.schemas import NewStaff
from app.accounts.terms import AccountEventKind, Role
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from tests.accounts.situations import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    PASSWORD,
    PASSWORD_HASH,
    TOWN,
    VILLAGE,
    officer_who_can_sign_in,
    staff_member,
)


def now_actor(database: Database, clock: FixedClock, user_id: int) -> Actor:
    with database.read() as session:
        return queries.actor_of(session, session.get_one(User, user_id), clock.now())


def test_a_county_opens_accounts_of_its_own_people_only(places: Database, clock: FixedClock) -> None:
    with places.write() as session:
        county = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY)
        new = NewStaff(username="LiJuan", display_name="李娟", role=Role.TOWNSHIP_OFFICER, region_code=TOWN)
        user = service.create_staff(session, clock, county, new, password_hash=PASSWORD_HASH)
        assert user.username == "lijuan"
        grant = session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id)).one()
        assert grant.granted_by == county.user_id
        stranger = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY)
        before = session.scalar(select(func.count()).select_from(User))
        for actor, role, place in (
            (stranger, Role.TOWNSHIP_OFFICER, TOWN),
            (county, Role.COUNTY_OFFICER, COUNTY),
            (county, Role.CITY_VIEWER, "610200"),
            (county, Role.ADMIN, None),
        ):
            more = NewStaff(username="more", display_name="x", role=role, region_code=place)
            with pytest.raises(NotYoursToGrant):
                service.create_staff(session, clock, actor, more, password_hash=PASSWORD_HASH)
        assert session.scalar(select(func.count()).select_from(User)) == before


def test_a_name_is_given_once(places: Database, clock: FixedClock) -> None:
    officer_who_can_sign_in(places, clock)
    with pytest.raises(UsernameTaken):
        officer_who_can_sign_in(places, clock, "WANGGUILAN")


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.VILLAGE_OFFICER, TOWN),
        (Role.COUNTY_OFFICER, None),
        (Role.TOWNSHIP_OFFICER, "610204999"),
        (Role.VILLAGE_OFFICER, "610204101999"),
    ],
)
def test_a_role_over_the_wrong_place_is_told_plainly(
    places: Database, clock: FixedClock, role: Role, place: str | None
) -> None:
    with pytest.raises(Invalid) as caught:
        service.add_staff(places, clock, "wangguilan", role, place, PASSWORD)
    assert caught.value.fields[0].field == "region_code"
    with places.read() as session:
        assert queries.find_staff(session, "wangguilan") is None, "nothing half-written"


@pytest.mark.parametrize("name", ["王桂兰", "13900002041", "", "a b"])
def test_a_name_that_will_not_do_is_told_plainly(places: Database, clock: FixedClock, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        service.add_staff(places, clock, name, Role.VILLAGE_OFFICER, VILLAGE, PASSWORD)
    assert caught.value.fields[0].field == "username"


def test_a_weak_password_is_refused_before_anything_is_written(places: Database, clock: FixedClock) -> None:
    with pytest.raises(Invalid):
        service.add_staff(places, clock, "wangguilan", Role.VILLAGE_OFFICER, VILLAGE, "123456")
    with places.read() as session:
        assert queries.find_staff(session, "wangguilan") is None


def test_unknown_fields_and_roles_of_the_public_are_refused() -> None:
    fields = {"username": "abc", "display_name": "x", "role": "village_officer", "region_code": VILLAGE}
    NewStaff.model_validate(fields)
    for change in ({"is_admin": True}, {"role": "seeker"}, {"username": "13900002041"}):
        with pytest.raises(ValidationError):
            NewStaff.model_validate(fields | change)


def test_roles_are_given_and_taken_back_within_one_s_own_area(places: Database, clock: FixedClock) -> None:
    officer = officer_who_can_sign_in(places, clock)
    with places.write() as session:
        township = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN)
        stranger = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY)
        more = Grant(Role.VILLAGE_OFFICER, OTHER_VILLAGE)
        with pytest.raises(NotYoursToGrant):
            service.grant_role(session, clock, stranger, officer, more)
        grant_id = service.grant_role(session, clock, township, officer, more).id
        with pytest.raises(NotFound):
            service.end_role(session, clock, stranger, grant_id)
        service.end_role(session, clock, township, grant_id)
        with pytest.raises(NotFound):
            service.end_role(session, clock, township, grant_id)
    assert not now_actor(places, clock, officer).manages(OTHER_VILLAGE)


def test_anyone_may_give_up_a_role_but_not_take_one(places: Database, clock: FixedClock) -> None:
    officer = officer_who_can_sign_in(places, clock)
    actor = now_actor(places, clock, officer)
    with places.write() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.user_id == officer)).one()
        service.end_role(session, clock, actor, grant.id)
        with pytest.raises(NotYoursToGrant):
            service.grant_role(session, clock, actor, officer, Grant(Role.VILLAGE_OFFICER, VILLAGE))


def test_a_village_changes_hands_in_one_act(places: Database, clock: FixedClock) -> None:
    old = officer_who_can_sign_in(places, clock)
    with places.write() as session:
        township = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN)
        new = staff_member(session, clock, Role.VILLAGE_OFFICER, OTHER_VILLAGE, "lijuan").user_id
        assert new is not None
        service.hand_over_village(
            session, clock, township, region_code=VILLAGE, from_user_id=old, to_user_id=new
        )
        kinds = session.scalars(select(AccountEvent.kind)).all()
    assert AccountEventKind.VILLAGE_HANDED_OVER in kinds
    former, officer = now_actor(places, clock, old), now_actor(places, clock, new)
    assert officer.manages(VILLAGE)
    assert officer.manages(OTHER_VILLAGE)
    assert not former.manages(VILLAGE)
    assert former.may_look_into(VILLAGE)
    assert former.officer_regions() == ()
    assert former.officer_regions(to_read=True) == (VILLAGE,)
    assert not former.is_officer
    clock.move(timedelta(days=30))
    assert not now_actor(places, clock, old).may_look_into(VILLAGE)
    assert now_actor(places, clock, new).manages(VILLAGE)


def test_read_access_is_left_out_where_the_county_does_not_allow_it(
    places: Database, clock: FixedClock
) -> None:
    old = officer_who_can_sign_in(places, clock)
    with places.write() as session:
        new = staff_member(session, clock, Role.VILLAGE_OFFICER, OTHER_VILLAGE, "lijuan").user_id
        assert new is not None
        service.hand_over_village(
            session,
            clock,
            SYSTEM,
            region_code=VILLAGE,
            from_user_id=old,
            to_user_id=new,
            keep_read_access=False,
        )
    assert now_actor(places, clock, old).grants == ()


def test_a_village_is_not_handed_over_twice_nor_by_strangers(places: Database, clock: FixedClock) -> None:
    old = officer_who_can_sign_in(places, clock)
    officer = now_actor(places, clock, old)
    with places.write() as session:
        township = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN)
        stranger = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY)
        new = staff_member(session, clock, Role.VILLAGE_OFFICER, OTHER_VILLAGE, "lijuan").user_id
        assert new is not None
        hand = {"region_code": VILLAGE, "from_user_id": old, "to_user_id": new}
        for actor in (stranger, officer):
            with pytest.raises(NotYoursToGrant):
                service.hand_over_village(session, clock, actor, **hand)  # type: ignore[arg-type]
        with pytest.raises(Invalid):
            service.hand_over_village(session, clock, township, **hand | {"to_user_id": old})  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            service.hand_over_village(session, clock, township, **hand | {"to_user_id": 10**9})  # type: ignore[arg-type]
        service.hand_over_village(session, clock, township, **hand)  # type: ignore[arg-type]
        with pytest.raises(NotTheOfficer):
            service.hand_over_village(session, clock, township, **hand)  # type: ignore[arg-type]


def test_a_token_stands_for_its_user_until_it_ends(places: Database, clock: FixedClock) -> None:
    officer = officer_who_can_sign_in(places, clock)
    token = service.create_token(places, clock, "wangguilan")
    with places.write() as session:
        found = queries.find_by_api_token(session, token, clock.now())
        assert found is not None
        assert found.actor == queries.actor_of(session, session.get_one(User, officer), clock.now())
        row = session.scalars(select(ApiToken)).one()
        assert token != row.token_hash
        stranger = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY)
        with pytest.raises(NotFound):
            credentials.revoke_api_token(session, clock, stranger, row.id)
        late = clock.now() + credentials.API_TOKEN_LIVES
        assert queries.find_by_api_token(session, token, late) is None
        credentials.revoke_api_token(session, clock, found.actor, row.id)
        assert queries.find_by_api_token(session, token, clock.now()) is None


def test_nobody_makes_a_token_for_someone_else(places: Database, clock: FixedClock) -> None:
    officer = officer_who_can_sign_in(places, clock)
    with places.write() as session:
        county = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY)
        with pytest.raises(NotFound):
            credentials.create_api_token(session, clock, county, session.get_one(User, officer))
    with pytest.raises(NotFound):
        service.create_token(places, clock, "nobody-here")
