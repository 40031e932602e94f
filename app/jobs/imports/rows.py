"""岗位行: what one row of a list of vacancies means. Pure: no session, `today` is given."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final

from pydantic import ValidationError

from app.core.clock import OFFICE_ZONE
from app.core.sheets.importing import RowProblem
from app.employers import rules as employer_rules
from app.employers.imports import read_employer
from app.employers.places import read_place
from app.employers.schemas import EmployerIn
from app.jobs import rules
from app.jobs.reading.age import AgeReading, read_age, read_gender
from app.jobs.reading.conditions import Conditions, read_conditions
from app.jobs.reading.dates import read_date
from app.jobs.reading.education import read_education
from app.jobs.reading.headcount import read_headcount
from app.jobs.reading.wage import WageReading, read_wage
from app.jobs.schemas import JobIn
from app.occupations.reading import read_occupation
from app.occupations.terms import Education, WorkProfile
from app.regions.datum import to_wgs84
from app.regions.gazetteer import point
from app.regions.projection import project
from app.regions.scope import distance_m
from app.regions.terms import CoordinateSystem

MAX_DESCRIPTION = 4000
FARTHEST_M = 150_000
"""A point farther from the middle of its own county is a typing mistake."""

_YES = re.compile(r"^(?:是|有|包|提供|√|✓|1|y|yes|含|管|全包|免费|可)", re.IGNORECASE)
_BARE_WAGE = re.compile(r"[\d.,\s~～—–－-]+(?:元|万|千|k)?(?:以上|左右|起|\+)?", re.IGNORECASE)
_PER_IN_LABEL = re.compile(r"(?:元|万元?)\s*[/／每]\s*(?:人\s*[/／每·]?\s*)?(月|天|日|小时|时|年|件|周)")
_UNIT_WORD = re.compile(r"(年薪|日薪|时薪|周薪|日工资|小时工资|月薪|月工资)")
_ABOUT_PAY = re.compile(r"薪|工资|待遇|元/|收入")
_ABOUT_AGE = re.compile(r"\d\s*周?岁|年龄")
_ABOUT_SCHOOL = re.compile(r"学历|文化|初中|高中|中专|大专|本科")
_LIST = re.compile(r"[、,，;；/|\n\s]+")


@dataclass(frozen=True, slots=True)
class JobRow:
    """岗位行读数: `form` with employer_id 0, to be replaced; `notes` are remarks for the summary."""

    form: JobIn
    employer: EmployerIn
    wage_text: str
    published_at: datetime | None
    notes: tuple[str, ...]

    @property
    def identity(self) -> str:
        """The same vacancy in every list: firm, title, place."""
        return rules.content_key(
            employer_rules.name_key(self.employer.name), self.form.title, self.form.region_code
        )

    @property
    def pay(self) -> tuple[int | None, int | None, str | None]:
        """What tells apart two vacancies with the same identity in one list."""
        wage = self.form.wage
        return wage.min_fen, wage.max_fen, wage.unit


def read_job_row(
    cells: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    home: str | None,
    today: date,
    coordinates: CoordinateSystem | None = None,
) -> JobRow:
    """Read a row (field -> text; field -> heading as it stands). `coordinates`: the system of the list's
    points, None = as they stand; a row's own column goes first. Raises RowProblem with a plain reason."""
    notes: list[str] = []
    title = " ".join(cells.get("title", "").split())
    if len(title) < 2:
        raise RowProblem("没写岗位名称。" if not title else "岗位名称太短，请写清楚是什么工作。")
    name = cells.get("employer", "")
    if not name:
        raise RowProblem("没写单位名称。")
    code = _place(cells, name, home, notes)
    employer, remarks = read_employer(
        name,
        code,
        kind=cells.get("employer_kind", ""),
        credit_code=cells.get("credit_code", ""),
        contact_name=cells.get("contact_name", ""),
        contact_phone=cells.get("contact_phone", ""),
    )
    notes += remarks
    description = _description(cells)
    wage, wage_text = _wage(cells, labels, description, notes)
    age = _age(cells, description, notes)
    published = read_date(cells.get("published"), today).on
    values = {
        **_work(cells, title, code, description, today),
        **_point(cells, code, coordinates, notes),
        "openings": _openings(cells, notes),
        "wage": {name: getattr(wage, name) for name in ("min_fen", "max_fen", "unit", "negotiable")},
        "age_min": age.min,
        "age_max": age.max,
        "valid_until": _deadline(cells, today, notes),
    }
    try:
        form = JobIn.model_validate(values)
    except ValidationError as error:
        raise RowProblem("这一行的内容填得不对：" + _plain_errors(error)) from error
    return JobRow(form, employer, wage_text, _published_at(published, today), tuple(notes))


