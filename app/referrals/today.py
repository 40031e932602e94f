"""今天要办的: what an officer should do today, in the order in which it is due. Three statements."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import OFFICE_ZONE, Clock, office_day
from app.referrals import queries
from app.referrals.models import Referral
from app.referrals.spells import queries as spell_queries
from app.referrals.spells.models import CallBack, FollowUpCheck
from app.referrals.terms import CallBackCause, ReferralState, TodayKind

MOST_LISTED: Final = 200
_KINDS: Final = {
    ReferralState.OFFERED: TodayKind.ANSWER_DUE,
    ReferralState.INTERESTED: TodayKind.CONFIRM_DUE,
    ReferralState.SUBMITTED: TodayKind.EMPLOYER_SILENT,
    ReferralState.VIEWED: TodayKind.EMPLOYER_SILENT,
    ReferralState.INTERVIEW: TodayKind.RESULT_DUE,
    ReferralState.HIRED: TodayKind.ARRIVAL_DUE,
    ReferralState.DEPARTING: TodayKind.ARRIVAL_DUE,
}


@dataclass(frozen=True)
class TodayItem:
    """今天的一件事: exactly one of `referral_id`, `check_id`, `call_back_id` is set; `job_ids` are postings
    to talk about with somebody who is called back; `told_silent`: they say that the firm never called."""

    kind: TodayKind
    due_at: datetime
    person_id: int
    person_name: str
    region_code: str
    employer_name: str = ""
    title: str = ""
    job_id: int | None = None
    referral_id: int | None = None
    state: ReferralState | None = None
    told_silent: bool = False
    check_id: int | None = None
    spell_id: int | None = None
    check_day: int | None = None
    needs_visit: bool = False
    call_back_id: int | None = None
    cause: CallBackCause | None = None
    job_ids: list[int] = field(default_factory=list)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done on a day before this one (Beijing)."""
        return office_day(self.due_at) < office_day(now)


def list_today(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    region_code: str | None = None,
    kind: TodayKind | None = None,
    limit: int = 50,
) -> list[TodayItem]:
    """What is due by the end of today in the actor's area, what is due first on top; at most `limit`. Raises
    UnknownRegion."""
    most = min(limit, MOST_LISTED)
    until = end_of_day(clock)
    items: list[TodayItem] = []
    if kind is None or kind in _KINDS.values():
        states = [state for state, of in _KINDS.items() if kind is None or of is kind]
        rows = queries.list_due_for_officer(session, actor, states, until, region_code, most)
        items += [_of_referral(row) for row in rows]
    if kind in (None, TodayKind.CHECK_DUE):
        checks = spell_queries.list_due_checks(session, actor, until, region_code, most)
        items += [_of_check(check) for check in checks]
    if kind in (None, TodayKind.CALL_BACK):
        backs = spell_queries.list_call_backs(session, actor, region_code, most)
        items += [_of_call_back(back) for back in backs]
    items.sort(key=lambda item: (item.due_at, item.person_id, item.kind))
    return items[:most]


def count_today(
    session: Session, actor: Actor, clock: Clock, *, region_code: str | None = None
) -> dict[TodayKind, int]:
    """How many things of each kind `list_today` has in all; kinds without any are left out. Three statements.
    Raises UnknownRegion."""
    until = end_of_day(clock)
    counts: dict[TodayKind, int] = {}
    by_state = queries.count_due_for_officer(session, actor, list(_KINDS), until, region_code)
    for state, number in by_state.items():
        counts[_KINDS[state]] = counts.get(_KINDS[state], 0) + number
    counts[TodayKind.CHECK_DUE] = spell_queries.count_due_checks(session, actor, until, region_code)
    counts[TodayKind.CALL_BACK] = spell_queries.count_call_backs(session, actor, region_code)
    return {kind: number for kind, number in counts.items() if number}


def end_of_day(clock: Clock) -> datetime:
    """Midnight after today, Beijing."""
    return datetime.combine(clock.today() + timedelta(days=1), time.min, OFFICE_ZONE)


def _of_referral(row: Referral) -> TodayItem:
    return TodayItem(
        _KINDS[row.state],
        row.officer_due_at or row.entered_at,
        row.person_id,
        row.person.name,
        row.person.region_code,
        employer_name=row.job.employer.name,
        title=row.job.title,
        job_id=row.job_id,
        referral_id=row.id,
        state=row.state,
        told_silent=row.silence_told_at is not None,
    )


def _of_check(check: FollowUpCheck) -> TodayItem:
    return TodayItem(
        TodayKind.CHECK_DUE,
        check.due_at,
        check.person_id,
        check.person.name,
        check.person.region_code,
        employer_name=check.spell.employer_name,
        title=check.spell.title,
        check_id=check.id,
        spell_id=check.spell_id,
        check_day=check.day,
        needs_visit=check.needs_visit,
    )


def _of_call_back(back: CallBack) -> TodayItem:
    return TodayItem(
        TodayKind.CALL_BACK,
        back.due_at,
        back.person_id,
        back.person.name,
        back.person.region_code,
        call_back_id=back.id,
        cause=back.cause,
        job_ids=list(back.job_ids),
    )
