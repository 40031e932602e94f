"""群发查询: audiences, who was left out, who had applied already."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, case, cast, func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.types import BigId
from app.notifications.models import Message
from app.notifications.terms import MessageState, SkipReason
from app.referrals.mailing.models import CampaignAudience, CampaignSkip
from app.referrals.models import Referral
from app.seekers.models import Person
from app.seekers.queries import visible_people


def find_audience(session: Session, campaign_id: int, *, lock: bool = False) -> CampaignAudience | None:
    """Whom a campaign is for; None for one that was not made by filters. `lock` for writing on."""
    return session.get(CampaignAudience, campaign_id, with_for_update=lock, populate_existing=lock)


def count_skips(session: Session, campaign_id: int) -> Mapping[SkipReason, int]:
    """How many people were left out, or come later, for each reason. The caller may see the campaign."""
    counted = (
        select(CampaignSkip.reason, func.count())
        .where(CampaignSkip.campaign_id == campaign_id)
        .group_by(CampaignSkip.reason)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def list_skipped(
    session: Session, actor: Actor, campaign_id: int, reason: SkipReason, *, limit: int
) -> list[Person]:
    """The people left out for a reason whom `actor` may see, household loaded, by id."""
    statement = (
        visible_people(actor)
        .join(CampaignSkip, CampaignSkip.person_id == Person.id)
        .where(CampaignSkip.campaign_id == campaign_id, CampaignSkip.reason == reason)
        .order_by(Person.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def count_by_place(session: Session, campaign_id: int) -> Mapping[tuple[str, MessageState], int]:
    """How many messages of a campaign stand where, by the reader's managing region. The caller may see the
    campaign."""
    counted = (
        select(Person.region_code, Message.state, func.count())
        .join(Message, Person.id == number_after("person:"))
        .where(Message.campaign_id == campaign_id)
        .group_by(Person.region_code, Message.state)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(counted)}


def number_after(kind: str) -> ColumnElement[int]:
    """The id in a recipient key of this kind ("person:"); null in any other."""
    rest = func.substr(Message.recipient_key, len(kind) + 1)
    return case((Message.recipient_key.startswith(kind), cast(rest, BigId)), else_=None)


def applied_among(session: Session, person_ids: Collection[int], job_id: int) -> set[int]:
    """Those of the people who have a referral to the posting that is under way."""
    rows = session.scalars(
        select(Referral.person_id).where(
            Referral.person_id.in_(person_ids), Referral.job_id == job_id, Referral.ended_at.is_(None)
        )
    )
    return set(rows)
