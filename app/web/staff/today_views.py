"""今天要办的, as page and paper show it: one row for each thing, with what to ask and whom to ring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.core.clock import OFFICE_ZONE, office_day
from app.core.crypto import FieldCipher
from app.employers.models import Employer
from app.employers.policies import may_see_contact
from app.employers.sealing import open_contact
from app.referrals.terms import TodayKind
from app.referrals.today import TodayItem
from app.referrals.wishes.models import JobWish
from app.seekers import masking, sealing
from app.seekers.models import Person
from app.seekers.policies import target_of_person
from app.web.formats import phone_words
from app.web.staff.page import MenuItem
from app.web.staff.wording import place_name

WISH: Final = "wish"
WISH_WORDS: Final = "报名等回电"
# What the chip says; the kinds in the order of the chips.
KIND_WORDS: Final = {
    TodayKind.CALL_BACK: "回头联系",
    TodayKind.ANSWER_DUE: "等本人回话",
    TodayKind.CONFIRM_DUE: "送给单位",
    TodayKind.EMPLOYER_SILENT: "单位没回话",
    TodayKind.RESULT_DUE: "问见面结果",
    TodayKind.ARRIVAL_DUE: "该到岗了",
    TodayKind.CHECK_DUE: "回访",
}
OF_THE_FIRM: Final = frozenset({TodayKind.EMPLOYER_SILENT})


@dataclass(frozen=True)
class TodayRow:
    """今天的一件事: `tel` is dialled, `tel_words` read; empty where there is none, or none for the reader.
    `is_firm`: it is the firm's. `call_back_id` has a button of its own; `ask` is for the paper."""

    name: str
    what: str
    place: str
    address: str
    due: str
    tone: str
    href: str
    due_at: datetime
    kind: str
    ask: str = ""
    tel: str = ""
    tel_words: str = ""
    is_firm: bool = False
    call_back_id: int | None = None
    wish_id: int | None = None


@dataclass(frozen=True)
class Chip:
    """一类的件数."""

    code: str
    words: str
    count: int


@dataclass(frozen=True)
class TodayView:
    """今天要办的: `total` in all, of which `rows` are shown; `late` of those are overdue."""

    rows: tuple[TodayRow, ...]
    chips: tuple[Chip, ...]
    only: str
    total: int
    late: int
    next_href: str
    day: str
    messages: tuple[MenuItem, ...] = ()


@dataclass(frozen=True)
class Hamlet:
    """一个村的名单."""

    name: str
    rows: tuple[TodayRow, ...]


@dataclass(frozen=True)
class PrintView:
    """电话名单."""

    hamlets: tuple[Hamlet, ...]
    total: int
    day: str
    area: str
    has_hidden: bool
    csrf: str


def due_words(due_at: datetime, now: datetime) -> tuple[str, str]:
    """过了 2 天 / 今天 / 25 日前, and the colour for it."""
    days = (office_day(due_at) - office_day(now)).days
    if days < 0:
        return f"过了 {-days} 天", "late"
    if days == 0:
        return "今天", "now"
    return f"{due_at.astimezone(OFFICE_ZONE).day} 日前", ""


def row_of_item(
    item: TodayItem,
    actor: Actor,
    people: Mapping[int, Person],
    firms: Mapping[int, Employer],
    villages: Mapping[str, str],
    cipher: FieldCipher,
    now: datetime,
) -> TodayRow:
    """A thing to do; `firms` by referral."""
    words, tone = due_words(item.due_at, now)
    person = people.get(item.person_id)
    firm = firms.get(item.referral_id or 0)
    is_firm = item.kind in OF_THE_FIRM
    if is_firm:
        tel = firm_tel(actor, firm, cipher) if firm is not None else ""
    else:
        tel = person_tel(actor, person, cipher) if person is not None else ""
    what, ask = _words_of(item)
    return TodayRow(
        name=item.person_name if sees_names(actor, item.region_code) else masking.mask_name(item.person_name),
        what=what,
        place=place_name(item.region_code, villages),
        address=person.household.address if person is not None else "",
        due=words,
        tone=tone,
        href=_href(item),
        due_at=item.due_at,
        kind=item.kind.value,
        ask=ask,
        tel=tel,
        tel_words=tel_words(tel),
        is_firm=is_firm,
        call_back_id=item.call_back_id,
    )


