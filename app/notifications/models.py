"""通知表: messages, receipts, who wants none, how providers fare, what was spent, campaigns."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column
from app.notifications.terms import (
    CampaignState,
    Channel,
    DropReason,
    MessageState,
    OptOutScope,
    Purpose,
    TroubleDecision,
)

_TROUBLE = "campaign_id IS NULL AND state IN ('unknown', 'failed', 'dropped')"
_PAPER = "channel IN ('call', 'letter') AND state = 'waiting'"


class Message(Base):
    """消息: one message to one reader, written down before anybody is called."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("dedupe_key"),
        Index("ix_messages_due", "campaign_id", "state", "due_at", "id"),
        Index("ix_messages_doubt", "state", "ask_at"),
        Index("ix_messages_subject", "subject_kind", "subject_id"),
        Index("ix_messages_reader", "recipient_key", "called_at"),
        Index("ix_messages_provider_id", "provider", "provider_id"),
        # What may need a person; campaigns, of which there are very many, tell in their own reports.
        Index(
            "ix_messages_trouble",
            "settled_at",
            "id",
            sqlite_where=text(_TROUBLE),
            postgresql_where=text(_TROUBLE),
        ),
        # Waiting sheets of the call list.
        Index(
            "ix_messages_paper",
            "due_at",
            "id",
            sqlite_where=text(_PAPER),
            postgresql_where=text(_PAPER),
        ),
        CheckConstraint("tries >= 0 AND parts >= 0 AND cost_fen >= 0", name="counts_not_negative"),
        CheckConstraint("state <> 'dropped' OR drop_reason IS NOT NULL", name="dropped_for_a_reason"),
        CheckConstraint(
            "state NOT IN ('calling', 'unknown') OR (provider IS NOT NULL AND called_at IS NOT NULL)",
            name="called_by_somebody",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), comment="ours; what the provider is asked by")
    dedupe_key: Mapped[str | None] = mapped_column(String(160), comment="one message with this key, ever")
    template_code: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; JSON; null: forgotten")
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    recipient: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; phone, openid or address")
    recipient_index: Mapped[str | None] = mapped_column(String(64), index=True, comment="keyed digest")
    recipient_key: Mapped[str] = mapped_column(String(80), comment="whose limits count, e.g. person:12")
    subject_kind: Mapped[str | None] = mapped_column(String(40), comment="what it is about, e.g. referral")
    subject_id: Mapped[int | None] = mapped_column(BigId)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("message_campaigns.id"))
    state: Mapped[MessageState] = mapped_column(enum_column(MessageState), default=MessageState.WAITING)
    drop_reason: Mapped[DropReason | None] = mapped_column(enum_column(DropReason))
    outcome_code: Mapped[str] = mapped_column(String(80), default="", comment="the provider's own, no text")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="not worth sending afterwards")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asks: Mapped[int] = mapped_column(Integer, default=0, comment="how often the provider was asked")
    ask_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when to ask about this call")
    provider: Mapped[str | None] = mapped_column(String(20))
    provider_id: Mapped[str | None] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parts: Mapped[int] = mapped_column(Integer, default=0)
    cost_fen: Mapped[int] = mapped_column(Integer, default=0)


class MessageReceipt(Base):
    """回执: what a provider reported, kept also when it fits no message of ours (yet)."""

    __tablename__ = "message_receipts"
    __table_args__ = (UniqueConstraint("provider", "provider_id", "reference", "state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[MessageState] = mapped_column(enum_column(MessageState))
    code: Mapped[str] = mapped_column(String(80), default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class MessageDecision(Base):
    """消息处理记录: who decided what about a message in trouble. Only added."""

    __tablename__ = "message_decisions"
    __table_args__ = (Index("ix_message_decisions_message", "message_id", "decided_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    decision: Mapped[TroubleDecision] = mapped_column(enum_column(TroubleDecision))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="null: the system")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MessageOptOut(Base):
    """退订: a reader who wants no (mass) messages."""

    __tablename__ = "message_opt_outs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recipient: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed; phone or openid")
    recipient_index: Mapped[str | None] = mapped_column(String(64), unique=True, comment="keyed digest")
    scope: Mapped[OptOutScope] = mapped_column(enum_column(OptOutScope))
    opted_out_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProviderHealth(Base):
    """通道健康: how the calls of the present window went, and until when a provider is left alone."""

    __tablename__ = "message_provider_health"

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="begin of the window counted")
    calls: Mapped[int] = mapped_column(Integer, default=0)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="not called before; null: well")
    openings: Mapped[int] = mapped_column(Integer, default=0, comment="in a row; each waits twice as long")


class MessageSpending(Base):
    """短信花费: what a day (Beijing) has cost so far; the breaker reads it."""

    __tablename__ = "message_spending"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    cost_fen: Mapped[int] = mapped_column(Integer, default=0)
    messages: Mapped[int] = mapped_column(Integer, default=0)


class MessageCampaign(Base):
    """群发: one text to many people, prepared by one officer and, above the limit, approved by another."""

    __tablename__ = "message_campaigns"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="two_persons"),
        CheckConstraint(
            "needs_second_person = false OR approved_by IS NOT NULL OR state IN ('draft', 'stopped')",
            name="approved_before_it_runs",
        ),
        CheckConstraint("pace_per_minute BETWEEN 1 AND 6000", name="pace"),
        Index("ix_message_campaigns_state", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"), index=True)
    template_code: Mapped[str] = mapped_column(String(60))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    state: Mapped[CampaignState] = mapped_column(enum_column(CampaignState), default=CampaignState.DRAFT)
    people: Mapped[int] = mapped_column(Integer, default=0)
    parts: Mapped[int] = mapped_column(Integer, default=0)
    cost_fen: Mapped[int] = mapped_column(Integer, default=0, comment="if everybody is reached once")
    skipped: Mapped[int] = mapped_column(Integer, default=0, comment="named twice, or without a number")
    pace_per_minute: Mapped[int] = mapped_column(Integer)
    needs_second_person: Mapped[bool] = mapped_column(Boolean)
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="null: the system")
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="everybody is in; null: people are still being added"
    )
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="no message of it before")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)
