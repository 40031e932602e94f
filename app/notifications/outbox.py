"""发件箱: messages are written down with what caused them, in one transaction; nobody is called here.

enqueue_message(session, clock, cipher, NewMessage(
    "job_offer", {...}, recipient=phone, recipient_key=f"person:{person.id}",
    subject_kind="referral", subject_id=referral.id, dedupe_key=f"referral:{referral.id}:offer"))
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.rules import normalise_phone
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, FieldProblem, Invalid, NotFound
from app.core.ids import reserve_ids
from app.notifications.models import Message, MessageDecision
from app.notifications.rules import after_quiet
from app.notifications.sealing import sealed_columns
from app.notifications.terms import (
    PAPER_CHANNELS,
    QUIET_PURPOSES,
    Channel,
    DropReason,
    MessageState,
    Purpose,
    TroubleDecision,
)
from app.notifications.wording import PARAMETER_MAX, clean_parameters, get_template

WORTH_SENDING_FOR: Final = timedelta(days=3)


@dataclass(frozen=True)
class NewMessage:
    """要发的消息. `recipient` is a mobile number for SMS and calls, an openid for WeChat, an address for a
    letter; `recipient_key` says whose limits count when one phone is shared (the phone itself when left out);
    `dedupe_key` makes it one message however often it is asked for.
    """

    template_code: str
    parameters: Mapping[str, str] = field(repr=False)
    recipient: str = field(default="", repr=False)
    channel: Channel = Channel.SMS
    recipient_key: str | None = None
    subject_kind: str | None = None
    subject_id: int | None = None
    dedupe_key: str | None = None
    purpose: Purpose | None = None
    due_at: datetime | None = None
    worth_sending_for: timedelta = WORTH_SENDING_FOR


def new_reference() -> str:
    """Our own name for a message at the provider: 100 bits, tells nothing."""
    return secrets.token_hex(13)


def choose_channel(template_code: str, parameters: Mapping[str, str], phone: str) -> Channel:
    """By SMS; for the officer's call list where there is no mobile number, or no room for the link."""
    has_room = "link" not in get_template(template_code).slots or len(parameters["link"]) <= PARAMETER_MAX
    return Channel.SMS if has_room and normalise_phone(phone) is not None else Channel.CALL


def clean_recipient(recipient: str, channel: Channel) -> str:
    """What is stored. Raises `Invalid` for what the channel can't reach."""
    if channel is Channel.SMS:
        number = normalise_phone(recipient)
        if number is None:
            message = "手机号要 11 位数字，请再看看。"
            raise Invalid(message, fields=[FieldProblem("recipient", message)])
        return number
    if channel is Channel.WECHAT and not recipient.strip():
        message = "这个人没有绑定微信。"
        raise Invalid(message, fields=[FieldProblem("recipient", message)])
    return recipient.strip()


def enqueue_message(session: Session, clock: Clock, cipher: FieldCipher, new: NewMessage) -> int:
    """Writes a message into the outbox, in the caller's transaction; returns its id.

    With a `dedupe_key` that is known already nothing is added and the id of that message is returned. Raises
    `Invalid` for parameters the template does not have or a number nobody can call, `Conflict` for an unknown
    template.
    """
    if new.dedupe_key is not None and (found := _find_by_key(session, new.dedupe_key)) is not None:
        return found
    message = _message(session, clock, cipher, new)
    try:
        with session.begin_nested():
            session.add(message)
            session.flush()
    except IntegrityError:
        # Another transaction wrote it at the same moment.
        found = _find_by_key(session, new.dedupe_key) if new.dedupe_key else None
        if found is None:
            raise
        return found
    return message.id


def _message(session: Session, clock: Clock, cipher: FieldCipher, new: NewMessage) -> Message:
    parameters = clean_parameters(new.template_code, new.parameters)
    recipient = clean_recipient(new.recipient, new.channel)
    purpose = new.purpose or get_template(new.template_code).purpose
    if purpose is Purpose.CODE:
        raise Conflict("验证码不放进发件箱，它等不得。")
    now = clock.now()
    due_at = max(new.due_at or now, now)
    if purpose in QUIET_PURPOSES and new.channel not in PAPER_CHANNELS:
        due_at = after_quiet(due_at)
    (row_id,) = reserve_ids(session, Message, 1)
    sealed = sealed_columns(row_id, recipient, parameters, cipher)
    return Message(
        id=row_id,
        reference=new_reference(),
        dedupe_key=new.dedupe_key,
        template_code=new.template_code,
        channel=new.channel,
        purpose=purpose,
        recipient_key=new.recipient_key or sealed["recipient_index"] or f"message:{row_id}",
        subject_kind=new.subject_kind,
        subject_id=new.subject_id,
        state=MessageState.WAITING,
        created_at=now,
        due_at=due_at,
        expires_at=due_at + new.worth_sending_for,
        **sealed,
    )


