"""The permission table: refuses unknown words, answers 404 and 403, gives queries their prefixes."""

from bisect import bisect_left
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.actor import PUBLIC, SYSTEM, Actor, Grant
from app.accounts.permission_table import TABLE_FILE, PermissionTable, permission_table
from app.accounts.permission_terms import Action, Resource, Tie, View
from app.accounts.permissions import (
    Assignment,
    Permission,
    Target,
    area_prefix,
    knows_of,
    may,
    reading_prefixes,
    require,
)
from app.accounts.rules import LEVEL_OF_ROLE, MAY_GRANT
from app.accounts.terms import Role
from app.core.errors import Forbidden, NotFound
from app.regions import gazetteer
from tests.accounts.situations import COUNTY, OTHER_VILLAGE, PROVINCE, TOWN, VILLAGE, holding

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TEXT = TABLE_FILE.read_text(encoding="utf-8")
HERE = Target(region_code=VILLAGE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('actions = ["read", "edit"], tie = "own"', 'actions = ["read", "edti"], tie = "own"'),
        ('tie = "related", view', 'tie = "realted", view'),
        ('view = "masked"', 'view = "maskd"'),
        ("logged = true", "loged = true"),
        ("\nseeker = [", "\nseekr = ["),
        ("\n[ranking]", "\n[rankings]"),
        ('[ranking]\nholds = "村排名，红黑榜"', "[ranking]"),
        ("\nsensitive = true", "\nsecret = true"),
        ('["read"], tie = "p12" }]', '["read"], tie = "p9" }]'),
        ('seeker = [{ actions = ["read"], tie = "own" }]', 'seeker = [{ actions = ["read"], tie = "duty" }]'),
        ("max_people = 200", "max_people = 0"),
        ('anyone = [{ actions = ["read"]', 'anyone = [{ actions = ["edit"]'),
        ('tie = "p12", reason = true, logged = true', 'tie = "p12", reason = true'),
        (', account_roles = ["village_officer"] }]', " }]"),
        ('stage = "first"', 'stage = "third"'),
        ("smallest_count = 10", "smallest_count = 1"),
        ('village_officer = "p12"', 'village_officer = "p13"'),
        (
            'village_officer = [{ actions = ["read", "create"], tie = "p12" }]',
            'village_officer = [{ actions = ["read"], tie = "p12" }, { actions = ["read"], tie = "p12" }]',
        ),
    ],
)  # fmt: skip
def test_an_unknown_or_contradictory_word_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic and the enumerations have their own words
        PermissionTable(TEXT.replace(old, new, 1))


def test_every_resource_is_there_and_every_area_has_its_width() -> None:
    table = PermissionTable(TEXT)
    assert set(table.rows) == set(Resource)
    assert set(table.area_ties) == set(LEVEL_OF_ROLE)


def test_accounts_may_be_opened_for_the_roles_that_may_be_granted() -> None:
    """The table and the rules about granting say the same."""
    for role in Role:
        rules = permission_table().rules(Resource.STAFF_ACCOUNT, role)
        found = {r for rule in rules if Action.CREATE in rule.actions for r in rule.account_roles}
        expected = {Role.EMPLOYER} if role is Role.EMPLOYER else MAY_GRANT.get(role, frozenset())
        assert found == expected, role


def test_outside_the_area_nothing_is_there_inside_it_is_refused() -> None:
    officer = holding(Role.VILLAGE_OFFICER, OTHER_VILLAGE)
    with pytest.raises(NotFound):
        require(officer, Action.READ, Resource.SEEKER_CARD, HERE)
    with pytest.raises(Forbidden):
        require(officer, Action.READ, Resource.HEALTH, Target(region_code=OTHER_VILLAGE))
    with pytest.raises(NotFound):
        require(holding(Role.CITY_VIEWER, "610200"), Action.READ, Resource.SEEKER_CARD, HERE)
    assert require(officer, Action.EDIT, Resource.SEEKER_CARD, Target(region_code=OTHER_VILLAGE)).role


