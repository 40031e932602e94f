"""回执: what providers report, in any order, late, twice, or about messages we don't know (yet)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.notifications.models import Message, MessageReceipt
from app.notifications.opt_outs import is_opt_out_reply, opt_out
from app.notifications.providers.base import Receipt, Reply
from app.notifications.recording import raise_state


@dataclass(frozen=True)
class Taken:
    """What came of a push: new receipts, such as we had, such as fit no message, and opt-outs."""

    new: int = 0
    repeated: int = 0
    unknown: int = 0
    opted_out: int = 0


def take_push(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    provider: str,
    items: Sequence[Receipt | Reply],
) -> Taken:
    """Takes a push of `provider` in: raises the messages' states, keeps what fits none, heeds "T"."""
    new = repeated = unknown = opted_out = 0
    for item in items:
        if isinstance(item, Reply):
            if item.recipient and is_opt_out_reply(item.text):
                opt_out(session, clock, cipher, item.recipient)
                opted_out += 1
        elif (kept := _keep(session, clock, provider, item)) is None:
            repeated += 1
        else:
            new += 1
            unknown += kept.message_id is None
    return Taken(new, repeated, unknown, opted_out)


def _keep(session: Session, clock: Clock, provider: str, receipt: Receipt) -> MessageReceipt | None:
    """The new row, None when we had this very receipt. The message is raised either way: a receipt that came
    before its message was known may come again after."""
    message_id = _find_message(session, provider, receipt)
    row = MessageReceipt(
        provider=provider,
        provider_id=receipt.provider_id,
        reference=receipt.reference,
        state=receipt.state,
        code=receipt.code,
        message_id=message_id,
        received_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
        is_new = True
    except IntegrityError:
        is_new = False
    if message_id is not None:
        raise_state(
            session,
            message_id,
            receipt.state,
            clock.now(),
            code=receipt.code,
            provider_id=receipt.provider_id,
        )
    return row if is_new else None


def _find_message(session: Session, provider: str, receipt: Receipt) -> int | None:
    """By our reference where the provider repeats it, else by the provider's number."""
    if receipt.reference:
        found = session.scalar(select(Message.id).where(Message.reference == receipt.reference))
        if found is not None:
            return found
    return session.scalar(
        select(Message.id).where(Message.provider == provider, Message.provider_id == receipt.provider_id)
    )
