"""Tables of work done: spells, follow-up checks, the answers that serve checks and months, and call-backs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, JsonDocument, UtcDateTime, enum_column
from app.occupations.terms import WorkProfile
from app.referrals.terms import (
    CallBackCause,
    Channel,
    CheckOutcome,
    EndReason,
    Evidence,
    LeaveReason,
    SpellOrigin,
    VerifiedLevel,
)
from app.seekers.models import Person


class EmploymentSpell(Base):
    """务工记录: one person at one employer from a day until a day. May exist without a referral.

    `level` is the best that is known of it; it only rises. `employer_id` and `job_id` are null for work found
    by oneself at a firm that is not registered here.
    """

    __tablename__ = "employment_spells"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("(ends_on IS NULL) = (end_reason IS NULL)", name="end_has_a_reason"),
        CheckConstraint("wage_fen >= 0", name="wage_positive"),
        Index("ix_employment_spells_person", "person_id", "ends_on"),
        Index("ix_employment_spells_employer", "employer_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job_postings.id"))
    employer_name: Mapped[str] = mapped_column(String(100), comment="as it was then, or as told")
    work_place: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(60), default="", comment="the work")
    profile: Mapped[WorkProfile] = mapped_column(enum_column(WorkProfile), default=WorkProfile.LONG)
    origin: Mapped[SpellOrigin] = mapped_column(enum_column(SpellOrigin))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    planned_end_on: Mapped[date | None] = mapped_column(Date, comment="agreed last day; null: none agreed")
    end_reason: Mapped[EndReason | None] = mapped_column(enum_column(EndReason))
    leave_reason: Mapped[LeaveReason | None] = mapped_column(enum_column(LeaveReason))
    wage_fen: Mapped[int | None] = mapped_column(Integer, comment="promised, a month")
    level: Mapped[VerifiedLevel] = mapped_column(enum_column(VerifiedLevel))
    evidence: Mapped[Evidence | None] = mapped_column(enum_column(Evidence))
    status_before: Mapped[str | None] = mapped_column(String(32), comment="SeekerStatus, for undoing")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("employment_spells.id"), comment="换厂 from")
    created_by_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)


class FollowUpCheck(Base):
    """回访: one planned check of a spell, day 7, 30, 90 or 180. Open until it has an outcome or is dropped.

    `due_at` is when an officer should act next; after three tries on three days a visit is asked for.
    """

    __tablename__ = "follow_up_checks"
    __table_args__ = (
        UniqueConstraint("spell_id", "day"),
        CheckConstraint("day IN (7, 30, 90, 180)", name="day"),
        CheckConstraint("opens_on <= due_on AND due_on <= closes_on", name="window"),
        CheckConstraint("outcome IS NULL OR settled_at IS NOT NULL", name="outcome_settles"),
        Index(
            "ix_follow_up_checks_open",
            "due_at",
            "id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    spell_id: Mapped[int] = mapped_column(ForeignKey("employment_spells.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    day: Mapped[int] = mapped_column(Integer)
    opens_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wanted_level: Mapped[VerifiedLevel] = mapped_column(enum_column(VerifiedLevel))
    outcome: Mapped[CheckOutcome | None] = mapped_column(enum_column(CheckOutcome))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("employment_answers.id"))
    tries: Mapped[int] = mapped_column(Integer, default=0, comment="days on which nobody was reached")
    last_try_on: Mapped[date | None] = mapped_column(Date)
    needs_visit: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="answered or dropped")
    version: Mapped[int] = mapped_column(Integer, default=1)

    spell: Mapped[EmploymentSpell] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)


class EmploymentAnswer(Base):
    """在岗答复: what was learnt about a spell on a day. One answer serves the check and the month.

    Rows are only ever added: the first of a month counts for it; one given after the month was closed, or
    that says otherwise than an earlier one, is a correction and names what it corrects.
    """

    __tablename__ = "employment_answers"
    __table_args__ = (
        CheckConstraint("wage_fen >= 0", name="wage_positive"),
        Index(
            "uq_employment_answers_first_of_month",
            "spell_id",
            "month_on",
            unique=True,
            sqlite_where=text("is_correction = 0"),
            postgresql_where=text("NOT is_correction"),
        ),
        Index("ix_employment_answers_month", "month_on", "person_id"),
        UniqueConstraint("spell_id", "idempotency_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    spell_id: Mapped[int] = mapped_column(ForeignKey("employment_spells.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    month_on: Mapped[date] = mapped_column(Date, comment="first day of the month it speaks of")
    told_on: Mapped[date] = mapped_column(Date, comment="the day it speaks of")
    outcome: Mapped[CheckOutcome] = mapped_column(enum_column(CheckOutcome))
    level: Mapped[VerifiedLevel] = mapped_column(enum_column(VerifiedLevel))
    evidence: Mapped[Evidence | None] = mapped_column(enum_column(Evidence))
    leave_reason: Mapped[LeaveReason | None] = mapped_column(enum_column(LeaveReason))
    wage_fen: Mapped[int | None] = mapped_column(Integer, comment="got this month")
    is_paid_on_time: Mapped[bool | None] = mapped_column()
    is_as_promised: Mapped[bool | None] = mapped_column()
    has_contract: Mapped[bool | None] = mapped_column()
    note: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    asked_by_id: Mapped[int | None] = mapped_column(BigId)
    is_correction: Mapped[bool] = mapped_column(default=False)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("employment_answers.id"))
    client_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(100))


class CallBack(Base):
    """回头联系: an officer should speak to somebody again by a time: find new work, ask what happened."""

    __tablename__ = "call_backs"
    __table_args__ = (
        UniqueConstraint("cause", "source_key"),
        Index(
            "ix_call_backs_open",
            "due_at",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    cause: Mapped[CallBackCause] = mapped_column(enum_column(CallBackCause))
    source_key: Mapped[str] = mapped_column(String(60), comment="referral:1, spell:1; one task for each")
    job_ids: Mapped[list[int]] = mapped_column(JsonDocument, default=list, comment="others like it")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(BigId)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
