"""填表: the fields of the ledger's forms, what stands in them, and what was typed. Pure.

A form sends strings; only what differs from what stood in it before is handed on, so that nobody sets a field
they did not touch.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from app.core.amounts import read_fen
from app.core.errors import FieldProblem
from app.core.terms import LabelledEnum
from app.occupations.terms import Demand, Education, Shift, WageUnit, WorkProfile
from app.regions import gazetteer
from app.regions.terms import Reach
from app.seekers import masking, sealing
from app.seekers.fields import label_of_field, snapshot
from app.seekers.models import Household, Person
from app.seekers.terms import (
    HouseholdKind,
    LabourClass,
    NotWorkingReason,
    Relation,
    ReturnReason,
    SeekerStatus,
    Sex,
)
from app.seekers.words import label_of_word
from app.web.formats import yuan

Typed = dict[str, tuple[str, ...]]
_BETWEEN: Final = re.compile(r"[、,，;；\s]+")
NO_PHONE: Final = ("无", "没有")
WORDS: Final = frozenset({"skills", "certificates", "occupations"})
_YES: Final = ("needs_board", "needs_lodging", "cares_for_family", "welfare_eligible")
_TEXTS: Final = frozenset(
    {"name", "employer_name", "work_place", "training_wish", "companions", "harvest_absences", "care_hours"}
    | {"address", "note", "reason", "acting_for"}
)
# Filled in anew each time, never compared.
TOLD: Final = frozenset({"reason", "acting_for"})


class Sent(Protocol):
    """A form as it came."""

    def getlist(self, key: Any) -> list[Any]: ...


@dataclass(frozen=True)
class Field:
    """一项: `values` is what stands in it; "checks" may have several, everything else has one or none."""

    name: str
    label: str
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    values: tuple[str, ...] = ()
    problem: str = ""
    wide: bool = False
    required: bool = False

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class Group:
    """几项在一起."""

    title: str
    fields: tuple[Field, ...]


def _choice(terms: type[LabelledEnum], nothing: str | None = None) -> tuple[tuple[str, str], ...]:
    options = tuple((term.value, term.label) for term in terms)
    return options if nothing is None else (("", nothing), *options)


_WAGE_UNITS: Final = tuple((unit.value, f"每{unit.label}") for unit in WageUnit if unit is not WageUnit.PIECE)
_PERSON: Final = (
    Group(
        "本人",
        (
            Field("name", "姓名", required=True),
            Field("relation", "和户主的关系", "select", _choice(Relation)),
            Field("id_number", "身份证号"),
            Field("phone", "手机号", "phone"),
            Field("birth_on", "出生日期", "date", hint="有身份证号就不用填。"),
            Field("sex", "性别", "select", _choice(Sex, "看身份证号")),
            Field("education", "文化程度", "select", _choice(Education, "还没问")),
        ),
    ),
    Group(
        "眼下怎么样",
        (
            Field("status", "现在在做什么", "select", _choice(SeekerStatus)),
            Field("not_working_reason", "为什么没活", "select", _choice(NotWorkingReason, "还没问")),
            Field("employer_name", "在哪家上班", hint="没上班就空着。"),
            Field("work_place", "上班的地方"),
            Field("return_reason", "从外面回来的，为什么", "select", _choice(ReturnReason, "不是，或还没问")),
        ),
    ),
    Group(
        "会干什么",
        (
            Field("skills", "会干的活", hint="用他自己的话，几样之间空一格。", wide=True),
            Field("certificates", "有什么证", hint="例如：焊工证、C1 驾照。", wide=True),
            Field("limits", "干不了的", "checks", _choice(Demand), hint="勾上的活不会送给他。"),
            Field("labour_class", "劳动力类别", "select", _choice(LabourClass, "按情况自动定")),
            Field("class_reason", "类别为什么这样定", hint="自动定的不用填。"),
        ),
    ),
    Group(
        "想干什么",
        (
            Field("occupations", "想干的活", hint="用他自己的话，几样之间空一格。", wide=True),
            Field("training_wish", "想学什么"),
            Field("wage_floor_fen", "最低工钱，元", "number"),
            Field("wage_floor_unit", "工钱按什么算", "select", _WAGE_UNITS),
            Field("shifts", "能上的班", "checks", _choice(Shift)),
            Field("profiles", "长工短工", "checks", _choice(WorkProfile)),
        ),
    ),
    Group(
        "愿意走多远",
        (
            Field("travel", "最远到哪里", "select", _choice(Reach)),
            Field("travel_minutes", "路上最多几分钟", "number"),
            Field("refused_places", "不去的地方", hint="写地名，几处之间空一格。", wide=True),
            Field("companions", "要和谁一起去"),
            Field("harvest_absences", "农忙什么时候要回家"),
            Field("care_hours", "哪几个钟点要照看家人"),
            Field(
                "yes",
                "还有",
                "checks",
                (
                    ("needs_board", "要管吃"),
                    ("needs_lodging", "要管住"),
                    ("cares_for_family", "要照看家人"),
                    ("welfare_eligible", "能上公益岗"),
                ),
            ),
        ),
    ),
)
_WHY: Final = Group(
    "这次的改动",
    (
        Field("reason", "为什么改", hint="例如：11 月 20 日上门问的。可以不写。"),
        Field("acting_for", "听谁说的", hint="例如：本人、他妻子。可以不写。"),
    ),
)
_HOUSEHOLD: Final = (
    Field("address", "住址", hint="几组几号。", wide=True),
    Field("kinds", "是什么户", "checks", _choice(HouseholdKind)),
    Field("household_number", "户编号", hint="上级系统里的号，没有就空着。"),
    Field("note", "备注", "long", wide=True),
)


def person_groups(*, is_new: bool, phone: str | None = None, number: str | None = None) -> tuple[Group, ...]:
    """The person form; `phone` and `number` are the masked ones on file."""
    hints = {
        "id_number": f"现在是 {number}，不改就空着。" if number else "18 位，最后一位可以是 X。",
        "phone": f"现在是 {phone}，不改就空着；号没了写“无”。" if phone else "11 位。",
    }
    # They follow from the ID number, and a birth date beside a masked number would be as good as the number.
    hidden = ("birth_on", "sex") if number else ()
    groups = tuple(
        Group(
            g.title,
            tuple(replace(f, hint=hints.get(f.name, f.hint)) for f in g.fields if f.name not in hidden),
        )
        for g in _PERSON
    )
    return groups if is_new else (*groups, _WHY)


def household_groups(villages: Sequence[tuple[str, str]], *, is_new: bool) -> tuple[Group, ...]:
    """The household form; `villages` may be chosen from."""
    place = Field("region_code", "在哪个村", "select", tuple(villages), required=is_new)
    fields = (place, *_HOUSEHOLD) if is_new or len(villages) > 1 else _HOUSEHOLD
    group = Group("这一户", fields)
    return (group,) if is_new else (group, _WHY)


def person_values(person: Person) -> Typed:
    """What stands in the form of a person: strings, the sealed numbers left out."""
    return values_of(snapshot(person))


def values_of(fields: Mapping[str, Any]) -> Typed:
    """Fields as plain JSON (of today, or of an earlier version) as they stand in the person form."""
    known = dict(fields)
    values: Typed = {}
    for field in (field for group in _PERSON for field in group.fields):
        if field.name in ("id_number", "phone"):
            values[field.name] = ()
        elif field.name == "yes":
            values["yes"] = tuple(name for name in _YES if known.get(name))
        elif field.name in known:
            values[field.name] = _shown(field.name, known[field.name])
    if not known.get("class_reason"):
        values["labour_class"] = ()
    return values


def household_values(household: Household) -> Typed:
    """What stands in the form of a household."""
    return household_form_values(snapshot(household))


def household_form_values(fields: Mapping[str, Any]) -> Typed:
    """As `values_of`, for a household."""
    return {name: _shown(name, value) for name, value in fields.items()}


def _shown(name: str, value: Any) -> tuple[str, ...]:
    if value in (None, "", []):
        return ()
    if name in WORDS:
        return ("、".join(label_of_word(code) for code in value),)
    if name == "refused_places":
        return ("、".join(_place_name(code) for code in value),)
    if name == "wage_floor_fen":
        return (yuan(value).replace(",", ""),)
    if isinstance(value, list):
        return tuple(sorted(str(item) for item in value))
    return (str(value),)


def _place_name(code: str) -> str:
    division = gazetteer.find_nearest(code)
    return division.name if division else code


def read_typed(form: Sent, groups: Sequence[Group]) -> Typed:
    """What was typed into the fields of `groups`, blanks around dropped."""
    typed: Typed = {}
    for field in (field for group in groups for field in group.fields):
        sent = tuple(str(item).strip()[:2000] for item in form.getlist(field.name))
        typed[field.name] = tuple(sorted(item for item in sent if item))
    return typed


def changed(typed: Typed, before: Typed) -> Typed:
    """What was typed that did not stand there before."""
    return {
        name: values for name, values in typed.items() if name not in TOLD and values != before.get(name, ())
    }


def filled(
    groups: Sequence[Group], values: Typed, problems: Mapping[str, str] | None = None
) -> tuple[Group, ...]:
    """The groups with what stands in the fields, and what is wrong with it."""
    wrong = problems or {}
    return tuple(
        Group(
            group.title,
            tuple(
                replace(field, values=values.get(field.name, ()), problem=wrong.get(field.name, ""))
                for field in group.fields
            ),
        )
        for group in groups
    )


def to_person(typed: Typed, person: Person | None) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Typed strings as the fields of PersonPatch or MemberIn, and what could not be read."""
    sent: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for name, values in typed.items():
        text = values[0] if values else ""
        try:
            if name == "yes":
                sent |= {flag: flag in values for flag in _YES}
            elif name in ("limits", "shifts", "profiles"):
                sent[name] = list(values)
            elif name in WORDS:
                sent[name] = [word for word in _BETWEEN.split(text) if word]
            elif name == "refused_places":
                sent[name] = [_place_code(word, person) for word in _BETWEEN.split(text) if word]
            elif name == "wage_floor_fen":
                sent[name] = _fen(text) if text else None
            elif name == "travel_minutes":
                sent[name] = int(text) if text else None
            elif name == "phone":
                sent[name] = None if text in NO_PHONE else text or None
            elif name in _TEXTS:
                sent[name] = text
            else:
                sent[name] = text or None
        except ValueError as error:
            problems.append(FieldProblem(name, str(error) if name == "refused_places" else "要填数字"))
    if "class_reason" in sent and "labour_class" not in sent:
        kept = person.labour_class if person is not None and person.class_reason else None
        sent["labour_class"] = kept.value if kept else None
    elif "labour_class" in sent and "class_reason" not in sent and person is not None:
        sent["class_reason"] = person.class_reason
    return sent, problems


