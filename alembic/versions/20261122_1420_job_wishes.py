"""job_wishes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "0e6f89d57098"
down_revision: str | None = "28bf7d28504f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "job_wishes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column(
            "way",
            sa.Enum("want", "ask", name="wish_way", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_for_family", sa.Boolean(), nullable=False, comment="sent by somebody of the family"),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True, comment="sealed; null: forgotten"),
        sa.Column("phone_index", sa.String(length=64), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=False, comment="one filling-in, one wish"),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="who was signed in",
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "referred",
                "withdrawn",
                "closed",
                name="wish_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "close_reason",
            sa.Enum(
                "unreachable",
                "wrong_number",
                "not_any_more",
                "not_fitting",
                "job_gone",
                name="wish_close",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "settled_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="null: the person, or the system",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (settled_at IS NULL)", name=op.f("ck_job_wishes_settled_when_not_waiting")
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR close_reason IS NOT NULL", name=op.f("ck_job_wishes_closed_has_a_reason")
        ),
        sa.CheckConstraint(
            "state <> 'referred' OR referral_id IS NOT NULL",
            name=op.f("ck_job_wishes_referred_has_a_referral"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_job_wishes_job_id_job_postings")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_job_wishes_referral_id_referrals")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_job_wishes_region_code_regions")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_job_wishes_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_wishes")),
        sa.UniqueConstraint("form_key", name=op.f("uq_job_wishes_form_key")),
    )
    with op.batch_alter_table("job_wishes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_wishes_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_wishes_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index("ix_job_wishes_region_due_at", ["region_code", "due_at"], unique=False)
        batch_op.create_index(
            "uq_job_wishes_one_waiting",
            ["phone_index", "job_id", "name"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("job_wishes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_job_wishes_one_waiting",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index("ix_job_wishes_region_due_at")
        batch_op.drop_index(batch_op.f("ix_job_wishes_referral_id"))
        batch_op.drop_index(batch_op.f("ix_job_wishes_job_id"))

    op.drop_table("job_wishes")
