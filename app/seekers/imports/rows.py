"""一行台账: what one row says about a person and their household. Pure: no session, `today` is given."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from app.core.sheets.importing import RowProblem
from app.seekers import rules
from app.seekers.id_numbers import IdNumberProblem, read_id_number
from app.seekers.imports import values
from app.seekers.imports.columns import Column
from app.seekers.imports.headings import HEALTH, HEALTH_FIELDS, LEDGER, SKIP
from app.seekers.imports.places import PlaceReader
from app.seekers.names import search_text_of
from app.seekers.phones import find_phone
from app.seekers.terms import (
    MONITORED_KINDS,
    HouseholdKind,
    LabourClass,
    Relation,
    SeekerStatus,
    Sex,
)
from app.seekers.words import read_certificate_words, read_occupation_words, read_skill_words

_LIST: Final = re.compile(r"[、,，;；/|\n\s和及]+")
_NAME_MARKS: Final = re.compile(r"[\s·•．.]+")
_GOOD_NAME: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·A-Za-z ]{1,40}")
# Columns that we read and that say more than our field keeps: their own words go to the ledger as well.
_KEEP_WORDS: Final = frozenset(
    {
        *("labour_skill", "labour_class", "studying", "status", "employment_form", "work_province"),
        *("occupation_now", "not_working_reason", "wish_region", "wish_wage", "wish_form", "wants_work"),
        *("household_kind", "monitored_kind", "risk_cleared", "village_group", "note", "return_reason"),
        *("wish_occupation", "relation", "education", "certificates"),
    }
)


@dataclass(slots=True)
class PersonRow:
    """一行读数. `person` holds values by column of Person, only those that the row speaks of; `kinds` None
    when it says nothing of the household's kind; `household_key` tells which rows belong together.
    """

    number: int
    name: str
    id_number: str | None
    birth_on: date | None
    sex: Sex | None
    region_code: str
    search_text: str = ""
    household_number: str = ""
    household_key: str = ""
    is_alone: bool = False
    relation: Relation | None = None
    head_id_number: str | None = None
    address: str = ""
    kinds: frozenset[HouseholdKind] | None = None
    phone: str | None = None
    person: dict[str, Any] = field(default_factory=dict)
    ledger: dict[str, str] = field(default_factory=dict)
    health: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class RowReader:
    """Reads the rows of one file by its columns."""

    def __init__(self, columns: Sequence[Column], places: PlaceReader, today: date) -> None:
        self._places, self._today = places, today
        self._plan = [(c.index, c.field, _heading(c.label)) for c in columns if c.field != SKIP]
        self._labels = {c.field: _heading(c.label) for c in columns}

    def read(self, number: int, cells: Sequence[str]) -> PersonRow:
        """One row. Raises RowProblem with a plain reason."""
        said: dict[str, str] = {}
        ledger: dict[str, str] = {}
        health: dict[str, str] = {}
        width = len(cells)
        for index, meaning, label in self._plan:
            text = cells[index] if index < width else ""
            if not text:
                continue
            if meaning == LEDGER:
                ledger[label] = text[:200]
            elif meaning == HEALTH or meaning in HEALTH_FIELDS:
                health[label] = text[:200]
            else:
                said[meaning] = text
                if meaning in _KEEP_WORDS:
                    ledger[label] = text[:200]
        row = self._person(number, said)
        if "village" in said and len(row.region_code) < 12:
            ledger[self._labels["village"]] = said["village"][:60]
        row.ledger |= ledger
        row.health |= health
        self._household(row, said)
        self._work(row, said, health)
        return row

    def _person(self, number: int, said: Mapping[str, str]) -> PersonRow:
        name = _NAME_MARKS.sub("·" if "·" in said.get("name", "") else "", said.get("name", ""))
        if not name:
            raise RowProblem("没写姓名。")
        if not _GOOD_NAME.fullmatch(name):
            raise RowProblem("姓名里有不该有的字，请看看是不是串了列。")
        notes: list[str] = []
        number_text, birth_on, sex = said.get("id_number", ""), None, None
        id_number = None
        if number_text and not values.is_nothing(number_text):
            try:
                identity = read_id_number(number_text, self._today)
            except IdNumberProblem as problem:
                raise RowProblem(problem.message + "。") from None
            id_number, birth_on, sex = identity.number, identity.birth_on, identity.sex
            told = values.read_sex(said.get("sex", ""))
            if told is not None and told is not sex:
                notes.append("性别和身份证号对不上，照身份证号收")
        else:
            birth_on = values.read_day(said.get("birth_on", ""))
            sex = values.read_sex(said.get("sex", ""))
            if birth_on is None or birth_on > self._today:
                raise RowProblem("没写身份证号，也没写出生日期，认不准是谁。")
            notes.append("没写身份证号，照姓名、出生日期和村认人")
        place = self._places.read(said)
        if place.code is None:
            raise RowProblem(place.reason)
        if place.note:
            notes.append(place.note)
        phone = self._phone(said, notes)
        search_text = search_text_of(name)
        return PersonRow(
            number, name, id_number, birth_on, sex, place.code, search_text, phone=phone, notes=notes
        )

    def _phone(self, said: Mapping[str, str], notes: list[str]) -> str | None:
        text = said.get("phone", "")
        if not text or values.is_nothing(text):
            return None
        phone = find_phone(text)
        if phone is None:
            notes.append("手机号位数不对，没有收")
        return phone

    def _household(self, row: PersonRow, said: Mapping[str, str]) -> None:
        row.household_number = re.sub(r"\.0+$|\s+", "", said.get("household_number", ""))[:40]
        row.relation = values.read_relation(said.get("relation", ""))
        group, address = said.get("village_group", ""), said.get("address", "")
        village = said.get("village", "") if len(row.region_code) < 12 else ""
        for part in (group, village):
            address = address if part in address else f"{part}{address}"
        row.address = address[:200]
        kinds, spoken = set[HouseholdKind](), False
        for meaning in ("household_kind", "monitored_kind"):
            if meaning in said:
                spoken = True
                kinds |= values.read_kinds(said[meaning])
        if values.is_yes(said.get("risk_cleared", "")):
            kinds -= MONITORED_KINDS
        for meaning, kind in (
            ("relocated", HouseholdKind.RELOCATED),
            ("low_income", HouseholdKind.LOW_INCOME),
        ):
            if meaning in said:
                spoken = True
                if values.is_yes(said[meaning]):
                    kinds.add(kind)
        row.kinds = frozenset(kinds) if spoken else None
        self._key(row, said)

    def _key(self, row: PersonRow, said: Mapping[str, str]) -> None:
        """Which rows are one household: the number, else the head, else village and full address, else the
        telephone of the household; a row without any of them stands alone."""
        head = said.get("head_id_number", "")
        if head:
            try:
                row.head_id_number = read_id_number(head, self._today).number
            except IdNumberProblem:
                row.head_id_number = None
        house_phone = find_phone(said.get("household_phone", "")) or ""
        if row.household_number:
            row.household_key = f"n {row.household_number}"
        elif row.head_id_number:
            row.household_key = f"h {row.head_id_number}"
        elif said.get("head_name"):
            row.household_key = f"f {said['head_name']} {house_phone or row.address}"
        elif said.get("address") and re.search(r"\d", said["address"]):
            row.household_key = f"a {row.address}"
        elif house_phone:
            row.household_key = f"p {house_phone}"
        else:
            row.household_key = f"r {row.number}"
            row.is_alone = True
            row.notes.append("表里看不出哪些人是一户，先一人一户")

    def _work(self, row: PersonRow, said: Mapping[str, str], health: Mapping[str, str]) -> None:
        person = row.person
        education = values.read_education(said["education"]) if "education" in said else None
        if education is not None:
            person["education"] = education
        if row.relation is not None:
            person["relation"] = row.relation
        status = self._status(row, said)
        if status is not None:
            person["status"] = status
        if status in rules.WORKING or status is None:
            _put_words(person, "employer_name", said.get("employer_name", ""), 100)
            place = " ".join(said[f] for f in ("work_province", "work_place") if f in said)
            _put_words(person, "work_place", place, 100)
            if status is None:
                person.pop("employer_name", None)
        self._wishes(person, said)
        skill_words = said.get("skills", "")
        class_words = said.get("labour_class", "")
        told = said.get("labour_skill", "")
        if told and values.is_class_word(told):
            class_words = class_words or told
        elif told:
            skill_words = f"{skill_words}、{told}"
        found, _ = values.read_class(class_words) if class_words else (None, False)
        if found is not None and found is not LabourClass.ORDINARY:
            person["labour_class"], person["class_reason"] = found, "台账上这样写"
        if skill_words and (skills := _skills(skill_words)):
            person["skills"] = list(skills)
        if said.get("certificates") and (papers := _certificates(said["certificates"])):
            person["certificates"] = list(papers)
        if "残" in said.get("difficulty", ""):
            row.health.setdefault(self._labels["difficulty"], said["difficulty"])
        elif "difficulty" in said:
            row.ledger.setdefault(self._labels["difficulty"], said["difficulty"])

    def _status(self, row: PersonRow, said: Mapping[str, str]) -> SeekerStatus | None:
        at_school = "studying" in said and values.is_at_school(said["studying"])
        if not rules.is_old_enough(row.birth_on, self._today):
            return SeekerStatus.STUDYING if at_school else SeekerStatus.NOT_SEEKING
        if at_school:
            return SeekerStatus.STUDYING
        _, unable = values.read_class(said.get("labour_class", said.get("labour_skill", "")))
        if unable:
            return SeekerStatus.UNABLE
        wants = values.is_yes(said.get("wants_work", ""))
        idle = any(said.get(f) and not values.is_nothing(said[f]) for f in ("not_working_reason",))
        for meaning in ("status", "employment_form"):
            found = values.read_status(said[meaning]) if meaning in said else None
            if found is SeekerStatus.NOT_SEEKING and wants:
                return SeekerStatus.SEEKING
            if found is not None and not (meaning == "employment_form" and idle):
                return found
        if idle:
            reason = values.read_not_working_reason(said["not_working_reason"])
            row.person["not_working_reason"] = reason
            wishes = any(said.get(f) for f in ("wish_occupation", "wish_region", "wish_wage"))
            return SeekerStatus.SEEKING if wants or wishes else SeekerStatus.NOT_SEEKING
        if said.get("employer_name") and not values.is_nothing(said["employer_name"]):
            return SeekerStatus.EMPLOYED
        return SeekerStatus.SEEKING if wants else None

    def _wishes(self, person: dict[str, Any], said: Mapping[str, str]) -> None:
        reach = values.read_reach(said["wish_region"]) if "wish_region" in said else None
        if reach is not None:
            person["travel"] = reach
        wage = values.read_wage_wish(said["wish_wage"]) if "wish_wage" in said else None
        if wage is not None:
            person["wage_floor_fen"], person["wage_floor_unit"] = wage
        profiles = values.read_profiles(said["wish_form"]) if "wish_form" in said else ()
        if profiles:
            person["profiles"] = sorted(profile.value for profile in profiles)
        wish = said.get("wish_occupation", "")
        if wish and not values.is_nothing(wish) and (occupations := _occupations(wish)):
            person["occupations"] = list(occupations)
        training = said.get("training_wish", "")
        if training and not values.is_nothing(training):
            person["training_wish"] = training[:60]
        reason = said.get("not_working_reason", "")
        if reason and "not_working_reason" not in person:
            found = values.read_not_working_reason(reason)
            if found is not None:
                person["not_working_reason"] = found
        back = values.read_return_reason(said["return_reason"]) if "return_reason" in said else None
        if back is not None:
            person["return_reason"] = back


def _put_words(person: dict[str, Any], column: str, text: str, length: int) -> None:
    if text and not values.is_nothing(text):
        person[column] = text[:length]


def _words(text: str) -> list[str]:
    found = (word[:30] for word in dict.fromkeys(_LIST.split(text)))
    return [word for word in found if word and not values.is_nothing(word)][:20]


@lru_cache(maxsize=8192)
def _skills(text: str) -> tuple[str, ...]:
    return tuple(read_skill_words(_words(text)))


@lru_cache(maxsize=8192)
def _certificates(text: str) -> tuple[str, ...]:
    return tuple(read_certificate_words(_words(text)))


@lru_cache(maxsize=8192)
def _occupations(text: str) -> tuple[str, ...]:
    return tuple(read_occupation_words(_words(text)))


def _heading(label: str) -> str:
    """The heading under which a cell is kept: one line, at most 40 signs."""
    return re.sub(r"\s+", "", label)[:40]
