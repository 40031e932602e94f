"""Nobody gives more than they hold; passwords, phones and names as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import rules
from app.accounts.actor import PUBLIC, SYSTEM, Actor, Grant
from app.accounts.terms import STAFF_ROLES, Role
from tests.accounts.situations import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    PROVINCE,
    TOWN,
    VILLAGE,
    holding,
)

PLACES = [PROVINCE, CITY, COUNTY, OTHER_COUNTY, TOWN, OTHER_TOWN, VILLAGE, OTHER_VILLAGE, "500000", "441900"]
SCOPE_DIGITS = {PROVINCE: 2, CITY: 4, "500000": 2, "441900": 6}

grants = st.builds(
    Grant,
    st.sampled_from(list(Role)),
    st.none() | st.sampled_from(PLACES),
    st.none() | st.integers(1, 3),
    st.booleans(),
)


def covers(outer: str, inner: str) -> bool:
    """Scope by fixed prefix, written down a second time."""
    return inner[: SCOPE_DIGITS.get(outer, len(outer))] == outer[: SCOPE_DIGITS.get(outer, len(outer))]


@given(st.lists(grants, max_size=4), grants, st.integers(1, 2))
def test_nobody_gives_more_than_they_hold(held: list[Grant], wanted: Grant, to_user_id: int) -> None:
    actor = Actor(1, "同事", tuple(held))
    if not rules.may_grant(actor, wanted, to_user_id=to_user_id):
        return
    assert to_user_id != actor.user_id
    if wanted.role is Role.EMPLOYER:
        assert any(g.role is Role.EMPLOYER and g.employer_id == wanted.employer_id for g in held)
        return
    givers = [
        g
        for g in held
        if wanted.role in rules.MAY_GRANT.get(g.role, ()) and not g.is_read_only
        if (g.role is Role.ADMIN and g.region_code is None)
        or (g.region_code and wanted.region_code and covers(g.region_code, wanted.region_code))
    ]
    assert givers


@given(st.lists(grants, max_size=4), grants)
def test_losing_a_role_never_lets_one_give_more(held: list[Grant], wanted: Grant) -> None:
    fewer = Actor(1, "同事", tuple(held[1:]))
    if rules.may_grant(fewer, wanted, to_user_id=2):
        assert rules.may_grant(Actor(1, "同事", tuple(held)), wanted, to_user_id=2)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_nobody_can_make_a_system_administrator_or_auditor(role: Role) -> None:
    region = None if role in rules.ROLES_WITHOUT_REGION else COUNTY
    for wanted in (Role.ADMIN, Role.AUDITOR):
        assert not rules.may_grant(holding(role, region), Grant(wanted), to_user_id=2)
        assert rules.may_grant(SYSTEM, Grant(wanted), to_user_id=2)


@pytest.mark.parametrize(
    ("giver", "over", "wanted", "place", "allowed"),
    [
        (Role.TOWNSHIP_OFFICER, TOWN, Role.VILLAGE_OFFICER, VILLAGE, True),
        (Role.TOWNSHIP_OFFICER, OTHER_TOWN, Role.VILLAGE_OFFICER, VILLAGE, False),
        (Role.TOWNSHIP_OFFICER, TOWN, Role.TOWNSHIP_OFFICER, TOWN, False),
        (Role.VILLAGE_OFFICER, VILLAGE, Role.VILLAGE_OFFICER, VILLAGE, False),
        (Role.COUNTY_OFFICER, COUNTY, Role.TOWNSHIP_OFFICER, TOWN, True),
        (Role.COUNTY_OFFICER, COUNTY, Role.TOWNSHIP_OFFICER, OTHER_TOWN, False),
        (Role.COUNTY_OFFICER, COUNTY, Role.COUNTY_OFFICER, COUNTY, False),
        (Role.CITY_VIEWER, CITY, Role.COUNTY_OFFICER, OTHER_COUNTY, True),
        (Role.CITY_VIEWER, CITY, Role.VILLAGE_OFFICER, VILLAGE, False),
        (Role.PROVINCE_VIEWER, PROVINCE, Role.CITY_VIEWER, CITY, True),
        (Role.PROVINCE_VIEWER, "500000", Role.CITY_VIEWER, CITY, False),
        (Role.ADMIN, None, Role.COUNTY_OFFICER, COUNTY, True),
        (Role.ADMIN, OTHER_COUNTY, Role.COUNTY_OFFICER, COUNTY, False),
        (Role.AUDITOR, None, Role.VILLAGE_OFFICER, VILLAGE, False),
    ],
)
def test_who_gives_what_where(giver: Role, over: str | None, wanted: Role, place: str, allowed: bool) -> None:
    assert rules.may_grant(holding(giver, over), Grant(wanted, place), to_user_id=2) is allowed


def test_nobody_gives_to_themselves_and_the_public_gives_nothing() -> None:
    wanted = Grant(Role.VILLAGE_OFFICER, VILLAGE)
    assert not rules.may_grant(holding(Role.TOWNSHIP_OFFICER, TOWN, user_id=7), wanted, to_user_id=7)
    assert not rules.may_grant(PUBLIC, wanted, to_user_id=7)


def test_who_may_only_look_gives_nothing() -> None:
    former = Actor(1, "同事", (Grant(Role.TOWNSHIP_OFFICER, TOWN, is_read_only=True),))
    assert not rules.may_grant(former, Grant(Role.VILLAGE_OFFICER, VILLAGE), to_user_id=2)


@pytest.mark.parametrize(
    ("role", "place", "possible"),
    [
        (Role.VILLAGE_OFFICER, VILLAGE, True),
        (Role.VILLAGE_OFFICER, TOWN, False),
        (Role.TOWNSHIP_OFFICER, TOWN, True),
        (Role.TOWNSHIP_OFFICER, COUNTY, False),
        (Role.COUNTY_OFFICER, COUNTY, True),
        (Role.COUNTY_OFFICER, CITY, False),
        (Role.COUNTY_OFFICER, "441900", True),  # 东莞 is a city without counties
        (Role.CITY_VIEWER, "441900", True),
        (Role.PROVINCE_VIEWER, PROVINCE, True),
        (Role.PROVINCE_VIEWER, COUNTY, False),
        (Role.COUNTY_OFFICER, None, False),
        (Role.COUNTY_OFFICER, "999999", False),
        (Role.ADMIN, None, True),
        (Role.BROKER, None, False),
        (Role.BROKER, COUNTY, True),
    ],
)
def test_a_role_has_its_level(role: Role, place: str | None, possible: bool) -> None:
    assert rules.may_hold(role, place, None) is possible


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("13800000000", "13800000000"),
        ("+86 138-0000 0000", "13800000000"),
        ("0086 13800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("86 13800000000", None),
        ("1380000000", None),
        ("029-12345678", None),
        ("", None),
    ],
)
def test_phones_as_people_type_them(typed: str, read: str | None) -> None:
    assert rules.normalise_phone(typed) == read


@given(st.text(max_size=30))
def test_a_phone_is_eleven_digits_or_nothing(typed: str) -> None:
    read = rules.normalise_phone(typed)
    assert read is None or (len(read) == 11 and read.isascii() and read.isdigit())


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "1234567890", "password123", "wangguilan888"])
def test_weak_passwords_are_refused_with_a_reason(weak: str) -> None:
    assert rules.password_problem(weak, "wangguilan")


def test_a_sentence_will_do_as_a_password() -> None:
    assert rules.password_problem("柳树塬的苹果都红了啊", "wangguilan") is None


@pytest.mark.parametrize("name", ["wangguilan", "li.juan-2", "abc"])
def test_names_that_will_do(name: str) -> None:
    assert rules.is_username(name)


@pytest.mark.parametrize("name", ["13900002041", "610204198001011234", "王桂兰", "a", "a b", "-ab", "x" * 41])
def test_names_that_will_not_do(name: str) -> None:
    assert not rules.is_username(name)
