"""要打的电话和要送的信: messages for people without a number that takes them, told by a colleague instead.

They wait in the outbox like all others; nobody is called by a machine. Who may read the phone sees the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Unsealable
from app.employers.models import Employer
from app.notifications.models import Message
from app.notifications.printing import put_off_by_hand, record_by_hand
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.subjects import is_still_wanted
from app.notifications.terms import Channel, MessageState
from app.notifications.wording import get_template, render_template
from app.referrals.mailing.troubles import MessageMissing, reachable_messages
from app.seekers import sealing
from app.seekers.models import Person


@dataclass(frozen=True)
class Call:
    """要打的一个电话: `words` are what to say; `phone` empty where nobody knows one."""

    message_id: int
    title: str
    words: str = field(repr=False)
    phone: str = field(repr=False)
    until: datetime
    person: Person | None = None
    employer: Employer | None = None


def list_calls(
    session: Session, actor: Actor, now: datetime, cipher: FieldCipher, *, limit: int
) -> Sequence[Call]:
    """What is to be told by phone or on the doorstep in the actor's area, what ends first on top."""
    rows = session.execute(
        _calls(actor, now)
        .options(contains_eager(Person.household))
        .order_by(Message.expires_at, Message.id)
        .limit(limit)
    ).all()
    found = []
    for message, person, employer in rows:
        if not is_still_wanted(session, message.subject_kind, message.subject_id, message.template_code):
            continue
        call = _call(message, person, employer, cipher)
        if call is not None:
            found.append(call)
    return found


def count_calls(session: Session, actor: Actor, now: datetime) -> int:
    """How many calls wait in the actor's area."""
    return session.scalar(_calls(actor, now).with_only_columns(func.count(Message.id))) or 0


def record_call(
    session: Session, actor: Actor, message_id: int, *, reached: bool, cipher: FieldCipher, clock: Clock
) -> None:
    """How a call went; nobody there: it comes back tomorrow, three times in all. Raises MessageMissing
    outside one's area, Conflict when it is settled."""
    row = session.execute(
        reachable_messages(actor).where(
            Message.id == message_id, Message.channel.in_((Channel.CALL, Channel.LETTER))
        )
    ).one_or_none()
    if row is None:
        raise MessageMissing
    if reached:
        record_by_hand(session, clock, message_id, reached=True)
    else:
        put_off_by_hand(session, clock, message_id)
    about = row[1] or row[2]
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.EDIT,
        Resource.PHONE if row[1] is not None else Resource.EMPLOYER_PAPERS,
        subject_id=about.id,
        region_code=about.region_code,
        detail={"message_id": message_id, "reached": reached},
    )


def _calls(actor: Actor, now: datetime) -> Select[Message, Person, Employer]:
    # Campaigns never call; without saying so a hundred thousand waiting messages would be looked at.
    return reachable_messages(actor).where(
        Message.campaign_id.is_(None),
        Message.channel.in_((Channel.CALL, Channel.LETTER)),
        Message.state == MessageState.WAITING,
        Message.due_at <= now,
        Message.expires_at > now,
    )


def _call(
    message: Message, person: Person | None, employer: Employer | None, cipher: FieldCipher
) -> Call | None:
    try:
        words = open_parameters(message, cipher)
        phone = open_recipient(message, cipher)
        if not phone and person is not None:
            phone = sealing.open_phone(person, cipher) or ""
    except Unsealable:
        return None
    if not words:
        return None
    return Call(
        message.id,
        get_template(message.template_code).title,
        render_template(message.template_code, words, on_paper=True),
        phone,
        message.expires_at,
        person,
        employer,
    )
