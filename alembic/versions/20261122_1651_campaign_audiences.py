"""campaign_audiences"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "03b401e73e93"
down_revision: str | None = "48ec01f33076"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "campaign_audiences",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "filters",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="AudienceFilters; no names",
        ),
        sa.Column(
            "words",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="parameters of the text but the name; nothing about a person",
        ),
        sa.Column(
            "job_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the posting it is about",
        ),
        sa.Column("price_fen", sa.Integer(), nullable=False, comment="of one part, when it was made"),
        sa.Column("max_people", sa.Integer(), nullable=True, comment="limit of who made it; null: none"),
        sa.Column("second_person_above", sa.Integer(), nullable=True, comment="more than so many take two"),
        sa.Column(
            "last_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="people up to here are looked at",
        ),
        sa.Column("seen", sa.Integer(), nullable=False, comment="people looked at so far"),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["message_campaigns.id"],
            name=op.f("fk_campaign_audiences_campaign_id_message_campaigns"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_campaign_audiences_job_id_job_postings")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_campaign_audiences")),
    )
    op.create_table(
        "campaign_skips",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "no_phone",
                "not_mobile",
                "said_no",
                "opted_out",
                "same_phone",
                "applied",
                "over_limit",
                "later",
                name="skip_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["message_campaigns.id"],
            name=op.f("fk_campaign_skips_campaign_id_message_campaigns"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_campaign_skips_person_id_people")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", name=op.f("pk_campaign_skips")),
    )
    with op.batch_alter_table("campaign_skips", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_skips_person", ["person_id"], unique=False)

    op.create_table(
        "message_decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "again",
                "counts_as_sent",
                "call_instead",
                "left",
                name="trouble_decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "decided_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="null: the system",
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_message_decisions_decided_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_decisions_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_decisions")),
    )
    with op.batch_alter_table("message_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_message_decisions_message", ["message_id", "decided_at"], unique=False)

    with op.batch_alter_table("message_campaigns", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "planned_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="everybody is in; null: people are still being added",
            )
        )

    op.execute("UPDATE message_campaigns SET planned_at = prepared_at")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_messages_paper",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("channel IN ('call', 'letter') AND state = 'waiting'"),
            postgresql_where=sa.text("channel IN ('call', 'letter') AND state = 'waiting'"),
        )
        batch_op.create_index(
            "ix_messages_trouble",
            ["settled_at", "id"],
            unique=False,
            sqlite_where=sa.text("campaign_id IS NULL AND state IN ('unknown', 'failed', 'dropped')"),
            postgresql_where=sa.text("campaign_id IS NULL AND state IN ('unknown', 'failed', 'dropped')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_trouble",
            sqlite_where=sa.text("campaign_id IS NULL AND state IN ('unknown', 'failed', 'dropped')"),
            postgresql_where=sa.text("campaign_id IS NULL AND state IN ('unknown', 'failed', 'dropped')"),
        )
        batch_op.drop_index(
            "ix_messages_paper",
            sqlite_where=sa.text("channel IN ('call', 'letter') AND state = 'waiting'"),
            postgresql_where=sa.text("channel IN ('call', 'letter') AND state = 'waiting'"),
        )

    with op.batch_alter_table("message_campaigns", schema=None) as batch_op:
        batch_op.drop_column("planned_at")

    with op.batch_alter_table("message_decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_message_decisions_message")

    op.drop_table("message_decisions")
    with op.batch_alter_table("campaign_skips", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_skips_person")

    op.drop_table("campaign_skips")
    op.drop_table("campaign_audiences")
