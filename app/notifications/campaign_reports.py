"""群发的预览和报告: what would happen, how far it is, how it went."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from app.accounts import permissions
from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.notifications.campaign_life import may_approve
from app.notifications.campaigns import Tariff, get_campaign
from app.notifications.models import Message, MessageCampaign, MessageOptOut
from app.notifications.rules import after_quiet, rest_begins
from app.notifications.sealing import open_parameters
from app.notifications.terms import SENT_STATES, CampaignState, DropReason, MessageState
from app.notifications.wording import Preview, preview_message


@dataclass(frozen=True)
class CampaignPreview:
    """预览: how many are reached, what three of them will read, what it costs, when it will be through."""

    people: int
    skipped: int
    parts: int
    cost_fen: int
    samples: tuple[Preview, ...]
    needs_second_person: bool
    through_at: datetime


@dataclass(frozen=True)
class CampaignReport:
    """进度和结果: how many messages stand where, why some were dropped, what it has cost, how many of those
    it went to wanted no more afterwards."""

    people: int
    by_state: Mapping[MessageState, int]
    dropped_for: Mapping[DropReason, int]
    cost_fen: int
    opted_out: int = 0

    def count(self, *states: MessageState) -> int:
        """How many messages stand in any of `states`."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def waiting(self) -> int:
        return self.by_state.get(MessageState.WAITING, 0) + self.by_state.get(MessageState.CALLING, 0)


def preview_campaign(
    session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, campaign_id: int, tariff: Tariff
) -> CampaignPreview:
    """What would happen, before it does. Raises `CampaignNotFound`."""
    campaign = get_campaign(session, actor, campaign_id)
    first = session.scalars(
        select(Message).where(Message.campaign_id == campaign.id).order_by(Message.id).limit(3)
    ).all()
    samples = tuple(
        preview_message(
            message.template_code,
            open_parameters(message, cipher),
            signature=tariff.signature,
            price_fen=tariff.price_fen,
        )
        for message in first
        if message.parameters is not None
    )
    return CampaignPreview(
        people=campaign.people,
        skipped=campaign.skipped,
        parts=campaign.parts,
        cost_fen=campaign.cost_fen,
        samples=samples,
        needs_second_person=campaign.needs_second_person and campaign.approved_by is None,
        through_at=through_at(clock.now(), campaign.people, campaign.pace_per_minute),
    )


def through_at(start: datetime, people: int, pace_per_minute: int) -> datetime:
    """When the last message will go, at the pace, from 08:00 to 20:00 in Beijing."""
    at, left = after_quiet(start), timedelta(minutes=people / pace_per_minute)
    while (today := rest_begins(at) - at) < left:
        left -= today
        at = after_quiet(at + today)
    return at + left


def report_campaign(session: Session, actor: Actor, campaign_id: int) -> CampaignReport:
    """How far it is, or how it went. Raises `CampaignNotFound`."""
    campaign = get_campaign(session, actor, campaign_id)
    mine = Message.campaign_id == campaign.id
    states = session.execute(
        select(Message.state, func.count(), func.sum(Message.cost_fen)).where(mine).group_by(Message.state)
    ).all()
    reasons = session.execute(
        select(Message.drop_reason, func.count())
        .where(mine, Message.drop_reason.is_not(None))
        .group_by(Message.drop_reason)
    ).all()
    unpaid = (MessageState.WAITING, MessageState.DROPPED)
    return CampaignReport(
        people=campaign.people,
        by_state={state: count for state, count, _ in states},
        dropped_for={reason: count for reason, count in reasons if reason is not None},
        cost_fen=sum(int(cost or 0) for state, _, cost in states if state not in unpaid),
        opted_out=_count_opted_out(session, campaign),
    )


def _count_opted_out(session: Session, campaign: MessageCampaign) -> int:
    """Readers of the campaign who said afterwards that they want no more."""
    if campaign.started_at is None:
        return 0
    counted = (
        select(func.count())
        .select_from(MessageOptOut)
        .join(Message, Message.recipient_index == MessageOptOut.recipient_index)
        .where(
            Message.campaign_id == campaign.id,
            Message.called_at < MessageOptOut.opted_out_at,
            MessageOptOut.opted_out_at > campaign.started_at,
        )
    )
    return session.scalar(counted) or 0


def keys_in_campaign(session: Session, campaign_id: int, recipient_keys: Collection[str]) -> set[str]:
    """Those of the readers the campaign was sent to (or may have been); one statement for up to some
    hundred."""
    rows = session.scalars(
        select(Message.recipient_key).where(
            Message.campaign_id == campaign_id,
            Message.recipient_key.in_(recipient_keys),
            Message.state.in_(SENT_STATES),
        )
    )
    return set(rows)


def count_waiting_for(session: Session, actor: Actor, now: datetime) -> int:
    """How many campaigns wait for the yes of this very colleague."""
    prefixes = permissions.reading_prefixes(actor, Resource.CAMPAIGN, Action.DECIDE)
    if not prefixes:
        return 0
    waiting = session.scalars(
        select(MessageCampaign).where(
            MessageCampaign.state == CampaignState.DRAFT,
            MessageCampaign.needs_second_person,
            MessageCampaign.approved_by.is_(None),
            MessageCampaign.planned_at.is_not(None),
            or_(*_in_area(prefixes)),
        )
    )
    return sum(may_approve(actor, campaign, now) for campaign in waiting)


def _in_area(prefixes: Sequence[str]) -> list[ColumnElement[bool]]:
    return [MessageCampaign.region_code.startswith(prefix, autoescape=True) for prefix in prefixes]


def list_campaigns(session: Session, actor: Actor, *, limit: int = 50) -> Sequence[MessageCampaign]:
    """The campaigns the actor may look at, the newest first."""
    prefixes = permissions.reading_prefixes(actor, Resource.CAMPAIGN)
    # `made` in the permission table: officers below the county see their own.
    own = (MessageCampaign.prepared_by == actor.user_id) if actor.is_officer else false()
    return session.scalars(
        select(MessageCampaign)
        .where(or_(own, *_in_area(prefixes)))
        .order_by(MessageCampaign.prepared_at.desc(), MessageCampaign.id.desc())
        .limit(limit)
    ).all()
