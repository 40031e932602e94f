"""要人管的消息: messages that did not arrive, were never sent, or nobody knows about; what a person decides.

Messages belong to no place; the people and firms they are for do. Who works with referrals of a place sees
those to its people, and those to firms whose papers they may read. Campaigns, of which there are very many
messages, tell about theirs on their own pages.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, NotFound
from app.employers.models import Employer
from app.notifications.models import Message, MessageDecision
from app.notifications.outbox import NewMessage, enqueue_message, note_decision, send_again, settle_unknown
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.terms import (
    Channel,
    DropReason,
    MessageState,
    TroubleDecision,
)
from app.referrals.mailing.queries import number_after
from app.seekers.models import Household, Person
from app.seekers.queries import is_kept, lies_in_any

# Old news needs nobody any more.
LOOK_BACK: Final = timedelta(days=30)
_NEVER_SENT: Final = (DropReason.TOO_LATE, DropReason.RESTORED)


class MessageMissing(NotFound):
    """No such message, or one about somebody outside one's area."""

    code, title = "message_not_found", "没找到这条消息，可能已经有人处理了。"


@dataclass(frozen=True)
class Trouble:
    """一条要人管的消息: `person` or `employer` is whom it was for."""

    message: Message
    person: Person | None = None
    employer: Employer | None = None

    @property
    def choices(self) -> tuple[TroubleDecision, ...]:
        """What can be decided about it."""
        may_be_sent = self.message.recipient is not None
        again: tuple[TroubleDecision, ...] = (TroubleDecision.AGAIN,) if may_be_sent else ()
        if self.message.state is MessageState.UNKNOWN:
            return (
                *again,
                TroubleDecision.COUNTS_AS_SENT,
                TroubleDecision.CALL_INSTEAD,
                TroubleDecision.LEFT,
            )
        return (TroubleDecision.CALL_INSTEAD, *again, TroubleDecision.LEFT)


def list_troubles(session: Session, actor: Actor, now: datetime, *, limit: int) -> list[Trouble]:
    """What waits for a decision in the actor's area, the newest first; one statement."""
    rows = session.execute(
        _troubles(actor, now)
        .options(contains_eager(Person.household))
        .order_by(Message.settled_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return [Trouble(message, person, employer) for message, person, employer in rows]


def count_troubles(session: Session, actor: Actor, now: datetime) -> int:
    """How many `list_troubles` has in all."""
    return session.scalar(_troubles(actor, now).with_only_columns(func.count(Message.id))) or 0


def decide(
    session: Session,
    actor: Actor,
    message_id: int,
    decision: TroubleDecision,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """What a person decided: another try, counted as arrived, onto the call list, or left. Written down.
    Raises MessageMissing (also when somebody else has decided), Conflict for what can't be done any more."""
    locked = session.get(Message, message_id, with_for_update=True, populate_existing=True)
    found = _troubles(actor, clock.now()).where(Message.id == message_id)
    row = session.execute(found).one_or_none()
    if row is None or locked is None:
        raise MessageMissing
    trouble = Trouble(row[0], row[1], row[2])
    if decision not in trouble.choices:
        raise Conflict("这条消息不能这样办，请换一种。")
    # First the note: a message that goes out again and fails again is a new trouble.
    note_decision(session, clock, actor.user_id, message_id, decision)
    if decision is TroubleDecision.AGAIN:
        _again(session, clock, trouble.message)
    elif decision is TroubleDecision.COUNTS_AS_SENT:
        settle_unknown(session, clock, message_id, was_sent=True)
    elif decision is TroubleDecision.CALL_INSTEAD:
        call_instead(session, clock, cipher, trouble.message)
    _audit(session, actor, trouble, decision, cipher, clock)


def _again(session: Session, clock: Clock, message: Message) -> None:
    if message.state is MessageState.UNKNOWN:
        settle_unknown(session, clock, message.id, was_sent=False)
    else:
        send_again(session, clock, message.id)


def call_instead(session: Session, clock: Clock, cipher: FieldCipher, message: Message) -> int:
    """Puts what the message says on the call list. Raises Conflict when its words were forgotten."""
    words = open_parameters(message, cipher)
    if not words:
        raise Conflict("这条消息的内容已经删了，请直接打电话。")
    return enqueue_message(
        session,
        clock,
        cipher,
        NewMessage(
            message.template_code,
            words,
            recipient=open_recipient(message, cipher),
            channel=Channel.CALL,
            recipient_key=message.recipient_key,
            subject_kind=message.subject_kind,
            subject_id=message.subject_id,
            dedupe_key=f"call instead:{message.id}:{message.tries}",
            purpose=message.purpose,
        ),
    )


def _audit(
    session: Session,
    actor: Actor,
    trouble: Trouble,
    decision: TroubleDecision,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    about = trouble.person or trouble.employer
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.EDIT,
        Resource.PHONE if trouble.person is not None else Resource.EMPLOYER_PAPERS,
        subject_id=about.id if about else None,
        region_code=about.region_code if about else None,
        detail={"message_id": trouble.message.id, "decision": decision.value},
    )


def _troubles(actor: Actor, now: datetime) -> Select[Message, Person, Employer]:
    return reachable_messages(actor).where(
        Message.campaign_id.is_(None),
        Message.state.in_((MessageState.UNKNOWN, MessageState.FAILED, MessageState.DROPPED)),
        or_(Message.state != MessageState.DROPPED, Message.drop_reason.in_(_NEVER_SENT)),
        Message.channel.in_((Channel.SMS, Channel.WECHAT)),
        Message.settled_at > now - LOOK_BACK,
        ~_is_decided(),
    )


def reachable_messages(actor: Actor) -> Select[Message, Person, Employer]:
    """Messages to people of the actor's own area, and to firms whose papers they may read, for who works with
    referrals; with whom they are for. Nobody erased."""
    area = [
        prefix
        for action in (Action.CREATE, Action.EDIT)
        for prefix in reading_prefixes(actor, Resource.REFERRAL, action)
    ]
    papers = reading_prefixes(actor, Resource.EMPLOYER_PAPERS) if area else ()
    people, firms = lies_in_any(Person.region_code, area), lies_in_any(Employer.office_code, papers)
    return (
        select(Message, Person, Employer)
        .select_from(Message)
        .outerjoin(Person, and_(Person.id == number_after("person:"), is_kept(Person)))
        .outerjoin(Household, Household.id == Person.household_id)
        .outerjoin(Employer, Employer.id == number_after("employer:"))
        .where(or_(and_(Person.id.is_not(None), people), and_(Employer.id.is_not(None), firms)))
    )


def _is_decided() -> ColumnElement[bool]:
    decided = exists().where(
        MessageDecision.message_id == Message.id, MessageDecision.decided_at >= Message.settled_at
    )
    return decided.correlate(Message)
