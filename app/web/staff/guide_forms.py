"""写条目: the editor's fields, what was typed in them, and what a colleague is told about their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from app.policies.content import Condition, Content
from app.policies.plain_words import find_long_sentences, find_office_words
from app.policies.questions import questions
from app.policies.terms import GuideKind
from app.web.staff.fields import Sent

# Name, label, hint, rows of the box (0: one line).
Field = tuple[str, str, str, int]
_TITLE: Final[Field] = ("title", "标题", "十二个字以内，说人话", 0)
_WHERE: Final[Field] = ("where", "去哪儿", "写清地方、电话、哪几天", 0)
_BODY: Final[Field] = ("body", "正文", "一行一段，短一点", 6)
_COST: Final[Field] = ("amount", "要不要钱", "比如：不要钱，管午饭", 0)
_DAYS: Final[tuple[Field, ...]] = (
    ("starts_on", "哪天开始", "2026-12-03", 0),
    ("ends_on", "哪天结束", "过了这天自动不显示", 0),
)
_SHOWN: Final[tuple[Field, ...]] = (
    ("valid_from", "从哪天显示", "空着就是发布了就显示", 0),
    ("valid_until", "显示到哪天", "过了这天自动不显示", 0),
)
_POLICY: Final[tuple[Field, ...]] = (
    ("question", "老百姓会怎么问", "比如：出省打工，车票能补吗？", 0),
    ("amount", "多少钱", "比如：500 元，一年一回", 0),
    ("who", "谁能办", "一行一条", 4),
    ("bring", "带什么去", "一行一样", 4),
    _WHERE,
    ("by_when", "哪天前", "", 0),
    ("paid", "多久有结果", "", 0),
    ("source_title", "文件名", "", 0),
    ("source_article", "文号、哪一条", "", 0),
    ("issuer", "哪儿发的", "", 0),
    ("source_on", "哪天发的", "2026-01-15", 0),
)
FIELDS: Final[Mapping[GuideKind, tuple[Field, ...]]] = {
    GuideKind.POLICY: (_TITLE, *_POLICY, *_SHOWN),
    GuideKind.STORY: (_TITLE, _BODY, *_SHOWN),
    GuideKind.NOTICE: (_TITLE, _BODY, _WHERE, *_SHOWN),
    GuideKind.FAIR: (_TITLE, *_DAYS, _WHERE, _BODY, *_SHOWN),
    GuideKind.TRAINING: (
        _TITLE,
        *_DAYS,
        ("amount", "要不要钱", "比如：不要钱，管午饭", 0),
        _WHERE,
        _BODY,
        *_SHOWN,
    ),
}
_LINES: Final = frozenset({"who", "bring", "body"})
_DATES: Final = frozenset({"source_on", "valid_from", "valid_until", "starts_on", "ends_on"})


@dataclass(frozen=True)
class Box:
    """一格: what stands in it, and what is wrong."""

    name: str
    label: str
    hint: str
    rows: int
    value: str
    problem: str = ""


@dataclass(frozen=True)
class FitBox:
    """适合我吗的一题: (value, words, ticked)."""

    key: str
    ask: str
    options: tuple[tuple[str, str, bool], ...]


def boxes_of(kind: GuideKind, typed: Mapping[str, str], problems: Mapping[str, str]) -> tuple[Box, ...]:
    """The boxes of a kind with what stands in them."""
    return tuple(
        Box(name, label, hint, rows, typed.get(name, ""), problems.get(name, ""))
        for name, label, hint, rows in FIELDS[kind]
    )


def fits_of(kind: GuideKind, conditions: tuple[Condition, ...]) -> tuple[FitBox, ...]:
    """The bank of questions with the answers that are ticked; for policies and courses."""
    if kind not in (GuideKind.POLICY, GuideKind.TRAINING):
        return ()
    chosen = {each.question: each.fits for each in conditions}
    return tuple(
        FitBox(key, each.ask, tuple((v, words, v in chosen.get(key, ())) for v, words in each.options))
        for key, each in questions().items()
    )


def standing(content: Content) -> dict[str, str]:
    """What stands in the boxes of an entry."""
    found: dict[str, str] = {}
    for name in Content.model_fields:
        value = getattr(content, name)
        if name in _LINES:
            found[name] = "\n".join(value)
        elif isinstance(value, str):
            found[name] = value
        elif isinstance(value, date):
            found[name] = value.isoformat()
    return found


def typed_in(kind: GuideKind, form: Sent) -> tuple[dict[str, str], tuple[Condition, ...]]:
    """What was typed and ticked."""
    typed = {name: _first(form, name) for name, _label, _hint, _rows in FIELDS[kind]}
    conditions = []
    for key, question in questions().items():
        known = {value for value, _words in question.options}
        ticked = tuple(str(each) for each in form.getlist(f"fit-{key}") if str(each) in known)
        if ticked:
            conditions.append(Condition(question=key, fits=ticked))
    return typed, tuple(conditions)


def _first(form: Sent, name: str) -> str:
    values = form.getlist(name)
    return str(values[0])[:4000].strip() if values else ""


def read_content(
    typed: Mapping[str, str], conditions: tuple[Condition, ...]
) -> tuple[Content | None, dict[str, str]]:
    """The content, or what is wrong by field. An office writes Chinese only: English that shipped would tell
    other sums than the office's."""
    sent: dict[str, Any] = {"conditions": conditions}
    problems: dict[str, str] = {}
    for name, text in typed.items():
        if name in _LINES:
            sent[name] = tuple(line.strip() for line in text.splitlines() if line.strip())
        elif name in _DATES:
            try:
                sent[name] = date.fromisoformat(text) if text else None
            except ValueError:
                problems[name] = "日子这样写：2026-12-03"
        else:
            sent[name] = text
    if problems:
        return None, problems
    try:
        return Content.model_validate(sent), {}
    except ValidationError as error:
        for each in error.errors():
            name = str(each["loc"][0]) if each["loc"] else "ends_on"
            said = str(each.get("ctx", {}).get("error", "")) or "太短或者太长了，改一改"
            problems[name] = said
        return None, problems


def advice_on(content: Content) -> tuple[str, ...]:
    """What to say more plainly, for whoever writes; nothing of it forbids."""
    lines = [content.title, content.question, content.amount, *content.who, *content.bring, *content.body]
    lines += [content.where, content.by_when, content.paid]
    found = [
        f"“{each.found}”老百姓不这么说，改成：{each.instead}"
        for each in {word.found: word for line in lines for word in find_office_words(line)}.values()
    ]
    found += [
        f"这一句有 {len(each)} 个字，拆成两句：{each[:14]}……"
        for line in lines
        for each in find_long_sentences(line)
    ]
    return tuple(found)
