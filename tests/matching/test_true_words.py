"""Every sentence is true: each kind of reason, of what to know first and of near miss, against the facts."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.facts import PersonFacts, PostingFacts
from app.matching.near_misses import find_near_misses
from app.matching.rules import gates, reasons
from app.matching.rules.reasons import Reason
from app.matching.terms import Supply
from app.occupations.terms import Demand, Suit
from tests.matching import oracle, strategies
from tests.matching.samples import HOME, NEXT_TOWN, TOWN, WORDS, context, month, person, posting

CARER = {"cares_for_family": True}
FAR = {"x": 90_000, "lodging": True, "region_scope": "440305", "place_name": "南山区"}
REASONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("skill", {"skills": ("sewing",)}, {}),
    ("certificate", {"certificates": ("A2",)}, {"certificates": ("C1",), "skills": ()}),
    ("occupation", {"occupations": ("6-05-01-03",)}, {}),
    ("trade", {"skills": ("sewing",)}, {"skills": ()}),
    ("related", {"skills": ("ironing",)}, {}),
    ("trains", {}, {"trains_beginners": True}),
    ("elementary", {}, {"skills": ("sweeping",)}),
    ("unskilled", {}, {"skills": (), "occupation_code": None}),
    ("bus", {}, {"pickup": (HOME,)}),
    ("place", {}, {}),
    ("place", {}, {"region_scope": HOME}),
    ("place", {}, {"region_scope": TOWN, "x": None}),
    ("place", {}, {"x": 400}),
    ("place", {"blur_m": 500}, {"x": 9_100}),
    ("place", {}, {"x": None}),
    ("place", {}, {"x": None, "place_name": ""}),
    ("place", {"reach_is_said": False, "reach": "anywhere"}, {"x": None, "place_name": ""}),
    ("home_work", {}, {"suits": ("home_work",)}),
    ("care_hours", CARER, {"suits": ("care_hours",)}),
    ("flexible", CARER, {"shifts": ("flexible",)}),
    ("day_shift", CARER, {}),
    ("welfare", {"welfare_eligible": True}, {"employer_kind": "public_welfare"}),
    ("class", {"labour_class": "semi"}, {"suits": ("semi",)}),
    ("class", {"labour_class": "weak", "class_from_age": True}, {"suits": ("weak",)}),
    ("board_lodging", {"needs_lodging": True}, {"lodging": True}),
    ("lodging", {"needs_lodging": True}, {"lodging": True, "board": False}),
    ("board", {}, {}),
    ("wage", {"pay_floor": month(2_000)}, {"board": False}),
    ("wage", {"pay_floor": 60_00 * 312, "pay_floor_unit": "day"}, {"board": False, "pay_max": month(2_800)}),
    ("season", {"profiles": ("season",)}, {"profile": "season", "board": False}),
    ("day_pay", {"profiles": ("day",)}, {"profile": "day", "board": False}),
    ("answers", {}, {"answer_days": 3, "answer_permille": 900, "board": False}),
]
GAPS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("welfare", {"welfare_eligible": True}, {"employer_kind": "public_welfare"}),
    ("limits", {"limits": ("heavy_lifting",)}, {"likely_demands": ("heavy_lifting",)}),
    ("night", {"limits": ("night",)}, {"shifts": ("day", "night")}),
    ("family", {**CARER, "reach": "anywhere"}, FAR),
    ("hours", CARER, {"shifts": ()}),
    ("education", {"education_step": None}, {"education_step": 2}),
    ("age", {"age": None}, {"age_min": 18, "age_max": 45}),
    ("age", {"age": None}, {"age_max": 45}),
    ("skill", {}, {"skills": ("welding",)}),
    ("piece", {}, {"pay_min": None, "pay_max": None, "pay_by_piece": True}),
    ("pay", {}, {"pay_min": None, "pay_max": None}),
    ("wage", {"pay_floor": month(3_000)}, {}),
    ("lodging", {"reach": "anywhere"}, FAR | {"lodging": False}),
    ("place", {}, {"region_scope": "610204", "blur_m": 15_000, "place_name": "耀州区"}),
]


@pytest.mark.parametrize(("code", "who", "what"), REASONS)
def test_each_kind_of_reason_is_said_and_true(code: str, who: dict[str, Any], what: dict[str, Any]) -> None:
    check(code, who, what, reasons.list_reasons, oracle.REASONS)


@pytest.mark.parametrize(("code", "who", "what"), GAPS)
def test_each_kind_of_warning_is_said_and_true(code: str, who: dict[str, Any], what: dict[str, Any]) -> None:
    check(code, who, what, reasons.list_gaps, oracle.GAPS)


def check(
    code: str, who: dict[str, Any], what: dict[str, Any], list_words: Any, checks: dict[str, oracle.Check]
) -> None:
    someone, offer, market = person(**who), posting(**what), context()
    assert gates.first_failed_gate(someone, offer, market) is None, "only open postings are spoken of"
    said: list[Reason] = [reason for reason in list_words(someone, offer, market) if reason.code == code]
    assert said
    assert checks[code](oracle.Said(someone, offer, market, said[0].text)), said[0].text


@pytest.mark.parametrize("demand", Demand)
def test_each_demand_is_told_by_its_own_word(demand: Demand) -> None:
    offer = posting(likely_demands=(demand.value,))
    gaps = reasons.list_gaps(person(limits=(demand.value,)), offer, context())
    assert f"这活多半要{demand.label}，先问清" in [gap.text for gap in gaps]


@pytest.mark.parametrize("suit", [Suit.SEMI, Suit.WEAK, Suit.CARE_HOURS, Suit.HOME_WORK])
def test_each_suit_is_told_by_its_own_word(suit: Suit) -> None:
    who = CARER if suit is Suit.CARE_HOURS else {}
    if suit in (Suit.SEMI, Suit.WEAK):
        who = {"labour_class": suit.value}
    told = reasons.list_reasons(person(**who), posting(suits=(suit.value,)), context())
    assert suit.label in [reason.text for reason in told]


def test_no_kind_is_without_a_check_and_a_case() -> None:
    source = Path(reasons.__file__).read_text("utf-8")
    codes = set(re.findall(r'Reason\(\s*"(\w+)"', source)) | {"piece", "pay"}
    assert codes == set(oracle.REASONS) | set(oracle.GAPS)
    assert set(oracle.REASONS) == {case[0] for case in REASONS}
    assert set(oracle.GAPS) == {case[0] for case in GAPS}


@settings(max_examples=100)
@given(strategies.people(), strategies.postings())
def test_whatever_is_said_of_anybody_is_true(who: PersonFacts, offer: PostingFacts) -> None:
    market = context(offer)
    if gates.first_failed_gate(who, offer, market) is not None:
        return
    for list_words, checks in ((reasons.list_reasons, oracle.REASONS), (reasons.list_gaps, oracle.GAPS)):
        for reason in list_words(who, offer, market):
            assert checks[reason.code](oracle.Said(who, offer, market, reason.text)), reason


@settings(max_examples=40)
@given(strategies.people(), st.lists(strategies.postings(), max_size=12, unique_by=lambda offer: offer.id))
def test_a_near_miss_opens_exactly_what_it_says(who: PersonFacts, offers: list[PostingFacts]) -> None:
    market = context(*offers)
    for miss in find_near_misses(who, offers, market):
        assert oracle.is_kept(who, miss, offers, market), miss


MISSES: list[tuple[Supply, dict[str, Any], dict[str, Any]]] = [
    (Supply.DISTANCE, {"reach": "township"}, {"x": 4_000}),
    (Supply.REACH, {"reach": "township"}, {"x": None}),
    (Supply.CERTIFICATE, {}, {"certificates": ("forklift",)}),
    (Supply.EDUCATION, {}, {"education_step": 3}),
    (Supply.WAGE, {"pay_floor": month(4_000)}, {}),
    (Supply.HOURS, {"shifts": ("day",)}, {"shifts": ("night",)}),
    (Supply.HOURS, {"profiles": ("long",)}, {"profile": "day"}),
    (Supply.BOARD, {"needs_lodging": True}, {}),
]


@pytest.mark.parametrize(("kind", "who", "what"), MISSES)
def test_each_kind_of_near_miss_is_kept(kind: Supply, who: dict[str, Any], what: dict[str, Any]) -> None:
    someone, market = person(**who), context()
    refused = person(**who, refused=(NEXT_TOWN,))
    offers = [posting(id=number, **what) for number in (1, 2)]
    misses = {miss.kind: miss for miss in find_near_misses(someone, offers, market)}
    assert oracle.is_kept(someone, misses[kind], offers, market)
    assert find_near_misses(refused, offers, market) == [], "a refused place is never bargained about"


def test_every_kind_of_near_miss_has_a_case() -> None:
    assert {case[0] for case in MISSES} == set(Supply)


def test_a_lie_is_caught() -> None:
    who, offer, market = person(pay_floor=month(2_000)), posting(), context()
    for code, text in (
        ("skill", "你会缝纫"),
        ("place", "离家 7 公里"),
        ("place", "就在本村"),
        ("wage", "工钱一月起码比你要的高 801 元"),
        ("bus", "离家 6 公里，班车到村里"),
        ("lodging", "管住"),
        ("related", "熨烫和缝纫是一路活"),
    ):
        assert not oracle.REASONS[code](oracle.Said(who, offer, market, text)), text
    assert WORDS.skill_label("sewing") == "缝纫"
