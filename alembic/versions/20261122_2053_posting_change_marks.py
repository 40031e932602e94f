"""posting_change_marks"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "8eb2fef42765"
down_revision: str | None = "a4946222b812"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("posting_changes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "mark",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                server_default="0",
                nullable=False,
                comment="random: tells a database put back to an earlier day from what it was",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("posting_changes", schema=None) as batch_op:
        batch_op.drop_column("mark")
