"""岗位的时限: live referrals of postings that are gone, and postings nobody says are still open."""

from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import AppError
from app.jobs import service as job_service
from app.jobs.terms import JobAction
from app.occupations.terms import WorkProfile
from app.referrals import queries as referral_queries
from app.referrals import telling
from app.referrals.clocks import queries
from app.referrals.clocks.running import ClockRun
from app.referrals.consequences import is_in_ledger
from app.referrals.moving import move_by_itself
from app.referrals.terms import ReferralAction

CANCELLED: Final = "岗位撤了"
PERSON_LEFT: Final = "档案销了"
NOT_CONFIRMED: Final = "到期没人确认还在招，先停了"
DAY_IS_OVER: Final = "日结活的日子过了"
BATCH: Final = 200


def cancel_orphans(
    session: Session, *, cipher: FieldCipher, clock: Clock, dry_run: bool = False, limit: int = BATCH
) -> ClockRun:
    """Cancels live referrals whose posting was closed or found false, and those of people no longer in the
    ledger; who is there gets three others like it to talk about (a call-back). Run again while
    `seen == limit`."""
    run = ClockRun()
    for referral in referral_queries.list_orphans(session, limit):
        run.seen += 1
        run.steps[ReferralAction.CANCEL.value] += 1
        if dry_run:
            continue
        try:
            with session.begin_nested():
                referral_queries.lock_person(session, referral.person_id)
                fresh = referral_queries.list_referrals_by_id(session, [referral.id], fresh=True)[referral.id]
                if fresh.is_live:
                    move_by_itself(
                        session,
                        fresh,
                        ReferralAction.CANCEL,
                        cipher=cipher,
                        clock=clock,
                        reason=CANCELLED if is_in_ledger(fresh.person) else PERSON_LEFT,
                    )
        except AppError:
            run.failed += 1
    return run


def confirm_postings(
    session: Session, *, clock: Clock, dry_run: bool = False, limit: int = BATCH
) -> ClockRun:
    """Pauses postings nobody has confirmed in time, and day work whose day is over; asks about those that are
    due to be confirmed on this day."""
    run = ClockRun()
    for job in queries.list_unconfirmed(session, clock, limit):
        run.seen += 1
        run.steps["pause"] += 1
        if dry_run:
            continue
        reason = DAY_IS_OVER if job.profile is WorkProfile.DAY else NOT_CONFIRMED
        try:
            with session.begin_nested():
                job_service.act_on_job(session, SYSTEM, job.id, JobAction.PAUSE, clock, reason=reason)
            telling.tell_of_posting(session, job, telling.POSTING_PAUSED, clock)
        except AppError:
            run.failed += 1
    for job in queries.list_to_confirm(session, clock, limit):
        run.steps["confirm"] += 1
        if not dry_run:
            telling.tell_of_posting(session, job, telling.CONFIRM_POSTING, clock)
    return run
