"""The rules against the corpus: what must be found is found, what is lawful is not held, in any dress."""

from collections import Counter
from datetime import date

import pytest

from app.jobs.vetting import vet_sent
from tests.vetting.corpus.variants import Case, bad_cases, good_cases

TODAY = date(2026, 11, 22)
PARTS = ("first", "held", "fresh", "late", "voices", "strangers")
MONEY_AND_PAPERS = {"fee", "deposit", "training_loan", "id_holding"}
UNEQUAL = {
    "sex",
    "age",
    "ethnicity",
    "hukou",
    "health_carrier",
    "marriage_childbirth",
    "religion",
    "disability",
}


def all_bad() -> list[Case]:
    return [case for part in PARTS for case in bad_cases(part)]


def all_good() -> list[Case]:
    return [case for part in PARTS for case in good_cases(part)]


@pytest.fixture(scope="module")
def told() -> list[tuple[Case, set[str]]]:
    return [(case, {finding.rule.value for finding in vet_sent(case.sent, TODAY)}) for case in all_bad()]


def test_corpus_is_large_enough() -> None:
    assert len(all_bad()) >= 600
    assert len(all_good()) >= 600
    assert len({case.text for case in all_bad()}) >= 600


@pytest.mark.parametrize(("rules", "goal"), [(MONEY_AND_PAPERS, 0.99), (UNEQUAL, 0.98), (None, 0.98)])
def test_recall(told: list[tuple[Case, set[str]]], rules: set[str] | None, goal: float) -> None:
    asked = [(case, found) for case, found in told if rules is None or case.rule in rules]
    missed = [(case.kind, case.text) for case, found in asked if case.rule not in found]
    assert 1 - len(missed) / len(asked) >= goal, missed


def test_every_rule_is_in_the_corpus(told: list[tuple[Case, set[str]]]) -> None:
    assert len(Counter(case.rule for case, _ in told)) == 18


def test_false_holds() -> None:
    cases = all_good()
    held = [
        (case.text, finding.rule.value, finding.quote)
        for case in cases
        for finding in vet_sent(case.sent, TODAY)
        if finding.is_block
    ]
    assert len({text for text, _, _ in held}) / len(cases) <= 0.01, held


def test_quotes_stand_in_the_posting_as_written() -> None:
    for case in all_bad():
        texts = [case.title, case.text, *(str(value) for value in case.more.values())]
        for finding in vet_sent(case.sent, TODAY):
            assert finding.quote, case
            assert any(finding.quote in text for text in texts), (case, finding)
            assert finding.advice.endswith("。"), finding
