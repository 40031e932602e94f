"""要人管的消息、要打的电话: what each page shows. Plain values and sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.accounts.actor import Actor
from app.core.crypto import FieldCipher
from app.notifications.showing import ShownMessage, show_message
from app.notifications.stuck import BUDGET, NOBODY_CARRIES
from app.notifications.terms import DropReason, MessageState, TroubleDecision
from app.referrals.mailing.calls import Call
from app.referrals.mailing.troubles import Trouble
from app.web.formats import phone_words
from app.web.staff.campaign_views import moment
from app.web.staff.today_views import due_words, firm_tel, person_tel, tel_words
from app.web.staff.wording import place_name

_OWN_LINK = re.compile(r"/([aec])/[0-9]+-[0-9a-z]+")
# What was wrong, and what each choice means, as a neighbour would say it.
_BUTTONS = {
    TroubleDecision.AGAIN: "再发一次",
    TroubleDecision.COUNTS_AS_SENT: "问过了，收到了",
    TroubleDecision.CALL_INSTEAD: "改打电话",
    TroubleDecision.LEFT: "不用再说了",
}
_DROPPED = {
    DropReason.TOO_LATE: "轮到它的时候已经过了日子，没有发。",
    DropReason.RESTORED: "电脑出过毛病，恢复以后不敢乱发：这条可能发过，也可能没发。",
}
_STUCK = {
    NOBODY_CARRIES: "短信通道现在不通，{count} 条在等，通了自己会发。急的先打电话。",
    BUDGET: "今天的短信钱用完了，{count} 条明天接着发。急的先打电话。",
}


@dataclass(frozen=True)
class TroubleRow:
    """一条要人管的消息: `choices` are code, words, and whether it is the first to be thought of."""

    id: int
    name: str
    place: str
    href: str
    tel: str
    tel_words: str
    title: str
    text: str
    what: str
    when: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MessagesView:
    """要人管的消息: `calls` how many calls wait on the other page."""

    rows: tuple[TroubleRow, ...]
    total: int
    calls: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class CallRow:
    """要打的一个电话."""

    id: int
    name: str
    place: str
    href: str
    tel: str
    tel_words: str
    title: str
    words: str
    due: str
    tone: str


@dataclass(frozen=True)
class CallsView:
    """要打电话告诉的."""

    rows: tuple[CallRow, ...]
    total: int
    troubles: int


def what_happened(message: ShownMessage, reason: DropReason | None) -> str:
    """What became of it, in plain words."""
    if message.state is MessageState.UNKNOWN:
        return "发的时候断了线，问了运营商也说不清收到没有。再发一次，可能会收到两条。"
    if message.state is MessageState.DROPPED and reason is not None:
        return _DROPPED.get(reason, f"没有发：{reason.label}。")
    return "没送到，号码可能停机或者换了。打个电话问问，换了号就改档案。"


def stuck_notes(stuck: Mapping[str, int]) -> tuple[str, ...]:
    """What holds messages up in general."""
    return tuple(_STUCK[why].format(count=count) for why, count in stuck.items())


def trouble_row(
    trouble: Trouble, actor: Actor, villages: Mapping[str, str], cipher: FieldCipher, now: datetime
) -> TroubleRow:
    """One message in trouble."""
    shown = show_message(trouble.message, cipher)
    name, place, href, tel = _whom(trouble, actor, villages, cipher)
    return TroubleRow(
        trouble.message.id,
        name,
        place,
        href,
        tel,
        tel_words(tel),
        shown.title,
        # The link is the reader's own key to answering; colleagues answer on their own pages.
        _OWN_LINK.sub(r"/\1/……", shown.text),
        what_happened(shown, trouble.message.drop_reason),
        moment(trouble.message.settled_at or trouble.message.created_at, now),
        tuple((choice.value, _BUTTONS[choice]) for choice in trouble.choices),
    )


def call_row(
    call: Call, actor: Actor, villages: Mapping[str, str], cipher: FieldCipher, now: datetime
) -> CallRow:
    """One call to make."""
    name, place, href, tel = _whom(call, actor, villages, cipher)
    tel = call.phone or tel
    words, tone = due_words(call.until, now)
    return CallRow(
        call.message_id,
        name,
        place,
        href,
        tel,
        phone_words(tel) if tel.startswith("1") else tel,
        call.title,
        call.words,
        words,
        tone,
    )


def _whom(
    found: Trouble | Call, actor: Actor, villages: Mapping[str, str], cipher: FieldCipher
) -> tuple[str, str, str, str]:
    """Name, place, page and number of who it is for."""
    if found.person is not None:
        person = found.person
        tel = person_tel(actor, person, cipher)
        return person.name, place_name(person.region_code, villages), f"/staff/people/{person.id}", tel
    if found.employer is not None:
        firm = found.employer
        return firm.name, place_name(firm.region_code, villages), "", firm_tel(actor, firm, cipher)
    return "一位", "", "", ""
