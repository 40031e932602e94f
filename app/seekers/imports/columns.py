"""对列名: which column of an office's sheet means what, guessed from its heading and its content."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.sheets.header import plain_heading
from app.core.terms import LabelledEnum
from app.seekers.id_numbers import check_sign, lengthen, tidy
from app.seekers.imports import values
from app.seekers.imports.headings import HEALTH, LEDGER, SKIP, is_certain, is_field, know_heading

SAMPLE: Final = 200
"""Rows looked at for guessing by content."""
_ENOUGH: Final = 0.8
_LEAST_FILLED: Final = 3
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙史陶贺毛段郝顾龚邵万覃武钱戴严莫孔向常汤康易乔牛党惠拓仇解梅葛"
)


class Confidence(LabelledEnum):
    """把握: how sure the guess is."""

    SURE = "sure", "准"
    LOOK = "look", "看一眼"
    NONE = "none", "不认识"


@dataclass(frozen=True, slots=True)
class Column:
    """表里的一列: `index` from 0, `label` as it stands, `field` what we take it for (see headings)."""

    index: int
    label: str
    field: str
    confidence: Confidence

    def as_json(self) -> list[object]:
        return [self.index, self.label, self.field, self.confidence.value]

    @staticmethod
    def from_json(stored: Sequence[object]) -> "Column":
        index, label, field, confidence = stored
        return Column(int(str(index)), str(label), str(field), Confidence(str(confidence)))


def guess_columns(
    labels: Sequence[str], sample: Sequence[Sequence[str]], told: Mapping[str, str] | None = None
) -> list[Column]:
    """What each column means. `told` (heading -> field or one of its names) overrules every guess.

    A heading we know counts, unless what stands below it plainly is something else (then: have a look). A
    column with no known heading is judged by its content; what stays unknown goes to the ledger as it is.
    """
    wanted = {plain_heading(label): target for label, target in (told or {}).items()}
    columns: list[Column] = []
    for index, label in enumerate(labels):
        cells = [row[index] for row in sample if index < len(row) and row[index]][:SAMPLE]
        target = wanted.get(plain_heading(label))
        if target is not None:
            field = target if is_field(target) else know_heading(target) or LEDGER
            columns.append(Column(index, label, field, Confidence.SURE))
        else:
            columns.append(_guess(index, label, cells))
    return _once_each(columns)


def correct_columns(columns: Sequence[Column], chosen: Mapping[int, str]) -> list[Column]:
    """The columns with what a person chose for some of them (index -> field)."""
    return [
        replace(column, field=chosen[column.index], confidence=Confidence.SURE)
        if column.index in chosen and is_field(chosen[column.index])
        else column
        for column in columns
    ]


def _guess(index: int, label: str, cells: Sequence[str]) -> Column:
    field = know_heading(label)
    seen = _by_content(cells)
    if field is not None:
        if seen in _UNMISTAKABLE and field != seen and field not in _MAY_HOLD.get(seen, ()):
            return Column(index, label, seen, Confidence.LOOK)
        sure = is_certain(label) and not _contradicts(field, cells)
        return Column(index, label, field, Confidence.SURE if sure else Confidence.LOOK)
    if seen is not None:
        return Column(index, label, seen, Confidence.LOOK)
    if not label and not cells:
        return Column(index, label, SKIP, Confidence.NONE)
    return Column(index, label, LEDGER, Confidence.NONE)


def _once_each(columns: list[Column]) -> list[Column]:
    """Of several columns with one meaning the surest, then the first, keeps it; the others go to the
    ledger."""
    best: dict[str, Column] = {}
    order = [Confidence.SURE, Confidence.LOOK, Confidence.NONE]
    for column in columns:
        held = best.get(column.field)
        if held is None or order.index(column.confidence) < order.index(held.confidence):
            best[column.field] = column
    return [
        column
        if column.field in (LEDGER, SKIP, HEALTH) or best[column.field] is column
        else replace(column, field=LEDGER, confidence=Confidence.LOOK)
        for column in columns
    ]


def looks_like_id(text: str) -> bool:
    """Whether a cell is an ID number by form and check sign, or the ruin of one (6.1E+17)."""
    signs = tidy(text)
    if re.fullmatch(r"\d\.\d+E\+1[67]", signs):
        return True
    if re.fullmatch(r"\d{15}", signs):
        return bool(re.fullmatch(r"19\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]).*", lengthen(signs)[6:]))
    return bool(re.fullmatch(r"\d{17}[\dX]", signs)) and check_sign(signs[:17]) == signs[17]


def _is_phone(text: str) -> bool:
    return bool(re.fullmatch(r"(?:\+?86-?)?1[3-9]\d{9}", values.tidy(text).replace("-", "")))


def _is_name(text: str) -> bool:
    return 2 <= len(text) <= 4 and text[0] in _SURNAMES and all("\u4e00" <= sign <= "\u9fff" for sign in text)


def _is_birth(text: str) -> bool:
    day = values.read_day(text)
    return day is not None and 1920 <= day.year <= 2015 and len(text) >= 6


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(?:\.\d+)?", text))


_TESTS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("id_number", looks_like_id),
    ("phone", _is_phone),
    ("sex", lambda text: text in ("男", "女", "男性", "女性")),
    ("region_code", lambda text: bool(re.fullmatch(r"[1-8]\d{11}", text))),
    ("birth_on", _is_birth),
    ("relation", lambda text: len(text) <= 6 and values.read_relation(text) not in (None, "other")),
    ("monitored_kind", lambda text: bool(values.read_kinds(text)) and len(text) <= 12),
    ("labour_class", values.is_class_word),
    ("education", lambda text: len(text) <= 8 and values.read_education(text) is not None),
    ("town", lambda text: bool(re.fullmatch(r"[\u4e00-\u9fff]{1,8}(?:镇|乡|街道|街道办|办事处)", text))),
    ("village", lambda text: bool(re.fullmatch(r"[\u4e00-\u9fff]{1,10}(?:村|社区|村委会|居委会)", text))),
    ("name", _is_name),
)
_UNMISTAKABLE: Final = frozenset({"id_number", "phone"})
_MAY_HOLD: Final = {
    "id_number": ("head_id_number", LEDGER, SKIP, "disability"),
    "phone": ("household_phone", LEDGER, SKIP, "note"),
}
# A field whose cells must have this form for the guess to be beyond doubt.
_FORMS: Final[dict[str, Callable[[str], bool]]] = {
    "id_number": lambda text: len(tidy(text)) >= 15 or looks_like_id(text),
    "phone": lambda text: any(sign.isdigit() for sign in text),
    "sex": lambda text: values.read_sex(text) is not None,
    "birth_on": lambda text: values.read_day(text) is not None,
    "age": _is_number,
}


def _by_content(cells: Sequence[str]) -> str | None:
    if len(cells) < _LEAST_FILLED:
        return None
    return next((field for field, test in _TESTS if sum(map(test, cells)) >= _ENOUGH * len(cells)), None)


def _contradicts(field: str, cells: Sequence[str]) -> bool:
    test = _FORMS.get(field)
    return test is not None and bool(cells) and sum(map(test, cells)) < _ENOUGH * len(cells)
