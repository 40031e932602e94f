"""群发: one text to people the caller picked, previewed, approved above the limit, paced (DOMAIN E5).

The messages are written into the outbox with the draft and stay there until the campaign runs. Who may send
to how many stands in the permission table (row `campaign`): village 50, township 1,000, county with a second
person above 1,000.

    draft_campaign(...) [extend_campaign(...)]       few readers, at once
    open_campaign(...) add_readers(...) finish_planning(...)     many, some hundred in a transaction
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from app.accounts import permissions
from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target
from app.accounts.rules import normalise_phone
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.ids import reserve_ids
from app.notifications.limits import room_at
from app.notifications.models import Message, MessageCampaign
from app.notifications.opt_outs import opted_out_among, recipient_index
from app.notifications.outbox import new_reference
from app.notifications.rules import count_parts, with_signature
from app.notifications.sealing import sealed_columns
from app.notifications.terms import CampaignState, Channel, MessageState, Purpose, SkipReason
from app.notifications.wording import clean_parameters, fill_in, get_template

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
    """收信人: a person the caller picked. `key` is whose limits count, e.g. person:12; `subject` what the
    message is about, e.g. ("job", 7)."""

    key: str
    phone: str = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)
    subject: tuple[str, int] | None = None


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
class Limits:
    """人数限制: how many people at most, and above how many another person says yes."""

    max_people: int = MAX_PEOPLE
    second_person_above: int | None = None

    @classmethod
    def of(cls, permission: Permission) -> "Limits":
        """Those of the permission table."""
        above = 0 if permission.needs_second_person else permission.second_person_above
        return cls(min(MAX_PEOPLE, permission.max_people or MAX_PEOPLE), above)


def may_send_in(actor: Actor, region_code: str) -> Limits | None:
    """To how many people of a place the actor may send at once; None: to nobody."""
    permission = permissions.may(actor, Action.CREATE, Resource.CAMPAIGN, Target(region_code=region_code))
    return None if permission is None else Limits.of(permission)


def open_campaign(
    session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, new: NewCampaign
) -> MessageCampaign:
    """Writes a campaign without readers, to be filled by `add_readers` and closed by `finish_planning`.
    Raises `Forbidden`, `NotFound` outside the area, `Conflict` for a text that is not for campaigns,
    `Invalid` for a pace."""
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
        version=1,
    )
    session.add(campaign)
    session.flush()
    audit_campaign(session, clock, cipher, actor, Action.CREATE, campaign)
    return campaign


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
    own. Readers named twice, without a mobile number, or who want none are left out and counted. Raises
    `Forbidden` (also for more people than the role may reach), `NotFound` outside the area, `Invalid` for
    parameters the text does not have.
    """
    campaign = open_campaign(session, clock, cipher, actor, new)
    campaign.planned_at = clock.now()
    _add_all(session, clock, cipher, actor, campaign, readers, tariff)
    if campaign.people == 0:
        raise Conflict("选的人里没有一个能收短信，请打电话，或者印信送去。")
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
    _add_all(session, clock, cipher, actor, campaign, readers, tariff)
    campaign.version += 1
    return campaign


def _add_all(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    actor: Actor,
    campaign: MessageCampaign,
    readers: Sequence[CampaignReader],
    tariff: Tariff,
) -> None:
    permission = permissions.require(
        actor, Action.CREATE, Resource.CAMPAIGN, target_of(campaign), now=clock.now()
    )
    limits = Limits.of(permission)
    skipped = add_readers(session, clock, cipher, campaign, readers, tariff, limits)
    if SkipReason.OVER_LIMIT in skipped.values():
        raise Forbidden(f"您的账号一次最多发给 {limits.max_people} 人，请分开发，或者找上一级的同事。")


def add_readers(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    campaign: MessageCampaign,
    readers: Sequence[CampaignReader],
    tariff: Tariff,
    limits: Limits,
) -> dict[str, SkipReason]:
    """Adds up to 2,000 readers to a draft (locked by the caller). Returns who gets no message and why, by
    key; `LATER` are those who get it when there is room for them. Raises `Invalid`."""
    if len(readers) > AT_ONCE:
        raise Invalid(f"一次最多加 {AT_ONCE} 人，请分几次加。")
    found: dict[str, SkipReason] = {}
    for start in range(0, len(readers), BATCH):
        part = readers[start : start + BATCH]
        reachable, skipped = _reachable(session, cipher, campaign, part)
        room = max(limits.max_people - campaign.people, 0)
        skipped |= {reader.key: SkipReason.OVER_LIMIT for reader, _ in reachable[room:]}
        wanted = reachable[:room]
        campaign.parts += _write_messages(session, cipher, campaign, wanted, clock.now(), tariff)
        campaign.people += len(wanted)
        campaign.skipped += len(part) - len(wanted)
        keys = [reader.key for reader, _ in wanted]
        later = room_at(session, keys, campaign.channel, clock.now())
        found |= skipped | dict.fromkeys(later, SkipReason.LATER)
    above = limits.second_person_above
    campaign.needs_second_person = above is not None and campaign.people > above
    campaign.cost_fen = campaign.parts * tariff.price_fen
    session.flush()
    return found


def finish_planning(campaign: MessageCampaign, clock: Clock) -> None:
    """Everybody is in: the campaign may be looked at, approved and started."""
    campaign.planned_at = clock.now()
    campaign.version += 1


def _reachable(
    session: Session, cipher: FieldCipher, campaign: MessageCampaign, readers: Sequence[CampaignReader]
) -> tuple[list[tuple[CampaignReader, str]], dict[str, SkipReason]]:
    """Each person and each phone once in the whole campaign, with the phone as it is called; and who is left
    out."""
    keys = [reader.key for reader in readers]
    phones = [normalise_phone(reader.phone) for reader in readers]
    indexes = {phone: recipient_index(phone, cipher) for phone in phones if phone is not None}
    taken = session.execute(
        select(Message.recipient_key, Message.recipient_index).where(
            Message.campaign_id == campaign.id,
            or_(Message.recipient_key.in_(keys), Message.recipient_index.in_(indexes.values())),
        )
    ).all()
    seen = {row.recipient_key for row in taken} | {row.recipient_index for row in taken}
    want_none = opted_out_among(session, cipher, indexes, Purpose.CAMPAIGN)
    reachable: list[tuple[CampaignReader, str]] = []
    skipped: dict[str, SkipReason] = {}
    for reader, phone in zip(readers, phones, strict=True):
        if reader.key in seen:
            continue
        if phone is None:
            skipped[reader.key] = SkipReason.NOT_MOBILE if reader.phone else SkipReason.NO_PHONE
        elif phone in want_none:
            skipped[reader.key] = SkipReason.OPTED_OUT
        elif indexes[phone] in seen:
            skipped[reader.key] = SkipReason.SAME_PHONE
        else:
            seen |= {reader.key, indexes[phone]}
            reachable.append((reader, phone))
    return reachable, skipped


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
        text = fill_in(campaign.template_code, parameters)
        parts = count_parts(with_signature(text, tariff.signature))
        kind, subject_id = reader.subject or (None, None)
        rows.append(
            {
                "id": row_id,
                "reference": new_reference(),
                "dedupe_key": f"campaign:{campaign.id}:{reader.key}",
                "template_code": campaign.template_code,
                "channel": campaign.channel,
                "purpose": Purpose.CAMPAIGN,
                "recipient_key": reader.key,
                "subject_kind": kind,
                "subject_id": subject_id,
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
