"""政策库表: entries of an office and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, JsonDocument, RegionCode, UtcDateTime, enum_column
from app.policies.terms import GuideKind, GuideState


class GuideEntry(Base):
    """条目: a policy, story, notice, fair or course of an office, for the people of its place. One with the
    address of an entry that ships takes that one's place there."""

    __tablename__ = "guide_entries"
    __table_args__ = (
        UniqueConstraint("slug", "region_code"),
        Index("ix_guide_entries_region", "region_code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), comment="in the address")
    kind: Mapped[GuideKind] = mapped_column(enum_column(GuideKind))
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GuideVersion(Base):
    """条目版本: what an entry says, as one colleague wrote it and another published it."""

    __tablename__ = "guide_versions"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        CheckConstraint(
            "state NOT IN ('published', 'sent_back') OR decided_by_id IS NOT NULL", name="decided_by_someone"
        ),
        CheckConstraint("state <> 'published' OR decided_by_id <> made_by_id", name="published_by_another"),
        Index(
            "uq_guide_versions_one_published",
            "entry_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("guide_entries.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[GuideState] = mapped_column(enum_column(GuideState), default=GuideState.DRAFT)
    content: Mapped[dict[str, Any]] = mapped_column(JsonDocument, comment="app.policies.content.Content")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(String(200), default="")
