"""posting_figures_sources_limits_batches_wages"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "81c935845677"
down_revision: str | None = "499230d60c76"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "minimum_wage_tiers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False, comment="as the notice names it: 一类"),
        sa.Column("month_fen", sa.Integer(), nullable=False, comment="full time, a month"),
        sa.Column("hour_fen", sa.Integer(), nullable=False, comment="part time, an hour"),
        sa.Column(
            "areas",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("rest", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False, comment="the notice it was read in"),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(province_code) = 2", name=op.f("ck_minimum_wage_tiers_province_code_length")
        ),
        sa.CheckConstraint("month_fen > 0 AND hour_fen > 0", name=op.f("ck_minimum_wage_tiers_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minimum_wage_tiers")),
        sa.UniqueConstraint(
            "province_code",
            "effective_on",
            "name",
            name=op.f("uq_minimum_wage_tiers_province_code_effective_on_name"),
        ),
    )
    op.create_table(
        "posting_rules",
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column(
            "month_caps",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="employer kind: postings a month; null lifts the limit",
        ),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_posting_rules_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_posting_rules")),
    )
    op.create_table(
        "job_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "actor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user who uploaded it",
        ),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column(
            "file_digest",
            sa.String(length=64),
            nullable=False,
            comment="the same file again is the same batch",
        ),
        sa.Column("labels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "fields",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="what each column means",
        ),
        sa.Column(
            "rows",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="row number, then the cells",
        ),
        sa.Column("result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(taken_at IS NULL) = (result IS NULL)", name=op.f("ck_job_batches_taken_has_a_result")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_job_batches_employer_id_employers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_batches")),
    )
    with op.batch_alter_table("job_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_batches_employer_id"), ["employer_id"], unique=False)

    op.create_table(
        "job_sources",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "firm",
                "office",
                "broker",
                "list",
                name="job_source_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content_key", sa.String(length=64), nullable=True, comment="identity in imports"),
        sa.Column(
            "actor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; null = system, kept for ever",
        ),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False, comment="named again, last"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_job_sources_job_id_job_postings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_sources")),
        sa.UniqueConstraint("content_key", name=op.f("uq_job_sources_content_key")),
    )
    with op.batch_alter_table("job_sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_sources_job_id"), ["job_id"], unique=False)

    op.create_table(
        "job_view_days",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewed_on", sa.Date(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.CheckConstraint("views > 0", name=op.f("ck_job_view_days_viewed")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_job_view_days_job_id_job_postings")
        ),
        sa.PrimaryKeyConstraint("job_id", "viewed_on", name=op.f("pk_job_view_days")),
    )
    with op.batch_alter_table("job_postings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "applicants",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="people who asked and wait, counted every ten minutes",
            )
        )
        batch_op.add_column(
            sa.Column(
                "first_approved_by_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="of a new firm's first posting: said yes, a second officer has yet to",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("job_postings", schema=None) as batch_op:
        batch_op.drop_column("first_approved_by_id")
        batch_op.drop_column("applicants")

    op.drop_table("job_view_days")
    with op.batch_alter_table("job_sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_sources_job_id"))

    op.drop_table("job_sources")
    with op.batch_alter_table("job_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_batches_employer_id"))

    op.drop_table("job_batches")
    op.drop_table("posting_rules")
    op.drop_table("minimum_wage_tiers")
