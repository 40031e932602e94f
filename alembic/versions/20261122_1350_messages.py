"""messages"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "0436c449b040"
down_revision: str | None = "8f58ea2058be"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "message_opt_outs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False, comment="sealed; phone or openid"),
        sa.Column("recipient_index", sa.String(length=64), nullable=True, comment="keyed digest"),
        sa.Column(
            "scope",
            sa.Enum(
                "campaigns",
                "everything",
                name="opt_out_scope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_opt_outs")),
        sa.UniqueConstraint("recipient_index", name=op.f("uq_message_opt_outs_recipient_index")),
    )
    op.create_table(
        "message_provider_health",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column(
            "window_at", sa.DateTime(timezone=True), nullable=False, comment="begin of the window counted"
        ),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column(
            "open_until", sa.DateTime(timezone=True), nullable=True, comment="not called before; null: well"
        ),
        sa.Column("openings", sa.Integer(), nullable=False, comment="in a row; each waits twice as long"),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_message_provider_health")),
    )
    op.create_table(
        "message_spending",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_message_spending")),
    )
    op.create_table(
        "message_campaigns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("template_code", sa.String(length=60), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "sms",
                "wechat",
                "call",
                "letter",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "running",
                "paused",
                "done",
                "stopped",
                name="campaign_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False, comment="if everybody is reached once"),
        sa.Column("skipped", sa.Integer(), nullable=False, comment="named twice, or without a number"),
        sa.Column("pace_per_minute", sa.Integer(), nullable=False),
        sa.Column("needs_second_person", sa.Boolean(), nullable=False),
        sa.Column(
            "prepared_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="null: the system",
        ),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True, comment="no message of it before"),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "needs_second_person = false OR approved_by IS NOT NULL OR state IN ('draft', 'stopped')",
            name=op.f("ck_message_campaigns_approved_before_it_runs"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> prepared_by", name=op.f("ck_message_campaigns_two_persons")
        ),
        sa.CheckConstraint("pace_per_minute BETWEEN 1 AND 6000", name=op.f("ck_message_campaigns_pace")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["users.id"], name=op.f("fk_message_campaigns_approved_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["users.id"], name=op.f("fk_message_campaigns_prepared_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_message_campaigns_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_campaigns")),
    )
    with op.batch_alter_table("message_campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_campaigns_region_code"), ["region_code"], unique=False)
        batch_op.create_index("ix_message_campaigns_state", ["state"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reference", sa.String(length=32), nullable=False, comment="ours; what the provider is asked by"
        ),
        sa.Column(
            "dedupe_key", sa.String(length=160), nullable=True, comment="one message with this key, ever"
        ),
        sa.Column("template_code", sa.String(length=60), nullable=False),
        sa.Column("parameters", sa.LargeBinary(), nullable=True, comment="sealed; JSON; null: forgotten"),
        sa.Column(
            "channel",
            sa.Enum(
                "sms",
                "wechat",
                "call",
                "letter",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum(
                "code",
                "service",
                "partner",
                "campaign",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recipient", sa.LargeBinary(), nullable=True, comment="sealed; phone, openid or address"),
        sa.Column("recipient_index", sa.String(length=64), nullable=True, comment="keyed digest"),
        sa.Column(
            "recipient_key",
            sa.String(length=80),
            nullable=False,
            comment="whose limits count, e.g. person:12",
        ),
        sa.Column(
            "subject_kind", sa.String(length=40), nullable=True, comment="what it is about, e.g. referral"
        ),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "calling",
                "dropped",
                "unknown",
                "accepted",
                "failed",
                "delivered",
                name="message_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "drop_reason",
            sa.Enum(
                "settled",
                "opted_out",
                "too_late",
                "stopped",
                "forgotten",
                "restored",
                name="drop_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome_code", sa.String(length=80), nullable=False, comment="the provider's own, no text"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), nullable=False, comment="not worth sending afterwards"
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asks", sa.Integer(), nullable=False, comment="how often the provider was asked"),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True, comment="when to ask about this call"),
        sa.Column("provider", sa.String(length=20), nullable=True),
        sa.Column("provider_id", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'dropped' OR drop_reason IS NOT NULL", name=op.f("ck_messages_dropped_for_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('calling', 'unknown') OR (provider IS NOT NULL AND called_at IS NOT NULL)",
            name=op.f("ck_messages_called_by_somebody"),
        ),
        sa.CheckConstraint(
            "tries >= 0 AND parts >= 0 AND cost_fen >= 0", name=op.f("ck_messages_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["message_campaigns.id"], name=op.f("fk_messages_campaign_id_message_campaigns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_messages_dedupe_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_messages_reference")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_doubt", ["state", "ask_at"], unique=False)
        batch_op.create_index("ix_messages_due", ["campaign_id", "state", "due_at"], unique=False)
        batch_op.create_index("ix_messages_provider_id", ["provider", "provider_id"], unique=False)
        batch_op.create_index("ix_messages_reader", ["recipient_key", "called_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_recipient_index"), ["recipient_index"], unique=False)
        batch_op.create_index("ix_messages_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "message_receipts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "calling",
                "dropped",
                "unknown",
                "accepted",
                "failed",
                "delivered",
                name="message_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_receipts_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_receipts")),
        sa.UniqueConstraint(
            "provider",
            "provider_id",
            "reference",
            "state",
            name=op.f("uq_message_receipts_provider_provider_id_reference_state"),
        ),
    )
    with op.batch_alter_table("message_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_receipts_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_receipts_received_at"), ["received_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("message_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_receipts_received_at"))
        batch_op.drop_index(batch_op.f("ix_message_receipts_message_id"))

    op.drop_table("message_receipts")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_subject")
        batch_op.drop_index(batch_op.f("ix_messages_recipient_index"))
        batch_op.drop_index("ix_messages_reader")
        batch_op.drop_index("ix_messages_provider_id")
        batch_op.drop_index("ix_messages_due")
        batch_op.drop_index("ix_messages_doubt")

    op.drop_table("messages")
    with op.batch_alter_table("message_campaigns", schema=None) as batch_op:
        batch_op.drop_index("ix_message_campaigns_state")
        batch_op.drop_index(batch_op.f("ix_message_campaigns_region_code"))

    op.drop_table("message_campaigns")
    op.drop_table("message_spending")
    op.drop_table("message_provider_health")
    op.drop_table("message_opt_outs")
