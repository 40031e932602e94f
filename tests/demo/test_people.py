"""Households as in a ledger: real generations, many between 40 and 60, and children who never seek work."""

from collections import Counter
from datetime import date

from app.accounts.terms import STAFF_ROLES
from app.demo.county import DemoCounty
from app.demo.people import age_on
from app.demo.places import town_point
from app.occupations.certificates import read_certificates
from app.occupations.skills import read_skills
from app.occupations.terms import Demand, Education, Shift, WorkProfile
from app.regions import gazetteer
from app.regions.terms import Reach
from app.seekers.terms import (
    MONITORED_KINDS,
    HouseholdKind,
    LabourClass,
    NotWorkingReason,
    Relation,
    ReturnReason,
    SeekerStatus,
)
from tests.demo.conftest import TODAY


def test_numbers_of_households_people_and_places(county: DemoCounty) -> None:
    assert len(county.households) == 1_300
    assert len(county.people) == 4_000
    assert 85 <= len(county.places) <= 100
    assert [person.number for person in county.people] == list(range(1, 4_001))
    villages = Counter(household.region_code for household in county.households)
    assert set(villages) == {place.code for place in county.places}
    first = next(place for place in county.places if place.name == "柳树塬村")
    assert villages[first.code] == 46


def test_villages_lie_near_their_town(county: DemoCounty) -> None:
    assert len({place.code for place in county.places}) == len(county.places)
    assert len({place.name for place in county.places}) == len(county.places)
    for place in county.places:
        assert gazetteer.get(place.town_code).parent_code == "610204"
        assert place.code.startswith(place.town_code)
        number = int(place.code[9:])
        assert 1 <= number <= 99 if place.is_community else 200 <= number <= 399
        x, y = town_point(place.town_code)
        assert (place.x - x) ** 2 + (place.y - y) ** 2 <= 8_000**2


def test_every_role_and_every_village_has_an_officer(county: DemoCounty) -> None:
    assert {officer.role for officer in county.staff} == STAFF_ROLES
    names = [officer.username for officer in county.staff]
    assert len(set(names)) == len(names)
    villages = {officer.region_code for officer in county.staff if officer.title == "就业信息员"}
    assert villages == {place.code for place in county.places}
    usernames = set(names)
    assert all(household.officer in usernames for household in county.households)


def test_nobody_under_16_seeks_work(county: DemoCounty) -> None:
    children = [person for person in county.people if person.age_on(TODAY) < 16]
    assert len(children) > 300
    assert not any(person.may_seek_on(TODAY) or person.working for person in children)
    old = [person for person in county.people if person.age_on(TODAY) >= 76]
    assert len(old) > 50
    assert not any(person.may_seek_on(TODAY) for person in old)
    students = [person for person in county.people if person.studying and person.age_on(TODAY) >= 16]
    assert len(students) > 50
    assert not any(person.may_seek_on(TODAY) for person in students)


def test_most_people_of_working_age_are_between_40_and_60(county: DemoCounty) -> None:
    ages = [person.age_on(TODAY) for person in county.people if person.may_seek_on(TODAY)]
    assert 2_500 < len(ages) < 3_300
    middle = sum(40 <= age < 60 for age in ages)
    assert 0.45 < middle / len(ages) < 0.65
    sexes = Counter(person.sex for person in county.people)
    assert all(count > 1_750 for count in sexes.values())


def test_generations_are_possible(county: DemoCounty) -> None:
    for household in county.households:
        head = household.members[0]
        assert head.relation is Relation.HEAD
        assert sum(person.relation is Relation.HEAD for person in household.members) == 1
        for person in household.members:
            years = (head.birth_on - person.birth_on).days / 365.25
            if person.relation is Relation.CHILD:
                assert years < -17
            elif person.relation is Relation.PARENT:
                assert years > 19
            elif person.relation is Relation.GRANDCHILD:
                assert years < -35


def test_codes_are_those_of_the_product(county: DemoCounty) -> None:
    reasons = 0
    for person in county.people:
        Education(person.education)
        if (work := person.working) is None:
            continue
        assert work.labour_class in set(LabourClass)
        assert work.status in set(SeekerStatus)
        assert work.travel in set(Reach)
        assert set(work.limits) <= set(Demand)
        assert set(work.shifts) <= set(Shift)
        assert set(work.profiles) <= set(WorkProfile)
        assert all(read_skills(skill) for skill in work.skills)
        assert all(read_certificates(paper) for paper in work.certificates)
        assert work.wage_floor_fen >= 150_000
        if work.return_reason:
            assert work.return_reason[0] in set(ReturnReason)
            reasons += 1
        if work.not_working_reason:
            assert work.not_working_reason[0] in set(NotWorkingReason)
    assert reasons > 150


def test_classes_statuses_and_kinds_are_spread_as_in_a_county(county: DemoCounty) -> None:
    able = [person.working for person in county.people if person.working and not person.studying]
    classes = Counter(work.labour_class for work in able)
    assert all(classes[one] > 150 for one in ("ordinary", "skilled", "semi", "weak"))
    statuses = Counter(work.status for work in able)
    assert statuses["seeking"] > 500
    assert statuses["employed"] > 1_000
    assert statuses["training"] > 20
    kinds = Counter(kind for household in county.households for kind in household.kinds)
    assert set(kinds) == set(HouseholdKind)
    assert 50 < sum(kinds[kind] for kind in MONITORED_KINDS) < 180
    assert kinds[HouseholdKind.LIFTED] > 300


def test_age_counts_full_years() -> None:
    assert age_on(date(2010, 11, 22), date(2026, 11, 22)) == 16
    assert age_on(date(2010, 11, 23), date(2026, 11, 22)) == 15
