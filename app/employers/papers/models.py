"""Tables of papers: what is known of each, and its picture under seal."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, UtcDateTime, enum_column
from app.employers.papers.terms import PaperKind, PaperState


class EmployerPaper(Base):
    """单位材料: one paper of a firm, from the day it was photographed. Its picture stands apart."""

    __tablename__ = "employer_papers"
    __table_args__ = (
        Index("ix_employer_papers_firm", "employer_id", "kind", "state"),
        Index("ix_employer_papers_expiry", "state", "expires_on"),
        CheckConstraint("state <> 'sent_back' OR reason <> ''", name="reason_when_sent_back"),
        CheckConstraint("kind <> 'village_proof' OR vouched_by <> ''", name="voucher_named"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    kind: Mapped[PaperKind] = mapped_column(enum_column(PaperKind))
    state: Mapped[PaperState] = mapped_column(enum_column(PaperState), default=PaperState.WAITING)
    expires_on: Mapped[date | None] = mapped_column(Date, comment="last day; null: without an end")
    vouched_by: Mapped[str] = mapped_column(
        String(40), default="", comment="village proof: who, of what office"
    )
    vouched_on: Mapped[date | None] = mapped_column(Date)
    picture_bytes: Mapped[int] = mapped_column(Integer)
    uploaded_by_id: Mapped[int | None] = mapped_column(BigId, comment="user; kept when the account goes")
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(BigId)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(
        String(200), default="", comment="why it was sent back; the firm reads it"
    )
    version: Mapped[int] = mapped_column(Integer, default=1)


class PaperPicture(Base):
    """材料照片: JPEG under a key of its own, which is sealed; a change of keys touches only that."""

    __tablename__ = "paper_pictures"

    id: Mapped[int] = mapped_column(ForeignKey("employer_papers.id"), primary_key=True)
    picture_key: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed")
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed with picture_key")
