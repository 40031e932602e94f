"""Tables of the register: recognised places, their reviews, the support they got."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column
from app.employers.models import Employer
from app.recognised_places.terms import PlaceKind, PlaceLevel, ReviewOutcome


class RecognisedPlace(Base):
    """认定载体: one employer's place, recognised by an office (DOMAIN G1). `headquarters_id`: 1+X.

    A point of a headquarters is registered as an employer of its own, so that its workers are counted apart.
    """

    __tablename__ = "recognised_places"
    __table_args__ = (
        CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_reason = '')", name="withdrawal_has_a_reason"),
        CheckConstraint("review_due_on > recognised_on", name="review_follows"),
        CheckConstraint("headquarters_id IS NULL OR headquarters_id <> id", name="not_its_own_head"),
        Index(
            "uq_recognised_places_one_for_an_employer",
            "employer_id",
            unique=True,
            sqlite_where=text("withdrawn_on IS NULL"),
            postgresql_where=text("withdrawn_on IS NULL"),
        ),
        Index("ix_recognised_places_region", "region_code"),
        Index("ix_recognised_places_office", "office_code", "review_due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    kind: Mapped[PlaceKind] = mapped_column(enum_column(PlaceKind))
    level: Mapped[PlaceLevel] = mapped_column(enum_column(PlaceLevel))
    makes: Mapped[str] = mapped_column(String(60), comment="what is made there, for the public page")
    recognised_on: Mapped[date] = mapped_column(Date)
    recognised_by: Mapped[str] = mapped_column(String(60), comment="the office, as its document has it")
    review_due_on: Mapped[date] = mapped_column(Date)
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"), comment="where it is")
    office_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    headquarters_id: Mapped[int | None] = mapped_column(ForeignKey("recognised_places.id"), index=True)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")
    created_by_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    employer: Mapped[Employer] = relationship(lazy="raise", viewonly=True)


class PlaceReview(Base):
    """年审: what the office found on a day. Rows are only ever added."""

    __tablename__ = "place_reviews"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("recognised_places.id"), index=True)
    reviewed_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[ReviewOutcome] = mapped_column(enum_column(ReviewOutcome))
    workers: Mapped[int] = mapped_column(Integer, comment="verified on that day, counted")
    note: Mapped[str] = mapped_column(String(200), default="")
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="user; null = system, kept for ever")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlaceSupport(Base):
    """所得扶持: support a place got, of a kind of the office's own table. Rows are only ever added."""

    __tablename__ = "place_supports"
    __table_args__ = (CheckConstraint("amount_fen >= 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("recognised_places.id"), index=True)
    kind_code: Mapped[str] = mapped_column(String(40), comment="support_kinds.toml")
    received_on: Mapped[date] = mapped_column(Date)
    amount_fen: Mapped[int] = mapped_column(Integer, comment="0 for support that is no money")
    note: Mapped[str] = mapped_column(String(200), default="")
    actor_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
