"""退订: readers who want no messages, found by the keyed digest of their number."""

import re
from collections.abc import Collection
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.ids import reserve_ids
from app.notifications.models import MessageOptOut
from app.notifications.terms import OptOutScope, Purpose

# What people answer who want no more: T, TD, 退订, 不要再发.
_ENOUGH: Final = re.compile(r"^\s*(?:回?t|td|退订?|n|(?:不要|别)再?发了?)\W*$", re.IGNORECASE)
_COVERED: Final = {
    Purpose.CODE: frozenset[OptOutScope](),
    Purpose.SERVICE: frozenset({OptOutScope.EVERYTHING}),
    Purpose.PARTNER: frozenset({OptOutScope.EVERYTHING}),
    Purpose.CAMPAIGN: frozenset(OptOutScope),
}


def recipient_index(recipient: str, cipher: FieldCipher) -> str:
    """The keyed digest of a phone or openid."""
    return cipher.blind_index("recipient", recipient)


def is_opt_out_reply(text: str) -> bool:
    """Whether an answered SMS says "no more"."""
    return _ENOUGH.match(text[:40]) is not None


def opt_out(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    recipient: str,
    scope: OptOutScope = OptOutScope.CAMPAIGNS,
) -> None:
    """No more messages within `scope` to this phone or openid. A wider scope stays when a narrower is asked
    for."""
    found = _find(session, cipher, recipient)
    if found is not None:
        if scope is OptOutScope.EVERYTHING:
            found.scope = scope
        return
    (row_id,) = reserve_ids(session, MessageOptOut, 1)
    session.add(
        MessageOptOut(
            id=row_id,
            recipient=cipher.seal(recipient, Place("message_opt_outs", "recipient", row_id)),
            recipient_index=recipient_index(recipient, cipher),
            scope=scope,
            opted_out_at=clock.now(),
        )
    )
    session.flush()


def opt_in(session: Session, cipher: FieldCipher, recipient: str) -> None:
    """Takes all of it back."""
    indexes = cipher.blind_indexes("recipient", recipient)
    session.execute(delete(MessageOptOut).where(MessageOptOut.recipient_index.in_(indexes)))


def has_opted_out(session: Session, cipher: FieldCipher, recipient: str, purpose: Purpose) -> bool:
    """Whether a message for `purpose` is not wanted there."""
    found = _find(session, cipher, recipient)
    return found is not None and found.scope in _COVERED[purpose]


def opted_out_among(
    session: Session, cipher: FieldCipher, recipients: Collection[str], purpose: Purpose
) -> set[str]:
    """Those of the recipients who want no message for `purpose`; one statement."""
    by_index = {
        index: recipient for recipient in recipients for index in cipher.blind_indexes("recipient", recipient)
    }
    rows = session.execute(
        select(MessageOptOut.recipient_index, MessageOptOut.scope).where(
            MessageOptOut.recipient_index.in_(by_index)
        )
    )
    return {by_index[index] for index, scope in rows if index is not None and scope in _COVERED[purpose]}


def find_opt_out(session: Session, cipher: FieldCipher, recipient: str) -> MessageOptOut | None:
    """What a reader said they don't want, and since when; None: everything is welcome."""
    return _find(session, cipher, recipient)


def _find(session: Session, cipher: FieldCipher, recipient: str) -> MessageOptOut | None:
    indexes = cipher.blind_indexes("recipient", recipient)
    return session.scalar(select(MessageOptOut).where(MessageOptOut.recipient_index.in_(indexes)))
