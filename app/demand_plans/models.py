"""Tables of demand plans: the plan as it stands, and every version of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, JsonDocument, RegionCode, UtcDateTime, enum_column
from app.demand_plans.terms import DemandPlanAction, DemandPlanState
from app.employers.models import Employer
from app.occupations.terms import WageUnit


class DemandPlan(Base):
    """用工需求计划: a firm needs so many people for one kind of work from a day on (DOMAIN B2).

    `until_on` is set for a season. `job_id` is the posting made from it; who was hired there counts as found.
    """

    __tablename__ = "demand_plans"
    __table_args__ = (
        CheckConstraint("headcount BETWEEN 1 AND 10000", name="headcount"),
        CheckConstraint("until_on IS NULL OR until_on >= needed_on", name="dates_in_order"),
        CheckConstraint("wage_min_fen >= 0 AND wage_max_fen >= 0", name="wage_positive"),
        CheckConstraint("wage_min_fen <= wage_max_fen", name="wage_order"),
        CheckConstraint("state <> 'posted' OR job_id IS NOT NULL", name="posted_has_a_posting"),
        Index("ix_demand_plans_office_needed", "office_code", "needed_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    title: Mapped[str] = mapped_column(String(60), comment="the work in the firm's words")
    occupation_code: Mapped[str | None] = mapped_column(String(10), comment="null: the words settle none")
    headcount: Mapped[int] = mapped_column(Integer)
    needed_on: Mapped[date] = mapped_column(Date, comment="first day of work")
    until_on: Mapped[date | None] = mapped_column(Date, comment="last day of the season")
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"), comment="work place")
    office_code: Mapped[str] = mapped_column(
        RegionCode, ForeignKey("regions.code"), comment="the office that keeps this record"
    )
    wage_min_fen: Mapped[int] = mapped_column(Integer)
    wage_max_fen: Mapped[int] = mapped_column(Integer)
    wage_unit: Mapped[WageUnit] = mapped_column(enum_column(WageUnit))
    board: Mapped[bool] = mapped_column(default=False)
    lodging: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[DemandPlanState] = mapped_column(enum_column(DemandPlanState))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job_postings.id"), unique=True)
    created_by_id: Mapped[int | None] = mapped_column(BigId, comment="user; kept when the account goes")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    employer: Mapped[Employer] = relationship(lazy="raise", viewonly=True)


class DemandPlanVersion(Base):
    """用工计划版本: the plan as it stood after one step, by whom. Rows are only ever added."""

    __tablename__ = "demand_plan_versions"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("demand_plans.id"))
    number: Mapped[int] = mapped_column(Integer, comment="the plan's version after the step")
    action: Mapped[DemandPlanAction] = mapped_column(enum_column(DemandPlanAction))
    content: Mapped[dict[str, Any]] = mapped_column(JsonDocument, comment="DemandPlanIn's fields and the job")
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="user; null = system, kept for ever")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
