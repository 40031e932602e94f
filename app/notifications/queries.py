"""消息查询: the only place for WHERE of what people look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.notifications.models import Message, MessageReceipt
from app.notifications.terms import PAPER_CHANNELS, Channel, MessageState


def list_messages_of(session: Session, subject_kind: str, subject_id: int) -> Sequence[Message]:
    """All messages about one matter, the newest first. Whoever may see the matter may see that they were
    sent; reader and text are sealed (`sealing`, `show_message`)."""
    return session.scalars(
        select(Message)
        .where(Message.subject_kind == subject_kind, Message.subject_id == subject_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
    ).all()


def messages_in_doubt() -> Select[Message]:
    """Messages only a person can settle: asked about, and nobody knows. The oldest first."""
    return (
        select(Message).where(Message.state == MessageState.UNKNOWN).order_by(Message.called_at, Message.id)
    )


def list_unknown(session: Session, *, limit: int = 100) -> Sequence[Message]:
    """The first `limit` of `messages_in_doubt`."""
    return session.scalars(messages_in_doubt().limit(limit)).all()


def paper_messages(channel: Channel, now: datetime) -> Select[Message]:
    """What is to be called or carried by hand, due first. Raises `ValueError` for another channel."""
    if channel not in PAPER_CHANNELS:
        raise ValueError(f"{channel} is no paper")
    return (
        select(Message)
        .where(
            Message.channel == channel,
            Message.state == MessageState.WAITING,
            Message.due_at <= now,
            Message.expires_at > now,
        )
        .order_by(Message.due_at, Message.id)
    )


def count_by_state(session: Session, *, since: datetime | None = None) -> Mapping[MessageState, int]:
    """How many messages stand in each state; since `since` when given."""
    counted = select(Message.state, func.count()).group_by(Message.state)
    if since is not None:
        counted = counted.where(Message.created_at >= since)
    return {row[0]: row[1] for row in session.execute(counted)}


def count_unmatched_receipts(session: Session) -> int:
    """Receipts that fit no message of ours."""
    unmatched = select(func.count()).where(MessageReceipt.message_id.is_(None))
    return session.scalar(unmatched) or 0
