"""取消息: takes the next message out of the outbox, decides whether it still goes out, marks it "calling".

All in one short transaction that is committed before anybody is called. What may not go yet gets a later
`due_at`; what is no longer wanted is dropped.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core import ratelimit
from app.core.clock import office_day
from app.core.crypto import FieldCipher, Unsealable
from app.notifications import health, limits, spending, stuck
from app.notifications.carriers import Carriers
from app.notifications.models import Message, MessageCampaign
from app.notifications.opt_outs import has_opted_out
from app.notifications.providers.base import Outgoing, Provider
from app.notifications.rules import (
    after_quiet,
    count_parts,
    is_quiet,
    with_signature,
)
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.subjects import is_still_wanted, is_wanted_by_reader
from app.notifications.terms import (
    CAPPED_PURPOSES,
    PAPER_CHANNELS,
    QUIET_PURPOSES,
    CampaignState,
    Channel,
    DropReason,
    MessageState,
)
from app.notifications.wording import render_template

CALLED_CHANNELS: Final = frozenset(Channel) - PAPER_CHANNELS
# All providers of the channel are unwell, or none has this template.
_NOBODY_CARRIES: Final = timedelta(minutes=1)
_CAMPAIGN_WAITS: Final = timedelta(seconds=10)
# Workers sleep for a second or so when nothing is due; what they slept through is made up for, no more.
_CATCH_UP: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Claimed:
    """A message marked "calling" by this worker, with what its provider is told."""

    message_id: int
    attempt: int
    provider: Provider
    outgoing: Outgoing
    called_at: datetime


# A message was looked at and put off or dropped: there may be another.
MOVED_ON: Final = "moved on"


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a worker has something to do; a read, so that idle workers leave SQLite's write lock alone."""
    if session.scalar(_due(now).with_only_columns(Message.id)) is not None:
        return True
    if session.scalar(_in_doubt(now).with_only_columns(Message.id)) is not None:
        return True
    return not is_quiet(now) and session.scalar(_ready(now).with_only_columns(MessageCampaign.id)) is not None


def _due(now: datetime) -> Select[Message]:
    return (
        select(Message)
        .where(
            Message.campaign_id.is_(None),
            Message.state == MessageState.WAITING,
            Message.due_at <= now,
            Message.channel.in_(CALLED_CHANNELS),
        )
        .order_by(Message.due_at, Message.id)
        .limit(1)
    )


def _ready(now: datetime) -> Select[MessageCampaign]:
    return (
        select(MessageCampaign)
        .where(MessageCampaign.state == CampaignState.RUNNING, MessageCampaign.next_at <= now)
        .order_by(MessageCampaign.next_at, MessageCampaign.id)
        .limit(1)
    )


def _in_doubt(now: datetime) -> Select[Message]:
    return (
        select(Message)
        .where(Message.state == MessageState.CALLING, Message.ask_at <= now)
        .order_by(Message.ask_at, Message.id)
        .limit(1)
    )


def claim_next(
    session: Session, now: datetime, cipher: FieldCipher, carriers: Carriers
) -> Claimed | str | None:
    """Takes the next message. None: nothing to do; MOVED_ON: ask again."""
    message = session.scalar(_due(now).with_for_update(skip_locked=True))
    if message is not None:
        return _take(session, message, now, cipher, carriers) or MOVED_ON
    if is_quiet(now):
        return None  # campaigns rest; their messages need not be touched one by one
    campaign = session.scalar(_ready(now).with_for_update(skip_locked=True))
    return None if campaign is None else _claim_of(session, campaign, now, cipher, carriers)