def _fen(text: str) -> int:
    fen = read_fen(text)
    if fen is None:
        raise ValueError
    return fen


def _place_code(word: str, person: Person | None) -> str:
    for code in person.refused_places if person is not None else ():
        if _place_name(code) == word:
            return code
    found = gazetteer.search(word, limit=1)
    if not found:
        raise ValueError(f"没找到“{word}”，请写省、市或县的名字")
    return found[0].code


def to_household(typed: Typed) -> dict[str, Any]:
    """Typed strings as the fields of HouseholdPatch or HouseholdIn."""
    sent: dict[str, Any] = {}
    for name, values in typed.items():
        if name == "kinds":
            sent[name] = list(values)
        else:
            text = values[0] if values else ""
            sent[name] = text if name in _TEXTS else text or None
    return sent


def masked_numbers(person: Person, cipher: Any) -> tuple[str | None, str | None]:
    """Phone and ID number as a form may show them."""
    return (
        masking.mask_phone(sealing.open_phone(person, cipher)),
        masking.mask_id_number(sealing.open_id_number(person, cipher)),
    )


def label(name: str) -> str:
    """What the form calls a field."""
    for field in (field for group in (*_PERSON, _WHY) for field in group.fields):
        if field.name == name:
            return field.label
    return label_of_field(name)
