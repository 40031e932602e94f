"""What ships: complete, with its source, in both languages, short; and the rules of 适合我吗."""

from datetime import date

import pytest
from pydantic import ValidationError

from app.policies.content import Condition, Content
from app.policies.library import library
from app.policies.questions import questions
from app.policies.rules import UNSURE, judge
from app.policies.terms import Verdict

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("slug", library())
def test_each_entry_answers_the_six_questions_in_both_languages(slug: str) -> None:
    content = library()[slug]
    for words in (content, content.en):
        assert words is not None
        for part in (words.title, words.question, words.amount, words.who, words.bring, words.where):
            assert part
        assert words.by_when
        assert words.paid
    assert content.en is not None
    assert len(content.who) == len(content.en.who)
    assert len(content.bring) == len(content.en.bring)
    assert len(content.title) <= 12
    assert content.source_title
    assert content.source_article
    assert content.source_on is not None


@pytest.mark.parametrize("slug", library())
def test_what_each_county_decides_names_no_sum(slug: str) -> None:
    content = library()[slug]
    if content.is_local:
        assert not any(letter.isdigit() for letter in content.amount)
        assert "镇上告诉你" in content.amount


def test_each_question_has_its_english_answers() -> None:
    for question in questions().values():
        assert len(question.options) == len(question.en_options)
        assert question.asked("en") != question.ask
    used = {each.question for content in library().values() for each in content.conditions}
    assert used <= set(questions())


BUS = library()["transport-grant"].conditions


@pytest.mark.parametrize(
    ("answers", "verdict", "against", "unknown"),
    [
        ({"household": "yes", "where": "outside", "paid": "no"}, Verdict.YES, (), ()),
        ({"household": "yes", "where": "outside"}, Verdict.MAYBE, (), ("paid",)),
        ({"household": UNSURE, "where": "outside", "paid": "no"}, Verdict.MAYBE, (), ("household",)),
        ({}, Verdict.MAYBE, (), ("household", "where", "paid")),
        ({"household": "yes", "where": "county", "paid": "no"}, Verdict.NO, ("where",), ()),
        ({"household": "no", "where": "home"}, Verdict.NO, ("household", "where"), ("paid",)),
        ({"household": "yes", "where": "<script>", "paid": "no"}, Verdict.NO, ("where",), ()),
    ],
)
def test_does_it_fit(
    answers: dict[str, str], verdict: Verdict, against: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    found = judge(BUS, answers)
    assert (found.verdict, found.against, found.open_) == (verdict, against, unknown)


def test_no_conditions_fit_everybody() -> None:
    assert judge((), {}).verdict is Verdict.YES


def test_an_unknown_question_or_answer_is_refused() -> None:
    for question, fits in (("shoe_size", ("big",)), ("age", ("huge",)), ("age", ())):
        with pytest.raises(ValidationError):
            Condition(question=question, fits=fits)


def test_an_entry_is_shown_within_its_dates() -> None:
    content = Content(title="通知", valid_from=date(2026, 11, 22), valid_until=date(2026, 11, 30))
    assert [content.is_valid_on(date(2026, 11, day)) for day in (21, 22, 30)] == [False, True, True]
    assert not content.is_valid_on(date(2026, 12, 1))
    fair = Content(title="招聘会", starts_on=date(2026, 12, 3), ends_on=date(2026, 12, 3))
    assert fair.is_valid_on(TODAY)
    assert not fair.is_valid_on(date(2026, 12, 4))
    with pytest.raises(ValidationError):
        Content(title="通知", valid_from=date(2026, 11, 22), valid_until=date(2026, 11, 1))


def test_all_that_ships_holds_today() -> None:
    assert all(content.is_valid_on(TODAY) for content in library().values())
