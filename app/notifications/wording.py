"""消息模板: what we say, with parameters; how long it is and what it costs. No session."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.core.errors import Conflict, FieldProblem, Invalid
from app.notifications.rules import TEXT_MAX, count_parts, with_signature
from app.notifications.terms import Purpose

TEMPLATES_FILE: Final = Path(__file__).with_name("templates.toml")
# 通信短信息服务管理规定 (2015): whoever sends mass messages tells in each of them how to refuse more.
OPT_OUT_HINT: Final = "回T退订"
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
# Aliyun takes 35 characters for a variable; what is longer is cut.
PARAMETER_MAX: Final = 35


@dataclass(frozen=True)
class MessageTemplate:
    """消息模板. `slots` are the parameters in the order of the text."""

    code: str
    title: str
    purpose: Purpose
    text: str
    example: Mapping[str, str]
    hint: bool = False
    # What is said on the phone or written in a letter, where nobody can tap a link.
    paper: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_SLOT.findall(self.text)))

    @property
    def full_text(self) -> str:
        return self.text + OPT_OUT_HINT if self.hint else self.text


@dataclass(frozen=True)
class Preview:
    """预览: how a message will look, how many parts are billed, what it costs."""

    text: str
    parts: int
    cost_fen: int


@cache
def templates() -> Mapping[str, MessageTemplate]:
    """Every template by its code."""
    data = tomllib.loads(TEMPLATES_FILE.read_text(encoding="utf-8"))
    return {code: _template(code, row) for code, row in data.items()}


def get_template(code: str) -> MessageTemplate:
    """Raises `Conflict` for a code nobody wrote a text for."""
    found = templates().get(code)
    if found is None:
        raise Conflict("没有这种消息，请换一种。")
    return found


def clean_parameters(code: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters in the order of the text, on one line each, no longer than providers take them.

    Raises `Invalid` when one is missing, empty or unknown to the template.
    """
    template = get_template(code)
    unknown, missing = set(parameters) - set(template.slots), set(template.slots) - set(parameters)
    if unknown or missing:
        problems = [FieldProblem(name, "这一项要填，或者模板里没有。") for name in sorted(unknown | missing)]
        raise Invalid("消息里有的地方没填。", fields=problems)
    cleaned = {slot: clip(parameters[slot]) for slot in template.slots}
    empty = [FieldProblem(slot, "这一项不能空着。") for slot, value in cleaned.items() if not value]
    if empty:
        raise Invalid("消息里有的地方没填。", fields=empty)
    return cleaned


def clip(value: str) -> str:
    """One line of at most 35 characters, without what would look like a second signature."""
    plain = " ".join(value.translate({ord("【"): "(", ord("】"): ")"}).split())
    return plain if len(plain) <= PARAMETER_MAX else plain[: PARAMETER_MAX - 1] + "…"


def render_template(code: str, parameters: Mapping[str, str], *, on_paper: bool = False) -> str:
    """The text without its signature; with `on_paper` what is said on the phone or written in a letter.
    Raises `Invalid` and `Conflict` as `clean_parameters`."""
    return fill_in(code, clean_parameters(code, parameters), on_paper=on_paper)


def fill_in(code: str, values: Mapping[str, str], *, on_paper: bool = False) -> str:
    """As `render_template`, for parameters that are clean already. Raises `Invalid` for too long a text."""
    template = get_template(code)
    words = template.paper or template.text if on_paper else template.full_text
    text = _SLOT.sub(lambda match: values[match[1]], words)
    if len(text) > TEXT_MAX:
        raise Invalid(f"消息太长了，最多 {TEXT_MAX} 个字。")
    return text


def preview_message(
    code: str, parameters: Mapping[str, str], *, signature: str = "送岗", price_fen: int = 5
) -> Preview:
    """How the message will look on a phone, its parts and cost."""
    text = with_signature(render_template(code, parameters), signature)
    parts = count_parts(text)
    return Preview(text, parts, parts * price_fen)


def _template(code: str, row: Mapping[str, Any]) -> MessageTemplate:
    template = MessageTemplate(
        code=code,
        title=str(row["title"]),
        purpose=Purpose(row["purpose"]),
        text=str(row["text"]),
        example={name: str(value) for name, value in row["example"].items()},
        hint=bool(row.get("hint", False)),
        paper=str(row.get("paper", "")),
    )
    if set(template.slots) != set(template.example):
        raise ValueError(f"template {code}: the example must fill every slot and no other")
    if not set(_SLOT.findall(template.paper)) <= set(template.slots):
        raise ValueError(f"template {code}: on paper there is a slot the text does not have")
    if (template.purpose is Purpose.CAMPAIGN) != template.hint:
        raise ValueError(f"template {code}: mass messages, and only they, say how to be left alone")
    return template
