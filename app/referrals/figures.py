"""岗位数字: what came of a posting: wishes, referrals by state, how surely and how soon the firm answers.

Counts only; no person is named or can be told from them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.employers.changes import note_changed_jobs
from app.jobs.models import JobPosting
from app.referrals.answer_rates import LOOKED_AT, figures_of
from app.referrals.models import Referral
from app.referrals.queries import Submission
from app.referrals.terms import Party, ReferralState
from app.referrals.wishes.models import JobWish

_S = ReferralState
ASKING: Final = (_S.INTERESTED, _S.SUBMITTED, _S.VIEWED, _S.INTERVIEW, _S.POOLED)
"""Said yes and has neither a place nor a no: who crowds a posting."""


@dataclass(frozen=True)
class JobFigures:
    """岗位数字: `wishes` ever sent from the phone page, `waiting` of them nobody called back yet; referrals
    by state; answers within the last 90 days, None where fewer than five say nothing."""

    wishes: int = 0
    waiting: int = 0
    by_state: Mapping[ReferralState, int] = field(default_factory=dict)
    answer_permille: int | None = None
    median_answer_hours: int | None = None

    @property
    def applicants(self) -> int:
        """People who asked and wait."""
        return self.waiting + sum(self.by_state.get(state, 0) for state in ASKING)

    @property
    def referrals(self) -> int:
        return sum(self.by_state.values())


def job_figures(session: Session, job_ids: Collection[int], now: datetime) -> dict[int, JobFigures]:
    """The figures of some postings, in three statements. For postings the caller may see."""
    ids = sorted(set(job_ids))
    if not ids:
        return {}
    wishes: dict[int, tuple[int, int]] = {
        job_id: (many, many - settled)
        for job_id, many, settled in session.execute(
            select(JobWish.job_id, func.count(), func.count(JobWish.settled_at))
            .where(JobWish.job_id.in_(ids))
            .group_by(JobWish.job_id)
        )
    }
    states: defaultdict[int, dict[ReferralState, int]] = defaultdict(dict)
    for job_id, state, many in session.execute(
        select(Referral.job_id, Referral.state, func.count())
        .where(Referral.job_id.in_(ids), Referral.state != _S.DRAFT)
        .group_by(Referral.job_id, Referral.state)
    ):
        states[job_id][state] = many
    answers = _answers(session, ids, now)
    found = {}
    for job_id in ids:
        permille, hours = figures_of(answers[job_id])
        many, waiting = wishes.get(job_id, (0, 0))
        found[job_id] = JobFigures(many, waiting, states[job_id], permille, hours)
    return found


def _answers(session: Session, ids: Collection[int], now: datetime) -> Mapping[int, list[Submission]]:
    rows: defaultdict[int, list[Submission]] = defaultdict(list)
    columns = select(
        Referral.job_id,
        Referral.submitted_at,
        Referral.employer_answered_at,
        Referral.late_party == Party.EMPLOYER,
        Referral.silence_told_at.is_not(None),
    )
    recent = columns.where(Referral.job_id.in_(ids), Referral.submitted_at > now - LOOKED_AT)
    for job_id, sent_at, answered_at, late, told in session.execute(recent):
        if sent_at is not None:
            rows[job_id].append(Submission(sent_at, answered_at, bool(late), told))
    return rows


def refresh_applicants(session: Session) -> int:
    """Writes down at every posting how many people ask for it now, for those where that changed; returns how
    many changed. Matching lets postings rise that few have asked for."""
    asking: Counter[int] = Counter()
    for statement in (
        select(Referral.job_id, func.count()).where(Referral.state.in_(ASKING)).group_by(Referral.job_id),
        select(JobWish.job_id, func.count()).where(JobWish.settled_at.is_(None)).group_by(JobWish.job_id),
    ):
        asking.update(dict(session.execute(statement).all()))
    stored = dict(
        session.execute(select(JobPosting.id, JobPosting.applicants).where(JobPosting.applicants > 0)).all()
    )
    changed = sorted(
        job_id for job_id in asking.keys() | stored.keys() if asking[job_id] != stored.get(job_id, 0)
    )
    for job_id in changed:
        session.execute(
            update(JobPosting)
            .where(JobPosting.id == job_id)
            .values(applicants=asking[job_id])
            .execution_options(synchronize_session=False)
        )
    note_changed_jobs(session, changed)
    return len(changed)
