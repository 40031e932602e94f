"""job_findings_and_reports"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "28bf7d28504f"
down_revision: str | None = "0436c449b040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "job_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reporter_key", sa.String(length=64), nullable=False, comment="keyed digest of where it came from"
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "money",
                "papers",
                "false",
                "cheat",
                "unfair",
                "wages",
                "other",
                name="report_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_job_reports_job_id_job_postings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_reports")),
        sa.UniqueConstraint("job_id", "reporter_key", name=op.f("uq_job_reports_job_id_reporter_key")),
    )
    with op.batch_alter_table("job_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_reports_job_id"), ["job_id"], unique=False)

    # Not as a batch: SQLite would make the table anew and lose the triggers of its text index.
    op.add_column(
        "job_postings",
        sa.Column(
            "findings",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="[]",
            nullable=False,
            comment="what vetting found, see app.jobs.vetting",
        ),
    )
    op.add_column(
        "job_postings",
        sa.Column(
            "needs_look",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="open, but a person has yet to look at the findings",
        ),
    )


def downgrade() -> None:
    op.drop_column("job_postings", "needs_look")
    op.drop_column("job_postings", "findings")
    with op.batch_alter_table("job_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_reports_job_id"))

    op.drop_table("job_reports")
