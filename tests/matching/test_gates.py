"""Every gate, open and shut."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from app.matching.facts import PersonFacts
from app.matching.rules import exclusions, gates
from app.matching.terms import Gate
from tests.matching.samples import HOME, NEXT_TOWN, TODAY, TOWN, context, month, person, posting

SEMI = {"labour_class": "semi"}
WEAK = {"labour_class": "weak"}
CARER = {"cares_for_family": True}

CASES: list[tuple[str, dict[str, Any], dict[str, Any], Gate | None]] = [
    ("nothing in the way", {}, {}, None),
    ("fifteen", {"age": 15}, {}, Gate.UNDER_16),
    (
        "sixteen tomorrow, starts tomorrow",
        {"born_on": date(2010, 11, 23).toordinal()},
        {"starts_on": TODAY + 1},
        None,
    ),
    ("sixteen tomorrow, starts today", {"born_on": date(2010, 11, 23).toordinal()}, {}, Gate.UNDER_16),
    (
        "starts in the past counts as today",
        {"born_on": date(2010, 11, 22).toordinal()},
        {"starts_on": 5},
        None,
    ),
    ("age unknown", {"age": None}, {"age_min": 18, "age_max": 40}, None),
    ("too young", {"age": 17}, {"age_min": 18}, Gate.AGE),
    ("exactly the lowest age", {"age": 18}, {"age_min": 18}, None),
    ("exactly the highest age", {}, {"age_max": 45}, None),
    ("too old", {"age": 46}, {"age_max": 45}, Gate.AGE),
    ("seventeen in a mine", {"age": 17}, {"barred_to_minors": True}, Gate.AGE),
    ("eighteen in a mine", {"age": 18}, {"barred_to_minors": True}, None),
    ("seventeen at heights", {"age": 17}, {"demands": ("heights",)}, Gate.AGE),
    ("not open", {}, {"is_open": False}, Gate.CLOSED),
    ("employer unverified", {}, {"employer_verified": False}, Gate.EMPLOYER),
    ("employer muted", {}, {"employer_muted": True}, Gate.EMPLOYER),
    ("last day", {}, {"valid_until": TODAY}, None),
    ("day after", {}, {"valid_until": TODAY - 1}, Gate.EXPIRED),
    ("no last day", {}, {"valid_until": None}, None),
    ("one place left", {}, {"openings": 8, "filled": 7}, None),
    ("full", {}, {"openings": 8, "filled": 8}, Gate.FULL),
    ("schooling short", {"education_step": 1}, {"education_step": 2}, Gate.EDUCATION),
    ("schooling equal", {"education_step": 3}, {"education_step": 3}, None),
    ("schooling unknown", {"education_step": None}, {"education_step": 3}, None),
    ("certificate missing", {}, {"certificates": ("forklift",)}, Gate.CERTIFICATE),
    ("certificate held", {"certificates": ("forklift",)}, {"certificates": ("forklift",)}, None),
    (
        "one of two missing",
        {"certificates": ("forklift",)},
        {"certificates": ("C1", "forklift")},
        Gate.CERTIFICATE,
    ),
    ("A2 drives C1", {"certificates": ("A2",)}, {"certificates": ("C1",)}, None),
    ("C1 doesn't drive B2", {"certificates": ("C1",)}, {"certificates": ("B2",)}, Gate.CERTIFICATE),
    ("can't lift", {"limits": ("heavy_lifting",)}, {"demands": ("heavy_lifting",)}, Gate.LIMITS),
    ("can't lift, must climb", {"limits": ("heavy_lifting",)}, {"demands": ("heights",)}, None),
    (
        "likely burden shuts nobody out",
        {"limits": ("heavy_lifting",)},
        {"likely_demands": ("heavy_lifting",)},
        None,
    ),
    ("no nights, night shift", {"limits": ("night",)}, {"shifts": ("night",)}, Gate.LIMITS),
    ("no nights, turns", {"limits": ("night",)}, {"shifts": ("rotating",)}, Gate.LIMITS),
    ("no nights, day or night", {"limits": ("night",)}, {"shifts": ("day", "night")}, None),
    ("refuses that town", {"refused": (NEXT_TOWN,)}, {}, Gate.REACH),
    ("refuses the county, whatever the reach", {"refused": ("6102",), "reach": "anywhere"}, {}, Gate.REACH),
    ("refuses the town, bus or not", {"refused": (NEXT_TOWN,)}, {"pickup": (TOWN,)}, Gate.REACH),
    ("refuses another place", {"refused": ("65",)}, {}, None),
    (
        "refuses one town, the place is known by its county",
        {"refused": (NEXT_TOWN,)},
        {"region_scope": "610204"},
        None,
    ),
    ("upper pay under the floor", {"pay_floor": month(4_000)}, {}, Gate.WAGE),
    ("straddles the floor", {"pay_floor": month(3_000)}, {}, None),
    ("upper pay at the floor", {"pay_floor": month(3_600)}, {}, None),
    (
        "pay unknown",
        {"pay_floor": month(9_000)},
        {"pay_min": None, "pay_max": None, "pay_by_piece": True},
        None,
    ),
    ("pay open upwards", {"pay_floor": month(9_000)}, {"pay_max": None}, None),
    ("own township only", {"reach": "township"}, {}, Gate.REACH),
    ("own township, in it", {"reach": "township"}, {"region_scope": TOWN}, None),
    ("own village only", {"reach": "village"}, {"region_scope": TOWN}, Gate.REACH),
    ("own village", {"reach": "village"}, {"region_scope": HOME}, None),
    ("other county", {}, {"region_scope": "610202"}, Gate.REACH),
    ("other county, city reach", {"reach": "city"}, {"region_scope": "610202"}, None),
    ("other city", {"reach": "city"}, {"region_scope": "610102"}, Gate.REACH),
    ("other city, province reach", {"reach": "province"}, {"region_scope": "610102"}, None),
    ("other province", {"reach": "province"}, {"region_scope": "440305"}, Gate.REACH),
    ("anywhere", {"reach": "anywhere"}, {"region_scope": "440305"}, None),
    ("work known only as a county", {"reach": "township"}, {"region_scope": "610204"}, Gate.REACH),
    ("bus from the township", {"reach": "township"}, {"pickup": (TOWN,)}, None),
    ("bus from the village", {"reach": "township"}, {"pickup": (HOME,)}, None),
    ("bus from the next village", {"reach": "township"}, {"pickup": ("610204101999",)}, None),
    ("bus through the whole county", {"reach": "township"}, {"pickup": ("610204",)}, None),
    ("bus from elsewhere", {"reach": "township"}, {"pickup": (NEXT_TOWN,)}, Gate.REACH),
    ("bus isn't the own village", {"reach": "village"}, {"pickup": (TOWN,)}, Gate.REACH),
    ("home known as a county", {"home_scope": "610204", "reach": "township"}, {}, None),
    ("semi labour in a firm", SEMI, {}, Gate.CLASS),
    ("semi labour, marked", SEMI, {"suits": ("semi",)}, None),
    ("semi labour, marked for weak", SEMI, {"suits": ("weak",)}, None),
    ("weak labour, marked for semi", WEAK, {"suits": ("semi",)}, Gate.CLASS),
    ("weak labour, workshop", WEAK, {"employer_kind": "workshop"}, None),
    ("weak labour, home work", WEAK, {"suits": ("home_work",)}, None),
    ("weak by age, firm", WEAK | {"class_from_age": True, "age": 62}, {}, Gate.CLASS),
    (
        "weak by age, firm asks for that age",
        WEAK | {"class_from_age": True, "age": 62},
        {"age_max": 65},
        None,
    ),
    ("skilled in a workshop", {"labour_class": "skilled"}, {"employer_kind": "workshop"}, None),
    ("welfare post, not eligible", {}, {"employer_kind": "public_welfare"}, Gate.WELFARE),
    ("welfare post, eligible", {"welfare_eligible": True}, {"employer_kind": "public_welfare"}, None),
    (
        "weak, welfare post, eligible",
        WEAK | {"welfare_eligible": True},
        {"employer_kind": "public_welfare"},
        None,
    ),
    ("carer, night", CARER, {"shifts": ("night",)}, Gate.HOURS),
    ("carer, turns", CARER, {"shifts": ("rotating",)}, Gate.HOURS),
    ("carer, night demanded", CARER, {"shifts": (), "demands": ("night",)}, Gate.HOURS),
    ("carer, turns with care hours", CARER, {"shifts": ("rotating",), "suits": ("care_hours",)}, None),
    ("carer, plain day", CARER, {}, None),
    ("carer, hours unknown", CARER, {"shifts": ()}, None),
    ("days only, night shift", {"shifts": ("day",)}, {"shifts": ("night",)}, Gate.HOURS),
    ("days only, hours unknown", {"shifts": ("day",)}, {"shifts": ()}, None),
    ("days only, own hours", {"shifts": ("day",)}, {"shifts": ("flexible",)}, None),
    ("days only, nights demanded", {"shifts": ("day",)}, {"demands": ("night",), "shifts": ()}, Gate.HOURS),
    ("days and nights, turns", {"shifts": ("day", "night")}, {"shifts": ("rotating",)}, None),
    ("turns, days", {"shifts": ("rotating",)}, {}, None),
    ("own hours, home work", {"shifts": ("flexible",)}, {"suits": ("home_work",)}, None),
    ("day pay only, long job", {"profiles": ("day",)}, {}, Gate.HOURS),
    ("season or day, season", {"profiles": ("day", "season")}, {"profile": "season"}, None),
    ("needs meals, has", {"needs_board": True}, {}, None),
    ("needs meals, none", {"needs_board": True}, {"board": False}, Gate.BOARD),
    ("needs a bed, none", {"needs_lodging": True}, {}, Gate.BOARD),
    ("needs a bed, has", {"needs_lodging": True}, {"lodging": True}, None),
]


@pytest.mark.parametrize(
    ("changes", "offer", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_gate(changes: dict[str, Any], offer: dict[str, Any], expected: Gate | None) -> None:
    who, what = person(**changes), posting(**offer)
    assert gates.first_failed_gate(who, what, context()) is expected
    if expected is not None:
        sentence = exclusions.explain_exclusion(expected, who, what, context())
        assert sentence
        assert "None" not in sentence


def test_every_gate_has_a_case() -> None:
    assert {case[3] for case in CASES} == {None, *Gate}


def test_gates_are_asked_in_the_order_of_the_terms() -> None:
    assert [gate for gate, _ in gates.GATES] == list(Gate)


def test_all_failed_gates_are_listed_in_order() -> None:
    who = person(age=70, limits=("night",), reach="village")
    what = posting(age_max=60, shifts=("night",))
    assert gates.failed_gates(who, what, context()) == (Gate.AGE, Gate.LIMITS, Gate.REACH)


def test_what_must_never_count_is_no_fact_of_a_person() -> None:
    words = (
        "sex",
        "gender",
        "ethnic",
        "nation",
        "disab",
        "household",
        "monitor",
        "poverty",
        "marri",
        "relig",
        "hukou",
    )
    assert not [field.name for field in fields(PersonFacts) if any(word in field.name for word in words)]


def test_explanations_name_both_sides() -> None:
    there = person(refused=(NEXT_TOWN,))
    assert (
        exclusions.explain_exclusion(Gate.REACH, there, posting(), context())
        == "岗位在石柱镇，本人说了不去那儿"
    )
    who, what = person(age=52, pay_floor=month(4_000)), posting(age_min=18, age_max=45)
    assert exclusions.explain_exclusion(Gate.AGE, who, what, context()) == "岗位要18 到 45 岁，本人 52 岁"
    assert (
        exclusions.explain_exclusion(Gate.WAGE, who, what, context())
        == "岗位一月最多 3,600 元，本人要 4,000 元"
    )
