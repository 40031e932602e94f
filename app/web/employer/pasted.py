"""贴一段话: a posting as it stands in a chat group, read into the fields of the form. Pure, never guesses.

What is found is shown for confirmation. Phone numbers stay out: a posting is public, and people come through
the officer or apply here.
"""

import re
from collections.abc import Mapping
from typing import Final

from app.jobs import rules
from app.jobs.reading.age import AgeReading, read_age
from app.jobs.reading.conditions import read_conditions
from app.jobs.reading.education import read_education
from app.jobs.reading.headcount import read_headcount
from app.jobs.reading.wage import WageReading, read_wage
from app.occupations.certificates import certificate_label, read_certificates
from app.occupations.reading import occupation_words
from app.occupations.skills import find_skill, read_skills
from app.occupations.terms import Shift, WageUnit

MOST_PASTED: Final = 2000
_CLAUSE: Final = re.compile(r"[，,。；;！!\n]+")
_SENTENCE: Final = re.compile(r"[。；;！!\n]+")
_PAY: Final = re.compile(r"薪|工资|待遇|元|收入|保底|工钱|日结|月结|计件|块|[一每]个?[月天]|小时")
_NUMBER: Final = r"[一二三四五六七八九十两\d]+\s*(?:[-到至~]\s*\d+\s*)?"
_PEOPLE: Final = re.compile(
    rf"[招要需缺聘].{{0,12}}?(?P<asked>{_NUMBER})个(?!月|小时)|(?P<people>{_NUMBER})(?:人|名|位)"
)
_AGE: Final = re.compile(r"岁|年龄|周岁")
_SCHOOL: Final = re.compile(r"学历|文化|初中|高中|中专|大专|本科")
_TITLE: Final = re.compile(
    r"(?:急招|招聘|招收|招用|诚聘|招|聘|需要|缺|岗位[：:]|工种[：:]|职位[：:])\s*"
    r"(?:[一二三四五六七八九十两\d]+\s*(?:[-到至~]\s*\d+\s*)?[人名位个]?\s*)?"
    r"(?P<title>[A-Za-z]{0,4}[一-龥]{0,7}?"
    r"(?:工|员|师傅|师|司机|保姆|阿姨|月嫂|保洁|保安|学徒|助理|店长|会计))"
)
_ADDRESS: Final = re.compile(
    r"(?:地址|地点|工作地|上班地)[^：:\n]{0,4}[：:]\s*(?P<where>[^，,。；;\n]{2,40})"
)
_PHONE: Final = re.compile(
    r"(?:(?:联系)?(?:电话|手机|微信)(?:同号)?(?:号码?)?[：:]?\s*)?(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"
)
# Village words beyond those of postings (管午饭, 有车接送).
_ALSO: Final = {
    "board": re.compile(r"管[早中午晚两三一]?[顿]?[饭餐]"),
    "lodging": re.compile(r"住家|管住"),
    "transport": re.compile(r"有车接|班车|车接车送|专车"),
}
_SHIFTS: Final = (Shift.ROTATING, Shift.NIGHT, Shift.DAY, Shift.FLEXIBLE)
_MOST_SKILLS: Final = 4


def read_pasted(text: str, towns: Mapping[str, str]) -> dict[str, str]:
    """The fields a text speaks of, as they would be typed; what it doesn't speak of is left out. `towns` are
    the places of the firm's county, code by name."""
    words = text.strip()[:MOST_PASTED]
    typed: dict[str, str] = {"title": _title(words), "description": without_phones(words)}
    if (count := _count(words)) is not None:
        typed["openings"] = str(min(count, rules.MOST_OPENINGS))
    typed |= _wage(words) | _conditions(words) | _limits(words)
    town = next((code for name, code in towns.items() if name and name in words), None)
    if town is not None:
        typed["region_code"] = town
    if address := _ADDRESS.search(words):
        typed["address"] = address["where"].strip()
    certificates = [certificate_label(code) for code in read_certificates(words)]
    if certificates:
        typed["certificates"] = "、".join(certificates)
    skills = [skill.label for found in read_skills(words) if (skill := find_skill(found.code)) is not None]
    if skills:
        typed["skills"] = "、".join(list(dict.fromkeys(skills))[:_MOST_SKILLS])
    return {name: value for name, value in typed.items() if value}


def without_phones(text: str) -> str:
    """The text without mobile numbers and the words that announce them."""
    if not _PHONE.search(text):
        return text
    return re.sub(r"([，,；;])[，,；;]+", r"\1", _PHONE.sub("", text).strip()).strip("，,；;")


def _title(text: str) -> str:
    if named := _TITLE.search(text):
        return named["title"]
    for clause in _CLAUSE.split(text):
        hits = occupation_words().read(clause)
        if hits:
            return max(hits, key=lambda hit: len(hit.word)).word
    return ""


def _count(text: str) -> int | None:
    for clause in _CLAUSE.split(text):
        found = _PEOPLE.search(clause)
        number = (found["asked"] or found["people"]) if found else None
        if number and (count := read_headcount(f"{number.strip()}人")) is not None:
            return count
    return None


def _wage(text: str) -> dict[str, str]:
    reading = _wage_reading(text)
    if not reading.has_figure:
        return {}
    unit = reading.unit or WageUnit.MONTH
    typed = {"unit": unit.value}
    for name, fen in (("low", reading.min_fen), ("high", reading.max_fen)):
        if fen is not None and fen <= rules.MOST_FEN:
            typed[name] = rules.yuan(fen)
    return typed


def _wage_reading(text: str) -> WageReading:
    for pattern in (_SENTENCE, _CLAUSE):
        for part in pattern.split(text):
            reading = read_wage(part) if _PAY.search(part) else WageReading()
            if reading.has_figure:
                return reading
    return WageReading()


def _conditions(text: str) -> dict[str, str]:
    found = read_conditions(text)
    care = [
        name
        for name, also in _ALSO.items()
        if getattr(found, name) or (getattr(found, name) is None and also.search(text))
    ]
    shift = next((each for each in _SHIFTS if each in found.shifts), None)
    return {
        "care": " ".join(care),
        "shift": shift.value if shift else "",
        "profile": found.profile.value if found.profile else "",
        "demands": " ".join(demand.value for demand in found.demands),
        "insurance": " ".join(kind.value for kind in found.insurance),
    }


def _limits(text: str) -> dict[str, str]:
    age, education = AgeReading(), None
    for clause in _CLAUSE.split(text):
        if _AGE.search(clause) and age.min is None and age.max is None:
            found = read_age(clause)
            age = AgeReading() if found.approximate else found
        if education is None and _SCHOOL.search(clause):
            education = read_education(clause)
    return {
        "age_min": str(max(age.min, rules.LOWEST_AGE)) if age.min else "",
        "age_max": str(age.max) if age.max and age.max >= rules.LOWEST_AGE else "",
        "education": education.value if education else "",
    }