def _work(
    cells: Mapping[str, str], title: str, code: str, description: str, today: date
) -> dict[str, object]:
    """What kind of work it is, where and under which conditions: fields of JobIn."""
    conditions = _conditions(cells, description)
    return {
        "employer_id": 0,
        "title": title[:60],
        "region_code": code,
        "occupation": _occupation(title, cells.get("category", "")),
        "address": cells.get("address", "")[:200],
        "certificates": _words(cells.get("certificates", "")),
        "demands": conditions.demands,
        "education": _education(cells, description),
        "profile": conditions.profile or WorkProfile.LONG,
        "shifts": conditions.shifts,
        "board": bool(conditions.board),
        "lodging": bool(conditions.lodging),
        "transport": bool(conditions.transport),
        "insurance": conditions.insurance,
        "starts_on": read_date(cells.get("starts"), today).on,
        "description": description,
    }


def _place(cells: Mapping[str, str], name: str, home: str | None, notes: list[str]) -> str:
    steps = "".join(cells.get(step, "") for step in ("province", "city", "county", "town", "village"))
    region = " ".join(part for part in (cells.get("region", ""), steps) if part)
    place = read_place(region, cells.get("address", ""), name, home)
    if place.code is None:
        raise RowProblem(place.reason)
    if place.assumed:
        notes.append("工作地点看不准，先按导入的地区收")
    return place.code


def _description(cells: Mapping[str, str]) -> str:
    parts = [cells.get(f, "") for f in ("description", "requirements", "remarks")]
    experience = cells.get("experience", "")
    if experience and not re.search("不限|无", experience):
        parts.append(f"工作经验：{experience}")
    return "\n".join(dict.fromkeys(part for part in parts if part))[:MAX_DESCRIPTION]


def _wage(
    cells: Mapping[str, str], labels: Mapping[str, str], description: str, notes: list[str]
) -> tuple[WageReading, str]:
    text = cells.get("wage", "")
    ends = [cells[field] for field in ("wage_min", "wage_max") if cells.get(field)]
    label = labels.get("wage", "")
    if not text and ends:
        text, label = "-".join(ends), labels.get("wage_min", "") + labels.get("wage_max", "")
    if not text:
        lines = (line for line in description.split("\n") if _ABOUT_PAY.search(line))
        reading = next((found for found in map(_read_wage, lines) if found.has_figure), WageReading())
        return reading, ""
    reading = _read_wage(with_unit(text, label, cells.get("wage_unit", "")))
    if reading.problem:
        notes.append(f"{reading.problem.label}，没有当数字收")
    if _YES.match(cells.get("negotiable", "")):
        reading = WageReading(reading.min_fen, reading.max_fen, reading.unit, negotiable=True)
    return reading, text


def with_unit(text: str, label: str, unit: str) -> str:
    """A bare figure with the unit that its heading (元/天, 年薪（万元）) or a column beside it tells.

    >>> with_unit("180-220", "工资（元/天）", "")
    '180-220元/天'
    """
    if not _BARE_WAGE.fullmatch(text.strip()):
        return text
    figure = text.strip().rstrip("元万千kK")
    myriad = "万" if "万" in label or text.strip().endswith("万") else ""
    if myriad == "" and figure != text.strip() and not text.strip().endswith("元"):
        figure = text.strip()
    per = _PER_IN_LABEL.search(label) or re.search(r"(月|天|日|小时|年|件|周)", unit)
    if per:
        return f"{figure}{myriad}元/{per.group(1)}"
    word = _UNIT_WORD.search(label)
    return f"{word.group(1)}{figure}{myriad}元" if word else (f"{figure}{myriad}" if myriad else text)


@lru_cache(maxsize=4096)
def _read_wage(text: str) -> WageReading:
    reading = read_wage(text)
    most = rules.MOST_FEN
    if (reading.min_fen or 0) > most or (reading.max_fen or 0) > most:
        return WageReading(negotiable=reading.negotiable)
    return reading


def _age(cells: Mapping[str, str], description: str, notes: list[str]) -> AgeReading:
    text = cells.get("age", "")
    if not text and (cells.get("age_min") or cells.get("age_max")):
        text = f"{cells.get('age_min', '')}-{cells.get('age_max', '')}"
    column = read_age(text)
    if column.problem:
        notes.append(f"{column.problem.label}，没有当数字收")
    reading, gender = column, read_gender(cells.get("gender")) or column.gender
    if not re.search(r"\d|不限", text):
        lines = (line for line in description.split("\n") if _ABOUT_AGE.search(line))
        found = [read_age(line) for line in lines]
        limits = (a for a in found if (a.min or a.max) and not a.approximate)
        reading = next(limits, AgeReading())
        gender = gender or next((a.gender for a in found if a.gender), None)
    if gender in ("male", "female"):
        notes.append("写了性别限制，没有当条件收（招工不得限定性别）")
    if reading.approximate:
        return AgeReading()
    low = max(reading.min, rules.LOWEST_AGE) if reading.min else None
    high = reading.max if reading.max and reading.max >= rules.LOWEST_AGE else None
    return AgeReading(low, high)