def test_the_callers_own_error_is_raised() -> None:
    class HouseNotFound(NotFound):
        pass

    with pytest.raises(HouseNotFound):
        require(PUBLIC, Action.READ, Resource.HOUSEHOLD_FILE, HERE, missing=HouseNotFound)


def test_the_system_may_and_it_is_written_down() -> None:
    permission = may(SYSTEM, Action.EDIT, Resource.SEEKER_CARD, HERE)
    assert permission is not None
    assert permission.is_logged
    assert may(SYSTEM, Action.READ, Resource.SEEKER_CARD, replace(HERE, is_erased=True)) is None


def test_an_assignment_counts_until_its_end_and_only_with_a_clock() -> None:
    broker = holding(Role.BROKER, TOWN, user_id=7)
    target = Target(assignments=(Assignment(7, NOW + timedelta(hours=1)),))
    asked = (broker, Action.READ, Resource.PHONE, target)
    assert may(*asked, now=NOW) is not None
    assert may(*asked, now=NOW + timedelta(hours=1)) is None
    assert may(*asked) is None


def test_of_two_roles_the_wider_view_wins() -> None:
    grants = (Grant(Role.AUDITOR), Grant(Role.VILLAGE_OFFICER, VILLAGE))
    both = Actor(1, "同事", grants)
    for actor in (both, Actor(1, "同事", grants[::-1])):
        permission = may(actor, Action.READ, Resource.HOUSEHOLD_FILE, HERE)
        assert permission is not None
        assert (permission.view, permission.role) == (View.FULL, Role.VILLAGE_OFFICER)
    elsewhere = may(both, Action.READ, Resource.HOUSEHOLD_FILE, Target(region_code=OTHER_VILLAGE))
    assert elsewhere is not None
    assert elsewhere.view is View.MASKED


def test_whoever_holds_no_role_of_an_office_is_a_seeker_of_their_own_file() -> None:
    visitor = Actor(9, "乡亲")
    assert may(visitor, Action.READ, Resource.SEEKER_CARD, Target(owner_user_id=9)) is not None
    assert may(visitor, Action.READ, Resource.SEEKER_CARD, Target(owner_user_id=8)) is None
    officer = holding(Role.TOWNSHIP_OFFICER, TOWN, user_id=9)
    assert may(officer, Action.READ, Resource.SEEKER_CARD, Target(owner_user_id=9)) is None


def test_conditions_are_said_in_words() -> None:
    reveal = may(holding(Role.VILLAGE_OFFICER, VILLAGE), Action.REVEAL, Resource.ID_NUMBER, HERE)
    assert reveal is not None
    assert "为什么" in (reveal.unmet(reason=" 查 ") or "")
    assert reveal.unmet(reason="办补贴核对身份") is None
    village = may(holding(Role.VILLAGE_OFFICER, VILLAGE), Action.EXPORT, Resource.PEOPLE_FILE, HERE)
    assert village is not None
    assert village.unmet(people=200) is None
    assert "200" in (village.unmet(people=201) or "")
    county = may(holding(Role.COUNTY_OFFICER, COUNTY), Action.EXPORT, Resource.PEOPLE_FILE, HERE)
    assert county is not None
    said = {"reason": "报市里的年报", "people": 5_000, "actor_id": 1}
    assert "另一位" in (county.unmet(**said) or "")
    assert "另一位" in (county.unmet(**said, confirmed_by_ids=[1]) or "")
    assert county.unmet(**said, confirmed_by_ids=[1, 2]) is None
    campaign = may(holding(Role.COUNTY_OFFICER, COUNTY), Action.CREATE, Resource.CAMPAIGN, HERE)
    assert campaign is not None
    assert campaign.unmet(people=1_000) is None
    assert "另一位" in (campaign.unmet(people=1_001) or "")


