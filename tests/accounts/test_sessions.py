"""Sessions: a new id at sign-in, idle and absolute ends, roles read anew with every request."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import credentials, queries, service, sessions, signing_in
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.errors import SignInRefused
from app.accounts.models import RoleGrant, User, UserSession
from app.accounts.schemas import Visit
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import NotFound
from tests.accounts.situations import (
    COUNTY,
    HOME,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    PASSWORD,
    PASSWORD_HASH,
    TOWN,
    VILLAGE,
    officer_who_can_sign_in,
    staff_member,
)


@pytest.fixture
def officer(places: Database, clock: FixedClock) -> int:
    return officer_who_can_sign_in(places, clock)


@pytest.fixture
def token(places: Database, clock: FixedClock, cipher: FieldCipher, officer: int) -> str:
    return open_session(places, clock, cipher)


def open_session(
    database: Database, clock: FixedClock, cipher: FieldCipher, came_with: str | None = None
) -> str:
    visit = Visit(HOME.address, came_with)
    return signing_in.sign_in_with_password(
        database, clock, cipher, visit, username="wangguilan", password=PASSWORD
    ).token


def actor_of(database: Database, clock: FixedClock, token: str) -> Actor | None:
    with database.read() as session:
        found = queries.find_by_session(session, token, clock.now())
        return found.actor if found else None


def touch(database: Database, clock: FixedClock, token: str) -> None:
    with database.read() as session:
        found = queries.find_by_session(session, token, clock.now())
    assert found is not None
    sessions.touch(database, clock, found)


def test_a_session_stands_for_its_user_with_their_roles(
    places: Database, clock: FixedClock, token: str, officer: int
) -> None:
    actor = actor_of(places, clock, token)
    assert actor == Actor(officer, "wangguilan", (Grant(Role.VILLAGE_OFFICER, VILLAGE),))
    assert actor.manages(VILLAGE)
    assert not actor.manages(OTHER_VILLAGE)
    assert actor_of(places, clock, "made-up") is None


def test_it_ends_after_half_an_hour_of_doing_nothing(places: Database, clock: FixedClock, token: str) -> None:
    clock.move(timedelta(minutes=29, seconds=59))
    with places.read() as session:
        found = queries.find_by_session(session, token, clock.now())
    assert found is not None
    clock.move(timedelta(seconds=1))
    assert actor_of(places, clock, token) is None
    sessions.touch(places, clock, found)
    assert actor_of(places, clock, token) is None, "touching revives nothing"


def test_work_keeps_it_open_but_never_beyond_twelve_hours(
    places: Database, clock: FixedClock, token: str
) -> None:
    for _ in range(35):
        clock.move(timedelta(minutes=20))
        touch(places, clock, token)
    clock.move(timedelta(minutes=20) - timedelta(seconds=1))
    assert actor_of(places, clock, token)
    clock.move(timedelta(seconds=1))
    assert actor_of(places, clock, token) is None


def test_signing_in_gives_a_new_id_and_ends_the_planted_one(
    places: Database, clock: FixedClock, cipher: FieldCipher, token: str
) -> None:
    fresh = open_session(places, clock, cipher, came_with=token)
    assert fresh != token
    assert actor_of(places, clock, token) is None
    assert actor_of(places, clock, fresh)
    made_up = open_session(places, clock, cipher, came_with="planted")
    assert made_up != "planted"
    assert actor_of(places, clock, "planted") is None


def test_the_database_holds_no_token(places: Database, token: str) -> None:
    with places.read() as session:
        row = session.scalars(select(UserSession)).one()
        assert token not in str(vars(row))


def test_a_role_that_ends_ends_at_once_in_open_sessions(
    places: Database, clock: FixedClock, token: str, officer: int
) -> None:
    """The row alone counts: nothing is remembered between two requests."""
    with places.write() as session:
        session.scalars(select(RoleGrant)).one().ended_at = clock.now()
    actor = actor_of(places, clock, token)
    assert actor is not None
    assert actor.grants == ()


def test_a_role_runs_out_by_itself(places: Database, clock: FixedClock, officer: int) -> None:
    with places.write() as session:
        until = clock.now() + timedelta(days=1)
        over = Grant(Role.TOWNSHIP_OFFICER, TOWN)
        service.grant_role(session, clock, SYSTEM, officer, over, valid_until=until)
        user = session.get_one(User, officer)
        assert queries.actor_of(session, user, clock.now()).manages(OTHER_VILLAGE)
        clock.move(timedelta(days=1))
        assert not queries.actor_of(session, user, clock.now()).manages(OTHER_VILLAGE)


def test_a_change_of_roles_asks_for_a_new_sign_in(
    places: Database, clock: FixedClock, cipher: FieldCipher, token: str, officer: int
) -> None:
    with places.write() as session:
        grant = service.grant_role(
            session, clock, SYSTEM, officer, Grant(Role.VILLAGE_OFFICER, OTHER_VILLAGE)
        )
        grant_id = grant.id
    assert actor_of(places, clock, token) is None
    token = open_session(places, clock, cipher)
    with places.write() as session:
        service.end_role(session, clock, SYSTEM, grant_id)
    assert actor_of(places, clock, token) is None


def test_a_closed_account_is_out_at_once(
    places: Database, clock: FixedClock, token: str, officer: int
) -> None:
    with places.write() as session:
        bearer = service.create_api_token(session, clock, SYSTEM, session.get_one(User, officer))
        county = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY)
        service.disable_user(session, clock, county, officer)
    assert actor_of(places, clock, token) is None
    with places.read() as session:
        assert queries.find_by_api_token(session, bearer, clock.now()) is None


def test_signing_out_ends_this_session_only(
    places: Database, clock: FixedClock, cipher: FieldCipher, token: str
) -> None:
    other = open_session(places, clock, cipher)
    with places.write() as session:
        signing_in.sign_out(session, clock, token)
        signing_in.sign_out(session, clock, token)
    assert actor_of(places, clock, token) is None
    assert actor_of(places, clock, other)


def test_signing_out_everywhere(
    places: Database, clock: FixedClock, cipher: FieldCipher, token: str, officer: int
) -> None:
    other = open_session(places, clock, cipher)
    with places.write() as session:
        user = session.get_one(User, officer)
        signing_in.end_all_sessions(session, clock, queries.actor_of(session, user, clock.now()), officer)
    assert actor_of(places, clock, token) is actor_of(places, clock, other) is None


def test_a_stranger_cannot_sign_anyone_out(places: Database, clock: FixedClock, officer: int) -> None:
    with places.write() as session:
        stranger = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY)
        with pytest.raises(NotFound):
            signing_in.end_all_sessions(session, clock, stranger, officer)


def test_a_new_password_ends_all_sessions_and_opens_one(
    places: Database, clock: FixedClock, cipher: FieldCipher, token: str
) -> None:
    actor = actor_of(places, clock, token)
    assert actor is not None
    with pytest.raises(SignInRefused):
        credentials.change_password(places, clock, actor, "不是这个密码不是", "新的一句好记的话啊")
    fresh = credentials.change_password(places, clock, actor, PASSWORD, "新的一句好记的话啊呀")
    assert actor_of(places, clock, token) is None
    assert actor_of(places, clock, fresh)
    with pytest.raises(SignInRefused):
        open_session(places, clock, cipher)


def test_a_superior_resets_and_a_colleague_cannot(
    places: Database, clock: FixedClock, token: str, officer: int
) -> None:
    with places.write() as session:
        stranger = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY)
        colleague = staff_member(session, clock, Role.VILLAGE_OFFICER, OTHER_VILLAGE)
        township = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN)
        for actor in (stranger, colleague):
            with pytest.raises(NotFound):
                credentials.reset_sign_in(session, clock, actor, officer, PASSWORD_HASH)
        credentials.reset_sign_in(session, clock, township, officer, PASSWORD_HASH)
    assert actor_of(places, clock, token) is None


def test_whoever_also_holds_more_is_not_reset_from_below(
    places: Database, clock: FixedClock, officer: int
) -> None:
    """Else a township could take over the account of a colleague who is a county officer as well."""
    with places.write() as session:
        township = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN)
        service.grant_role(session, clock, SYSTEM, officer, Grant(Role.COUNTY_OFFICER, COUNTY))
        with pytest.raises(NotFound):
            credentials.reset_sign_in(session, clock, township, officer, PASSWORD_HASH)
