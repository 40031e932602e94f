"""person_changes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "6722d0bb8e07"
down_revision: str | None = "3da8c95d975c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "person_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "household_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="all members of this household",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_changes")),
    )


def downgrade() -> None:
    op.drop_table("person_changes")
