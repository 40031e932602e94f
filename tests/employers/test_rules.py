"""Transition table, credit codes, names: no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.employers import rules
from app.employers.terms import EmployerAction, EmployerState

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_the_transition_table() -> None:
    allowed = {
        (before.value, action.value): after.value for (before, action), after in rules.TRANSITIONS.items()
    }
    assert allowed == {
        ("pending", "verify"): "verified",
        ("pending", "reject"): "rejected",
        ("pending", "bar"): "barred",
        ("rejected", "verify"): "verified",
        ("rejected", "bar"): "barred",
        ("verified", "reject"): "rejected",
        ("verified", "bar"): "barred",
        ("verified", "expire"): "pending",
        ("barred", "unbar"): "pending",
    }
    assert rules.next_state(EmployerState.BARRED, EmployerAction.VERIFY) is None


@given(
    st.text(SIGNS, min_size=2, max_size=2),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.text(SIGNS, min_size=9, max_size=9),
)
def test_a_made_code_is_right_and_any_one_changed_sign_makes_it_wrong(
    office: str, area: str, body: str
) -> None:
    first = office + area + body
    code = first + rules.credit_check_sign(first)
    assert rules.is_credit_code(code)
    for place in range(18):
        other = "0" if code[place] != "0" else "1"
        assert not rules.is_credit_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("text", ["", "123", "I" * 18, "91350100M000100Y4", "91350100M000100Y433"])
def test_what_is_no_credit_code(text: str) -> None:
    assert not rules.is_credit_code(text)


def test_the_example_of_the_standard_is_right() -> None:
    # GB 32100-2015 prints 91350100M000100Y43.
    assert rules.is_credit_code(rules.clean_credit_code(" 91350100m000100y43 "))


def test_names_compare_without_form_and_punctuation() -> None:
    assert rules.name_key("耀州 红星（制衣）有限公司") == rules.name_key("耀州红星制衣有限责任公司")
    assert rules.name_key("公司") == "公司"


def test_phones_compare_by_digits() -> None:
    assert rules.phone_key("+86 138-0000-0000") == rules.phone_key("１３８００００００００")
