"""群发: one text to people the caller picked, previewed, approved above the limit, paced (DOMAIN E5).

The messages are written into the outbox with the draft and stay there until the campaign runs. Who may send
to how many stands in the permission table (row `campaign`): village 50, township 1,000, county with a second
person above 1,000.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import false, func, insert, or_, select
from sqlalchemy.orm import Session

from app.accounts import permissions
from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target
from app.accounts.rules import normalise_phone
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.ids import reserve_ids
from app.notifications.models import Message, MessageCampaign
from app.notifications.opt_outs import recipient_index
from app.notifications.outbox import new_reference
from app.notifications.rules import after_quiet, rest_begins
from app.notifications.sealing import open_parameters, sealed_columns
from app.notifications.terms import (
    CampaignState,
    Channel,
    DropReason,
    MessageState,
    Purpose,
)
from app.notifications.wording import Preview, clean_parameters, get_template, preview_message

BATCH: Final = 500
# A campaign that was not through after a week is old news.
WORTH_SENDING_FOR: Final = timedelta(days=7)
# How many may be added in one transaction: a second or so of SQLite's only writer.
AT_ONCE: Final = 2000
MAX_PEOPLE: Final = 100_000


class CampaignNotFound(NotFound):
    """No such campaign, or not in one's area."""

    code, title = "campaign_not_found", "没找到这次群发。"


@dataclass(frozen=True)
class CampaignReader:
    """收信人: a person the caller picked. `key` is whose limits count, e.g. person:12."""

    key: str
    phone: str = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class NewCampaign:
    """要做的群发: title for colleagues, whose area, what text, how many a minute."""

    title: str
    region_code: str
    template_code: str
    pace_per_minute: int = 60


@dataclass(frozen=True)
class Tariff:
    """Signature and price of a part, for counting before anything is sent (`Carriers` has both)."""

    signature: str = "送岗"
    price_fen: int = 5


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
    """进度和结果: how many messages stand where, why some were dropped, what it has cost."""

    people: int
    by_state: Mapping[MessageState, int]
    dropped_for: Mapping[DropReason, int]
    cost_fen: int

    @property
    def waiting(self) -> int:
        return self.by_state.get(MessageState.WAITING, 0) + self.by_state.get(MessageState.CALLING, 0)


def draft_campaign(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    actor: Actor,
    new: NewCampaign,
    readers: Sequence[CampaignReader],
    tariff: Tariff,
) -> MessageCampaign:
    """Writes a campaign with its messages; nothing goes out before `start_campaign`.

    At most 2,000 readers at once: more are added with `extend_campaign`, each time in a transaction of its
    own. Readers named twice or without a mobile number are left out and counted. Raises `Forbidden` (also for
    more people than the role may reach), `NotFound` outside the area, `Invalid` for parameters the text does
    not have.
    """
    if get_template(new.template_code).purpose is not Purpose.CAMPAIGN:
        raise Conflict("这种消息是发给单个人的，群发请选“群发”开头的。")
    if not 1 <= new.pace_per_minute <= 6000:
        raise Invalid("每分钟发多少条，请填 1 到 6000。")
    permissions.require(
        actor, Action.CREATE, Resource.CAMPAIGN, Target(region_code=new.region_code), now=clock.now()
    )
    campaign = MessageCampaign(
        title=" ".join(new.title.split())[:60],
        region_code=new.region_code,
        template_code=new.template_code,
        channel=Channel.SMS,
        state=CampaignState.DRAFT,
        people=0,
        skipped=0,
        parts=0,
        cost_fen=0,
        pace_per_minute=new.pace_per_minute,
        needs_second_person=False,
        prepared_by=actor.user_id,
        prepared_at=clock.now(),
        planned_at=clock.now(),
        version=1,
    )
    session.add(campaign)
    session.flush()
    _add_readers(session, clock, cipher, actor, campaign, readers, tariff)
    if campaign.people == 0:
        raise Conflict("选的人里没有一个能收短信，请打电话，或者印信送去。")
    audit_campaign(session, clock, cipher, actor, Action.CREATE, campaign)
    return campaign


def extend_campaign(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    actor: Actor,
    campaign_id: int,
    readers: Sequence[CampaignReader],
    tariff: Tariff,
) -> MessageCampaign:
    """Adds up to 2,000 more readers to a draft; who is in it already is left out, so that it may be repeated.
    Raises as `draft_campaign`, and `Conflict` once it was approved or started."""
    campaign = get_campaign(session, actor, campaign_id, lock=True)
    if campaign.state is not CampaignState.DRAFT or campaign.approved_by is not None:
        raise Conflict("这次群发已经定了，不能再加人，请另做一次。")
    _add_readers(session, clock, cipher, actor, campaign, readers, tariff)
    campaign.version += 1
    return campaign


