"""demand_plans"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "af3769a4985f"
down_revision: str | None = "b97aad271385"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "demand_plans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False, comment="the work in the firm's words"),
        sa.Column(
            "occupation_code", sa.String(length=10), nullable=True, comment="null: the words settle none"
        ),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("needed_on", sa.Date(), nullable=False, comment="first day of work"),
        sa.Column("until_on", sa.Date(), nullable=True, comment="last day of the season"),
        sa.Column("region_code", sa.String(length=12), nullable=False, comment="work place"),
        sa.Column(
            "office_code", sa.String(length=12), nullable=False, comment="the office that keeps this record"
        ),
        sa.Column("wage_min_fen", sa.Integer(), nullable=False),
        sa.Column("wage_max_fen", sa.Integer(), nullable=False),
        sa.Column(
            "wage_unit",
            sa.Enum(
                "month",
                "day",
                "hour",
                "piece",
                "year",
                "week",
                name="wage_unit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("board", sa.Boolean(), nullable=False),
        sa.Column("lodging", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "stated",
                "posted",
                "withdrawn",
                name="demand_plan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "created_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; kept when the account goes",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'posted' OR job_id IS NOT NULL", name=op.f("ck_demand_plans_posted_has_a_posting")
        ),
        sa.CheckConstraint("headcount BETWEEN 1 AND 10000", name=op.f("ck_demand_plans_headcount")),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= needed_on", name=op.f("ck_demand_plans_dates_in_order")
        ),
        sa.CheckConstraint("wage_min_fen <= wage_max_fen", name=op.f("ck_demand_plans_wage_order")),
        sa.CheckConstraint(
            "wage_min_fen >= 0 AND wage_max_fen >= 0", name=op.f("ck_demand_plans_wage_positive")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_demand_plans_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_demand_plans_job_id_job_postings")
        ),
        sa.ForeignKeyConstraint(
            ["office_code"], ["regions.code"], name=op.f("fk_demand_plans_office_code_regions")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_demand_plans_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_plans")),
        sa.UniqueConstraint("job_id", name=op.f("uq_demand_plans_job_id")),
    )
    with op.batch_alter_table("demand_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_plans_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index("ix_demand_plans_office_needed", ["office_code", "needed_on"], unique=False)

    op.create_table(
        "demand_plan_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="the plan's version after the step"),
        sa.Column(
            "action",
            sa.Enum(
                "state",
                "edit",
                "post",
                "withdraw",
                name="demand_plan_action",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "content",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="DemandPlanIn's fields and the job",
        ),
        sa.Column(
            "actor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; null = system, kept for ever",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["demand_plans.id"], name=op.f("fk_demand_plan_versions_plan_id_demand_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_plan_versions")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_demand_plan_versions_plan_id_number")),
    )
    with op.batch_alter_table("employment_spells", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "planned_end_on", sa.Date(), nullable=True, comment="agreed last day; null: none agreed"
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("employment_spells", schema=None) as batch_op:
        batch_op.drop_column("planned_end_on")

    op.drop_table("demand_plan_versions")
    with op.batch_alter_table("demand_plans", schema=None) as batch_op:
        batch_op.drop_index("ix_demand_plans_office_needed")
        batch_op.drop_index(batch_op.f("ix_demand_plans_employer_id"))

    op.drop_table("demand_plans")
