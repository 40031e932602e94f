"""告知: who said something is told by message that there is an answer, not what it is about or what it says.

The message has the number of the case and where to look it up; reading takes the phone's last four digits.
"""

from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import User
from app.cases import queries, rules
from app.cases.models import Case, CaseStep
from app.cases.terms import CaseState
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Unsealable
from app.notifications.outbox import NewMessage, choose_channel, enqueue_message, mute_subject
from app.notifications.subjects import register_subject_check
from app.notifications.terms import HOTLINE

log = structlog.get_logger()

SUBJECT: Final = "case"
ANSWERED: Final = "case_answered"


def tell_of_answer(
    session: Session, case: Case, step: CaseStep, by: Actor, *, site: str, cipher: FieldCipher, clock: Clock
) -> None:
    """Writes the message into the outbox, in the transaction of the answer; an older one that still waits is
    dropped, so that two answers of one evening are one message. `site` is the portal's address."""
    try:
        phone = queries.open_text(case, "phone", cipher)
    except Unsealable:
        log.warning("phone_not_readable", case_id=case.id)
        return
    if not phone:
        return
    words = {
        "number": rules.written_number(case.number),
        "link": f"{site.rstrip('/').partition('://')[2]}/cases?n={case.number}",
        "phone": _work_phone(session, by) or HOTLINE,
    }
    mute_subject(session, clock, SUBJECT, case.id)
    message = NewMessage(
        ANSWERED,
        words,
        recipient=phone,
        channel=choose_channel(ANSWERED, words, phone),
        subject_kind=SUBJECT,
        subject_id=case.id,
        dedupe_key=f"case_step:{step.id}",
    )
    enqueue_message(session, clock, cipher, message)


def _work_phone(session: Session, by: Actor) -> str | None:
    """Of the colleague who answered: nobody else may know of the case."""
    user = session.get(User, by.user_id)
    return user.work_phone if user is not None else None


def is_still_wanted(session: Session, case_id: int, _template_code: str) -> bool:
    """Nobody is told of what they took back or had forgotten."""
    case = session.get(Case, case_id)
    return case is not None and case.phone is not None and case.state is not CaseState.WITHDRAWN


register_subject_check(SUBJECT, is_still_wanted)
