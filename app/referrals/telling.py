"""告知: the one place where referrals hand over what people are to be told.

`rules.tells` says who is told what by a transition, `clocks` what by a deadline; all of it passes through
`tell` and `tell_of_posting`. The messages themselves (channel, words, quiet hours, caps) belong to
`notifications`.
"""

from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.jobs.models import JobPosting
from app.referrals.models import Referral
from app.referrals.rules import Tell
from app.referrals.terms import Party, TellKind

log = structlog.get_logger()

CONFIRM_POSTING: Final = Tell(Party.EMPLOYER, TellKind.CONFIRM_POSTING)
POSTING_PAUSED: Final = Tell(Party.EMPLOYER, TellKind.POSTING_PAUSED)


def tell(session: Session, referral: Referral, tells: Sequence[Tell], clock: Clock) -> None:
    """Hands over what is to be told about a referral (person and posting loaded), in the transaction of the
    change. Ids and codes only."""
    for one in tells:
        log.debug("referral_tell", referral_id=referral.id, to=one.to.value, kind=one.kind.value)


def tell_of_posting(session: Session, job: JobPosting, one: Tell, clock: Clock) -> None:
    """As `tell`, to the employer of a posting (loaded)."""
    log.debug("posting_tell", job_id=job.id, to=one.to.value, kind=one.kind.value)
