"""messages_due_by_id"""

from collections.abc import Sequence

from alembic import op


revision: str = "497e6d286cb6"
down_revision: str | None = "cc549824f599"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_due"))
        batch_op.create_index("ix_messages_due", ["campaign_id", "state", "due_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_due")
        batch_op.create_index(batch_op.f("ix_messages_due"), ["campaign_id", "state", "due_at"], unique=False)
