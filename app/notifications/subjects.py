"""消息的事由: what a message is about lies in rooms above this one; they say whether it is still wanted.

A room registers its check once, when its module is imported:

    register_subject_check("referral", is_still_wanted)

The check runs in the transaction that takes a message out of the outbox, just before the call: REFERRALS
"Clocks", silent once settled. It reads only, and fast.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from app.notifications.models import Message
from app.notifications.terms import Purpose

SubjectCheck = Callable[[Session, int, str], bool]
ReaderCheck = Callable[[Session, int, Message], bool]
_CHECKS: Final[dict[str, SubjectCheck]] = {}
_READER_CHECKS: Final[dict[str, ReaderCheck]] = {}


def register_subject_check(subject_kind: str, check: SubjectCheck) -> None:
    """`check(session, subject_id, template_code)` tells whether the message is still wanted. Raises
    `ValueError` when somebody else has registered for this kind."""
    if _CHECKS.setdefault(subject_kind, check) is not check:
        raise ValueError(f"{subject_kind} has a check already")


def is_still_wanted(
    session: Session, subject_kind: str | None, subject_id: int | None, template_code: str
) -> bool:
    """True where nobody has registered a check."""
    if subject_kind is None or subject_id is None:
        return True
    check = _CHECKS.get(subject_kind)
    return check is None or check(session, subject_id, template_code)


def register_reader_check(reader_kind: str, check: ReaderCheck) -> None:
    """`check(session, id, message)` tells whether the reader "kind:id" (a recipient key) still wants this
    mass message. Raises `ValueError` when somebody else has registered for this kind."""
    if _READER_CHECKS.setdefault(reader_kind, check) is not check:
        raise ValueError(f"{reader_kind} has a check already")


def is_wanted_by_reader(session: Session, message: Message) -> bool:
    """True for all but mass messages, and where nobody has registered a check."""
    kind, _, number = message.recipient_key.partition(":")
    check = _READER_CHECKS.get(kind)
    if message.purpose is not Purpose.CAMPAIGN or check is None or not number.isdigit():
        return True
    return check(session, int(number), message)