def _claim_of(
    session: Session, campaign: MessageCampaign, now: datetime, cipher: FieldCipher, carriers: Carriers
) -> Claimed | str:
    """The next message of a campaign, at its pace; a campaign with nothing left is done."""
    mine = select(Message).where(Message.campaign_id == campaign.id)
    waiting = mine.where(Message.state == MessageState.WAITING)
    message = session.scalar(
        waiting.where(Message.due_at <= now)
        .order_by(Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if message is not None:
        claimed = _take(session, message, now, cipher, carriers)
        if claimed is not None:
            campaign.next_at = _next_at(campaign, now)
        return claimed or MOVED_ON
    later = session.scalar(
        waiting.with_only_columns(Message.due_at).order_by(Message.due_at, Message.id).limit(1)
    )
    under_way = mine.where(Message.state == MessageState.CALLING).with_only_columns(Message.id).limit(1)
    if later is not None:
        campaign.next_at = max(later, now + _CAMPAIGN_WAITS)
    elif session.scalar(under_way) is not None:
        campaign.next_at = now + _CAMPAIGN_WAITS
    else:
        campaign.state, campaign.finished_at, campaign.next_at = CampaignState.DONE, now, None
    return MOVED_ON


def _next_at(campaign: MessageCampaign, now: datetime) -> datetime:
    """One message's share of a minute later than the last was due."""
    due_at = campaign.next_at or now
    return max(due_at, now - _CATCH_UP) + timedelta(minutes=1) / campaign.pace_per_minute


def _take(
    session: Session, message: Message, now: datetime, cipher: FieldCipher, carriers: Carriers
) -> Claimed | None:
    """Marks the message "calling", or puts it off, or drops it."""
    try:
        recipient, parameters = open_recipient(message, cipher), open_parameters(message, cipher)
    except Unsealable:
        message.state, message.outcome_code = MessageState.FAILED, "unsealable"
        message.settled_at = now
        return None
    if (reason := _reason_to_drop(session, message, recipient, now, cipher)) is not None:
        _drop(message, reason, now)
        return None
    later = _reason_to_wait(session, message, now)
    if later > now:
        _put_off(message, later, now)
        return None
    provider = _pick(session, message, now, carriers)
    if provider is None:
        _put_off(message, now + _NOBODY_CARRIES, now, stuck.NOBODY_CARRIES)
        return None
    text = render_template(message.template_code, parameters)
    message.parts = count_parts(with_signature(text, carriers.signature))
    message.cost_fen = message.parts * carriers.price_fen if message.channel is Channel.SMS else 0
    if message.cost_fen and not spending.spend(
        session, office_day(now), message.cost_fen, carriers.budget_fen
    ):
        _put_off(message, after_quiet(now + timedelta(hours=12)), now, stuck.BUDGET)
        return None
    message.state = MessageState.CALLING
    message.tries += 1
    message.provider, message.provider_id = provider.name, None
    message.called_at, message.asks, message.ask_at = now, 0, now + carriers.lease
    outgoing = Outgoing(
        reference=message.reference,
        recipient=recipient,
        template_id=provider.template_id(message.template_code) or "",
        signature=carriers.signature,
        text=text,
        parameters=parameters,
        link=parameters.get("link", ""),
    )
    return Claimed(message.id, message.tries, provider, outgoing, now)


def _reason_to_drop(
    session: Session, message: Message, recipient: str, now: datetime, cipher: FieldCipher
) -> DropReason | None:
    if not recipient:
        return DropReason.FORGOTTEN
    if not is_still_wanted(session, message.subject_kind, message.subject_id, message.template_code):
        return DropReason.SETTLED
    if not is_wanted_by_reader(session, message):
        return DropReason.SETTLED
    # Last: what came too late is for a person to tell, what is settled is for nobody.
    if message.expires_at <= now:
        return DropReason.TOO_LATE
    if has_opted_out(session, cipher, recipient, message.purpose):
        return DropReason.OPTED_OUT
    return None


def _reason_to_wait(session: Session, message: Message, now: datetime) -> datetime:
    """When the message may go: now, or after the quiet hours and the limits of its reader."""
    if message.purpose in QUIET_PURPOSES and is_quiet(now):
        return after_quiet(now)
    if message.purpose not in CAPPED_PURPOSES:
        return now
    # Two workers with two messages to one person: one after the other.
    ratelimit.take_turns(session, f"messages_to:{message.recipient_key}")
    room = limits.room_at(session, [message.recipient_key], message.channel, now, leave_out=message.id).get(
        message.recipient_key
    )
    return after_quiet(room) if room is not None else now


def _pick(session: Session, message: Message, now: datetime, carriers: Carriers) -> Provider | None:
    """The preferred provider that is well and has the template; another one than failed us last."""
    able = [p for p in carriers.of(message.channel) if p.template_id(message.template_code) is not None]
    able.sort(key=lambda provider: message.tries > 0 and provider.name == message.provider)
    name = health.first_well(session, [provider.name for provider in able], now)
    return carriers.by_name[name] if name is not None else None


def _drop(message: Message, reason: DropReason, now: datetime) -> None:
    message.state, message.drop_reason, message.settled_at = MessageState.DROPPED, reason, now


def _put_off(message: Message, until: datetime, now: datetime, code: str = "") -> None:
    """What would come too late is dropped at once rather than looked at again and again."""
    if until >= message.expires_at and not code:
        _drop(message, DropReason.TOO_LATE, now)
    else:
        message.due_at, message.outcome_code = until, code


@dataclass(frozen=True)
class Doubted:
    """A call nobody knows the end of, to be asked about."""

    message_id: int
    attempt: int
    asks: int
    provider: str
    reference: str
    recipient: str
    called_at: datetime


def claim_doubt(session: Session, now: datetime, cipher: FieldCipher, lease: timedelta) -> Doubted | None:
    """Takes a call whose end was not recorded in time; it is ours for `lease`."""
    message = session.scalar(_in_doubt(now).with_for_update(skip_locked=True))
    if message is None or message.provider is None or message.called_at is None:
        return None
    message.asks += 1
    message.ask_at = now + lease
    try:
        recipient = open_recipient(message, cipher)
    except Unsealable:
        recipient = ""
    return Doubted(
        message.id,
        message.tries,
        message.asks,
        message.provider,
        message.reference,
        recipient,
        message.called_at,
    )
