"""从填写到存储: what was sent about a person as columns, with what follows from them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.core.errors import FieldProblem, Invalid
from app.regions.projection import project
from app.seekers import rules
from app.seekers.id_numbers import IdNumber, IdNumberProblem, age_on, read_id_number
from app.seekers.names import search_text_of
from app.seekers.phones import PhoneProblem, read_phone
from app.seekers.schemas import MemberIn, PersonFields
from app.seekers.terms import LabourClass, SeekerStatus
from app.seekers.words import read_certificate_words, read_occupation_words, read_skill_words

_SAME: Final = frozenset(
    {
        "relation",
        "name",
        "sex",
        "birth_on",
        "education",
        "status",
        "seeking_since_on",
        "travel",
        "travel_minutes",
    }
    | {"wage_floor_fen", "wage_floor_unit", "needs_board", "needs_lodging", "cares_for_family", "care_hours"}
    | {"harvest_absences", "companions", "refused_places", "training_wish", "welfare_eligible"}
    | {"not_working_reason", "return_reason", "employer_name", "work_place"}
)
_LISTS: Final = ("limits", "shifts", "profiles")
_READERS: Final = {
    "skills": read_skill_words,
    "certificates": read_certificate_words,
    "occupations": read_occupation_words,
}
_NOTHING: Final = ("", "无", "没有", "否", "健康", "良好")
_DISABLED: Final = ("残疾", "残障", "失明", "聋", "肢残")
_ILL: Final = ("慢性病", "大病", "重病", "患病", "长期病")


@dataclass
class PersonValues:
    """读好的一个人: `columns` as they are stored; identity and sealed documents apart, None where not sent.

    `phone` and `id_number` are sent when named in `sent`.
    """

    columns: dict[str, Any]
    sent: frozenset[str]
    id_number: IdNumber | None = None
    phone: str | None = None
    ledger: dict[str, str] = field(default_factory=dict)
    health: dict[str, str] = field(default_factory=dict)


def read_values(form: PersonFields, today: date) -> PersonValues:
    """The columns for the fields that were sent. Raises Invalid with all problems of numbers at once."""
    sent = frozenset(form.model_fields_set)
    columns: dict[str, Any] = {name: getattr(form, name) for name in sent & _SAME}
    columns |= {name: [term.value for term in getattr(form, name)] for name in _LISTS if name in sent}
    columns |= {name: read(getattr(form, name)) for name, read in _READERS.items() if name in sent}
    if form.lng is not None and form.lat is not None:
        columns["x"], columns["y"] = project(form.lng, form.lat)
    elif "lng" in sent:
        columns["x"] = columns["y"] = None
    for name in ("name", "relation", "travel", "wage_floor_unit", "status"):
        if name in columns and columns[name] is None:
            del columns[name]
    problems: list[FieldProblem] = []
    values = PersonValues(columns, sent, ledger=dict(form.ledger), health=dict(form.health))
    values.id_number = _read_id(form, today, problems)
    values.phone = _read_phone(form, problems)
    if problems:
        raise Invalid(fields=problems)
    _fit_identity(values)
    return values


def _read_id(form: PersonFields, today: date, problems: list[FieldProblem]) -> IdNumber | None:
    text = getattr(form, "id_number", None)
    if not text:
        return None
    try:
        return read_id_number(text, today)
    except IdNumberProblem as problem:
        problems.append(FieldProblem("id_number", problem.message))
        return None


def _read_phone(form: PersonFields, problems: list[FieldProblem]) -> str | None:
    if not form.phone or not form.phone.strip():
        return None
    try:
        return read_phone(form.phone)
    except PhoneProblem as problem:
        problems.append(FieldProblem("phone", problem.message))
        return None


def _fit_identity(values: PersonValues) -> None:
    """Sex and birth date follow from the number. Raises Invalid where something else was sent."""
    number = values.id_number
    if number is None:
        return
    for name, told, word in (
        ("birth_on", number.birth_on, "出生日期和身份证号对不上，请对着证件再看一遍"),
        ("sex", number.sex, "性别和身份证号对不上，请对着证件再看一遍"),
    ):
        given = values.columns.get(name)
        if given is not None and given != told:
            raise Invalid(fields=[FieldProblem(name, word)])
        values.columns[name] = told


def new_member_columns(values: PersonValues, form: MemberIn, today: date, *, default: SeekerStatus) -> None:
    """Completes the columns of a new person. Raises Invalid where no birth date is known or the status does
    not fit."""
    columns = values.columns
    if columns.get("birth_on") is None:
        raise Invalid(fields=[FieldProblem("birth_on", "没有身份证号的，请填出生日期")])
    if columns["birth_on"] > today:
        raise Invalid(fields=[FieldProblem("birth_on", "出生日期在今天以后，请改一下")])
    if "status" not in columns:
        old_enough = rules.is_old_enough(columns["birth_on"], today)
        columns["status"] = default if old_enough else SeekerStatus.NOT_SEEKING
    columns["search_text"] = search_text_of(form.name)


def settle(
    before: Mapping[str, Any], columns: dict[str, Any], health: Mapping[str, str], today: date
) -> None:
    """Fills in what follows from a person's columns after a change, `before` being the columns as they were:
    what belongs to work goes when the work goes, the waiting time begins, the class is derived unless it was
    set by hand. Raises Invalid where the status does not fit the person.
    """

    def now(name: str) -> Any:
        return columns[name] if name in columns else before.get(name)

    status = now("status") or SeekerStatus.NOT_SEEKING
    if status not in rules.WORKING:
        for name in ("employer_name", "work_place"):
            if now(name) and name not in columns:
                columns[name] = ""
    elif now("not_working_reason") is not None and "not_working_reason" not in columns:
        columns["not_working_reason"] = None
    problem = rules.status_problem(
        status, birth_on=now("birth_on"), today=today, employer_name=columns.get("employer_name") or ""
    )
    if problem is not None:
        raise Invalid(problem + "。", fields=[FieldProblem("status", problem)])
    told = columns.pop("seeking_since_on", None)
    since = rules.seeking_since(before.get("status"), status, before.get("seeking_since_on"), today)
    if since is not None and told is not None:
        since = min(told, today)
    if since != before.get("seeking_since_on"):
        columns["seeking_since_on"] = since
    if now("class_reason") is None:
        columns["labour_class"] = class_of(now, health, today)


def class_of(now: Any, health: Mapping[str, str], today: date) -> LabourClass:
    """The class that follows from the columns `now` tells, and from the health facts."""
    born_on = now("birth_on")
    disabled, ill = read_health(health)
    return rules.derive_class(
        age_on(born_on, today) if born_on is not None else None,
        skills=now("skills") or [],
        certificates=now("certificates") or [],
        limits=now("limits") or [],
        is_disabled=disabled,
        is_ill=ill,
    )


def read_health(health: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether an office's words tell of a disability, and of a long illness."""
    told = [
        value for value in health.values() if value not in _NOTHING and not value.startswith(("无", "非"))
    ]
    disabled = any(word in value for value in told for word in _DISABLED)
    ill = any(word in value for value in told for word in _ILL)
    return disabled, ill


def merged_facts(before: Mapping[str, str], change: Mapping[str, str]) -> dict[str, str]:
    """A sealed document after a change: "" takes an entry away."""
    return {name: value for name, value in {**before, **change}.items() if value != ""}
