"""region_changes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "2ac4e2714642"
down_revision: str | None = "3c18d7d73b0b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "region_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rename",
                "new_code",
                "merge",
                "transfer",
                name="region_change_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "prepared",
                "approved",
                "applied",
                "dropped",
                "undone",
                name="region_change_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("old_code", sa.String(length=12), nullable=False),
        sa.Column(
            "new_code",
            sa.String(length=12),
            nullable=False,
            comment="the same for a rename; empty: not known yet",
        ),
        sa.Column("old_name", sa.String(length=60), nullable=False),
        sa.Column(
            "new_name", sa.String(length=60), nullable=False, comment="of what carries new_code afterwards"
        ),
        sa.Column(
            "target_name",
            sa.String(length=60),
            nullable=False,
            comment="what a merge's target was called before",
        ),
        sa.Column("manager_code", sa.String(length=12), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="the document that orders it"),
        sa.Column("prepared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmed_grants",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="roles the approver widens by name",
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="dropped or undone by",
        ),
        sa.Column("trouble", sa.String(length=200), nullable=False, comment="why it did not take effect yet"),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=True,
            comment="rises with every applying and undoing; tells processes to read anew",
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["users.id"], name=op.f("fk_region_changes_approved_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["users.id"], name=op.f("fk_region_changes_ended_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["users.id"], name=op.f("fk_region_changes_prepared_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_changes")),
        sa.UniqueConstraint("revision", name=op.f("uq_region_changes_revision")),
    )
    with op.batch_alter_table("region_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_changes_manager_code"), ["manager_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_region_changes_old_code"), ["old_code"], unique=False)
        batch_op.create_index("ix_region_changes_state", ["state", "effective_on"], unique=False)
    op.create_table(
        "region_code_moves",
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("old_code", sa.String(length=12), nullable=False),
        sa.Column("new_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["region_changes.id"], name=op.f("fk_region_code_moves_change_id_region_changes")
        ),
        sa.PrimaryKeyConstraint("change_id", "old_code", name=op.f("pk_region_code_moves")),
    )
    op.create_table(
        "region_holdings",
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder", sa.String(length=60), nullable=False, comment="table.column"),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("old_code", sa.String(length=12), nullable=False),
        sa.Column("new_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["region_changes.id"], name=op.f("fk_region_holdings_change_id_region_changes")
        ),
        sa.PrimaryKeyConstraint("change_id", "holder", "record_id", name=op.f("pk_region_holdings")),
    )
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "moved_to",
                sa.String(length=12),
                nullable=True,
                comment="of a retired one: where its people and records went",
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_regions_moved_to_regions"), "regions", ["moved_to"], ["code"]
        )


def downgrade() -> None:
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_regions_moved_to_regions"), type_="foreignkey")
        batch_op.drop_column("moved_to")
    op.drop_table("region_holdings")
    op.drop_table("region_code_moves")
    with op.batch_alter_table("region_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_region_changes_state")
        batch_op.drop_index(batch_op.f("ix_region_changes_old_code"))
        batch_op.drop_index(batch_op.f("ix_region_changes_manager_code"))
    op.drop_table("region_changes")
