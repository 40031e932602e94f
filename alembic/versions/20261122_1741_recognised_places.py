"""recognised_places"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "3da8c95d975c"
down_revision: str | None = "22ea9b72795e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "recognised_places",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "community_factory",
                "workshop",
                "base",
                name="place_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "county",
                "city",
                "province",
                name="place_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "makes", sa.String(length=60), nullable=False, comment="what is made there, for the public page"
        ),
        sa.Column("recognised_on", sa.Date(), nullable=False),
        sa.Column(
            "recognised_by",
            sa.String(length=60),
            nullable=False,
            comment="the office, as its document has it",
        ),
        sa.Column("review_due_on", sa.Date(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False, comment="where it is"),
        sa.Column("office_code", sa.String(length=12), nullable=False),
        sa.Column("headquarters_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_reason = '')",
            name=op.f("ck_recognised_places_withdrawal_has_a_reason"),
        ),
        sa.CheckConstraint(
            "headquarters_id IS NULL OR headquarters_id <> id",
            name=op.f("ck_recognised_places_not_its_own_head"),
        ),
        sa.CheckConstraint("review_due_on > recognised_on", name=op.f("ck_recognised_places_review_follows")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_recognised_places_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["headquarters_id"],
            ["recognised_places.id"],
            name=op.f("fk_recognised_places_headquarters_id_recognised_places"),
        ),
        sa.ForeignKeyConstraint(
            ["office_code"], ["regions.code"], name=op.f("fk_recognised_places_office_code_regions")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_recognised_places_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognised_places")),
    )
    with op.batch_alter_table("recognised_places", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recognised_places_headquarters_id"), ["headquarters_id"], unique=False
        )
        batch_op.create_index("ix_recognised_places_office", ["office_code", "review_due_on"], unique=False)
        batch_op.create_index("ix_recognised_places_region", ["region_code"], unique=False)
        batch_op.create_index(
            "uq_recognised_places_one_for_an_employer",
            ["employer_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        )

    op.create_table(
        "place_reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "kept",
                "mends",
                "withdrawn",
                name="review_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("workers", sa.Integer(), nullable=False, comment="verified on that day, counted"),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column(
            "actor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; null = system, kept for ever",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["recognised_places.id"], name=op.f("fk_place_reviews_place_id_recognised_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_reviews")),
    )
    with op.batch_alter_table("place_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_reviews_place_id"), ["place_id"], unique=False)

    op.create_table(
        "place_supports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind_code", sa.String(length=40), nullable=False, comment="support_kinds.toml"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False, comment="0 for support that is no money"),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_place_supports_amount_positive")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["recognised_places.id"], name=op.f("fk_place_supports_place_id_recognised_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_supports")),
    )
    with op.batch_alter_table("place_supports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_supports_place_id"), ["place_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("place_supports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_supports_place_id"))

    op.drop_table("place_supports")
    with op.batch_alter_table("place_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_reviews_place_id"))

    op.drop_table("place_reviews")
    with op.batch_alter_table("recognised_places", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_recognised_places_one_for_an_employer",
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        )
        batch_op.drop_index("ix_recognised_places_region")
        batch_op.drop_index("ix_recognised_places_office")
        batch_op.drop_index(batch_op.f("ix_recognised_places_headquarters_id"))

    op.drop_table("recognised_places")
