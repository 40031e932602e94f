"""Tables of labour sharing: notices of firms, agreements of two firms, stays of workers and their steps."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column
from app.employers.models import Employer
from app.labour_sharing.terms import AgreementState, SharingSide, StayAction, StayState
from app.referrals.spells.models import EmploymentSpell
from app.referrals.terms import Channel


class SharingNotice(Base):
    """余缺信息: a firm has idle workers of a trade for a while, or needs some (DOMAIN B3)."""

    __tablename__ = "sharing_notices"
    __table_args__ = (
        CheckConstraint("headcount BETWEEN 1 AND 10000", name="headcount"),
        CheckConstraint("until_on >= from_on", name="dates_in_order"),
        Index("ix_sharing_notices_office", "office_code", "until_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    side: Mapped[SharingSide] = mapped_column(enum_column(SharingSide))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    title: Mapped[str] = mapped_column(String(60), comment="the work in the firm's words")
    occupation_code: Mapped[str | None] = mapped_column(String(10), comment="null: the words settle none")
    headcount: Mapped[int] = mapped_column(Integer)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    office_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    note: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="null: it still stands")
    created_by_id: Mapped[int | None] = mapped_column(BigId, comment="user; kept when the account goes")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    employer: Mapped[Employer] = relationship(lazy="raise", viewonly=True)


class SharingAgreement(Base):
    """调剂协议: two firms share workers for a period, after both have said yes.

    The terms are the same for all (rules.TERMS): contracts stay with the home firm, the pay is not below the
    agreed figure, no worker pays anything.
    """

    __tablename__ = "sharing_agreements"
    __table_args__ = (
        CheckConstraint("home_employer_id <> host_employer_id", name="two_firms"),
        CheckConstraint("headcount BETWEEN 1 AND 10000", name="headcount"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("wage_fen > 0", name="wage_positive"),
        CheckConstraint(
            "state NOT IN ('agreed', 'ended') OR (home_agreed_at IS NOT NULL AND host_agreed_at IS NOT NULL)",
            name="both_agreed",
        ),
        Index("ix_sharing_agreements_state", "state", "ends_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    home_employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    host_employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("sharing_notices.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("sharing_notices.id"))
    title: Mapped[str] = mapped_column(String(60), comment="the work at the host")
    headcount: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date, comment="everybody is back after this day")
    wage_fen: Mapped[int] = mapped_column(Integer, comment="a month, at least, while there")
    note: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[AgreementState] = mapped_column(enum_column(AgreementState))
    home_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    home_agreed_by_id: Mapped[int | None] = mapped_column(BigId)
    home_agreed_by: Mapped[str | None] = mapped_column(String(16), comment="Channel code: how it was said")
    host_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    host_agreed_by_id: Mapped[int | None] = mapped_column(BigId)
    host_agreed_by: Mapped[str | None] = mapped_column(String(16), comment="Channel code: how it was said")
    created_by_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    home: Mapped[Employer] = relationship(lazy="raise", viewonly=True, foreign_keys=[home_employer_id])
    host: Mapped[Employer] = relationship(lazy="raise", viewonly=True, foreign_keys=[host_employer_id])


_MOVED = "'there', 'back', 'left'"


class SharedStay(Base):
    """借用记录: one worker of the home firm at the host, from a day until a day, by their own consent.

    Whose it is follows from the spell at the home firm, which goes on. `check_answer_id` is what was learnt
    after the return.
    """

    __tablename__ = "shared_stays"
    __table_args__ = (
        UniqueConstraint("agreement_id", "home_spell_id"),
        CheckConstraint(
            "state IN ('named', 'declined', 'dropped')"
            " OR (consent_at IS NOT NULL AND consent_by IS NOT NULL)",
            name="nobody_without_consent",
        ),
        CheckConstraint(f"state NOT IN ({_MOVED}) OR moved_on IS NOT NULL", name="moved_on_a_day"),
        CheckConstraint("state NOT IN ('back', 'left') OR back_on IS NOT NULL", name="back_on_a_day"),
        CheckConstraint("back_on IS NULL OR back_on >= moved_on", name="days_in_order"),
        Index(
            "uq_shared_stays_one_place_at_a_time",
            "home_spell_id",
            unique=True,
            sqlite_where=text("state = 'there'"),
            postgresql_where=text("state = 'there'"),
        ),
        Index("ix_shared_stays_state", "state", "due_back_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("sharing_agreements.id"))
    home_spell_id: Mapped[int] = mapped_column(ForeignKey("employment_spells.id"), index=True)
    state: Mapped[StayState] = mapped_column(enum_column(StayState))
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    consent_by: Mapped[Channel | None] = mapped_column(enum_column(Channel), comment="how it was said")
    consent_noted_by_id: Mapped[int | None] = mapped_column(BigId, comment="who wrote the consent down")
    moved_on: Mapped[date | None] = mapped_column(Date)
    due_back_on: Mapped[date] = mapped_column(Date, comment="last day at the host")
    back_on: Mapped[date | None] = mapped_column(Date)
    check_due_on: Mapped[date | None] = mapped_column(Date, comment="follow-up after the return")
    check_answer_id: Mapped[int | None] = mapped_column(ForeignKey("employment_answers.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    agreement: Mapped[SharingAgreement] = relationship(lazy="raise", viewonly=True)
    home_spell: Mapped[EmploymentSpell] = relationship(lazy="raise", viewonly=True)


class SharedStayEvent(Base):
    """借用步骤: one step of a stay, by whom and how it was said. Rows are only ever added."""

    __tablename__ = "shared_stay_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("shared_stays.id"), index=True)
    action: Mapped[StayAction] = mapped_column(enum_column(StayAction))
    to_state: Mapped[StayState] = mapped_column(enum_column(StayState))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    note: Mapped[str] = mapped_column(String(200), default="")
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="user; null = system, kept for ever")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
