"""推荐单的输出: a referral as an officer, the person, a broker or the firm may see it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import View
from app.core.clock import Clock
from app.employers.schemas import EmployerBrief
from app.occupations.terms import WorkProfile
from app.referrals import policies
from app.referrals.clocks.rules import CountyClocks
from app.referrals.clocks.settings import county_clocks
from app.referrals.letters import refusal_letter
from app.referrals.models import Referral, ReferralEvent
from app.referrals.terms import Channel, Evidence, Origin, Party, ReferralAction, ReferralState
from app.seekers.access.ties import NO_TIES, Ties, ties_of
from app.seekers.masking import mask_name

# From here on the firm knows whom it is to meet (issue 5: masked until the interview).
_NAMED_TO_FIRM: Final = frozenset(
    {
        ReferralState.INTERVIEW,
        ReferralState.HIRED,
        ReferralState.DEPARTING,
        ReferralState.ONBOARD,
        ReferralState.NO_SHOW,
    }
)
_OF_THE_FIRM: Final = frozenset({ReferralState.REFUSED})
_SAME: Final = (
    *("id", "state", "origin", "offered_at", "answered_at", "submitted_at", "employer_answered_at"),
    *("interview_at", "interview_place", "starts_on", "wage_fen", "late_party", "spell_id", "entered_at"),
    *("ended_at", "created_at", "is_disputed", "paused_until", "forwarded_from_id", "version"),
)


class PostingBrief(BaseModel):
    """推荐的岗位."""

    id: int
    title: str
    employer: EmployerBrief
    profile: WorkProfile
    region_code: str


class SeekerBrief(BaseModel):
    """推荐的人: the name is masked for brokers, auditors, and for the firm until the meeting."""

    id: int
    name: str
    is_masked: bool
    region_code: str


class ReferralOut(BaseModel):
    """推荐单 (CONTRACT, /referrals). `letter` is what the person reads after a refusal; `actions` what the
    caller may do next."""

    id: int
    state: ReferralState
    state_label: str
    job: PostingBrief
    seeker: SeekerBrief
    origin: Origin
    note: str | None
    reason: str
    reason_code: str | None
    letter: str | None
    offered_at: datetime | None
    answered_at: datetime | None
    submitted_at: datetime | None
    employer_answered_at: datetime | None
    interview_at: datetime | None
    interview_place: str
    starts_on: date | None
    wage_fen: int | None
    late_party: Party | None
    spell_id: int | None
    entered_at: datetime
    ended_at: datetime | None
    created_at: datetime
    is_disputed: bool
    paused_until: date | None
    forwarded_from_id: int | None
    actions: list[ReferralAction]
    version: int


class ReferralEventOut(BaseModel):
    """推荐单的一步. Who it was and why is told to the area's officers and the person only."""

    id: int
    action: str
    from_state: ReferralState | None
    to_state: ReferralState
    party: Party
    acting_for: Party | None
    channel: Channel
    has_consent: bool | None
    actor_id: int | None
    reason: str
    evidence: Evidence | None
    detail: Mapping[str, Any]
    client_at: datetime | None
    at: datetime


def show_referrals(
    session: Session, actor: Actor, referrals: Sequence[Referral], clock: Clock
) -> list[ReferralOut]:
    """Referrals (person, posting, employer loaded) as `actor` sees them; a constant number of statements."""
    ties = ties_of(session, actor, {referral.person_id for referral in referrals})
    counties: dict[str, CountyClocks] = {}
    shown = []
    for referral in referrals:
        county_code = referral.person.region_code[:6]
        if county_code not in counties:
            counties[county_code] = county_clocks(session, county_code)
        tie = ties.get(referral.person_id, NO_TIES)
        shown.append(_show(actor, referral, tie, counties[county_code], clock.now()))
    return shown


def show_referral(session: Session, actor: Actor, referral: Referral, clock: Clock) -> ReferralOut:
    """As `show_referrals`, for one."""
    return show_referrals(session, actor, [referral], clock)[0]


def _show(actor: Actor, referral: Referral, ties: Ties, county: CountyClocks, now: datetime) -> ReferralOut:
    job, person = referral.job, referral.person
    knows_why = _is_insider(actor, referral, ties)
    masked = _is_masked(actor, referral, ties, now)
    of_firm = referral.state in _OF_THE_FIRM
    same = {name: getattr(referral, name) for name in _SAME}
    is_refused = referral.state is ReferralState.REFUSED
    return ReferralOut(
        **same,
        state_label=referral.state.label,
        job=PostingBrief(
            id=job.id,
            title=job.title,
            employer=EmployerBrief.of(job.employer),
            profile=job.profile,
            region_code=job.region_code,
        ),
        seeker=SeekerBrief(
            id=person.id,
            name=mask_name(person.name) if masked else person.name,
            is_masked=masked,
            region_code=person.region_code[:9] if masked else person.region_code,
        ),
        note=referral.note if policies.is_inside(actor, referral) else None,
        reason=referral.reason if knows_why or of_firm else "",
        reason_code=referral.reason_code if knows_why or of_firm else None,
        letter=refusal_letter(referral.reason_code, referral.reason) if is_refused else None,
        actions=policies.actions_for(actor, referral, ties, now, township_confirms=county.township_confirms),
    )


def _is_insider(actor: Actor, referral: Referral, ties: Ties) -> bool:
    """The area's officers and the person themself."""
    return policies.is_inside(actor, referral) or ties.owner_user_id is not None


def _is_masked(actor: Actor, referral: Referral, ties: Ties, now: datetime) -> bool:
    if _is_insider(actor, referral, ties):
        return policies.view_of(actor, referral, ties, now) is not View.FULL
    if referral.employer_id in actor.employer_ids:
        return referral.state not in _NAMED_TO_FIRM
    return True


def show_events(
    session: Session, actor: Actor, referral: Referral, events: Sequence[ReferralEvent]
) -> list[ReferralEventOut]:
    """The log of a referral as `actor` sees it: a firm sees what happened since it got the person, and
    nobody's private reasons."""
    ties = ties_of(session, actor, {referral.person_id}).get(referral.person_id, NO_TIES)
    insider, inside = _is_insider(actor, referral, ties), policies.is_inside(actor, referral)
    since = referral.submitted_at
    return [
        ReferralEventOut(
            id=event.id,
            action=event.action,
            from_state=ReferralState(event.from_state) if event.from_state else None,
            to_state=ReferralState(event.to_state),
            party=event.party,
            acting_for=Party(event.acting_for) if event.acting_for else None,
            channel=event.channel,
            has_consent=event.has_consent,
            actor_id=event.actor_id if inside else None,
            reason=event.reason if insider or event.party is Party.EMPLOYER else "",
            evidence=event.evidence,
            detail=event.detail,
            client_at=event.client_at,
            at=event.at,
        )
        for event in events
        if insider or referral.employer_id not in actor.employer_ids or (since and event.at >= since)
    ]
