"""The score: its parts, what may never lower or move it, and the law of fairness."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.facts import HouseholdFacts, MatchContext, PersonFacts, PostingFacts, Vocabulary
from app.matching.rules import gates, scoring, wages
from app.matching.rules.scoring import WEIGHTS, score_pair
from tests.matching.samples import TODAY, TOWN, WORDS, context, month, person, posting
from tests.matching.strategies import people, postings

PAY = st.none() | st.integers(0, 2_000_000)


def test_weights_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert sum(scoring.PEOPLE_WEIGHTS.values()) == pytest.approx(1.0)


@given(people(), postings())
def test_every_part_and_the_total_stay_in_bounds(who: PersonFacts, what: PostingFacts) -> None:
    score = score_pair(who, what, context(what))
    assert all(0.0 <= part <= 1.0 for part in score.parts().values())
    assert 0.0 <= score.total <= 100.0 + 1e-9


@given(people(), postings(), st.integers(0, month(3_000)), st.integers(0, month(3_000)))
def test_raising_pay_never_lowers_the_score(
    who: PersonFacts, what: PostingFacts, low: int, high: int
) -> None:
    raised = replace(
        what,
        pay_min=None if what.pay_min is None else what.pay_min + min(low, high),
        pay_max=None if what.pay_max is None else what.pay_max + max(low, high),
    )
    market = context(what)
    assert score_pair(who, raised, market).total >= score_pair(who, what, market).total
    assert gates.is_paid_too_little(who, raised, market) <= gates.is_paid_too_little(who, what, market)


@given(people(), postings(), st.integers(1, 20))
def test_more_applicants_never_raise_the_score(who: PersonFacts, what: PostingFacts, more: int) -> None:
    market = context(what)
    crowded = replace(what, applicants=what.applicants + more)
    assert score_pair(who, crowded, market).total <= score_pair(who, what, market).total


@given(people(), postings(), st.sampled_from(["sewing", "ironing", "overlock", "welding"]))
def test_learning_a_skill_never_lowers_the_skill_grade(
    who: PersonFacts, what: PostingFacts, skill: str
) -> None:
    market = context(what)
    learned = replace(who, skills=tuple(sorted({*who.skills, skill})))
    assert scoring.skill_fit(learned, what, market) >= scoring.skill_fit(who, what, market)


@given(people(), postings(), st.sampled_from(["county", "city", "province", "anywhere"]))
def test_wider_reach_never_shuts_a_posting_out(who: PersonFacts, what: PostingFacts, reach: str) -> None:
    order = ["village", "township", "county", "city", "province", "anywhere"]
    wider = replace(who, reach=max(who.reach, reach, key=order.index))
    assert gates.is_too_far(wider, what, context()) <= gates.is_too_far(who, what, context())


@given(people(), postings(), st.sampled_from(["night", "heavy_lifting", "outdoor"]))
def test_a_limit_opens_nothing(who: PersonFacts, what: PostingFacts, limit: str) -> None:
    limited = replace(who, limits=tuple(sorted({*who.limits, limit})))
    if gates.first_failed_gate(who, what, context()) is not None:
        assert gates.first_failed_gate(limited, what, context()) is not None


@given(people(), postings(), st.integers(0, 60_000), st.integers(0, 60_000))
def test_nearer_is_never_worse(who: PersonFacts, what: PostingFacts, a: int, b: int) -> None:
    near, far = (replace(what, x=way, y=0, blur_m=0) for way in sorted((a, b)))
    who = replace(who, x=0, y=0, blur_m=0)
    assert score_pair(who, near, context()).total >= score_pair(who, far, context()).total


@given(PAY, PAY, st.none() | st.integers(1, 2_000_000))
def test_pay_grade_is_between_zero_and_one(low: int | None, high: int | None, floor: int | None) -> None:
    assert 0.0 <= wages.wage_fit(low, high, floor, 1_000_000) <= 1.0


@pytest.mark.parametrize(
    ("amount", "unit", "yearly"),
    [
        (3_000_00, "month", 36_000_00),
        (150_00, "day", 46_800_00),
        (20_00, "hour", 49_920_00),
        (700_00, "week", 36_400_00),
        (60_000_00, "year", 60_000_00),
        (1_20, "piece", None),
        (3_000_00, None, None),
        (None, "month", None),
    ],
)
def test_units_meet_in_whole_fen_a_year(amount: int | None, unit: str | None, yearly: int | None) -> None:
    assert wages.to_year_fen(amount, unit) == yearly


def test_pay_that_straddles_the_floor_is_graded_under_pay_that_clears_it() -> None:
    floor = month(3_000)
    straddling = wages.wage_fit(month(2_900), month(9_000), floor, 1)
    clearing = wages.wage_fit(month(3_000), month(3_000), floor, 1)
    assert straddling < clearing


def both(**changes: Any) -> tuple[float, float]:
    """Scores of the usual posting and of the changed one, for the usual person with sewing."""
    who, market = person(skills=("sewing",)), context()
    return score_pair(who, posting(), market).total, score_pair(who, posting(**changes), market).total


@pytest.mark.parametrize(
    "worse",
    [
        {"skills": ("welding",)},
        {"skills": ("ironing",)},
        {"x": 30_000},
        {"pay_min": month(2_000), "pay_max": month(2_200)},
        {"answer_permille": 100},
        {"confirmed_on": TODAY - 60},
        {"applicants": 80},
        {"occupation_code": "4-09-08-01"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_part_can_lower_the_score(worse: dict[str, Any]) -> None:
    usual, changed = both(**worse)
    assert changed < usual


def test_rare_words_weigh_more() -> None:
    words = Vocabulary.from_postings([posting(skills=("sewing",))] * 50 + [posting(skills=("welding",))])
    assert scoring.word_weight(words, "welding") > scoring.word_weight(words, "sewing")
    assert scoring.word_weight(words, "unheard") > scoring.word_weight(words, "welding")


def test_usual_pay_is_the_median() -> None:
    pays = [month(2_000), month(3_000), month(50_000)]
    market = Vocabulary.from_postings(posting(pay_min=pay, pay_max=pay) for pay in pays)
    assert market.usual_pay == month(3_000)


def test_care_of_family_only_lowers_plain_day_work() -> None:
    carer, market = person(cares_for_family=True), context()
    plain = score_pair(carer, posting(), market)
    kind = score_pair(carer, posting(suits=("care_hours",)), market)
    assert plain.fit < kind.fit == 1.0


def test_a_bus_and_home_work_shorten_the_way() -> None:
    who, market = person(), MatchContext(TODAY, Vocabulary(0, {}, 1), WORDS)
    far = score_pair(who, posting(x=30_000), market).place
    assert score_pair(who, posting(x=30_000, pickup=(TOWN,)), market).place > far
    assert score_pair(who, posting(x=30_000, suits=("home_work",)), market).place > far


def test_beyond_a_daily_way_lodging_counts() -> None:
    who, market = person(reach="province"), context()
    without = score_pair(who, posting(x=90_000), market).place
    assert score_pair(who, posting(x=90_000, lodging=True), market).place > without


def test_households_count_only_on_the_officer_s_list() -> None:
    pair = score_pair(person(), posting(), context())
    calm = scoring.score_for_officer(pair, HouseholdFacts())
    needy = scoring.score_for_officer(
        pair, HouseholdFacts(monitored=True, anyone_employed=False, waiting_days=30)
    )
    assert needy == pytest.approx(calm + 10.0 + 2.5)
