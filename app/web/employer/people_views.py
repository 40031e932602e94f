"""推荐来的人: what a firm sees of the people referred to it: masked until they are to meet, what they can do,
how long they wait. Nothing here says why anybody is poor, ill or on a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.accounts.actor import Actor
from app.core.clock import OFFICE_ZONE, Clock, office_day
from app.core.http import ReadSession
from app.jobs.rules import lower_month_fen
from app.referrals import queries
from app.referrals.models import Referral
from app.referrals.queries import ReferralFilters
from app.referrals.shown import ReferralOut, show_referrals
from app.referrals.terms import ReferralState, RefuseReason
from app.seekers.access.cards import CardOut

MOST: Final = 100
GROUPS: Final = (
    ("等你回话", (ReferralState.SUBMITTED, ReferralState.VIEWED)),
    ("约好见面", (ReferralState.INTERVIEW,)),
    ("说好要来", (ReferralState.HIRED, ReferralState.DEPARTING)),
    ("备选", (ReferralState.POOLED,)),
)
REASONS: Final = tuple((reason.value, reason.label) for reason in RefuseReason)


@dataclass(frozen=True)
class PersonRow:
    """推荐来的一个人. `due` how long they wait or when they come; `tone` late, now or ''."""

    id: int
    name: str
    job: str
    line: str
    due: str
    tone: str
    actions: frozenset[str]
    starts_on: str
    wage: str
    version: int


@dataclass(frozen=True)
class PeopleGroup:
    """一组人: those in one stage."""

    label: str
    rows: tuple[PersonRow, ...]


def list_firm_people(session: ReadSession, actor: Actor, clock: Clock, employer_id: int) -> list[Referral]:
    """The firm's live referrals, who waits longest first."""
    rows, _next = queries.list_referrals(
        session, actor, ReferralFilters(live_only=True), clock.now(), limit=MOST
    )
    own = [row for row in rows if row.employer_id == employer_id]
    return sorted(own, key=lambda row: (row.submitted_at or row.created_at, row.id))


def group_people(
    session: ReadSession, actor: Actor, referrals: Sequence[Referral], clock: Clock
) -> tuple[PeopleGroup, ...]:
    """The referrals as the firm sees them, by stage; groups without anybody are left out."""
    shown = show_referrals(session, actor, referrals, clock)
    made: list[PeopleGroup] = []
    for label, states in GROUPS:
        rows = [
            person_row(referral, out, clock)
            for referral, out in zip(referrals, shown, strict=True)
            if referral.state in states
        ]
        if rows:
            made.append(PeopleGroup(label, tuple(rows)))
    return tuple(made)


def person_row(referral: Referral, out: ReferralOut, clock: Clock) -> PersonRow:
    """One person as the firm may see them at this stage."""
    due, tone = _due(referral, clock.now(), clock.today())
    job = referral.job
    wage_fen = referral.wage_fen or lower_month_fen(
        job.wage_min_fen, job.wage_max_fen, job.wage_unit, job.estimate_fen
    )
    start = referral.starts_on or max(
        clock.today() + timedelta(days=1), referral.job.starts_on or clock.today()
    )
    return PersonRow(
        referral.id,
        out.seeker.name,
        out.job.title,
        _line(referral, clock.today()),
        due,
        tone,
        frozenset(action.value for action in out.actions),
        start.isoformat(),
        f"{wage_fen // 100}" if wage_fen else "",
        referral.version,
    )


def _line(referral: Referral, today: date) -> str:
    card = CardOut.of(referral.person, today, with_abilities=False)
    can = "、".join([*card.skill_names, *card.certificate_names])
    words = [f"会{can}" if can else "没写会啥", f"家在{card.region_name}" if card.region_name else ""]
    if card.shifts:
        words.append("、".join(shift.label for shift in card.shifts) + "都行")
    return "，".join(word for word in words if word)


def _due(referral: Referral, now: datetime, today: date) -> tuple[str, str]:
    if referral.state is ReferralState.INTERVIEW and referral.interview_at is not None:
        day = office_day(referral.interview_at)
        hour = referral.interview_at.astimezone(OFFICE_ZONE)
        past = "，说说结果" if day < today else ""
        return f"{day.month} 月 {day.day} 日 {hour:%H:%M} 见面{past}", "now" if day <= today else ""
    if referral.starts_on is not None and referral.state in (ReferralState.HIRED, ReferralState.DEPARTING):
        late = referral.starts_on <= today
        return f"{referral.starts_on.month} 月 {referral.starts_on.day} 日上班", "now" if late else ""
    days = (now - (referral.submitted_at or referral.created_at)).days
    if referral.state is ReferralState.POOLED:
        return f"备选，报了 {days} 天" if days else "备选，今天报的", ""
    return (f"等了 {days} 天", "late" if days >= 3 else "now") if days else ("今天报的", "")
