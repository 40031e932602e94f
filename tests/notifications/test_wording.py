"""Templates: each one reads well, fits, and takes nothing it should not."""

import pytest

from app.core.errors import Conflict, Invalid
from app.notifications.rules import count_parts
from app.notifications.terms import Purpose
from app.notifications.wording import (
    OPT_OUT_HINT,
    MessageTemplate,
    clip,
    preview_message,
    render_template,
    templates,
)


@pytest.mark.parametrize("template", templates().values(), ids=lambda t: t.code)
def test_each_template_fits_with_its_example(template: MessageTemplate) -> None:
    preview = preview_message(template.code, template.example)
    assert "{" not in preview.text
    assert preview.text.startswith("【送岗】")
    # One part where it can be; two with long names and a link.
    assert preview.parts <= 2
    assert preview.cost_fen == preview.parts * 5
    assert (OPT_OUT_HINT in preview.text) == (template.purpose is Purpose.CAMPAIGN)
    # Even with every variable at its longest it stays a short message.
    longest = render_template(template.code, dict.fromkeys(template.slots, "字" * 35))
    assert count_parts(longest) <= 5


def test_a_missing_an_empty_and_an_unknown_parameter_are_refused() -> None:
    example = dict(templates()["hired"].example)
    for wrong in ({**example, "when": "  "}, {**example, "more": "x"}, {"name": "王"}):
        with pytest.raises(Invalid):
            render_template("hired", wrong)
    with pytest.raises(Conflict):
        render_template("no_such_text", {})


def test_a_parameter_is_one_line_and_no_signature() -> None:
    assert clip(" 耀州\n缝纫厂\t") == "耀州 缝纫厂"
    assert clip("【某银行】您中奖了") == "(某银行)您中奖了"
    assert len(clip("字" * 80)) == 35
    # What looks like a slot is only text.
    example = dict(templates()["refused"].example) | {"firm": "{phone}"}
    assert "{phone}的缝纫工" in render_template("refused", example)
