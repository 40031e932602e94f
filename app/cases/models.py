"""诉求表: cases, what happened to them, whom they are about, and a county's own deadlines."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.terms import CaseClose, CaseKind, CaseState, CaseStepKind
from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column


class Case(Base):
    """诉求: what somebody asked the office to look after (DOMAIN J1).

    `region_code` is the office that owns it now (a village's code: the township and the county work on it),
    `place_code` where it came from. Name, phone and words are sealed; `phone_index` is of the form accounts
    and files have. `employer_id` is the firm it is about, once an officer found it in the register.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('closed', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended_when_over"
        ),
        CheckConstraint("state <> 'closed' OR close_reason IS NOT NULL", name="closed_has_a_reason"),
        CheckConstraint("state <> 'in_hand' OR handler_id IS NOT NULL", name="in_hand_has_a_handler"),
        CheckConstraint("owed_fen IS NULL OR owed_fen > 0", name="owed_is_money"),
        Index("ix_cases_region_due_at", "region_code", "due_at"),
        Index("ix_cases_phone_index", "phone_index"),
        Index("ix_cases_story_index", "story_index"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True, comment="read out on the phone; not in order")
    kind: Mapped[CaseKind] = mapped_column(enum_column(CaseKind))
    state: Mapped[CaseState] = mapped_column(enum_column(CaseState), default=CaseState.WAITING)
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    place_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    name: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; null: not said, or forgotten")
    phone: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; null: forgotten")
    phone_index: Mapped[str | None] = mapped_column(String(64))
    story: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; null: forgotten")
    story_index: Mapped[str | None] = mapped_column(String(64), comment="phone, kind and words: said again")
    may_name: Mapped[bool] = mapped_column(default=False, comment="whether the firm may learn who said it")
    firm_name: Mapped[str] = mapped_column(String(60), default="", comment="as the person wrote it")
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    owed_fen: Mapped[int | None] = mapped_column(BigId, comment="what the person says is owed")
    form_key: Mapped[str] = mapped_column(String(64), unique=True, comment="one filling-in, one case")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="who was signed in")
    written_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id"), comment="the officer who wrote it down for somebody"
    )
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="by when somebody answers")
    limit_source: Mapped[str] = mapped_column(String(120), comment="where the deadline comes from")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first answer to the person")
    firm_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    firm_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_reason: Mapped[CaseClose | None] = mapped_column(enum_column(CaseClose))


class CaseStep(Base):
    """诉求经过: one thing that happened to a case. The note is sealed; `is_told`: the person reads it."""

    __tablename__ = "case_steps"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[CaseStepKind] = mapped_column(enum_column(CaseStepKind))
    note: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; null: nothing written")
    is_told: Mapped[bool] = mapped_column(default=False)
    to_code: Mapped[str | None] = mapped_column(
        RegionCode, ForeignKey("regions.code"), comment="of passing on: the office that has it now"
    )
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="null: the person, or somebody of the firm")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseSubject(Base):
    """诉求说的人: a colleague whom a case is about; they neither see it nor handle it."""

    __tablename__ = "case_subjects"
    __table_args__ = (UniqueConstraint("case_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class CaseLimit(Base):
    """办理期限: a county's own days for a kind of case, instead of those that ship with the product."""

    __tablename__ = "case_limits"
    __table_args__ = (
        UniqueConstraint("region_code", "kind"),
        CheckConstraint("days BETWEEN 1 AND 60", name="days_of_work"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    kind: Mapped[CaseKind] = mapped_column(enum_column(CaseKind))
    days: Mapped[int] = mapped_column(Integer, comment="working days")
    source: Mapped[str] = mapped_column(String(120))
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