def row_of_wish(
    wish: JobWish, actor: Actor, villages: Mapping[str, str], now: datetime, phone: str = ""
) -> TodayRow:
    """A wish; its number is shown on its own page, where the look is written down."""
    words, tone = due_words(wish.due_at, now)
    name = wish.name if sees_names(actor, wish.region_code) else masking.mask_name(wish.name)
    by = "家里人报的" if wish.is_for_family else "自己报的"
    return TodayRow(
        name=name,
        what=f"想去{wish.job.employer.name}干{wish.job.title}",
        place=place_name(wish.region_code, villages),
        address=by,
        due=words,
        tone=tone,
        href=f"/staff/wishes/{wish.id}",
        due_at=wish.due_at,
        kind=WISH,
        ask="会干啥？哪天能去？家里走得开吗？",
        tel=phone,
        tel_words=phone_words(phone),
        wish_id=wish.id,
    )


def _href(item: TodayItem) -> str:
    if item.check_id is not None:
        return f"/staff/checks/{item.check_id}"
    if item.call_back_id is not None:
        return f"/staff/people/{item.person_id}/push"
    return f"/staff/referrals/{item.referral_id}"


def _words_of(item: TodayItem) -> tuple[str, str]:
    """What there is to do, and what to ask on the phone."""
    firm, title = item.employer_name, item.title
    if item.kind is TodayKind.ANSWER_DUE:
        return f"推了{firm}的{title}，等回话", "愿不愿意去？不愿意是为啥？"
    if item.kind is TodayKind.CONFIRM_DUE:
        return f"愿意去{firm}干{title}，还没送", "送给单位，说一声哪天有回话"
    if item.kind is TodayKind.EMPLOYER_SILENT and item.told_silent:
        return f"说{firm}一直没打电话（{title}），替着问清", "为啥没联系？要不要人？哪天见面？问完给本人回话"
    if item.kind is TodayKind.EMPLOYER_SILENT:
        return f"{firm}还没回话（{title}），替着催催", "人看了吗？要不要？哪天见面？"
    if item.kind is TodayKind.RESULT_DUE:
        return f"和{firm}见过面，问问咋样（{title}）", "要没要？哪天上班？一个月多少？"
    if item.kind is TodayKind.ARRIVAL_DUE:
        return f"该去{firm}上班了（{title}）", "到了没有？谁看见的？"
    if item.kind is TodayKind.CHECK_DUE:
        visit = "，电话没打通过，要上门" if item.needs_visit else ""
        return f"在{firm}上班第 {item.check_day} 天，问问咋样{visit}", "还在干吗？上月多少钱？按时发没有？"
    return (item.cause.label if item.cause else "回头联系"), "咋回事？还想找啥活？"


def sees_names(actor: Actor, region_code: str) -> bool:
    """Whether the reader sees whole names in referrals of a place; auditors see them masked."""
    found = may(actor, Action.READ, Resource.REFERRAL, Target(region_code=region_code))
    return found is not None and not found.is_masked


def person_tel(actor: Actor, person: Person, cipher: FieldCipher) -> str:
    """The number, for who may read it whole; empty where there is none."""
    permission = may(actor, Action.READ, Resource.PHONE, target_of_person(person))
    if permission is None or permission.is_masked:
        return ""
    return sealing.open_phone(person, cipher) or ""


def tel_words(tel: str) -> str:
    """A mobile phone in groups to be read out; a landline as it is written."""
    return phone_words(tel) if tel.startswith("1") else tel


def firm_tel(actor: Actor, firm: Employer, cipher: FieldCipher) -> str:
    """The firm's number, for the township and county of its area."""
    return open_contact(firm, cipher) if may_see_contact(actor, firm) else ""
