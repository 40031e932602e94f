"""opted_out_at"""

from collections.abc import Sequence

from alembic import op


revision: str = "deea58c00f30"
down_revision: str | None = "0e6f89d57098"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("message_opt_outs", schema=None) as batch_op:
        batch_op.alter_column("since", new_column_name="opted_out_at")


def downgrade() -> None:
    with op.batch_alter_table("message_opt_outs", schema=None) as batch_op:
        batch_op.alter_column("opted_out_at", new_column_name="since")
