"""guide"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "22ea9b72795e"
down_revision: str | None = "a438c44da561"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "guide_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False, comment="in the address"),
        sa.Column(
            "kind",
            sa.Enum(
                "policy",
                "story",
                "notice",
                "fair",
                "training",
                name="guide_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_guide_entries_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_guide_entries_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_entries")),
        sa.UniqueConstraint("slug", "region_code", name=op.f("uq_guide_entries_slug_region_code")),
    )
    with op.batch_alter_table("guide_entries", schema=None) as batch_op:
        batch_op.create_index("ix_guide_entries_region", ["region_code"], unique=False)

    op.create_table(
        "guide_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "published",
                "sent_back",
                "replaced",
                "withdrawn",
                name="guide_state",
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
            comment="app.policies.content.Content",
        ),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR decided_by_id <> made_by_id",
            name=op.f("ck_guide_versions_published_by_another"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('published', 'sent_back') OR decided_by_id IS NOT NULL",
            name=op.f("ck_guide_versions_decided_by_someone"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_guide_versions_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["guide_entries.id"], name=op.f("fk_guide_versions_entry_id_guide_entries")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_guide_versions_made_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_versions")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_guide_versions_entry_id_number")),
    )
    with op.batch_alter_table("guide_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guide_versions_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(
            "uq_guide_versions_one_published",
            ["entry_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("guide_versions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_guide_versions_one_published",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_guide_versions_entry_id"))

    op.drop_table("guide_versions")
    with op.batch_alter_table("guide_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_guide_entries_region")

    op.drop_table("guide_entries")
