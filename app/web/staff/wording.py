"""台账的话: values of a record, its history and its days past, in the words people use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from app.core.clock import OFFICE_ZONE
from app.core.terms import LabelledEnum
from app.occupations.terms import Demand, Education, Shift, WageUnit, WorkProfile
from app.regions import gazetteer
from app.regions.terms import Reach
from app.seekers.history import FieldChange, TimelineEntry
from app.seekers.terms import (
    ChangeKind,
    CloseReason,
    HouseholdKind,
    LabourClass,
    NotWorkingReason,
    RecordKind,
    Relation,
    ReturnReason,
    SeekerStatus,
    Sex,
)
from app.seekers.words import label_of_word
from app.web.formats import yuan

TERMS: Final[Mapping[str, type[LabelledEnum]]] = {
    "relation": Relation,
    "sex": Sex,
    "education": Education,
    "labour_class": LabourClass,
    "status": SeekerStatus,
    "travel": Reach,
    "wage_floor_unit": WageUnit,
    "not_working_reason": NotWorkingReason,
    "return_reason": ReturnReason,
    "close_reason": CloseReason,
    "kinds": HouseholdKind,
    "limits": Demand,
    "shifts": Shift,
    "profiles": WorkProfile,
}
_SAID: Final = frozenset({"skills", "certificates", "occupations"})
_PLACES: Final = frozenset({"region_code", "refused_places"})
# Numbers of rows say nothing to people, metres of a plane neither.
_UNSAID: Final = frozenset({"household_id", "merged_into_id", "merged_from_id", "moved_people", "x", "y"})
NOTHING: Final = "没填"


@dataclass(frozen=True)
class ChangeLine:
    """One field of a change, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryLine:
    """历史一条, in words."""

    title: str
    day: str
    who: str
    reason: str
    lines: tuple[ChangeLine, ...]


def say(name: str, value: Any, villages: Mapping[str, str] | None = None) -> str:
    """A value of field `name` (as stored, or as plain JSON) in words; 没填 where there is none."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, list | tuple):
        return "、".join(_say_one(name, item, villages or {}) for item in value)
    return _say_one(name, value, villages or {})


def _say_one(name: str, value: Any, villages: Mapping[str, str]) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in TERMS:
        return next((term.label for term in TERMS[name] if term.value == value), str(value))
    if name in _SAID:
        return label_of_word(value)
    if name in _PLACES:
        return place_name(value, villages)
    if name == "wage_floor_fen":
        return f"{yuan(value)} 元"
    if name == "travel_minutes":
        return f"{value} 分钟"
    if name == "officer_id":
        return "已定"
    return _say_day(value)


def _say_day(value: Any) -> str:
    if isinstance(value, date):
        return day_words(value)
    text = str(value)
    try:
        return day_words(date.fromisoformat(text[:10])) if len(text) >= 10 and text[4] == "-" else text
    except ValueError:
        return text


def day_words(day: date | datetime, today: date | None = None) -> str:
    """2026 年 11 月 22 日; without the year where it is that of `today`."""
    if isinstance(day, datetime):
        day = day.astimezone(OFFICE_ZONE).date()
    if today is not None and day.year == today.year:
        return f"{day.month} 月 {day.day} 日"
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def place_name(code: str, villages: Mapping[str, str]) -> str:
    """The name of a village or a division; its town's where the village is unknown."""
    if code in villages:
        return villages[code]
    division = gazetteer.find_nearest(code)
    return division.name if division else code


def change_line(change: FieldChange, villages: Mapping[str, str] | None = None) -> ChangeLine | None:
    """None for what says nothing to people."""
    if change.name in _UNSAID:
        return None
    if change.is_sealed or change.name == "birth_on":  # as good as the ID number beside its last four
        return ChangeLine(change.label, "", "改了，内容不显示")
    before = say(change.name, change.before, villages)
    return ChangeLine(
        change.label, "" if before == NOTHING else before, say(change.name, change.after, villages)
    )


def history_line(
    entry: TimelineEntry,
    names: Mapping[int, str],
    today: date,
    villages: Mapping[str, str] | None = None,
) -> HistoryLine:
    """An entry of a timeline; `names` tells people apart on a household's."""
    about = names.get(entry.record_id, "一位家人") if entry.record_kind is RecordKind.PERSON else "这一户"
    lines = [line for change in entry.fields if (line := change_line(change, villages)) is not None]
    # A new record's first entry has no fields; a move tells the new place only.
    who = f"{entry.actor_name}记" + (f"，听{entry.acting_for}说的" if entry.acting_for else "")
    if entry.import_id is not None:
        who = f"{who}，从表里导入"
    title = f"{about}：{entry.kind.label}"
    status = next((c.after for c in entry.fields if c.name == "status"), None)
    if entry.kind is ChangeKind.UPDATED and status is not None:
        title = f"{about}：{say('status', status)}"
    return HistoryLine(title, day_words(entry.at, today), who, entry.reason, tuple(lines))
