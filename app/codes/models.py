"""码的表: codes that were given out, what was called back, how often each was scanned."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.codes.terms import CodeKind, LetterAnswer, RecallScope
from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column


class IssuedCode(Base):
    """发出的码: a poster, a fair, a campaign or a letter that has a code of its own.

    `title` names a fair or a campaign; `spot` is the wall or the fair's place; `hung_by` who hung it there,
    as colleagues call them. A letter belongs to a campaign (`campaign_id`): its scans are counted there.
    """

    __tablename__ = "issued_codes"
    __table_args__ = (
        CheckConstraint("kind IN ('poster', 'fair', 'campaign', 'letter')", name="kind_needs_a_row"),
        CheckConstraint("kind NOT IN ('fair', 'campaign') OR title <> ''", name="named"),
        CheckConstraint("kind <> 'fair' OR held_on IS NOT NULL", name="fair_has_a_day"),
        CheckConstraint("(kind = 'letter') = (person_id IS NOT NULL)", name="letter_has_a_person"),
        CheckConstraint("(kind = 'letter') = (campaign_id IS NOT NULL)", name="letter_has_a_campaign"),
        UniqueConstraint("campaign_id", "person_id"),
        Index("ix_issued_codes_region_kind", "region_code", "kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[CodeKind] = mapped_column(enum_column(CodeKind))
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    title: Mapped[str] = mapped_column(String(60), default="")
    spot: Mapped[str] = mapped_column(String(60), default="", comment="the wall, or the fair's place")
    hung_by: Mapped[str] = mapped_column(String(40), default="")
    held_on: Mapped[date | None] = mapped_column(Date, comment="the day of a fair")
    valid_until: Mapped[date | None] = mapped_column(Date, comment="last day; null: until recalled")
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("issued_codes.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    answer: Mapped[LetterAnswer | None] = mapped_column(enum_column(LetterAnswer))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CodeRecall(Base):
    """收回的码: paper that no longer counts, with the reason people read. In force until `lifted_at`.

    Of scope `code` one code (`kind`, `digits`), of scope `posters` whatever hung in the place before.
    """

    __tablename__ = "code_recalls"
    __table_args__ = (
        CheckConstraint("(scope = 'code') = (digits IS NOT NULL)", name="code_has_digits"),
        CheckConstraint("(scope = 'code') = (kind IS NOT NULL)", name="code_has_a_kind"),
        Index(
            "uq_code_recalls_in_force",
            "kind",
            "digits",
            unique=True,
            sqlite_where=text("lifted_at IS NULL AND digits IS NOT NULL"),
            postgresql_where=text("lifted_at IS NULL AND digits IS NOT NULL"),
        ),
        Index("ix_code_recalls_region_code", "region_code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    scope: Mapped[RecallScope] = mapped_column(enum_column(RecallScope))
    kind: Mapped[CodeKind | None] = mapped_column(enum_column(CodeKind))
    digits: Mapped[str | None] = mapped_column(String(12))
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    reason: Mapped[str] = mapped_column(String(200), comment="people who scan read it")
    recalled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recalled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CodeScan(Base):
    """扫码数: how often a code was scanned on a day in Beijing. Who scanned is not kept anywhere."""

    __tablename__ = "code_scans"
    __table_args__ = (
        UniqueConstraint("kind", "digits", "scanned_on"),
        CheckConstraint("scans > 0", name="scanned"),
        Index("ix_code_scans_region_day", "region_code", "scanned_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[CodeKind] = mapped_column(enum_column(CodeKind))
    digits: Mapped[str] = mapped_column(String(12))
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    scanned_on: Mapped[date] = mapped_column(Date)
    scans: Mapped[int] = mapped_column(Integer)
