"""The life of a posting as a table, pay, keys: no database."""

from datetime import date

import pytest
from pydantic import ValidationError

from app.jobs import rules
from app.jobs.schemas import JobIn
from app.jobs.terms import JobAction, JobEventKind, JobState
from app.occupations.terms import WageUnit
from tests.jobs.factories import job_form

# state: what people may do there, and what it leads to.
LIFE = {
    "draft": {"submit": "review", "approve": "open", "close": "closed"},
    "review": {"approve": "open", "reject": "rejected", "close": "closed"},
    "open": {
        "reject": "rejected",
        "pause": "paused",
        "close": "closed",
        "confirm": "open",
    },
    "paused": {"reject": "rejected", "resume": "open", "close": "closed"},
    "filled": {"resume": "open", "close": "closed"},
    "expired": {"close": "closed", "confirm": "open"},
    "rejected": {"submit": "review", "close": "closed"},
    "closed": {},
}


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("action", JobAction)
def test_every_state_and_action(state: JobState, action: JobAction) -> None:
    target = rules.next_state(state, JobEventKind[action.name])
    assert (target.value if target else None) == LIFE[state.value].get(action.value)


def test_actions_on_offer_are_those_of_the_table() -> None:
    for state in JobState:
        assert {action.value for action in rules.actions_from(state)} == set(LIFE[state.value])


def test_what_an_employer_may_change_without_another_look() -> None:
    assert not rules.needs_another_look({"openings", "valid_until"})
    assert rules.needs_another_look({"openings", "description"})
    assert rules.needs_another_look({"wage"})
    assert rules.needs_another_look({"age_max"})


@pytest.mark.parametrize(
    ("low", "high", "unit", "estimate", "month"),
    [
        (300000, 450000, WageUnit.MONTH, None, 450000),
        (None, 12000, WageUnit.DAY, None, 312000),
        (1500, None, WageUnit.HOUR, None, 312000),
        (None, 100000, WageUnit.WEEK, None, 433333),
        (None, 6000000, WageUnit.YEAR, None, 500000),
        (50, 80, WageUnit.PIECE, None, 0),
        (50, 80, WageUnit.PIECE, 280000, 280000),
        (None, None, None, None, 0),
        (None, rules.MOST_FEN, WageUnit.HOUR, None, 2_000_000_000),
    ],
)
def test_pay_a_month(
    low: int | None, high: int | None, unit: WageUnit | None, estimate: int | None, month: int
) -> None:
    assert rules.month_fen(low, high, unit, estimate) == month


def test_pay_in_words() -> None:
    assert rules.wage_words(450000, 600000, WageUnit.MONTH, negotiable=False) == "4500-6000 元/月"
    assert rules.wage_words(1250, 1250, WageUnit.HOUR, negotiable=True) == "12.5 元/小时，可面议"
    assert rules.wage_words(None, None, None, negotiable=True) == "面议"
    assert rules.wage_words(12000, None, WageUnit.DAY, negotiable=False) == "120 元以上/天"
    assert rules.wage_words(None, 0, WageUnit.DAY, negotiable=False) == "最高 0 元/天"


def test_keys_overlook_width_blanks_and_punctuation() -> None:
    assert rules.content_key("a", "缝纫工（女）", "610204101") == rules.content_key(
        "a", "缝纫工 (女)", "610204101"
    )
    assert rules.content_key("a", "缝纫工", "610204101") != rules.content_key("b", "缝纫工", "610204101")
    assert rules.content_key("ab", "c", "1") != rules.content_key("a", "bc", "1")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("title", {"title": "工"}),
        ("title", {"title": "长" * 61}),
        ("wage", {"wage": {"min_fen": 500000, "max_fen": 300000, "unit": "month"}}),
        ("wage.min_fen", {"wage": {"min_fen": -1, "unit": "month"}}),
        ("wage", {"wage": {"min_fen": 300000}}),
        ("wage", {"wage": {"min_fen": 3, "unit": "day", "estimate_fen": 300000}}),
        ("wage.salary", {"wage": {"salary": 5}}),
        ("openings", {"openings": 0}),
        ("openings", {"openings": 10001}),
        ("age_min", {"age_min": 15}),
        ("age_max", {"age_max": 14}),
        ("", {"age_min": 50, "age_max": 20}),
        ("lng", {"lng": 12.0, "lat": 34.0}),
        ("", {"lng": 108.9}),
        ("skills", {"skills": ["缝纫"] * 21}),
        ("demands.0", {"demands": ["flying"]}),
        ("pickup.0", {"pickup": ["耀州区"]}),
        ("region_code", {"region_code": "6102"}),
        ("description", {"description": "长" * 4001}),
        ("salary", {"salary": 5}),
        ("education", {"education": "phd"}),
    ],
)
def test_what_a_posting_may_not_say(field: str, change: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        job_form(1, **change)
    assert [".".join(str(part) for part in error["loc"]) for error in caught.value.errors()] == [field]


def test_the_law_on_age_is_told_in_words() -> None:
    with pytest.raises(ValidationError, match="16 周岁"):
        job_form(1, age_min=12)


def test_repeated_words_count_once() -> None:
    assert job_form(1, skills=["缝纫", " 缝纫 "]).skills == ["缝纫"]


def test_a_posting_without_a_deadline_gets_thirty_days() -> None:
    assert rules.default_deadline(date(2026, 11, 22)) == date(2026, 12, 22)
    assert JobIn.model_fields["valid_until"].default is None