def _education(cells: Mapping[str, str], description: str) -> Education:
    text = cells.get("education", "")
    if text:
        return read_education(text) or Education.NONE
    lines = (line for line in description.split("\n") if _ABOUT_SCHOOL.search(line))
    return next((level for level in map(read_education, lines) if level), Education.NONE)


def _conditions(cells: Mapping[str, str], description: str) -> Conditions:
    said = ["benefits", "shifts", "insurance", "transport", "nature", "wage"]
    texts = [cells.get(field, "") for field in said]
    both = cells.get("board_and_lodging", "")
    if _YES.match(both) and not re.search("吃|住|餐|宿", both):
        both = "包吃住"
    texts.append(both)
    for field, words in (
        ("board", "包吃"),
        ("lodging", "包住"),
        ("insurance", "五险"),
        ("transport", "班车"),
    ):
        cell = cells.get(field, "")
        texts.append(words if _YES.match(cell) else cell)
    return read_conditions(*texts, description)


def _openings(cells: Mapping[str, str], notes: list[str]) -> int:
    people = read_headcount(cells.get("openings"))
    if people is None:
        notes.append("没写清招多少人，先按 1 人收")
        return 1
    return min(people, rules.MOST_OPENINGS)


def _deadline(cells: Mapping[str, str], today: date, notes: list[str]) -> date | None:
    reading = read_date(cells.get("deadline"), today)
    if reading.on is None:
        notes.append("没写能用的截止日期，先按 30 天收")
    return reading.on


def _published_at(published: date | None, today: date) -> datetime | None:
    if published is None or published > today:
        return None
    return datetime.combine(published, time(), OFFICE_ZONE).astimezone(UTC)


def _point(
    cells: Mapping[str, str], code: str, system: CoordinateSystem | None, notes: list[str]
) -> dict[str, float]:
    """The row's position as WGS-84 where the list or the row says in which system it stands, else as given;
    nothing for one that lies far from its place. Which of the two it was is noted."""
    try:
        lng, lat = float(cells.get("lng", "")), float(cells.get("lat", ""))
    except ValueError:
        return {}
    named = read_coordinate_system(cells.get("coordinates", "")) or system
    if named is not None:
        lng, lat = to_wgs84(lng, lat, named)
    lng, lat = round(lng, 6), round(lat, 6)
    centre = point(code)
    if centre is None or not (73 <= lng <= 136 and 3 <= lat <= 54):
        return {}
    if distance_m(project(lng, lat), centre) > FARTHEST_M:
        return {}
    if named is None:
        notes.append("经纬度没说是哪种地图的，照原样收；百度的会差半公里，请加一列“坐标系”")
    elif named is not CoordinateSystem.WGS84:
        notes.append(f"经纬度按{named.label}换算过了")
    return {"lng": lng, "lat": lat}


_SYSTEMS: Final = (
    (CoordinateSystem.BD09, re.compile("百度|bd-?0?9", re.IGNORECASE)),
    (CoordinateSystem.GCJ02, re.compile("高德|腾讯|火星|国测局|gcj-?0?2", re.IGNORECASE)),
    (CoordinateSystem.WGS84, re.compile("gps|天地图|北斗|cgcs-?2000|wgs-?84", re.IGNORECASE)),
)


def read_coordinate_system(text: str) -> CoordinateSystem | None:
    """The system that a column or an option names; None where it names none or more than one."""
    found = [system for system, words in _SYSTEMS if words.search(text)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8192)
def _occupation(title: str, category: str) -> str | None:
    return read_occupation(title).code or (read_occupation(category).code if category else None)


def _words(text: str) -> list[str]:
    return [word[:30] for word in dict.fromkeys(_LIST.split(text)) if word and word not in ("无", "不限")][
        :20
    ]


_FIELD_LABELS = {
    "title": "岗位名称",
    "wage": "工资",
    "openings": "人数",
    "age_min": "年龄",
    "age_max": "年龄",
}


def _plain_errors(error: ValidationError) -> str:
    fields = {str(problem["loc"][0]) if problem["loc"] else "" for problem in error.errors()}
    return "、".join(sorted(_FIELD_LABELS.get(field, "其他项") for field in fields)) + "，请检查。"
