"""second_person"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "aec9d9e23c9b"
down_revision: str | None = "f3c237cae4bd"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "people_export",
                "erasure",
                "campaign",
                name="confirmation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "approved",
                "refused",
                "withdrawn",
                "done",
                name="confirmation_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region_code", sa.String(length=12), nullable=False, comment="place of what is asked for"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="id of the one record it is about, if one",
        ),
        sa.Column(
            "people", sa.Integer(), nullable=False, comment="how many people it concerns, counted when asked"
        ),
        sa.Column(
            "detail",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="codes and ids of what is asked for, no words about people",
        ),
        sa.Column(
            "reason", sa.String(length=200), nullable=False, comment="as typed, without numbers of a person"
        ),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_reason", sa.String(length=200), nullable=False),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="of the request, then of the approval",
        ),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), nullable=True, comment="last time it was made use of"
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR answered_by_id IS NOT NULL",
            name=op.f("ck_confirmations_approved_by_someone"),
        ),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> asked_by_id",
            name=op.f("ck_confirmations_two_people"),
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_confirmations_people_counted")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_confirmations_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_confirmations_asked_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
    )
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.create_index("ix_confirmations_asked_by", ["asked_by_id", "id"], unique=False)
        batch_op.create_index("ix_confirmations_state_region", ["state", "region_code"], unique=False)
        batch_op.create_index("ix_confirmations_subject", ["kind", "subject_id"], unique=False)

    op.create_table(
        "health_duties",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False, comment="of a county"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "appointed_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="null: the system",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "appointed_by_id IS NULL OR appointed_by_id <> user_id", name=op.f("ck_health_duties_not_oneself")
        ),
        sa.CheckConstraint("valid_until > starts_at", name=op.f("ck_health_duties_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["appointed_by_id"], ["users.id"], name=op.f("fk_health_duties_appointed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["users.id"], name=op.f("fk_health_duties_ended_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_health_duties_region_code_regions")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_health_duties_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_duties")),
    )
    with op.batch_alter_table("health_duties", schema=None) as batch_op:
        batch_op.create_index("ix_health_duties_region", ["region_code", "ended_at"], unique=False)
        batch_op.create_index("ix_health_duties_user", ["user_id"], unique=False)

    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "carried_out_by_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="the second person; null: the system",
            )
        )

    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "lifted_by_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="null: the domain that made it, or running",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.drop_column("lifted_by_id")

    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_column("carried_out_by_id")

    with op.batch_alter_table("health_duties", schema=None) as batch_op:
        batch_op.drop_index("ix_health_duties_user")
        batch_op.drop_index("ix_health_duties_region")

    op.drop_table("health_duties")
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.drop_index("ix_confirmations_subject")
        batch_op.drop_index("ix_confirmations_state_region")
        batch_op.drop_index("ix_confirmations_asked_by")

    op.drop_table("confirmations")
