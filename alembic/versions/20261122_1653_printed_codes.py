"""printed_codes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "b97aad271385"
down_revision: str | None = "4fb2e92d5815"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "code_recalls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "code", "posters", name="recall_scope", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "village",
                "fair",
                "employer",
                "posting",
                "poster",
                "campaign",
                "letter",
                name="code_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("digits", sa.String(length=12), nullable=True),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="people who scan read it"),
        sa.Column("recalled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(scope = 'code') = (digits IS NOT NULL)", name=op.f("ck_code_recalls_code_has_digits")
        ),
        sa.CheckConstraint(
            "(scope = 'code') = (kind IS NOT NULL)", name=op.f("ck_code_recalls_code_has_a_kind")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["users.id"], name=op.f("fk_code_recalls_lifted_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["recalled_by_id"], ["users.id"], name=op.f("fk_code_recalls_recalled_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_code_recalls_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_recalls")),
    )
    with op.batch_alter_table("code_recalls", schema=None) as batch_op:
        batch_op.create_index("ix_code_recalls_region_code", ["region_code"], unique=False)
        batch_op.create_index(
            "uq_code_recalls_in_force",
            ["kind", "digits"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL AND digits IS NOT NULL"),
            postgresql_where=sa.text("lifted_at IS NULL AND digits IS NOT NULL"),
        )

    op.create_table(
        "code_scans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "village",
                "fair",
                "employer",
                "posting",
                "poster",
                "campaign",
                "letter",
                name="code_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("digits", sa.String(length=12), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("scanned_on", sa.Date(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.CheckConstraint("scans > 0", name=op.f("ck_code_scans_scanned")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_code_scans_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_scans")),
        sa.UniqueConstraint(
            "kind", "digits", "scanned_on", name=op.f("uq_code_scans_kind_digits_scanned_on")
        ),
    )
    with op.batch_alter_table("code_scans", schema=None) as batch_op:
        batch_op.create_index("ix_code_scans_region_day", ["region_code", "scanned_on"], unique=False)

    op.create_table(
        "issued_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "village",
                "fair",
                "employer",
                "posting",
                "poster",
                "campaign",
                "letter",
                name="code_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("spot", sa.String(length=60), nullable=False, comment="the wall, or the fair's place"),
        sa.Column("hung_by", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True, comment="the day of a fair"),
        sa.Column("valid_until", sa.Date(), nullable=True, comment="last day; null: until recalled"),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "call_me",
                "working",
                "not_now",
                name="letter_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'letter') = (campaign_id IS NOT NULL)",
            name=op.f("ck_issued_codes_letter_has_a_campaign"),
        ),
        sa.CheckConstraint(
            "(kind = 'letter') = (person_id IS NOT NULL)", name=op.f("ck_issued_codes_letter_has_a_person")
        ),
        sa.CheckConstraint(
            "kind <> 'fair' OR held_on IS NOT NULL", name=op.f("ck_issued_codes_fair_has_a_day")
        ),
        sa.CheckConstraint(
            "kind IN ('poster', 'fair', 'campaign', 'letter')", name=op.f("ck_issued_codes_kind_needs_a_row")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('fair', 'campaign') OR title <> ''", name=op.f("ck_issued_codes_named")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["issued_codes.id"], name=op.f("fk_issued_codes_campaign_id_issued_codes")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_issued_codes_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_issued_codes_person_id_people")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_issued_codes_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_codes")),
        sa.UniqueConstraint("campaign_id", "person_id", name=op.f("uq_issued_codes_campaign_id_person_id")),
    )
    with op.batch_alter_table("issued_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_codes_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_issued_codes_region_kind", ["region_code", "kind"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("issued_codes", schema=None) as batch_op:
        batch_op.drop_index("ix_issued_codes_region_kind")
        batch_op.drop_index(batch_op.f("ix_issued_codes_person_id"))

    op.drop_table("issued_codes")
    with op.batch_alter_table("code_scans", schema=None) as batch_op:
        batch_op.drop_index("ix_code_scans_region_day")

    op.drop_table("code_scans")
    with op.batch_alter_table("code_recalls", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_code_recalls_in_force",
            sqlite_where=sa.text("lifted_at IS NULL AND digits IS NOT NULL"),
            postgresql_where=sa.text("lifted_at IS NULL AND digits IS NOT NULL"),
        )
        batch_op.drop_index("ix_code_recalls_region_code")

    op.drop_table("code_recalls")
