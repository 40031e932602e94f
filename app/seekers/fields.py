"""字段: which columns of a record have a history, what they are called, and how they look as plain JSON.

Everything written into a ledger change goes through here, so that a value reads the same today, in a timeline
and when a past day is rebuilt.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from app.core.types import UtcDateTime
from app.seekers.models import Household, Person
from app.seekers.terms import RecordKind

Record = Household | Person

# Column -> what people call it.
HOUSEHOLD_LABELS: Final[Mapping[str, str]] = {
    "region_code": "所在村",
    "household_number": "户编号",
    "address": "住址",
    "kinds": "户类型",
    "officer_id": "包户人",
    "note": "备注",
    "closed_at": "销档时间",
    "close_reason": "销档原因",
    "merged_into_id": "并到",
}
PERSON_LABELS: Final[Mapping[str, str]] = {
    "household_id": "所在户",
    "region_code": "所在村",
    "relation": "与户主关系",
    "name": "姓名",
    "sex": "性别",
    "birth_on": "出生日期",
    "education": "文化程度",
    "labour_class": "劳动力类别",
    "class_reason": "类别依据",
    "skills": "手艺",
    "certificates": "证书",
    "limits": "干不了的",
    "status": "就业状态",
    "seeking_since_on": "从哪天开始找",
    "occupations": "想干的活",
    "travel": "愿意走多远",
    "travel_minutes": "路上最多多久",
    "wage_floor_fen": "最低工钱",
    "wage_floor_unit": "工钱按什么算",
    "shifts": "班次",
    "profiles": "长工短工",
    "needs_board": "要管吃",
    "needs_lodging": "要管住",
    "cares_for_family": "要照看家人",
    "care_hours": "照看的钟点",
    "harvest_absences": "农忙要回家",
    "companions": "要一起去的人",
    "refused_places": "不去的地方",
    "training_wish": "想学什么",
    "welfare_eligible": "能上公益岗",
    "not_working_reason": "没上班的原因",
    "return_reason": "返乡原因",
    "employer_name": "在哪里上班",
    "work_place": "上班的地方",
    "x": "位置东",
    "y": "位置北",
    "closed_at": "销档时间",
    "close_reason": "销档原因",
    "merged_into_id": "并到",
}
# Only told in a change, no columns.
TOLD_LABELS: Final[Mapping[str, str]] = {"merged_from_id": "并入", "moved_people": "一起过来的人"}
SEALED_LABELS: Final[Mapping[str, str]] = {
    "id_number": "身份证号",
    "phone": "电话",
    "ledger": "台账其他项",
    "health": "健康、残疾、致贫原因",
}


def kind_of(record: Record) -> RecordKind:
    return RecordKind.HOUSEHOLD if isinstance(record, Household) else RecordKind.PERSON


def labels_of(kind: RecordKind) -> Mapping[str, str]:
    """Every field with a history that is not sealed."""
    return HOUSEHOLD_LABELS if kind is RecordKind.HOUSEHOLD else PERSON_LABELS


def label_of_field(field: str) -> str:
    for labels in (PERSON_LABELS, HOUSEHOLD_LABELS, SEALED_LABELS, TOLD_LABELS):
        if field in labels:
            return labels[field]
    return field


def snapshot(record: Record) -> dict[str, Any]:
    """All fields with a history as they are now, as plain JSON; sealed ones are left out."""
    return {field: plain(getattr(record, field)) for field in labels_of(kind_of(record))}


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def restored(model: type[Household] | type[Person], field: str, value: Any) -> Any:
    """The column's value of what `plain` made."""
    if value is None:
        return None
    column = model.__table__.c[field]
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    kind = column.type.python_type
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if issubclass(kind, Enum) else value


def difference(
    record: Record, values: Mapping[str, Any], fields: Iterable[str] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of those `values` that differ from the record, as plain JSON."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in fields if fields is not None else values:
        old, new = plain(getattr(record, field)), plain(values[field])
        if old != new:
            before[field], after[field] = old, new
    return before, after
