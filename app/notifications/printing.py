"""印出来的消息: a call list and letters for people without a phone that takes messages.

Pure reading and one record: the sheet is printed, somebody calls or carries it, and what came of it is
recorded by hand. Pages render `CallList` and `Letter` with templates messages/call_list.html and letter.html.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, NotFound
from app.notifications.models import Message
from app.notifications.queries import paper_messages
from app.notifications.rules import after_quiet
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.terms import PAPER_CHANNELS, Channel, MessageState
from app.notifications.wording import get_template, render_template

# REFERRALS "unreachable": three tries on three days.
MOST_CALLS: Final = 3


@dataclass(frozen=True)
class CallLine:
    """名单上的一行: whom to call, what to say, when it should be done."""

    message_id: int
    name: str = field(repr=False)
    phone: str = field(repr=False)
    title: str
    words: str = field(repr=False)
    until: date


@dataclass(frozen=True)
class CallList:
    """电话名单: what an officer takes along."""

    place: str
    printed_at: datetime
    lines: tuple[CallLine, ...]


@dataclass(frozen=True)
class Letter:
    """一封信: to be folded and carried."""

    message_id: int
    name: str = field(repr=False)
    address: str = field(repr=False)
    title: str
    words: str = field(repr=False)
    written_on: date
    office: str
    office_phone: str


def call_list(
    session: Session, clock: Clock, cipher: FieldCipher, *, place: str, keys: Sequence[str]
) -> CallList:
    """The calls due to the people `keys` (recipient keys, e.g. person:12, of those the caller may see)."""
    lines = tuple(
        CallLine(
            message.id,
            parameters.get("name", ""),
            recipient,
            get_template(message.template_code).title,
            render_template(message.template_code, parameters, on_paper=True),
            message.expires_at.date(),
        )
        for message, recipient, parameters in _opened(session, clock, cipher, Channel.CALL, keys)
    )
    return CallList(place, clock.now(), lines)


def letters(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    *,
    keys: Sequence[str],
    office: str,
    office_phone: str,
) -> tuple[Letter, ...]:
    """The letters due to the people `keys`."""
    return tuple(
        Letter(
            message.id,
            parameters.get("name", ""),
            recipient,
            get_template(message.template_code).title,
            render_template(message.template_code, parameters, on_paper=True),
            clock.today(),
            office,
            office_phone,
        )
        for message, recipient, parameters in _opened(session, clock, cipher, Channel.LETTER, keys)
    )


def _opened(
    session: Session, clock: Clock, cipher: FieldCipher, channel: Channel, keys: Sequence[str]
) -> Sequence[tuple[Message, str, Mapping[str, str]]]:
    due = paper_messages(channel, clock.now()).where(Message.recipient_key.in_(keys))
    opened = (
        (message, open_recipient(message, cipher), open_parameters(message, cipher))
        for message in session.scalars(due)
    )
    return [(message, recipient, parameters) for message, recipient, parameters in opened if parameters]


def put_off_by_hand(session: Session, clock: Clock, message_id: int) -> None:
    """Nobody answered: once more tomorrow morning; after three tries, or when it would be too late, it has
    failed. Raises `NotFound` and `Conflict` as `record_by_hand`."""
    message = _waiting_paper(session, message_id)
    message.tries += 1
    tomorrow = after_quiet(clock.now() + timedelta(hours=12))
    if message.tries >= MOST_CALLS or tomorrow >= message.expires_at:
        record_by_hand(session, clock, message_id, reached=False)
    else:
        message.due_at = tomorrow


def record_by_hand(
    session: Session,
    clock: Clock,
    message_id: int,
    *,
    reached: bool,
    may_touch: Callable[[Message], bool] = lambda _: True,
) -> None:
    """What came of a call or a letter. Raises `NotFound` (also when `may_touch` says no) and `Conflict` for
    one that is no paper or is settled already."""
    message = _waiting_paper(session, message_id, may_touch)
    message.state = MessageState.DELIVERED if reached else MessageState.FAILED
    message.settled_at = message.called_at = clock.now()


def _waiting_paper(
    session: Session, message_id: int, may_touch: Callable[[Message], bool] = lambda _: True
) -> Message:
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or not may_touch(message):
        raise NotFound
    if message.channel not in PAPER_CHANNELS or message.state is not MessageState.WAITING:
        raise Conflict("这一条已经有结果了，请刷新看看。")
    return message
