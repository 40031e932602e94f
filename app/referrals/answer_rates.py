"""企业回话率: of the referrals a firm got lately, how many it answered and how soon; who leaves people
without any answer is muted, and told (REFERRALS, "Clocks")."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from sqlalchemy.orm import Session

from app.core.clock import Clock, office_day
from app.employers.answering import save_answer_figures
from app.employers.models import Employer
from app.occupations.terms import WorkProfile
from app.referrals import queries
from app.referrals.clocks.rules import DEFAULTS
from app.referrals.queries import Submission

LOOKED_AT: Final = timedelta(days=90)
MOST_LOOKED_AT: Final = 500
ENOUGH: Final = 5
"""Fewer than this say nothing about a firm (ours; matching reads "too few" as unknown)."""
MUTE_WINDOW: Final = timedelta(days=30)
MUTED_FOR: Final = timedelta(days=30)
"""How long a muted firm gets nobody new unless it answers (ours)."""


def figures_of(rows: Sequence[Submission]) -> tuple[int | None, int | None]:
    """Answered per thousand of those that were answered, ran out or told us that nobody called, and median
    hours to the answer."""
    hours = [(row.answered_at - row.sent_at).total_seconds() / 3600 for row in rows if row.answered_at]
    silent = sum(1 for row in rows if row.answered_at is None and (row.ran_out or row.told_silent))
    settled = len(hours) + silent
    if settled < ENOUGH:
        return None, None
    return len(hours) * 1000 // settled, round(median(hours)) if hours else None


def is_silent(rows: Sequence[Submission], now: datetime, mute_after: int) -> bool:
    """So many ran out of those sent in the last 30 days and none was answered."""
    lately = [row for row in rows if row.sent_at > now - MUTE_WINDOW]
    expired = sum(1 for row in lately if row.ran_out and row.answered_at is None)
    return expired >= mute_after and all(row.answered_at is None for row in lately)


def refresh(
    session: Session,
    employer_id: int,
    profile: WorkProfile,
    clock: Clock,
    *,
    mute_after: int | None = None,
) -> date | None:
    """Counts a firm's answers anew, mutes or unmutes it; returns until when if it is newly muted."""
    now = clock.now()
    rows = queries.list_answers_of_employer(session, employer_id, now - LOOKED_AT, MOST_LOOKED_AT)
    permille, hours = figures_of(rows)
    before = session.get_one(Employer, employer_id).muted_until
    limit = DEFAULTS[profile].mute_after if mute_after is None else mute_after
    silent = is_silent(rows, now, limit)
    until = office_day(now + MUTED_FOR) if silent else None
    if silent and before is not None and before >= office_day(now):
        until = before
    save_answer_figures(
        session, employer_id, permille=permille, median_hours=hours, muted_until=until, clock=clock
    )
    return until if until is not None and until != before else None
