"""sessions_rolls_and_settled_recommendations"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "48ec01f33076"
down_revision: str | None = "497e6d286cb6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "matching_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False, comment="where it is held"),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "closed",
                name="session_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("oversend_percent", sa.Integer(), nullable=False, comment="asked for each 100 places"),
        sa.Column(
            "roster_at", sa.DateTime(timezone=True), nullable=False, comment="people or postings changed"
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Float(), nullable=True),
        sa.Column("bound", sa.Float(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_matching_sessions_closed_has_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_matching_sessions_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_sessions")),
    )
    with op.batch_alter_table("matching_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_matching_sessions_region", ["region_code", "held_on"], unique=False)

    op.create_table(
        "arrival_rolls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("leader_name", sa.String(length=20), nullable=False),
        sa.Column("tail_index", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="taken back by an officer"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_arrival_rolls_job_id_job_postings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival_rolls")),
    )
    with op.batch_alter_table("arrival_rolls", schema=None) as batch_op:
        batch_op.create_index("ix_arrival_rolls_job", ["job_id", "day"], unique=False)

    op.create_table(
        "session_people",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brought_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_session_people_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["matching_sessions.id"],
            name=op.f("fk_session_people_session_id_matching_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_people")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_session_people_session_id_person_id")),
    )
    with op.batch_alter_table("session_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_people_person_id"), ["person_id"], unique=False)

    op.create_table(
        "session_postings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("brought_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_session_postings_job_id_job_postings")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["matching_sessions.id"],
            name=op.f("fk_session_postings_session_id_matching_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_postings")),
        sa.UniqueConstraint("session_id", "job_id", name=op.f("uq_session_postings_session_id_job_id")),
    )
    with op.batch_alter_table("session_postings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_postings_job_id"), ["job_id"], unique=False)

    op.create_table(
        "session_pairs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "proposed",
                "pinned",
                "forbidden",
                name="pair_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("goes_first", sa.Boolean(), nullable=False, comment="nobody of the household works"),
        sa.Column("referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("skipped_gate", sa.String(length=32), nullable=False),
        sa.Column("skipped_why", sa.String(length=200), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True, comment="sent or skipped"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'forbidden' OR referral_id IS NULL",
            name=op.f("ck_session_pairs_forbidden_has_no_referral"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_session_pairs_job_id_job_postings")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_session_pairs_person_id_people")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_session_pairs_referral_id_referrals")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["matching_sessions.id"],
            name=op.f("fk_session_pairs_session_id_matching_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_pairs")),
        sa.UniqueConstraint(
            "session_id", "person_id", "job_id", name=op.f("uq_session_pairs_session_id_person_id_job_id")
        ),
    )
    with op.batch_alter_table("session_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_pairs_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_pairs_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_pairs_referral_id"), ["referral_id"], unique=False)

    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("rejected_why", sa.String(length=100), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True, comment="sent or rejected")
        )
        batch_op.add_column(
            sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_recommendations_referral_id"), ["referral_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_recommendations_referral_id_referrals"), "referrals", ["referral_id"], ["id"]
        )

    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "silence_told_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="person: they never called",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_column("silence_told_at")

    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_recommendations_referral_id_referrals"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_recommendations_referral_id"))
        batch_op.drop_column("settled_by_id")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("rejected_why")
        batch_op.drop_column("referral_id")

    with op.batch_alter_table("session_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_pairs_referral_id"))
        batch_op.drop_index(batch_op.f("ix_session_pairs_person_id"))
        batch_op.drop_index(batch_op.f("ix_session_pairs_job_id"))

    op.drop_table("session_pairs")
    with op.batch_alter_table("session_postings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_postings_job_id"))

    op.drop_table("session_postings")
    with op.batch_alter_table("session_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_people_person_id"))

    op.drop_table("session_people")
    with op.batch_alter_table("arrival_rolls", schema=None) as batch_op:
        batch_op.drop_index("ix_arrival_rolls_job")

    op.drop_table("arrival_rolls")
    with op.batch_alter_table("matching_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_matching_sessions_region")

    op.drop_table("matching_sessions")
