"""referrals"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "8f58ea2058be"
down_revision: str | None = "2ac4e2714642"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "clock_settings",
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column(
            "township_confirms", sa.Boolean(), nullable=False, comment="before a referral is submitted"
        ),
        sa.Column("month_closes_on", sa.Integer(), nullable=False, comment="day of the month (DOMAIN K1)"),
        sa.Column(
            "overrides",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="profile.clock: minutes; null switches a step off",
        ),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_clock_settings_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_clock_settings")),
    )
    op.create_table(
        "call_backs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "left",
                "unreachable",
                "no_show",
                "cancelled",
                "disputed",
                name="call_back_cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source_key",
            sa.String(length=60),
            nullable=False,
            comment="referral:1, spell:1; one task for each",
        ),
        sa.Column(
            "job_ids",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="others like it",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_call_backs_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
        sa.UniqueConstraint("cause", "source_key", name=op.f("uq_call_backs_cause_source_key")),
    )
    with op.batch_alter_table("call_backs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_call_backs_open",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_call_backs_person_id"), ["person_id"], unique=False)

    op.create_table(
        "employment_spells",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "employer_name", sa.String(length=100), nullable=False, comment="as it was then, or as told"
        ),
        sa.Column("work_place", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False, comment="the work"),
        sa.Column(
            "profile",
            sa.Enum(
                "long",
                "season",
                "day",
                name="work_profile",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "referral",
                "found_self",
                "imported",
                name="spell_origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "left",
                "unreachable",
                "moved",
                "undone",
                name="end_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "leave_reason",
            sa.Enum(
                "pay",
                "distance",
                "family",
                "health",
                "harvest",
                "laid_off",
                "poor_fit",
                "other",
                name="leave_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("wage_fen", sa.Integer(), nullable=True, comment="promised, a month"),
        sa.Column(
            "level",
            sa.Enum(
                "told",
                "village_checked",
                "proven",
                "matched",
                name="verified_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "evidence",
            sa.Enum(
                "self",
                "roll_call",
                "contract",
                "payroll",
                "visit",
                name="evidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("status_before", sa.String(length=32), nullable=True, comment="SeekerStatus, for undoing"),
        sa.Column(
            "follows_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="换厂 from",
        ),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ends_on IS NULL) = (end_reason IS NULL)", name=op.f("ck_employment_spells_end_has_a_reason")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_employment_spells_dates_in_order")
        ),
        sa.CheckConstraint("wage_fen >= 0", name=op.f("ck_employment_spells_wage_positive")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employment_spells_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"],
            ["employment_spells.id"],
            name=op.f("fk_employment_spells_follows_id_employment_spells"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_employment_spells_job_id_job_postings")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_employment_spells_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_spells")),
    )
    with op.batch_alter_table("employment_spells", schema=None) as batch_op:
        batch_op.create_index("ix_employment_spells_employer", ["employer_id", "starts_on"], unique=False)
        batch_op.create_index("ix_employment_spells_person", ["person_id", "ends_on"], unique=False)

    op.create_table(
        "employment_answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("spell_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False, comment="first day of the month it speaks of"),
        sa.Column("told_on", sa.Date(), nullable=False, comment="the day it speaks of"),
        sa.Column(
            "outcome",
            sa.Enum(
                "in_post",
                "moved",
                "left",
                "unreachable",
                "refuses",
                "disputed",
                name="check_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "told",
                "village_checked",
                "proven",
                "matched",
                name="verified_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "evidence",
            sa.Enum(
                "self",
                "roll_call",
                "contract",
                "payroll",
                "visit",
                name="evidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "leave_reason",
            sa.Enum(
                "pay",
                "distance",
                "family",
                "health",
                "harvest",
                "laid_off",
                "poor_fit",
                "other",
                name="leave_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("wage_fen", sa.Integer(), nullable=True, comment="got this month"),
        sa.Column("is_paid_on_time", sa.Boolean(), nullable=True),
        sa.Column("is_as_promised", sa.Boolean(), nullable=True),
        sa.Column("has_contract", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "app",
                "phone",
                "visit",
                "paper",
                "office",
                "system",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("client_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=100), nullable=True),
        sa.CheckConstraint("wage_fen >= 0", name=op.f("ck_employment_answers_wage_positive")),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["employment_answers.id"],
            name=op.f("fk_employment_answers_corrects_id_employment_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_employment_answers_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["spell_id"],
            ["employment_spells.id"],
            name=op.f("fk_employment_answers_spell_id_employment_spells"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_answers")),
        sa.UniqueConstraint(
            "spell_id", "idempotency_key", name=op.f("uq_employment_answers_spell_id_idempotency_key")
        ),
    )
    with op.batch_alter_table("employment_answers", schema=None) as batch_op:
        batch_op.create_index("ix_employment_answers_month", ["month_on", "person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employment_answers_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_employment_answers_first_of_month",
            ["spell_id", "month_on"],
            unique=True,
            sqlite_where=sa.text("is_correction = 0"),
            postgresql_where=sa.text("NOT is_correction"),
        )

    op.create_table(
        "referrals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "offered",
                "interested",
                "submitted",
                "viewed",
                "interview",
                "pooled",
                "hired",
                "departing",
                "onboard",
                "declined",
                "refused",
                "no_show",
                "withdrawn",
                "obsolete",
                "expired",
                "cancelled",
                name="referral_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "officer",
                "broker",
                "employer",
                "self",
                "fair",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "referrer_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user who offered; null: the person",
        ),
        sa.Column(
            "note", sa.String(length=200), nullable=False, comment="among staff, never shown to the firm"
        ),
        sa.Column("batch_key", sa.String(length=36), nullable=True, comment="sent together"),
        sa.Column("forwarded_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True, comment="the person's answer"),
        sa.Column(
            "submitted_at", sa.DateTime(timezone=True), nullable=True, comment="the employer has it since"
        ),
        sa.Column(
            "employer_answered_at", sa.DateTime(timezone=True), nullable=True, comment="first real answer"
        ),
        sa.Column("interview_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interview_place", sa.String(length=100), nullable=False),
        sa.Column("interview_moves", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("wage_fen", sa.Integer(), nullable=True, comment="promised, a month"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="of the end, as told"),
        sa.Column("reason_code", sa.String(length=32), nullable=True, comment="DeclineReason, RefuseReason"),
        sa.Column(
            "late_party",
            sa.Enum(
                "person",
                "officer",
                "broker",
                "employer",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="whose clock ran out",
        ),
        sa.Column("spell_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False, comment="in this state since"),
        sa.Column("clock_at", sa.DateTime(timezone=True), nullable=True, comment="next step of its clock"),
        sa.Column("clock_step", sa.Integer(), nullable=False, comment="steps done in this state"),
        sa.Column(
            "officer_due_at", sa.DateTime(timezone=True), nullable=True, comment="an officer should look"
        ),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("is_disputed", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('onboard', 'declined', 'refused', 'no_show', 'withdrawn', 'obsolete', 'expired', 'cancelled'))",
            name=op.f("ck_referrals_ended_in_an_end_state"),
        ),
        sa.CheckConstraint(
            "state <> 'onboard' OR spell_id IS NOT NULL", name=op.f("ck_referrals_onboard_has_a_spell")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_referrals_refusal_has_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('hired', 'departing', 'onboard') OR (starts_on IS NOT NULL AND wage_fen IS NOT NULL)",
            name=op.f("ck_referrals_hired_has_start_and_wage"),
        ),
        sa.CheckConstraint("wage_fen >= 0", name=op.f("ck_referrals_wage_positive")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_referrals_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["forwarded_from_id"], ["referrals.id"], name=op.f("fk_referrals_forwarded_from_id_referrals")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_postings.id"], name=op.f("fk_referrals_job_id_job_postings")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_referrals_person_id_people")),
        sa.ForeignKeyConstraint(
            ["spell_id"], ["employment_spells.id"], name=op.f("fk_referrals_spell_id_employment_spells")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("spell_id", name=op.f("uq_referrals_spell_id")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_batch_key"), ["batch_key"], unique=False)
        batch_op.create_index("ix_referrals_clock_at", ["clock_at"], unique=False)
        batch_op.create_index("ix_referrals_employer", ["employer_id", "submitted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_job_id"), ["job_id"], unique=False)
        batch_op.create_index("ix_referrals_officer_due_at", ["officer_due_at", "id"], unique=False)
        batch_op.create_index("ix_referrals_person", ["person_id", "job_id", "created_at"], unique=False)
        batch_op.create_index("ix_referrals_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_referrals_one_live_per_posting",
            ["person_id", "job_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "follow_up_checks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("spell_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "wanted_level",
            sa.Enum(
                "told",
                "village_checked",
                "proven",
                "matched",
                name="verified_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "in_post",
                "moved",
                "left",
                "unreachable",
                "refuses",
                "disputed",
                name="check_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, comment="days on which nobody was reached"),
        sa.Column("last_try_on", sa.Date(), nullable=True),
        sa.Column("needs_visit", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True, comment="answered or dropped"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("day IN (7, 30, 90, 180)", name=op.f("ck_follow_up_checks_day")),
        sa.CheckConstraint(
            "opens_on <= due_on AND due_on <= closes_on", name=op.f("ck_follow_up_checks_window")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR settled_at IS NOT NULL", name=op.f("ck_follow_up_checks_outcome_settles")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["employment_answers.id"],
            name=op.f("fk_follow_up_checks_answer_id_employment_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_follow_up_checks_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["spell_id"],
            ["employment_spells.id"],
            name=op.f("fk_follow_up_checks_spell_id_employment_spells"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_checks")),
        sa.UniqueConstraint("spell_id", "day", name=op.f("uq_follow_up_checks_spell_id_day")),
    )
    with op.batch_alter_table("follow_up_checks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_follow_up_checks_open",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_follow_up_checks_person_id"), ["person_id"], unique=False)

    op.create_table(
        "referral_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False, comment="ReferralAction or StepKind code"),
        sa.Column("from_state", sa.String(length=32), nullable=True, comment="null: did not exist"),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column(
            "actor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; null = system, kept for ever",
        ),
        sa.Column(
            "party",
            sa.Enum(
                "person",
                "officer",
                "broker",
                "employer",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="as whom the actor acts",
        ),
        sa.Column("acting_for", sa.String(length=16), nullable=True, comment="Party code: whose word it is"),
        sa.Column(
            "channel",
            sa.Enum(
                "app",
                "phone",
                "visit",
                "paper",
                "office",
                "system",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "has_consent", sa.Boolean(), nullable=True, comment="the person agreed; null: not asked for"
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "evidence",
            sa.Enum(
                "self",
                "roll_call",
                "contract",
                "payroll",
                "visit",
                name="evidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "detail",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="dates and figures",
        ),
        sa.Column("client_at", sa.DateTime(timezone=True), nullable=True, comment="the caller's own clock"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_events_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_events")),
        sa.UniqueConstraint(
            "referral_id", "idempotency_key", name=op.f("uq_referral_events_referral_id_idempotency_key")
        ),
    )
    with op.batch_alter_table("referral_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_events_referral_id"), ["referral_id"], unique=False)

    # Written out: a rebuilt table would lose its search triggers on SQLite, and a CHECK needs no rebuild so.
    op.execute(
        "ALTER TABLE job_postings ADD COLUMN held INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_job_postings_held_within_openings CHECK (held >= 0 AND filled + held <= openings)"
    )


def downgrade() -> None:
    with op.batch_alter_table("job_postings", schema=None) as batch_op:
        batch_op.drop_column("held")

    with op.batch_alter_table("referral_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_events_referral_id"))

    op.drop_table("referral_events")
    with op.batch_alter_table("follow_up_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_checks_person_id"))
        batch_op.drop_index(
            "ix_follow_up_checks_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.drop_table("follow_up_checks")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_referrals_one_live_per_posting",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_referrals_state")
        batch_op.drop_index("ix_referrals_person")
        batch_op.drop_index("ix_referrals_officer_due_at")
        batch_op.drop_index(batch_op.f("ix_referrals_job_id"))
        batch_op.drop_index("ix_referrals_employer")
        batch_op.drop_index("ix_referrals_clock_at")
        batch_op.drop_index(batch_op.f("ix_referrals_batch_key"))

    op.drop_table("referrals")
    with op.batch_alter_table("employment_answers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_employment_answers_first_of_month",
            sqlite_where=sa.text("is_correction = 0"),
            postgresql_where=sa.text("NOT is_correction"),
        )
        batch_op.drop_index(batch_op.f("ix_employment_answers_person_id"))
        batch_op.drop_index("ix_employment_answers_month")

    op.drop_table("employment_answers")
    with op.batch_alter_table("employment_spells", schema=None) as batch_op:
        batch_op.drop_index("ix_employment_spells_person")
        batch_op.drop_index("ix_employment_spells_employer")

    op.drop_table("employment_spells")
    with op.batch_alter_table("call_backs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_backs_person_id"))
        batch_op.drop_index(
            "ix_call_backs_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("call_backs")
    op.drop_table("clock_settings")
