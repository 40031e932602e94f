"""recommendations"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "cc549824f599"
down_revision: str | None = "deea58c00f30"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "recommendation_runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False, comment="'' = everywhere"),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("formula", sa.String(length=20), nullable=False, comment="version of the order"),
        sa.Column("people", sa.Integer(), nullable=False, comment="who look for work"),
        sa.Column("people_with_some", sa.Integer(), nullable=False, comment="who got at least one"),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("bound", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_runs")),
        sa.UniqueConstraint(
            "region_code", "made_on", name=op.f("uq_recommendation_runs_region_code_made_on")
        ),
    )
    op.create_table(
        "recommendations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("score", sa.Float(), nullable=False, comment="0..100, as matching has it"),
        sa.Column("goes_first", sa.Boolean(), nullable=False, comment="nobody of the household works"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_recommendations_job_id_job_postings")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recommendations_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["recommendation_runs.id"], name=op.f("fk_recommendations_run_id_recommendation_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint(
            "run_id", "person_id", "job_id", name=op.f("uq_recommendations_run_id_person_id_job_id")
        ),
    )
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.create_index("ix_recommendations_job", ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recommendations_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendations_person_id"))
        batch_op.drop_index("ix_recommendations_job")

    op.drop_table("recommendations")
    op.drop_table("recommendation_runs")
