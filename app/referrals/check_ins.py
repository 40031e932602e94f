"""一点回话: the person says by their own link how the work goes, while a check's window is open and nobody
has answered it (REFERRALS, "After arrival": day 7 by one tap, then SMS, then a call).

What they say is told, no more: it settles day 7; what wants an officer's word or paper stays on the officer's
list. Work that is not what was promised warns of the posting, as anybody's report of it does, and an officer
asks both sides. That they work no more is hard to take back, so it asks for the last digits of the phone.
"""

from contextlib import suppress
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import TooMany
from app.jobs import reports
from app.jobs.errors import JobGone, JobNotFound
from app.jobs.terms import ReportReason
from app.referrals import queries, telling
from app.referrals.by_link import BY_THE_PERSON, see_by_link, shows_tail
from app.referrals.models import Referral
from app.referrals.spells import queries as spell_queries
from app.referrals.spells.answering import learn_from_person
from app.referrals.spells.models import EmploymentAnswer, FollowUpCheck
from app.referrals.spells.schemas import AnswerIn
from app.referrals.spells.service import ask_to_call_back
from app.referrals.terms import CallBackCause, Channel, CheckOutcome, LeaveReason, ReferralState

BATCH: Final = 200


def find_check_in(session: Session, referral: Referral, clock: Clock) -> FollowUpCheck | None:
    """The check the person can answer today; None when there is nothing to ask them."""
    if referral.state is not ReferralState.ONBOARD or referral.spell_id is None:
        return None
    return spell_queries.find_check_to_tell(session, referral.spell_id, clock.today())


def find_told(session: Session, referral: Referral) -> EmploymentAnswer | None:
    """What the person has said themselves, where it is the last that was said."""
    if referral.state is not ReferralState.ONBOARD or referral.spell_id is None:
        return None
    answer = spell_queries.find_last_answer(session, referral.spell_id)
    return answer if answer is not None and answer.channel is Channel.APP else None


def tell_in_post(
    session: Session,
    referral_id: int,
    *,
    is_as_promised: bool | None = None,
    cipher: FieldCipher,
    clock: Clock,
) -> Referral:
    """还在干. Said before, or nothing asked any more, nothing happens. Raises ReferralNotFound."""
    referral, check = _lock(session, referral_id, clock)
    if check is None:
        return referral
    data = AnswerIn(
        outcome=CheckOutcome.IN_POST, is_as_promised=is_as_promised, idempotency_key=f"check:{check.id}"
    )
    answer = _learn(session, referral, check, data, cipher, clock)
    if is_as_promised is False:
        _warn(session, referral, answer, cipher, clock)
    return referral


def tell_left(
    session: Session,
    referral_id: int,
    reason: LeaveReason,
    phone_tail: str,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> Referral | None:
    """不干了: ends the spell. None when the digits are wrong (the try is counted, so the caller must let the
    transaction commit). Said before, nothing happens. Raises ReferralNotFound, TooMany."""
    referral, check = _lock(session, referral_id, clock)
    if check is None:
        return referral
    if not shows_tail(session, referral, phone_tail, cipher, clock):
        return None
    data = AnswerIn(outcome=CheckOutcome.LEFT, leave_reason=reason, idempotency_key=f"check:{check.id}")
    _learn(session, referral, check, data, cipher, clock)
    return referral


def ask_arrivals(session: Session, clock: Clock) -> int:
    """Sends `check_in` for each day-7 check inside its window that nobody has answered: one message for a
    check, however often this runs. Returns how many checks were looked at."""
    seen = after_id = 0
    while True:
        found = spell_queries.list_checks_to_ask(
            session, telling.ASKED_ON, clock.today(), after_id=after_id, limit=BATCH
        )
        referrals = queries.list_referrals_by_id(session, [referral_id for _check, referral_id in found])
        for check, referral_id in found:
            telling.tell_check_in(session, referrals[referral_id], check, clock)
        seen += len(found)
        if len(found) < BATCH:
            return seen
        after_id = found[-1][0].id


def _lock(session: Session, referral_id: int, clock: Clock) -> tuple[Referral, FollowUpCheck | None]:
    """Asked under the lock: of two taps at one instant the second finds the first one's answer."""
    queries.lock_person(session, see_by_link(session, referral_id, clock).person_id)
    referral = see_by_link(session, referral_id, clock)
    return referral, find_check_in(session, referral, clock)


def _learn(
    session: Session,
    referral: Referral,
    check: FollowUpCheck,
    data: AnswerIn,
    cipher: FieldCipher,
    clock: Clock,
) -> EmploymentAnswer:
    spell = spell_queries.get_spell(session, SYSTEM, check.spell_id)
    return learn_from_person(session, BY_THE_PERSON, spell, referral.person, data, cipher=cipher, clock=clock)


def _warn(
    session: Session, referral: Referral, answer: EmploymentAnswer, cipher: FieldCipher, clock: Clock
) -> None:
    """A posting out of sight warns nobody; the officer still asks."""
    reporter_key = cipher.blind_index("job_reporter", f"person {referral.person_id}")
    with suppress(JobGone, JobNotFound, TooMany), session.begin_nested():
        reports.report_job(session, referral.job_id, reporter_key, ReportReason.FALSE, "", clock)
    ask_to_call_back(session, referral.person_id, CallBackCause.DISPUTED, f"answer:{answer.id}", clock)