def _find_by_key(session: Session, dedupe_key: str) -> int | None:
    return session.scalar(select(Message.id).where(Message.dedupe_key == dedupe_key))


def mute_subject(session: Session, clock: Clock, subject_kind: str, subject_id: int) -> int:
    """Drops what still waits about a matter that is settled; returns how many. What is being sent this very
    moment goes out."""
    of_subject = (Message.subject_kind == subject_kind) & (Message.subject_id == subject_id)
    return drop_waiting(session, of_subject, DropReason.SETTLED, clock.now())


def drop_waiting(session: Session, which: ColumnElement[bool], reason: DropReason, now: datetime) -> int:
    """Drops the waiting messages among `which`; returns how many."""
    dropped = session.scalars(
        update(Message)
        .where(which, Message.state == MessageState.WAITING)
        .values(state=MessageState.DROPPED, drop_reason=reason, settled_at=now)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(dropped)


def forget_recipient(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    *,
    recipient: str | None = None,
    recipient_key: str | None = None,
) -> int:
    """Takes reader and parameters out of all messages to a phone or a person who asked to be erased; what
    still waits is not sent. Returns how many messages there were."""
    whose: list[ColumnElement[bool]] = []
    if recipient is not None:
        whose.append(Message.recipient_index.in_(cipher.blind_indexes("recipient", recipient)))
    if recipient_key is not None:
        whose.append(Message.recipient_key == recipient_key)
    if not whose:
        return 0
    mine = or_(*whose)
    drop_waiting(session, mine, DropReason.FORGOTTEN, clock.now())
    emptied = session.scalars(
        update(Message)
        .where(mine)
        .values(recipient=None, recipient_index=None, parameters=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(emptied)


def settle_unknown(session: Session, clock: Clock, message_id: int, *, was_sent: bool) -> None:
    """An officer has looked (at the provider's console, or asked the reader): it went out, or it did not and
    is sent again. Raises `NotFound`, and `Conflict` when it is no longer unknown."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotFound
    if message.state is not MessageState.UNKNOWN:
        raise Conflict("这条消息已经有结果了，请刷新看看。")
    now = clock.now()
    if was_sent:
        message.state, message.settled_at = MessageState.ACCEPTED, now
    else:
        message.state, message.due_at, message.ask_at, message.asks = MessageState.WAITING, now, None, 0
        message.expires_at = max(message.expires_at, now + WORTH_SENDING_FOR)


def note_decision(
    session: Session, clock: Clock, user_id: int | None, message_id: int, decision: TroubleDecision
) -> None:
    """Writes down what a person decided about a message in trouble."""
    session.add(
        MessageDecision(message_id=message_id, decision=decision, decided_by=user_id, decided_at=clock.now())
    )
    session.flush()


def send_again(session: Session, clock: Clock, message_id: int) -> None:
    """Another try for a message that did not arrive or was dropped; its reader and words must still be known.
    One that is unknown goes through `settle_unknown`. Raises `NotFound`, `Conflict`."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotFound
    if message.state not in (MessageState.FAILED, MessageState.DROPPED) or message.recipient is None:
        raise Conflict("这条消息不能再发了，请打电话。")
    now = clock.now()
    message.state, message.drop_reason, message.outcome_code = MessageState.WAITING, None, ""
    message.due_at, message.ask_at, message.asks, message.tries = now, None, 0, 0
    message.settled_at = None
    message.expires_at = max(message.expires_at, now + WORTH_SENDING_FOR)
    # A late receipt about the try before is about another call.
    message.reference, message.provider_id = new_reference(), None


def hold_after_restore(session: Session, clock: Clock) -> int:
    """After a restore from a backup: drops what waits or was being sent when the backup was made, for it may
    have gone out since (SAFETY: nothing re-sent). Returns how many; an officer enqueues anew what matters.
    """
    held = session.scalars(
        update(Message)
        .where(Message.state.in_((MessageState.WAITING, MessageState.CALLING)))
        .values(state=MessageState.DROPPED, drop_reason=DropReason.RESTORED, settled_at=clock.now())
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(held)
