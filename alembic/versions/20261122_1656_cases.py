"""cases"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "499230d60c76"
down_revision: str | None = "af3769a4985f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "case_limits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "wages",
                "cheated",
                "injury",
                "work",
                "training",
                "family",
                "staff",
                "other",
                name="case_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False, comment="working days"),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 60", name=op.f("ck_case_limits_days_of_work")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_case_limits_region_code_regions")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["users.id"], name=op.f("fk_case_limits_set_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_limits")),
        sa.UniqueConstraint("region_code", "kind", name=op.f("uq_case_limits_region_code_kind")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "number", sa.String(length=8), nullable=False, comment="read out on the phone; not in order"
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "wages",
                "cheated",
                "injury",
                "work",
                "training",
                "family",
                "staff",
                "other",
                name="case_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "in_hand",
                "closed",
                "withdrawn",
                name="case_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("place_code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True, comment="sealed; null: not said, or forgotten"),
        sa.Column("phone", sa.LargeBinary(), nullable=True, comment="sealed; null: forgotten"),
        sa.Column("phone_index", sa.String(length=64), nullable=True),
        sa.Column("story", sa.LargeBinary(), nullable=True, comment="sealed; null: forgotten"),
        sa.Column(
            "story_index", sa.String(length=64), nullable=True, comment="phone, kind and words: said again"
        ),
        sa.Column("may_name", sa.Boolean(), nullable=False, comment="whether the firm may learn who said it"),
        sa.Column("firm_name", sa.String(length=60), nullable=False, comment="as the person wrote it"),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "owed_fen",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="what the person says is owed",
        ),
        sa.Column("form_key", sa.String(length=64), nullable=False, comment="one filling-in, one case"),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="who was signed in",
        ),
        sa.Column(
            "written_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the officer who wrote it down for somebody",
        ),
        sa.Column("handler_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, comment="by when somebody answers"),
        sa.Column(
            "limit_source", sa.String(length=120), nullable=False, comment="where the deadline comes from"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), nullable=True, comment="first answer to the person"
        ),
        sa.Column("firm_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "close_reason",
            sa.Enum(
                "settled",
                "paid",
                "explained",
                "handed_on",
                "unfounded",
                "unreachable",
                "twice",
                name="case_close",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_cases_ended_when_over"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR close_reason IS NOT NULL", name=op.f("ck_cases_closed_has_a_reason")
        ),
        sa.CheckConstraint(
            "state <> 'in_hand' OR handler_id IS NOT NULL", name=op.f("ck_cases_in_hand_has_a_handler")
        ),
        sa.CheckConstraint("owed_fen IS NULL OR owed_fen > 0", name=op.f("ck_cases_owed_is_money")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_cases_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(["handler_id"], ["users.id"], name=op.f("fk_cases_handler_id_users")),
        sa.ForeignKeyConstraint(["place_code"], ["regions.code"], name=op.f("fk_cases_place_code_regions")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_cases_region_code_regions")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_cases_user_id_users")),
        sa.ForeignKeyConstraint(["written_by_id"], ["users.id"], name=op.f("fk_cases_written_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("form_key", name=op.f("uq_cases_form_key")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index("ix_cases_phone_index", ["phone_index"], unique=False)
        batch_op.create_index("ix_cases_region_due_at", ["region_code", "due_at"], unique=False)
        batch_op.create_index("ix_cases_story_index", ["story_index"], unique=False)

    op.create_table(
        "case_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "received",
                "taken",
                "answered",
                "passed_on",
                "firm_asked",
                "firm_answered",
                "named",
                "closed",
                "withdrawn",
                name="case_step_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.LargeBinary(), nullable=True, comment="sealed; null: nothing written"),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column(
            "to_code",
            sa.String(length=12),
            nullable=True,
            comment="of passing on: the office that has it now",
        ),
        sa.Column(
            "actor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="null: the person, or somebody of the firm",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id_cases")),
        sa.ForeignKeyConstraint(["to_code"], ["regions.code"], name=op.f("fk_case_steps_to_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
    )
    with op.batch_alter_table("case_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_steps_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_subjects",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_subjects_case_id_cases")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_subjects_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_subjects")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_case_subjects_case_id_user_id")),
    )
    with op.batch_alter_table("case_subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_subjects_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("case_subjects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_subjects_user_id"))

    op.drop_table("case_subjects")
    with op.batch_alter_table("case_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_steps_case_id"))

    op.drop_table("case_steps")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_story_index")
        batch_op.drop_index("ix_cases_region_due_at")
        batch_op.drop_index("ix_cases_phone_index")
        batch_op.drop_index(batch_op.f("ix_cases_employer_id"))

    op.drop_table("cases")
    op.drop_table("case_limits")
