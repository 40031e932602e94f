"""群发的一生: approved, started, paused, resumed, stopped; each step by somebody who may, written down.

draft -> running <-> paused -> done
  +--------+----------+-----> stopped
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import permissions
from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, Forbidden
from app.notifications.campaigns import audit_campaign, get_campaign, target_of
from app.notifications.models import Message, MessageCampaign
from app.notifications.outbox import drop_waiting, note_decision, settle_unknown
from app.notifications.terms import CampaignState, DropReason, MessageState, TroubleDecision


def approve_campaign(
    session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, campaign_id: int
) -> MessageCampaign:
    """The second person's yes. Raises `Forbidden` for who prepared it or may not decide, `Conflict` when
    there is nothing to approve."""
    campaign = get_campaign(session, actor, campaign_id, lock=True)
    permissions.require(actor, Action.DECIDE, Resource.CAMPAIGN, target_of(campaign), now=clock.now())
    _require_planned(campaign)
    if campaign.state is not CampaignState.DRAFT or campaign.approved_by is not None:
        raise Conflict("这次群发已经有人点过头，或者已经发了，请刷新看看。")
    campaign.approved_by, campaign.approved_at = actor.user_id, clock.now()
    campaign.version += 1
    audit_campaign(session, clock, cipher, actor, Action.DECIDE, campaign)
    return campaign


def start_campaign(
    session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, campaign_id: int
) -> MessageCampaign:
    """Lets it run. Raises `Forbidden` while the second person is missing, `Conflict` when it ran already."""
    campaign = _to_change(session, clock, actor, campaign_id, CampaignState.DRAFT)
    _require_planned(campaign)
    if campaign.needs_second_person and campaign.approved_by is None:
        raise Forbidden("人数多，要另一位县里的同事看过点头，才能发。")
    now = clock.now()
    campaign.state, campaign.started_at, campaign.next_at = CampaignState.RUNNING, now, now
    audit_campaign(session, clock, cipher, actor, Action.CREATE, campaign)
    return campaign


def pause_campaign(
    session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, campaign_id: int
) -> MessageCampaign:
    """Stops for now; what is being sent this moment goes out. Raises `Conflict` when it does not run."""
    campaign = _to_change(session, clock, actor, campaign_id, CampaignState.RUNNING)
    campaign.state = CampaignState.PAUSED
    audit_campaign(session, clock, cipher, actor, Action.CREATE, campaign)
    return campaign


def resume_campaign(
    session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, campaign_id: int
) -> MessageCampaign:
    """Goes on at its pace, without making up for the pause. Raises `Conflict` when it is not paused."""
    campaign = _to_change(session, clock, actor, campaign_id, CampaignState.PAUSED)
    campaign.state, campaign.next_at = CampaignState.RUNNING, clock.now()
    audit_campaign(session, clock, cipher, actor, Action.CREATE, campaign)
    return campaign


def settle_doubts(
    session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, campaign_id: int, *, was_sent: bool
) -> int:
    """A person has looked at the provider's console: the messages of the campaign nobody knows about went
    out, or they did not and are sent again (while it is worth it). Returns how many; each is written down.
    Raises `CampaignNotFound`, `Forbidden`."""
    campaign = get_campaign(session, actor, campaign_id, lock=True)
    permissions.require(actor, Action.CREATE, Resource.CAMPAIGN, target_of(campaign), now=clock.now())
    ids = session.scalars(
        select(Message.id)
        .where(Message.campaign_id == campaign.id, Message.state == MessageState.UNKNOWN)
        .order_by(Message.id)
    ).all()
    for message_id in ids:
        settle_unknown(session, clock, message_id, was_sent=was_sent)
        decision = TroubleDecision.COUNTS_AS_SENT if was_sent else TroubleDecision.AGAIN
        note_decision(session, clock, actor.user_id, message_id, decision)
    if ids and not was_sent and campaign.state is CampaignState.DONE:
        campaign.state, campaign.next_at, campaign.finished_at = CampaignState.RUNNING, clock.now(), None
    if ids:
        audit_campaign(session, clock, cipher, actor, Action.EDIT, campaign)
    return len(ids)


def stop_campaign(session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, campaign_id: int) -> int:
    """Ends it for good; returns how many messages were not sent. Raises `Conflict` when it is over."""
    unfinished = (CampaignState.DRAFT, CampaignState.RUNNING, CampaignState.PAUSED)
    campaign = _to_change(session, clock, actor, campaign_id, *unfinished)
    campaign.state, campaign.finished_at = CampaignState.STOPPED, clock.now()
    campaign.next_at = None
    audit_campaign(session, clock, cipher, actor, Action.CREATE, campaign)
    session.flush()
    return drop_waiting(session, Message.campaign_id == campaign.id, DropReason.STOPPED, clock.now())


def may_approve(actor: Actor, campaign: MessageCampaign, now: datetime) -> bool:
    """Whether this colleague is the other person whose yes the campaign waits for."""
    waits = campaign.state is CampaignState.DRAFT and campaign.planned_at is not None
    if not (waits and campaign.needs_second_person and campaign.approved_by is None):
        return False
    found = permissions.may(actor, Action.DECIDE, Resource.CAMPAIGN, target_of(campaign), now=now)
    return found is not None


def may_run(actor: Actor, campaign: MessageCampaign, now: datetime) -> bool:
    """Whether this colleague may start, pause and stop the campaign."""
    found = permissions.may(actor, Action.CREATE, Resource.CAMPAIGN, target_of(campaign), now=now)
    return found is not None


def _require_planned(campaign: MessageCampaign) -> None:
    if campaign.planned_at is None:
        raise Conflict("人还没排完，等一等，排完了再发。")
    if campaign.people == 0:
        raise Conflict("选的人里没有一个能收短信，请打电话，或者印信送去。")


def _to_change(
    session: Session, clock: Clock, actor: Actor, campaign_id: int, *states: CampaignState
) -> MessageCampaign:
    """A campaign in one of `states` that the actor may run: who prepared it, or who may decide there."""
    campaign = get_campaign(session, actor, campaign_id, lock=True)
    permissions.require(actor, Action.CREATE, Resource.CAMPAIGN, target_of(campaign), now=clock.now())
    if campaign.state not in states:
        raise Conflict("这次群发现在不能这样办，请刷新看看。")
    campaign.version += 1
    return campaign
