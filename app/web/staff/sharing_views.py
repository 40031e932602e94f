"""余缺调剂页的内容: who is lent where, who is due back, whom to ask; one agreement with its workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.core.clock import office_day
from app.labour_sharing.models import SharedStay, SharedStayEvent, SharingAgreement
from app.labour_sharing.rules import days_late
from app.labour_sharing.terms import AgreementState, SharingSide, StayState
from app.referrals.spells.models import EmploymentSpell
from app.referrals.terms import Channel
from app.web.sharing_form import AgreementRow, NoticeForm, NoticeRow, day_of

SAID_BY = tuple((each.value, each.label) for each in (Channel.PHONE, Channel.VISIT, Channel.PAPER))


@dataclass(frozen=True)
class StayRow:
    """一个人的借用: `steps` value and words of what may be done now; `asks` how the person said it first."""

    id: int
    agreement_id: int
    name: str
    href: str
    line: str
    due: str
    tone: str
    steps: tuple[tuple[str, str], ...] = ()
    asks: bool = False
    asks_day: bool = False
    may_check: bool = False
    history: tuple[str, ...] = ()


@dataclass(frozen=True)
class SharingView:
    """余缺调剂: late and due first."""

    out: tuple[StayRow, ...]
    late: int
    to_check: tuple[StayRow, ...]
    agreements: tuple[AgreementRow, ...]
    offers: tuple[NoticeRow, ...]
    needs: tuple[NoticeRow, ...]
    may_write: bool


@dataclass(frozen=True)
class FittingView:
    """一条余缺和对得上的."""

    row: NoticeRow
    fitting: tuple[tuple[NoticeRow, str], ...]
    may_write: bool


@dataclass(frozen=True)
class DealForm:
    """拟协议的表."""

    offer: NoticeRow
    need: NoticeRow
    offer_id: int
    need_id: int
    typed: dict[str, str]
    terms: tuple[str, ...]
    token: str
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NoticePage:
    """替单位报余缺: first the firm (no places yet), then the notice."""

    form: NoticeForm


@dataclass(frozen=True)
class FirmLine:
    """一家点头没有."""

    side: str
    words: str
    waits: bool


@dataclass(frozen=True)
class AgreementView:
    """一份协议: `lendable` spell and words of workers who may be named."""

    row: AgreementRow
    terms: tuple[str, ...]
    firms: tuple[FirmLine, ...]
    stays: tuple[StayRow, ...]
    lendable: tuple[tuple[int, str], ...]
    is_agreed: bool
    may_cancel: bool
    said_by: tuple[tuple[str, str], ...] = SAID_BY
    today: str = ""
    problem: str = ""


def stay_row(stay: SharedStay, today: date, events: Sequence[SharedStayEvent] = ()) -> StayRow:
    """A stay in words, with what may be done next."""
    person, agreement = stay.home_spell.person, stay.agreement
    due, tone = _due(stay, today)
    steps = {
        StayState.NAMED: (("consent", "本人同意去"), ("decline", "本人不去")),
        StayState.CONSENTED: (("move", "过去上班了"), ("decline", "本人又不去了")),
        StayState.THERE: (("bring_back", "回原单位了"),),
    }.get(stay.state, ())
    return StayRow(
        stay.id,
        agreement.id,
        person.name,
        f"/staff/households/{person.household_id}#p{person.id}",
        f"{agreement.home.name} 借给 {agreement.host.name}，{agreement.title}",
        due,
        tone,
        steps,
        asks=stay.state in (StayState.NAMED, StayState.CONSENTED),
        asks_day=stay.state in (StayState.CONSENTED, StayState.THERE),
        may_check=stay.state is StayState.BACK and stay.check_answer_id is None,
        history=tuple(_event_words(event) for event in events if event.stay_id == stay.id),
    )


def _due(stay: SharedStay, today: date) -> tuple[str, str]:
    late = days_late(stay.state, stay.due_back_on, today)
    if late:
        return f"该回 {late} 天了", "late"
    if stay.state is StayState.THERE:
        soon = (stay.due_back_on - today).days <= 7
        return f"{day_of(stay.due_back_on)}前回", "now" if soon else ""
    if stay.state is StayState.BACK and stay.back_on is not None:
        asked = "问过了" if stay.check_answer_id else f"{day_of(stay.check_due_on or stay.back_on)}问一问"
        return f"{day_of(stay.back_on)}回来了，{asked}", "ok"
    return stay.state.label, "now" if stay.state is StayState.NAMED else ""


def _event_words(event: SharedStayEvent) -> str:
    note = f"，{event.note}" if event.note else ""
    return f"{day_of(office_day(event.at))} {event.action.label}（{event.channel.label}）{note}"


def firm_lines(agreement: SharingAgreement) -> tuple[FirmLine, ...]:
    """Whether each firm has said yes, how and when."""
    asked = agreement.state is AgreementState.PROPOSED
    found = []
    for side, firm, at, how in (
        (SharingSide.OFFER, agreement.home, agreement.home_agreed_at, agreement.home_agreed_by),
        (SharingSide.NEED, agreement.host, agreement.host_agreed_at, agreement.host_agreed_by),
    ):
        said = f"{day_of(office_day(at))}点头了（{Channel(how).label if how else ''}）" if at else "还没点头"
        found.append(FirmLine(side.value, f"{firm.name}：{said}", asked and at is None))
    return tuple(found)


def lendable_words(spell: EmploymentSpell) -> str:
    """Somebody at work at the home firm."""
    return f"{spell.person.name}，{spell.title or '在岗'}，{day_of(spell.starts_on)}起"
