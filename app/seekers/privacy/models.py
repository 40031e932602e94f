"""Tables about people's rights over their own data."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, UtcDateTime, enum_column
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose, ErasureOutcome, HoldReason


class Consent(Base):
    """同意记录: a person said yes or no to one purpose. Only added; the last word counts."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_person_purpose", "person_id", "purpose", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_column(ConsentPurpose))
    is_given: Mapped[bool] = mapped_column(Boolean, comment="false: taken back")
    method: Mapped[ConsentMethod] = mapped_column(enum_column(ConsentMethod))
    told_by: Mapped[str] = mapped_column(String(40), default="", comment="who said it, if not the person")
    text_version: Mapped[str] = mapped_column(String(20), comment="of the text that was read out or signed")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="who wrote it down; null: the system")


class LegalHold(Base):
    """依法留存: a reason to keep a person's record, until a day or until it is lifted."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[HoldReason] = mapped_column(enum_column(HoldReason))
    until_on: Mapped[date | None] = mapped_column(Date, comment="last day; null: until lifted")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(BigId, comment="null: the system")
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(
        BigId, comment="null: the domain that made it, or running"
    )


class Erasure(Base):
    """删除申请: a person asked to be erased, and what became of it. Of the person it holds the id only."""

    __tablename__ = "erasures"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    outcome: Mapped[ErasureOutcome] = mapped_column(enum_column(ErasureOutcome), index=True)
    method: Mapped[ConsentMethod] = mapped_column(enum_column(ConsentMethod), comment="how they asked")
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_by_id: Mapped[int | None] = mapped_column(BigId, comment="who wrote it down")
    carried_out_by_id: Mapped[int | None] = mapped_column(
        BigId, comment="the second person; null: the system"
    )
    due_on: Mapped[date | None] = mapped_column(Date, comment="sealed: when the last hold ends, if known")
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the values went")


class ErasedIndex(Base):
    """已删名单: keyed digests of the ID numbers of erased people, so that nobody comes back unasked."""

    __tablename__ = "erased_index"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True, comment="keyed, of the ID number")
    key_version: Mapped[str] = mapped_column(String(8), comment="of the data key it was made with")
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
