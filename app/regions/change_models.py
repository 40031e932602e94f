"""区划变更表: what becomes of a division, which codes move with it, and which records moved."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, JsonDocument, RegionCode, UtcDateTime, enum_column
from app.regions.terms import RegionChangeKind, RegionChangeState


class RegionChange(Base):
    """区划变更: one division is renamed, gets a new code, is merged into another, or goes to another parent.

    Everything below it goes along. Prepared by one person, approved by another; `prepared_by_id` None was
    proposed by the yearly table. `manager_code` is the unit above, whose affair it is (of both places, where
    they lie in different units, the smallest that holds both; None for the whole country).
    """

    __tablename__ = "region_changes"
    __table_args__ = (Index("ix_region_changes_state", "state", "effective_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[RegionChangeKind] = mapped_column(enum_column(RegionChangeKind))
    state: Mapped[RegionChangeState] = mapped_column(enum_column(RegionChangeState))
    old_code: Mapped[str] = mapped_column(RegionCode, index=True)
    new_code: Mapped[str] = mapped_column(RegionCode, comment="the same for a rename; empty: not known yet")
    old_name: Mapped[str] = mapped_column(String(60))
    new_name: Mapped[str] = mapped_column(String(60), comment="of what carries new_code afterwards")
    target_name: Mapped[str] = mapped_column(
        String(60), default="", comment="what a merge's target was called before"
    )
    manager_code: Mapped[str | None] = mapped_column(RegionCode, index=True)
    effective_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200), comment="the document that orders it")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_grants: Mapped[list[int]] = mapped_column(
        JsonDocument, default=list, comment="roles the approver widens by name"
    )
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="dropped or undone by")
    trouble: Mapped[str] = mapped_column(String(200), default="", comment="why it did not take effect yet")
    revision: Mapped[int | None] = mapped_column(
        Integer, unique=True, comment="rises with every applying and undoing; tells processes to read anew"
    )


class RegionCodeMove(Base):
    """代码对照: one code that a change moves to another; a merge's lower codes may get other last digits."""

    __tablename__ = "region_code_moves"

    change_id: Mapped[int] = mapped_column(ForeignKey("region_changes.id"), primary_key=True)
    old_code: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    new_code: Mapped[str] = mapped_column(RegionCode)


class RegionHolding(Base):
    """随迁记录: a record that a change moved, so that undoing moves exactly those back."""

    __tablename__ = "region_holdings"

    change_id: Mapped[int] = mapped_column(ForeignKey("region_changes.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60), primary_key=True, comment="table.column")
    record_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    old_code: Mapped[str] = mapped_column(RegionCode)
    new_code: Mapped[str] = mapped_column(RegionCode)
