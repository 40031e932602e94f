"""群发的回音: what people did after a campaign: asked for the posting, were hired, started."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.terms import LabelledEnum
from app.notifications.campaign_reports import keys_in_campaign
from app.notifications.models import MessageCampaign
from app.referrals.mailing.queries import find_audience
from app.referrals.models import Referral
from app.referrals.terms import ReferralState
from app.referrals.wishes.models import JobWish
from app.seekers.models import Person

_PART: Final = 400
_WORKING: Final = frozenset({ReferralState.ONBOARD})
_HIRED: Final = frozenset({ReferralState.HIRED, ReferralState.DEPARTING})
# Not a word from the person yet, or a no.
_NO_YES: Final = frozenset({ReferralState.DRAFT, ReferralState.OFFERED, ReferralState.DECLINED})


class CampaignAnswer(LabelledEnum):
    """群发的回音: each person counts in every step they reached."""

    APPLIED = "applied", "报了名"
    HIRED = "hired", "单位要了"
    AT_WORK = "at_work", "上班了"


def count_answers(session: Session, campaign: MessageCampaign) -> Mapping[CampaignAnswer, int]:
    """How many of those a campaign about a posting was sent to have asked for it since, and how far they got.
    Empty for a campaign that is not about a posting, and before it starts. The caller may see the campaign.
    """
    audience = find_audience(session, campaign.id)
    if audience is None or audience.job_id is None or campaign.started_at is None:
        return {}
    asked = session.scalars(
        select(Person.id)
        .join(JobWish, JobWish.phone_index == Person.phone_index)
        .where(JobWish.job_id == audience.job_id, JobWish.created_at >= campaign.started_at)
    )
    states: dict[int, ReferralState | None] = dict.fromkeys(asked)
    rows = session.execute(
        select(Referral.person_id, Referral.state).where(
            Referral.job_id == audience.job_id,
            Referral.created_at >= campaign.started_at,
            Referral.state.not_in(_NO_YES),
        )
    )
    states |= {row.person_id: row.state for row in rows}
    keys = {f"person:{person_id}": state for person_id, state in states.items()}
    names, reached = list(keys), set[str]()
    for start in range(0, len(names), _PART):
        reached |= keys_in_campaign(session, campaign.id, names[start : start + _PART])
    mine = [keys[name] for name in reached]
    return {
        CampaignAnswer.APPLIED: len(mine),
        CampaignAnswer.HIRED: sum(state in _HIRED | _WORKING for state in mine),
        CampaignAnswer.AT_WORK: sum(state in _WORKING for state in mine),
    }
