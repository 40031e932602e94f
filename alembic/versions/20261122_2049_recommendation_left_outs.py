"""recommendation_left_outs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "a4946222b812"
down_revision: str | None = "6722d0bb8e07"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "recommendation_left_outs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "nothing_fits",
                "asked_already",
                "all_taken",
                name="left_out_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recommendation_left_outs_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["recommendation_runs.id"],
            name=op.f("fk_recommendation_left_outs_run_id_recommendation_runs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_left_outs")),
        sa.UniqueConstraint("run_id", "person_id", name=op.f("uq_recommendation_left_outs_run_id_person_id")),
    )
    with op.batch_alter_table("recommendation_left_outs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_left_outs_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("recommendation_left_outs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_left_outs_person_id"))

    op.drop_table("recommendation_left_outs")
