"""labour_sharing"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "a438c44da561"
down_revision: str | None = "81c935845677"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "sharing_notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "offer", "need", name="sharing_side", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False, comment="the work in the firm's words"),
        sa.Column(
            "occupation_code", sa.String(length=10), nullable=True, comment="null: the words settle none"
        ),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("office_code", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True, comment="null: it still stands"),
        sa.Column(
            "created_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; kept when the account goes",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("headcount BETWEEN 1 AND 10000", name=op.f("ck_sharing_notices_headcount")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_sharing_notices_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_sharing_notices_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["office_code"], ["regions.code"], name=op.f("fk_sharing_notices_office_code_regions")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_sharing_notices_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_notices")),
    )
    with op.batch_alter_table("sharing_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sharing_notices_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index("ix_sharing_notices_office", ["office_code", "until_on"], unique=False)

    op.create_table(
        "sharing_agreements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("home_employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("host_employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("need_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False, comment="the work at the host"),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="everybody is back after this day"),
        sa.Column("wage_fen", sa.Integer(), nullable=False, comment="a month, at least, while there"),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "ended",
                "cancelled",
                name="agreement_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("home_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("home_agreed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "home_agreed_by", sa.String(length=16), nullable=True, comment="Channel code: how it was said"
        ),
        sa.Column("host_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_agreed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "host_agreed_by", sa.String(length=16), nullable=True, comment="Channel code: how it was said"
        ),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'ended') OR (home_agreed_at IS NOT NULL AND host_agreed_at IS NOT NULL)",
            name=op.f("ck_sharing_agreements_both_agreed"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_sharing_agreements_dates_in_order")),
        sa.CheckConstraint("headcount BETWEEN 1 AND 10000", name=op.f("ck_sharing_agreements_headcount")),
        sa.CheckConstraint(
            "home_employer_id <> host_employer_id", name=op.f("ck_sharing_agreements_two_firms")
        ),
        sa.CheckConstraint("wage_fen > 0", name=op.f("ck_sharing_agreements_wage_positive")),
        sa.ForeignKeyConstraint(
            ["home_employer_id"],
            ["employers.id"],
            name=op.f("fk_sharing_agreements_home_employer_id_employers"),
        ),
        sa.ForeignKeyConstraint(
            ["host_employer_id"],
            ["employers.id"],
            name=op.f("fk_sharing_agreements_host_employer_id_employers"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["sharing_notices.id"], name=op.f("fk_sharing_agreements_need_id_sharing_notices")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["sharing_notices.id"], name=op.f("fk_sharing_agreements_offer_id_sharing_notices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_agreements")),
    )
    with op.batch_alter_table("sharing_agreements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sharing_agreements_home_employer_id"), ["home_employer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sharing_agreements_host_employer_id"), ["host_employer_id"], unique=False
        )
        batch_op.create_index("ix_sharing_agreements_state", ["state", "ends_on"], unique=False)

    op.create_table(
        "shared_stays",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("home_spell_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "named",
                "consented",
                "declined",
                "there",
                "back",
                "dropped",
                "left",
                name="stay_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "consent_by",
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
            nullable=True,
            comment="how it was said",
        ),
        sa.Column(
            "consent_noted_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="who wrote the consent down",
        ),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("due_back_on", sa.Date(), nullable=False, comment="last day at the host"),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("check_due_on", sa.Date(), nullable=True, comment="follow-up after the return"),
        sa.Column("check_answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('named', 'declined', 'dropped') OR (consent_at IS NOT NULL AND consent_by IS NOT NULL)",
            name=op.f("ck_shared_stays_nobody_without_consent"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('back', 'left') OR back_on IS NOT NULL", name=op.f("ck_shared_stays_back_on_a_day")
        ),
        sa.CheckConstraint(
            "state NOT IN ('there', 'back', 'left') OR moved_on IS NOT NULL",
            name=op.f("ck_shared_stays_moved_on_a_day"),
        ),
        sa.CheckConstraint(
            "back_on IS NULL OR back_on >= moved_on", name=op.f("ck_shared_stays_days_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["sharing_agreements.id"],
            name=op.f("fk_shared_stays_agreement_id_sharing_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["check_answer_id"],
            ["employment_answers.id"],
            name=op.f("fk_shared_stays_check_answer_id_employment_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["home_spell_id"],
            ["employment_spells.id"],
            name=op.f("fk_shared_stays_home_spell_id_employment_spells"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_stays")),
        sa.UniqueConstraint(
            "agreement_id", "home_spell_id", name=op.f("uq_shared_stays_agreement_id_home_spell_id")
        ),
    )
    with op.batch_alter_table("shared_stays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_stays_home_spell_id"), ["home_spell_id"], unique=False)
        batch_op.create_index("ix_shared_stays_state", ["state", "due_back_on"], unique=False)
        batch_op.create_index(
            "uq_shared_stays_one_place_at_a_time",
            ["home_spell_id"],
            unique=True,
            sqlite_where=sa.text("state = 'there'"),
            postgresql_where=sa.text("state = 'there'"),
        )

    op.create_table(
        "shared_stay_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stay_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "name",
                "consent",
                "decline",
                "move",
                "bring_back",
                "drop",
                "leave",
                name="stay_action",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "named",
                "consented",
                "declined",
                "there",
                "back",
                "dropped",
                "left",
                name="stay_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column(
            "actor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; null = system, kept for ever",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stay_id"], ["shared_stays.id"], name=op.f("fk_shared_stay_events_stay_id_shared_stays")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_stay_events")),
    )
    with op.batch_alter_table("shared_stay_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_stay_events_stay_id"), ["stay_id"], unique=False)
    _know_causes("'left', 'unreachable', 'no_show', 'cancelled', 'disputed', 'not_back', 'back'")


def _know_causes(causes: str) -> None:
    with op.batch_alter_table("call_backs", schema=None) as batch_op:
        batch_op.drop_constraint("call_back_cause", type_="check")
        batch_op.create_check_constraint("call_back_cause", f"cause IN ({causes})")


def downgrade() -> None:
    op.execute("DELETE FROM call_backs WHERE cause IN ('not_back', 'back')")
    _know_causes("'left', 'unreachable', 'no_show', 'cancelled', 'disputed'")
    with op.batch_alter_table("shared_stay_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shared_stay_events_stay_id"))

    op.drop_table("shared_stay_events")
    with op.batch_alter_table("shared_stays", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_shared_stays_one_place_at_a_time",
            sqlite_where=sa.text("state = 'there'"),
            postgresql_where=sa.text("state = 'there'"),
        )
        batch_op.drop_index("ix_shared_stays_state")
        batch_op.drop_index(batch_op.f("ix_shared_stays_home_spell_id"))

    op.drop_table("shared_stays")
    with op.batch_alter_table("sharing_agreements", schema=None) as batch_op:
        batch_op.drop_index("ix_sharing_agreements_state")
        batch_op.drop_index(batch_op.f("ix_sharing_agreements_host_employer_id"))
        batch_op.drop_index(batch_op.f("ix_sharing_agreements_home_employer_id"))

    op.drop_table("sharing_agreements")
    with op.batch_alter_table("sharing_notices", schema=None) as batch_op:
        batch_op.drop_index("ix_sharing_notices_office")
        batch_op.drop_index(batch_op.f("ix_sharing_notices_employer_id"))

    op.drop_table("sharing_notices")
