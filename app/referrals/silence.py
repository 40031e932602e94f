"""他们一直没打电话: the person says that the firm never called, once the days are over after which they were
told that they may phone (REFERRALS, "Clocks": 7 d, 2 d, at once; a county's own figures count).

The officer is to call the firm today, and the firm's answer rate counts the referral as unanswered until it
answers. Nothing changes for the person: the referral stays where it is.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.referrals import answer_rates, queries
from app.referrals.by_link import see_by_link
from app.referrals.clocks.rules import CountyClocks
from app.referrals.clocks.settings import county_clocks
from app.referrals.errors import ReferralMoveNotAllowed
from app.referrals.models import Referral, ReferralEvent
from app.referrals.rules import WITH_EMPLOYER
from app.referrals.terms import Channel, Party

SILENCE: Final = "silence"
"""The action in the log."""


def silence_from(referral: Referral, county: CountyClocks) -> datetime | None:
    """From when the person may say so (posting loaded); None while the firm does not have them in hand, and
    where the county tells nobody to phone."""
    minutes = county.of(referral.job.profile).phone_hint
    if referral.state not in WITH_EMPLOYER or referral.submitted_at is None or minutes is None:
        return None
    return referral.submitted_at + timedelta(minutes=minutes)


def may_tell_silence(session: Session, referral: Referral, now: datetime) -> bool:
    """Whether the button is shown: the days are over, and it was not said before."""
    if referral.state not in WITH_EMPLOYER or referral.silence_told_at is not None:
        return False
    since = silence_from(referral, county_clocks(session, referral.person.region_code))
    return since is not None and since <= now


def tell_silence(session: Session, referral_id: int, clock: Clock) -> Referral:
    """The person says that nobody called. Said before, nothing happens. Raises ReferralNotFound,
    ReferralMoveNotAllowed (too early, or the firm has answered)."""
    queries.lock_person(session, see_by_link(session, referral_id, clock).person_id)
    referral = see_by_link(session, referral_id, clock)
    if referral.silence_told_at is not None:
        return referral
    now = clock.now()
    if not may_tell_silence(session, referral, now):
        raise ReferralMoveNotAllowed("还没到日子，或者单位已经回话了。请刷新看看。")
    due_at = min(referral.officer_due_at or now, now)
    session.execute(
        update(Referral)
        .where(Referral.id == referral.id)
        .values(silence_told_at=now, officer_due_at=due_at, updated_at=now, version=Referral.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.add(
        ReferralEvent(
            referral_id=referral.id,
            action=SILENCE,
            from_state=referral.state.value,
            to_state=referral.state.value,
            party=Party.PERSON,
            channel=Channel.APP,
            at=now,
            idempotency_key=SILENCE,
        )
    )
    session.flush()
    session.refresh(referral, ["silence_told_at", "officer_due_at", "updated_at", "version"])
    answer_rates.refresh(session, referral.employer_id, referral.job.profile, clock)
    return referral
