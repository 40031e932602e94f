"""拟推的定下来: an officer looks the day's draft over: what is ticked goes out, what does not fit is rejected
with a reason and not drafted again for a month."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import require
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid, NotFound
from app.referrals import offering
from app.referrals.errors import ReferralNotFound
from app.referrals.offering import Skipped
from app.referrals.recommending import queries
from app.referrals.recommending.models import Recommendation
from app.seekers import queries as seeker_queries
from app.seekers.policies import target_of_person

MOST_AT_ONCE: Final = 300
_LONGEST_WHY: Final = 100


@dataclass
class Confirmed:
    """发了几条: referrals by recommendation, and those that could not go out, with the reason."""

    referrals: dict[int, int] = field(default_factory=dict)
    skipped: dict[int, Skipped] = field(default_factory=dict)


def confirm_recommendations(
    session: Session, actor: Actor, ids: Collection[int], *, cipher: FieldCipher, clock: Clock
) -> Confirmed:
    """Offers each person what was drafted for them, the best first, through every guard of an offer. What is
    settled already, or none of the actor's business, is passed over: confirmed twice, it goes out once.
    Raises Invalid (more than 300)."""
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(fields=[FieldProblem("ids", f"一次最多 {MOST_AT_ONCE} 条")])
    drafts = queries.list_drafts(session, actor, ids)
    pairs = [(draft.person_id, draft.job_id) for draft in drafts]
    done = offering.push_pairs(session, actor, pairs, cipher=cipher, clock=clock)
    result = Confirmed()
    for draft in drafts:
        key = (draft.person_id, draft.job_id)
        if key in done.referrals:
            draft.referral_id = result.referrals[draft.id] = done.referrals[key]
            _settle(draft, actor, clock)
        else:
            result.skipped[draft.id] = done.skipped[key]
    session.flush()
    return result


def reject_recommendation(
    session: Session, actor: Actor, recommendation_id: int, why: str, *, clock: Clock
) -> bool:
    """Takes one out of the draft with a reason; whether it was still there. Raises Forbidden, Invalid
    (without a reason), ReferralNotFound outside the area."""
    words = " ".join(why.split())[:_LONGEST_WHY]
    if not words:
        raise Invalid("写一句为啥不推，下回排得更准。", fields=[FieldProblem("why", "这一项要填")])
    drafts = queries.list_drafts(session, actor, [recommendation_id])
    if not drafts:
        return False
    draft = drafts[0]
    person = seeker_queries.list_people_by_id(session, actor, [draft.person_id]).get(draft.person_id)
    if person is None:
        raise NotFound
    target = target_of_person(person)
    require(actor, Action.CREATE, Resource.REFERRAL, target, now=clock.now(), missing=ReferralNotFound)
    draft.rejected_why = words
    _settle(draft, actor, clock)
    session.flush()
    return True


def _settle(draft: Recommendation, actor: Actor, clock: Clock) -> None:
    draft.settled_at, draft.settled_by_id = clock.now(), actor.user_id
