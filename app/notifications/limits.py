"""频次限制: when there is room for another message to somebody (REFERRALS, "Clocks")."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notifications.models import Message
from app.notifications.rules import PER_WEEK, WEEK, has_room_at
from app.notifications.terms import CAPPED_PURPOSES, SENT_STATES, Channel


def room_at(
    session: Session,
    recipient_keys: Collection[str],
    channel: Channel,
    now: datetime,
    *,
    leave_out: int | None = None,
) -> Mapping[str, datetime]:
    """By reader, when the next message on `channel` may go; who is not in it: at once. `leave_out` is a
    message that does not count. One statement."""
    recent = session.execute(
        select(Message.recipient_key, Message.channel, Message.called_at)
        .where(
            Message.recipient_key.in_(recipient_keys),
            Message.called_at > now - WEEK,
            Message.state.in_(SENT_STATES),
            Message.purpose.in_(CAPPED_PURPOSES),
            Message.id != (leave_out or 0),
        )
        .order_by(Message.called_at.desc())
    )
    calls: dict[str, list[tuple[Channel, datetime]]] = {}
    for key, on, called_at in recent:
        if called_at is not None:
            calls.setdefault(key, []).append((on, called_at))
    found = {}
    for key, made in calls.items():
        same_channel = next((at for on, at in made if on is channel), None)
        third_last = made[PER_WEEK - 1][1] if len(made) >= PER_WEEK else None
        at = has_room_at(now, same_channel, third_last)
        if at > now:
            found[key] = at
    return found
