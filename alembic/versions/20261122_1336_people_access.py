"""people_access"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "3c18d7d73b0b"
down_revision: str | None = "aec9d9e23c9b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "broker_assignments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("broker_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ends_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="brought forward when it is taken back",
        ),
        sa.Column(
            "made_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="null: the system",
        ),
        sa.Column(
            "ended_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="who took it back before its day",
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_broker_assignments_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["broker_user_id"], ["users.id"], name=op.f("fk_broker_assignments_broker_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_broker_assignments_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broker_assignments")),
    )
    with op.batch_alter_table("broker_assignments", schema=None) as batch_op:
        batch_op.create_index("ix_broker_assignments_broker", ["broker_user_id", "ends_at"], unique=False)
        batch_op.create_index("ix_broker_assignments_person", ["person_id", "ends_at"], unique=False)

    op.create_table(
        "employer_ties",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employer_ties_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_employer_ties_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "employer_id", name=op.f("pk_employer_ties")),
    )
    with op.batch_alter_table("employer_ties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employer_ties_employer_id"), ["employer_id"], unique=False)

    op.create_table(
        "person_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "proof",
            sa.Enum("id_tail", name="link_proof", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "phone_changed",
                "replaced",
                "left",
                name="link_end",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_links_person_id_people")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_person_links_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_links")),
    )
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.create_index("ix_person_links_person", ["person_id", "ended_at"], unique=False)
        batch_op.create_index("ix_person_links_user", ["user_id", "ended_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.drop_index("ix_person_links_user")
        batch_op.drop_index("ix_person_links_person")

    op.drop_table("person_links")
    with op.batch_alter_table("employer_ties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_ties_employer_id"))

    op.drop_table("employer_ties")
    with op.batch_alter_table("broker_assignments", schema=None) as batch_op:
        batch_op.drop_index("ix_broker_assignments_person")
        batch_op.drop_index("ix_broker_assignments_broker")

    op.drop_table("broker_assignments")
