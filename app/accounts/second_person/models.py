"""二人确认表: what one colleague asked for and another answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.second_person.terms import ConfirmationKind, ConfirmationState
from app.core.db import Base
from app.core.types import BigId, JsonDocument, RegionCode, UtcDateTime, enum_column


class Confirmation(Base):
    """二人确认: one thing that takes two people, from asking to being done. Nobody answers themself."""

    __tablename__ = "confirmations"
    __table_args__ = (
        Index("ix_confirmations_state_region", "state", "region_code"),
        Index("ix_confirmations_asked_by", "asked_by_id", "id"),
        Index("ix_confirmations_subject", "kind", "subject_id"),
        CheckConstraint("answered_by_id IS NULL OR answered_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("state <> 'approved' OR answered_by_id IS NOT NULL", name="approved_by_someone"),
        CheckConstraint("people >= 0", name="people_counted"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[ConfirmationKind] = mapped_column(enum_column(ConfirmationKind))
    state: Mapped[ConfirmationState] = mapped_column(enum_column(ConfirmationState))
    region_code: Mapped[str] = mapped_column(RegionCode, comment="place of what is asked for")
    subject_id: Mapped[int | None] = mapped_column(BigId, comment="id of the one record it is about, if one")
    people: Mapped[int] = mapped_column(Integer, comment="how many people it concerns, counted when asked")
    detail: Mapped[dict[str, Any]] = mapped_column(
        JsonDocument, default=dict, comment="codes and ids of what is asked for, no words about people"
    )
    reason: Mapped[str] = mapped_column(String(200), comment="as typed, without numbers of a person")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_reason: Mapped[str] = mapped_column(String(200), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="of the request, then of the approval")
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="last time it was made use of")
