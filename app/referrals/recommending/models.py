"""Tables of the day's recommendations."""

from datetime import date, datetime

from sqlalchemy import Date, Float, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, UtcDateTime, enum_column
from app.referrals.recommending.terms import LeftOutReason


class RecommendationRun(Base):
    """推荐批次: one ranking of everybody of a region on a day. A later one of the same day replaces it.

    `bound` is what no way of giving out the postings can exceed in total score; `total` is what this one has.
    """

    __tablename__ = "recommendation_runs"
    __table_args__ = (UniqueConstraint("region_code", "made_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    region_code: Mapped[str] = mapped_column(String(12), comment="'' = everywhere")
    made_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    formula: Mapped[str] = mapped_column(String(20), comment="version of the order")
    people: Mapped[int] = mapped_column(Integer, comment="who look for work")
    people_with_some: Mapped[int] = mapped_column(Integer, comment="who got at least one")
    postings: Mapped[int] = mapped_column(Integer)
    given: Mapped[int] = mapped_column(Integer)
    total: Mapped[float] = mapped_column(Float)
    bound: Mapped[float] = mapped_column(Float)


class Recommendation(Base):
    """推荐意见: a posting given to a person in a run; a draft until an officer sends it (`referral_id`) or
    rejects it (`rejected_why`). What is settled outlives a later run of the day."""

    __tablename__ = "recommendations"
    __table_args__ = (
        UniqueConstraint("run_id", "person_id", "job_id"),
        Index("ix_recommendations_job", "job_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("recommendation_runs.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"))
    score: Mapped[float] = mapped_column(Float, comment="0..100, as matching has it")
    goes_first: Mapped[bool] = mapped_column(default=False, comment="nobody of the household works")
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    rejected_why: Mapped[str] = mapped_column(String(100), default="", server_default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="sent or rejected")
    settled_by_id: Mapped[int | None] = mapped_column(BigId)


class LeftOut(Base):
    """没排上的人: somebody who looks for work and for whom a run found nothing, and why."""

    __tablename__ = "recommendation_left_outs"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("recommendation_runs.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    why: Mapped[LeftOutReason] = mapped_column(enum_column(LeftOutReason))