def _add_readers(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    actor: Actor,
    campaign: MessageCampaign,
    readers: Sequence[CampaignReader],
    tariff: Tariff,
) -> None:
    if len(readers) > AT_ONCE:
        raise Invalid(f"一次最多加 {AT_ONCE} 人，请分几次加。")
    permission = permissions.require(
        actor, Action.CREATE, Resource.CAMPAIGN, target_of(campaign), now=clock.now()
    )
    parts = 0
    for start in range(0, len(readers), BATCH):
        wanted = _reachable(session, cipher, campaign, readers[start : start + BATCH])
        parts += _write_messages(session, cipher, campaign, wanted, clock.now(), tariff)
        campaign.people += len(wanted)
        campaign.skipped += len(readers[start : start + BATCH]) - len(wanted)
    most = min(MAX_PEOPLE, permission.max_people or MAX_PEOPLE)
    if campaign.people > most:
        raise Forbidden(f"您的账号一次最多发给 {most} 人，请分开发，或者找上一级的同事。")
    above = permission.second_person_above
    campaign.needs_second_person = permission.needs_second_person or (
        above is not None and campaign.people > above
    )
    campaign.parts += parts
    campaign.cost_fen = campaign.parts * tariff.price_fen
    session.flush()


def _reachable(
    session: Session, cipher: FieldCipher, campaign: MessageCampaign, readers: Sequence[CampaignReader]
) -> list[tuple[CampaignReader, str]]:
    """Each person and each phone once in the whole campaign, with the phone as it is called."""
    phones = {reader.key: normalise_phone(reader.phone) for reader in readers}
    indexes = {phone: recipient_index(phone, cipher) for phone in phones.values() if phone is not None}
    taken = session.execute(
        select(Message.recipient_key, Message.recipient_index).where(
            Message.campaign_id == campaign.id,
            or_(Message.recipient_key.in_(phones), Message.recipient_index.in_(indexes.values())),
        )
    ).all()
    seen = {row.recipient_key for row in taken} | {row.recipient_index for row in taken}
    reachable = []
    for reader in readers:
        phone = normalise_phone(reader.phone)
        if phone is None or reader.key in seen or indexes.get(phone) in seen:
            continue
        index = indexes.setdefault(phone, recipient_index(phone, cipher))
        seen |= {reader.key, index}
        reachable.append((reader, phone))
    return reachable


def _write_messages(
    session: Session,
    cipher: FieldCipher,
    campaign: MessageCampaign,
    batch: Sequence[tuple[CampaignReader, str]],
    now: datetime,
    tariff: Tariff,
) -> int:
    """Up to 500 rows in one statement; returns their parts."""
    rows: list[dict[str, Any]] = []
    for row_id, (reader, phone) in zip(reserve_ids(session, Message, len(batch)), batch, strict=True):
        parameters = clean_parameters(campaign.template_code, reader.parameters)
        parts = preview_message(campaign.template_code, parameters, signature=tariff.signature).parts
        rows.append(
            {
                "id": row_id,
                "reference": new_reference(),
                "dedupe_key": f"campaign:{campaign.id}:{reader.key}",
                "template_code": campaign.template_code,
                "channel": campaign.channel,
                "purpose": Purpose.CAMPAIGN,
                "recipient_key": reader.key,
                "campaign_id": campaign.id,
                "state": MessageState.WAITING,
                "outcome_code": "",
                "created_at": now,
                "due_at": now,
                "expires_at": now + WORTH_SENDING_FOR,
                "tries": 0,
                "asks": 0,
                "parts": parts,
                "cost_fen": parts * tariff.price_fen,
                **sealed_columns(row_id, phone, parameters, cipher),
            }
        )
    if rows:
        session.execute(insert(Message), rows)
    return sum(row["parts"] for row in rows)


def get_campaign(session: Session, actor: Actor, campaign_id: int, *, lock: bool = False) -> MessageCampaign:
    """A campaign the actor may look at. Raises `CampaignNotFound` for any other."""
    campaign = session.get(MessageCampaign, campaign_id, with_for_update=lock, populate_existing=lock)
    if campaign is None:
        raise CampaignNotFound
    permissions.require(actor, Action.READ, Resource.CAMPAIGN, target_of(campaign), missing=CampaignNotFound)
    return campaign


def target_of(campaign: MessageCampaign) -> Target:
    """The facts permissions depend on. Who prepared a campaign has submitted it, and so can't approve it."""
    prepared = frozenset() if campaign.prepared_by is None else frozenset({campaign.prepared_by})
    return Target(
        region_code=campaign.region_code, created_by_id=campaign.prepared_by, submitted_by_ids=prepared
    )


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
    )


def list_campaigns(session: Session, actor: Actor, *, limit: int = 50) -> Sequence[MessageCampaign]:
    """The campaigns the actor may look at, the newest first."""
    prefixes = permissions.reading_prefixes(actor, Resource.CAMPAIGN)
    in_area = [MessageCampaign.region_code.startswith(prefix, autoescape=True) for prefix in prefixes]
    # `made` in the permission table: officers below the county see their own.
    own = (MessageCampaign.prepared_by == actor.user_id) if actor.is_officer else false()
    return session.scalars(
        select(MessageCampaign)
        .where(or_(own, *in_area))
        .order_by(MessageCampaign.prepared_at.desc(), MessageCampaign.id.desc())
        .limit(limit)
    ).all()


def audit_campaign(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    actor: Actor,
    action: Action,
    campaign: MessageCampaign,
) -> None:
    """Writes down who did what to a campaign."""
    record_audit(
        session,
        cipher,
        clock,
        actor,
        action,
        Resource.CAMPAIGN,
        subject_id=campaign.id,
        region_code=campaign.region_code,
        detail={"people": campaign.people, "state": campaign.state.value},
    )
