"""从填写到存储: turns what was sent (`JobIn`) into the columns of a posting. No session; `today` is given."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from app.core.errors import FieldProblem, Invalid
from app.core.search import spaced_characters
from app.jobs import rules
from app.jobs.schemas import JobIn, label_of
from app.occupations.certificates import find_certificate, read_certificates
from app.occupations.classification import everyday_names, find_occupation, occupation_name
from app.occupations.reading import read_occupation
from app.occupations.skills import find_skill, read_skills
from app.regions.gazetteer import find_nearest, path, point
from app.regions.models import Region
from app.regions.projection import project

_CODE: Final = re.compile(r"\d-\d{2}-\d{2}-\d{2}")
_LICENCE_CLASS: Final = re.compile("[ABC][123]", re.IGNORECASE)
_SEARCHED_OF_DESCRIPTION: Final = 600

# Columns that follow from others and are no change of their own.
DERIVED: Final = frozenset({"x", "y", "point_is_exact", "search_text", "wage_month_fen"})
_COLUMNS_OF_WAGE: Final = frozenset(
    {"wage_min_fen", "wage_max_fen", "wage_unit", "wage_negotiable", "wage_text", "estimate_fen"}
)


def fields_of(columns: Sequence[str]) -> set[str]:
    """The fields of JobIn that stand behind changed columns."""
    fields = set()
    for column in columns:
        if column in _COLUMNS_OF_WAGE:
            fields.add("wage")
        elif column == "occupation_code":
            fields.add("occupation")
        elif column not in DERIVED:
            fields.add(column)
    return fields


def read_values(
    data: JobIn,
    employer_name: str,
    places: Mapping[str, Region],
    *,
    today: date,
    wage_text: str | None = None,
) -> dict[str, Any]:
    """The columns a posting gets. Lists are sorted, so that the same content is stored the same way.

    `places` holds the work place, if there is such a place. `wage_text` is the pay as an office wrote it;
    left out, it is worded from the figures. Raises Invalid for an unknown region, occupation or bus stop.
    """
    place = places.get(data.region_code)
    if place is None:
        raise Invalid(fields=[FieldProblem("region_code", "没有这个地区，请重新选")])
    if any(find_nearest(stop) is None for stop in data.pickup):
        raise Invalid(fields=[FieldProblem("pickup", "接送的地方有一个不认识，请重新选")])
    code = read_occupation_code(data)
    wage = data.wage
    same = {name: getattr(data, name) for name in _SAME_NAME}
    lists = {name: sorted(getattr(data, name)) for name in _LISTS}
    skills, certificates = read_skill_words(data.skills), read_certificate_words(data.certificates)
    return {
        **same,
        **lists,
        **_position(data, place),
        "skills": skills,
        "certificates": certificates,
        "occupation_code": code,
        "wage_min_fen": wage.min_fen,
        "wage_max_fen": wage.max_fen,
        "wage_unit": wage.unit,
        "wage_negotiable": wage.negotiable,
        "wage_text": (wage_text or "").strip()[:60]
        or rules.wage_words(wage.min_fen, wage.max_fen, wage.unit, negotiable=wage.negotiable),
        "estimate_fen": wage.estimate_fen,
        "wage_month_fen": rules.month_fen(wage.min_fen, wage.max_fen, wage.unit, wage.estimate_fen),
        "valid_until": data.valid_until or rules.default_deadline(today),
        "search_text": _search_text(data, [*skills, *certificates], employer_name, code, place.name),
    }


_SAME_NAME: Final = (
    *("employer_id", "title", "region_code", "address", "lng", "lat", "openings", "age_min", "age_max"),
    *("education", "profile", "board", "lodging", "transport", "starts_on", "description"),
)
_LISTS: Final = ("demands", "suits", "pickup", "shifts", "insurance")


def check_dates(data: JobIn, today: date) -> None:
    """Raises Invalid for a last day that has passed or lies more than a year ahead."""
    if data.valid_until is None:
        return
    if data.valid_until < today:
        raise Invalid(fields=[FieldProblem("valid_until", "截止日期已经过了，请填今天以后的日子")])
    if data.valid_until > today + rules.LONGEST_VALID_FOR:
        raise Invalid(fields=[FieldProblem("valid_until", "截止日期太远了，最多填一年以内")])


def read_occupation_code(data: JobIn) -> str | None:
    """The occupation's code. Own words must settle one, else Invalid; a title may leave it open."""
    words = data.occupation
    if words is None:
        return read_occupation(data.title).code
    if _CODE.fullmatch(words):
        if find_occupation(words) is None:
            raise Invalid(fields=[FieldProblem("occupation", "没有这个职业代码，请从列表里选")])
        return words
    code = read_occupation(words).code
    if code is None:
        raise Invalid(fields=[FieldProblem("occupation", "没认出是什么工种，请换个说法或从列表里选")])
    return code


def _position(data: JobIn, place: Region) -> Mapping[str, int | bool | None]:
    if data.lng is not None and data.lat is not None:
        x, y = project(data.lng, data.lat)
        return {"x": x, "y": y, "point_is_exact": True}
    centre = point(place.code)
    if place.x is not None and place.y is not None:
        centre = (place.x, place.y)
    x_or_none, y_or_none = centre or (None, None)
    return {"x": x_or_none, "y": y_or_none, "point_is_exact": False}


def read_skill_words(words: Sequence[str]) -> list[str]:
    """Codes of skills given as codes, labels or own words, sorted; what nobody knows stays as it was said."""
    read: set[str] = set()
    for word in words:
        known = find_skill(word)
        found = {known.code} if known else {reading.code for reading in read_skills(word)}
        read |= found or {word}
    return sorted(read)


def read_certificate_words(words: Sequence[str]) -> list[str]:
    """As `read_skill_words`, for certificates; a bare C1 is a driving licence here."""
    read: set[str] = set()
    for word in words:
        text = f"{word}驾照" if _LICENCE_CLASS.fullmatch(word) else word
        found = {word} if find_certificate(word) else set(read_certificates(text))
        read |= found or {word}
    return sorted(read)


def _search_text(
    data: JobIn, codes: Sequence[str], employer_name: str, occupation_code: str | None, place_name: str
) -> str:
    return spaced_characters(
        data.title,
        employer_name,
        *(_words_for(occupation_code) if occupation_code else ()),
        *data.skills,
        *data.certificates,
        *(label_of(code) for code in codes),
        data.address,
        *path(data.region_code)[-3:],
        place_name if len(data.region_code) == 12 else None,
        data.description[:_SEARCHED_OF_DESCRIPTION],
    )


@lru_cache(maxsize=4096)
def _words_for(code: str) -> tuple[str, ...]:
    """What people call an occupation: someone who looks for 月嫂 finds 母婴护理员."""
    official = occupation_name(code)
    return tuple(word for word in (official, *_everyday_words().get(code, ())) if word)


@lru_cache(maxsize=1)
def _everyday_words() -> Mapping[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for word, code in everyday_names().items():
        words[code] = (*words.get(code, ()), word)
    return words
