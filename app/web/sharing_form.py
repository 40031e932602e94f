"""余缺调剂的表和行: what is typed of a notice; notices and agreements in words, for firms and officers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from starlette.datastructures import FormData

from app.core.errors import FieldProblem, Invalid
from app.employers.models import Employer
from app.labour_sharing import rules
from app.labour_sharing.models import SharingAgreement, SharingNotice
from app.labour_sharing.schemas import NoticeIn
from app.labour_sharing.terms import AgreementState, SharingSide, StayState
from app.web.formats import yuan

SIDES: Final = tuple((side.value, side.label) for side in SharingSide)
TERMS: Final = rules.TERMS
_FIELDS: Final = ("side", "title", "headcount", "from_on", "until_on", "region_code", "note", "firm")
_TONES: Final = {
    AgreementState.PROPOSED: "now",
    AgreementState.AGREED: "ok",
    AgreementState.CANCELLED: "",
    AgreementState.ENDED: "",
}

Typed = dict[str, str]


@dataclass(frozen=True)
class NoticeForm:
    """报余缺的表."""

    typed: Mapping[str, str]
    places: tuple[tuple[str, str], ...]
    action: str
    token: str = ""
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    sides: tuple[tuple[str, str], ...] = SIDES
    firms: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoticeRow:
    """一条余缺."""

    id: int
    side: str
    firm: str
    title: str
    line: str
    note: str


@dataclass(frozen=True)
class AgreementRow:
    """一份协议, without the names of workers."""

    id: int
    title: str
    firms: str
    line: str
    pay: str
    state: str
    tone: str
    numbers: str
    note: str


def blank(firm: Employer | None) -> Typed:
    """An empty notice: idle workers, at the firm's own place."""
    usual = {"side": SharingSide.OFFER.value, "region_code": firm.region_code if firm else ""}
    return dict.fromkeys(_FIELDS, "") | usual | {"firm": firm.name if firm else ""}


def read_typed(sent: FormData, typed: Mapping[str, str]) -> Typed:
    """What was sent, laid over `typed`."""
    found = dict(typed)
    for name in _FIELDS:
        value = sent.get(name)
        if isinstance(value, str):
            found[name] = value.strip()[:200]
    return found


def read_notice(typed: Mapping[str, str]) -> NoticeIn:
    """The notice the form speaks of. Raises Invalid (the form's fields named), ValidationError."""
    problems = [
        FieldProblem(name, words)
        for name, words in (
            ("title", "写上干啥活的人，比如缝纫工"),
            ("from_on", "写上从哪天起"),
            ("until_on", "写上到哪天为止"),
        )
        if not typed[name]
    ]
    heads = typed["headcount"].removesuffix("人").removesuffix("个").strip()
    if not (heads.isascii() and heads.isdigit() and 0 < int(heads[:6]) <= 10_000):
        problems.append(FieldProblem("headcount", "写上几个人，只写数"))
    if problems:
        raise Invalid("有几处还要改一下。", fields=problems)
    same = {name: typed[name] for name in _FIELDS if name not in ("firm", "headcount")}
    return NoticeIn.model_validate(same | {"headcount": int(heads)})


def day_of(day: date) -> str:
    """11 月 22 日."""
    return f"{day.month} 月 {day.day} 日"


def notice_row(notice: SharingNotice) -> NoticeRow:
    """A notice in words."""
    return NoticeRow(
        notice.id,
        notice.side.label,
        notice.employer.name,
        notice.title,
        f"{notice.headcount:,} 个，{day_of(notice.from_on)} 到 {day_of(notice.until_on)}",
        notice.note,
    )


def agreement_row(agreement: SharingAgreement, counts: Mapping[StayState, int]) -> AgreementRow:
    """An agreement in words, with how many workers stand where."""
    said = [f"{state.label} {counts[state]} 人" for state in StayState if counts.get(state)]
    return AgreementRow(
        agreement.id,
        agreement.title,
        f"{agreement.home.name} 借给 {agreement.host.name}",
        f"{agreement.headcount:,} 个，{day_of(agreement.starts_on)} 到 {day_of(agreement.ends_on)}",
        f"每月不少于 {yuan(agreement.wage_fen)} 元",
        agreement.state.label,
        _TONES[agreement.state],
        "，".join(said),
        agreement.note,
    )