def test_prefixes_for_queries() -> None:
    cards = Resource.SEEKER_CARD
    assert reading_prefixes(SYSTEM, cards) == ("",)
    assert reading_prefixes(PUBLIC, cards) == ()
    assert reading_prefixes(holding(Role.TOWNSHIP_OFFICER, TOWN), cards) == (TOWN,)
    assert reading_prefixes(holding(Role.PROVINCE_VIEWER, PROVINCE), cards) == ()
    assert reading_prefixes(holding(Role.PROVINCE_VIEWER, PROVINCE), cards, Action.COUNT) == ("61",)
    assert reading_prefixes(holding(Role.AUDITOR, None), cards) == ()
    assert reading_prefixes(holding(Role.AUDITOR, None), Resource.HOUSEHOLD_FILE) == ("",)
    assert reading_prefixes(holding(Role.AUDITOR, COUNTY), Resource.HOUSEHOLD_FILE) == (COUNTY,)
    several = Actor(1, "同事", (Grant(Role.TOWNSHIP_OFFICER, TOWN), Grant(Role.VILLAGE_OFFICER, VILLAGE)))
    assert reading_prefixes(several, cards) == (TOWN,)
    looking = Actor(1, "同事", (Grant(Role.VILLAGE_OFFICER, VILLAGE, is_read_only=True),))
    assert reading_prefixes(looking, cards) == (VILLAGE,)
    assert reading_prefixes(looking, cards, Action.EDIT) == ()


def test_prefixes_and_single_questions_agree() -> None:
    """What a list shows is what may be opened."""
    for role, level in LEVEL_OF_ROLE.items():
        for code in (VILLAGE, TOWN, COUNTY, "610200", PROVINCE):
            actor = holding(role, code)
            prefixes = reading_prefixes(actor, Resource.SEEKER_CARD)
            for place in (VILLAGE, OTHER_VILLAGE, "610204102201", "610222102201", "500101001201"):
                listed = any(place.startswith(prefix) for prefix in prefixes)
                opened = may(actor, Action.READ, Resource.SEEKER_CARD, Target(region_code=place))
                assert listed is (opened is not None), (role, level, code, place)


def test_scope_is_the_subtree_for_every_code_and_every_role() -> None:
    """Against a walk over parents: no code more, no code less, at all levels of the whole table."""
    divisions = gazetteer.gazetteer().divisions
    below: dict[str, int] = {}
    for code in divisions:
        step: str | None = code
        while step is not None:
            below[step] = below.get(step, 0) + 1
            step = divisions[step].parent_code
    codes = sorted(divisions)
    wrong, asked = [], 0
    for role, level in LEVEL_OF_ROLE.items():
        for code, division in divisions.items():
            if level not in division.levels:
                continue
            asked += 1
            prefix = area_prefix(Grant(role, code))
            assert prefix is not None
            start = bisect_left(codes, prefix)
            covered = bisect_left(codes, prefix + "~") - start
            if covered != below[code]:
                wrong.append((role, code, covered, below[code]))
    assert asked > 40_000
    assert wrong == []


def test_an_office_too_wide_or_unknown_covers_nothing() -> None:
    assert area_prefix(Grant(Role.VILLAGE_OFFICER, COUNTY)) is None
    assert area_prefix(Grant(Role.COUNTY_OFFICER, "610200")) is None
    assert area_prefix(Grant(Role.COUNTY_OFFICER, "999999")) is None
    assert area_prefix(Grant(Role.COUNTY_OFFICER)) is None
    assert area_prefix(Grant(Role.ADMIN)) == ""


def test_knowing_of_a_person_takes_more_than_counting() -> None:
    assert not knows_of(holding(Role.CITY_VIEWER, "610200"), Resource.SEEKER_CARD, HERE)
    assert knows_of(holding(Role.AUDITOR, None), Resource.SEEKER_CARD, HERE)
    assert not knows_of(holding(Role.ADMIN, None), Resource.SEEKER_CARD, HERE)


def test_a_permission_for_full_sight_is_not_masked() -> None:
    assert not Permission(Resource.PHONE, Action.READ).is_masked
    assert Permission(Resource.PHONE, Action.READ, view=View.NO_PHONE).is_masked
    assert {tie for tie in Tie if tie.label} == set(Tie)
