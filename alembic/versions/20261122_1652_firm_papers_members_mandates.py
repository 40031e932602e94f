"""firm_papers_members_mandates"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op
from app.core.crypto import Place, cipher_of
from app.core.settings import Settings

revision: str = "4fb2e92d5815"
down_revision: str | None = "03b401e73e93"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "employer_papers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "licence",
                "identity",
                "village_proof",
                "dispatch",
                "hr_service",
                "mandate",
                name="paper_kind",
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
                "accepted",
                "sent_back",
                "replaced",
                name="paper_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="last day; null: without an end"),
        sa.Column(
            "vouched_by", sa.String(length=40), nullable=False, comment="village proof: who, of what office"
        ),
        sa.Column("vouched_on", sa.Date(), nullable=True),
        sa.Column("picture_bytes", sa.Integer(), nullable=False),
        sa.Column(
            "uploaded_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; kept when the account goes",
        ),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "reason", sa.String(length=200), nullable=False, comment="why it was sent back; the firm reads it"
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'village_proof' OR vouched_by <> ''", name=op.f("ck_employer_papers_voucher_named")
        ),
        sa.CheckConstraint(
            "state <> 'sent_back' OR reason <> ''", name=op.f("ck_employer_papers_reason_when_sent_back")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employer_papers_employer_id_employers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_papers")),
    )
    with op.batch_alter_table("employer_papers", schema=None) as batch_op:
        batch_op.create_index("ix_employer_papers_expiry", ["state", "expires_on"], unique=False)
        batch_op.create_index("ix_employer_papers_firm", ["employer_id", "kind", "state"], unique=False)

    op.create_table(
        "mandates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "client_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="for whom",
        ),
        sa.Column("agent_employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agent_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "paper_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the photographed paper, employer_papers",
        ),
        sa.Column(
            "asked_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; kept when the account goes",
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "proof", sa.String(length=200), nullable=False, comment="what the office saw, where it granted"
        ),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="taken back, given up or refused"
        ),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(agent_employer_id IS NULL) <> (agent_user_id IS NULL)", name=op.f("ck_mandates_one_agent")
        ),
        sa.CheckConstraint(
            "agent_employer_id IS NULL OR agent_employer_id <> client_id",
            name=op.f("ck_mandates_not_oneself"),
        ),
        sa.CheckConstraint(
            "granted_at IS NULL OR valid_until > granted_at", name=op.f("ck_mandates_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["agent_employer_id"], ["employers.id"], name=op.f("fk_mandates_agent_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["agent_user_id"], ["users.id"], name=op.f("fk_mandates_agent_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["employers.id"], name=op.f("fk_mandates_client_id_employers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    with op.batch_alter_table("mandates", schema=None) as batch_op:
        batch_op.create_index("ix_mandates_agent_employer", ["agent_employer_id", "ended_at"], unique=False)
        batch_op.create_index("ix_mandates_agent_user", ["agent_user_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandates_client_id"), ["client_id"], unique=False)

    op.create_table(
        "firm_invitations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner", "recruiter", name="member_role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=40), nullable=False, comment="as the inviter calls them"),
        sa.Column("phone", sa.LargeBinary(), nullable=True, comment="sealed; gone once it is closed"),
        sa.Column("phone_index", sa.String(length=64), nullable=True, comment="keyed digest"),
        sa.Column(
            "invited_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="user; kept when the account goes",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="accepted, declined or taken back"
        ),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (grant_id IS NULL)", name=op.f("ck_firm_invitations_accepted_with_grant")
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_firm_invitations_accepted_is_closed"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_firm_invitations_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grants.id"], name=op.f("fk_firm_invitations_grant_id_role_grants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_invitations")),
        sa.UniqueConstraint("grant_id", name=op.f("uq_firm_invitations_grant_id")),
    )
    with op.batch_alter_table("firm_invitations", schema=None) as batch_op:
        batch_op.create_index("ix_firm_invitations_firm", ["employer_id", "closed_at"], unique=False)
        batch_op.create_index("ix_firm_invitations_phone", ["phone_index"], unique=False)

    op.create_table(
        "paper_pictures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("picture_key", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="sealed with picture_key"),
        sa.ForeignKeyConstraint(
            ["id"], ["employer_papers.id"], name=op.f("fk_paper_pictures_id_employer_papers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_pictures")),
    )
    op.add_column(
        "job_events",
        sa.Column(
            "mandate_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="acting for the firm by this mandate",
        ),
    )
    _seal_phones()
    _know_expiry("'register', 'verify', 'reject', 'bar', 'unbar', 'expire'")


def _know_expiry(actions: str) -> None:
    with op.batch_alter_table("employer_events", schema=None) as batch_op:
        batch_op.drop_constraint("employer_action", type_="check")
        batch_op.create_check_constraint("employer_action", f"action IN ({actions})")


def _seal_phones() -> None:
    """Phones of firms and of the bar list leave the clear: some are a farmer's own. All in the migration's one
    transaction; a county has a few thousand. Keys are asked for only where there is a number to seal."""
    op.drop_index("ix_bar_entries_phone", "bar_entries")
    op.alter_column("employers", "contact_phone", new_column_name="clear_phone")
    op.alter_column("bar_entries", "phone", new_column_name="clear_phone")
    op.add_column("employers", sa.Column("contact_phone", sa.LargeBinary(), nullable=True, comment="sealed"))
    op.add_column(
        "bar_entries", sa.Column("phone", sa.LargeBinary(), nullable=True, comment="sealed; digits only")
    )
    op.add_column(
        "bar_entries",
        sa.Column("phone_index", sa.String(length=64), nullable=True, comment="keyed digest"),
    )
    op.add_column(
        "bar_entries",
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account; kept when it goes",
        ),
    )
    _seal_column("employers", "contact_phone")
    _seal_column("bar_entries", "phone")
    op.drop_column("employers", "clear_phone")
    op.drop_column("bar_entries", "clear_phone")
    op.create_index("ix_bar_entries_phone_index", "bar_entries", ["phone_index"])
    op.create_index("ix_bar_entries_user_id", "bar_entries", ["user_id"])
    # Members of firms that are barred already: an entry each, as the code writes from now on.
    op.execute(
        "INSERT INTO bar_entries (employer_id, user_id, name_key, region_code, reason, barred_by_id, barred_at)"
        " SELECT DISTINCT b.employer_id, g.user_id, '', b.region_code, b.reason, b.barred_by_id, b.barred_at"
        " FROM bar_entries b JOIN role_grants g ON g.employer_id = b.employer_id AND g.role = 'employer'"
        " WHERE b.lifted_at IS NULL"
    )


def _seal_column(table: str, column: str) -> None:
    bind = op.get_bind()
    id_, clear = sa.column("id", sa.BigInteger()), sa.column("clear_phone", sa.String())
    sealed, index = sa.column(column, sa.LargeBinary()), sa.column("phone_index", sa.String())
    rows = sa.table(table, id_, clear, sealed, index)
    found = bind.execute(sa.select(id_, clear).select_from(rows).where(clear != "")).all()
    cipher = cipher_of(Settings()) if found else None
    for row_id, phone in found:
        values = {column: cipher.seal(phone, Place(table, column, row_id))}
        if table == "bar_entries":
            values["phone_index"] = cipher.blind_index("phone", phone)
        bind.execute(sa.update(rows).where(id_ == row_id).values(values))


def downgrade() -> None:
    """Numbers do not come back into the clear: they are gone."""
    _know_expiry("'register', 'verify', 'reject', 'bar', 'unbar'")
    op.drop_index("ix_bar_entries_user_id", "bar_entries")
    op.drop_index("ix_bar_entries_phone_index", "bar_entries")
    for table, column in (("employers", "contact_phone"), ("bar_entries", "phone")):
        op.drop_column(table, column)
        op.add_column(table, sa.Column(column, sa.String(length=20), nullable=False, server_default=""))
    op.create_index("ix_bar_entries_phone", "bar_entries", ["phone"])
    op.drop_column("bar_entries", "phone_index")
    op.drop_column("bar_entries", "user_id")
    op.drop_column("job_events", "mandate_id")
    for table in ("paper_pictures", "firm_invitations", "mandates", "employer_papers"):
        op.drop_table(table)
