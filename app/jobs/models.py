"""Tables of postings: the posting, what happened to it, who named it, who looked, a county's limits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, JsonDocument, RegionCode, UtcDateTime, enum_column
from app.employers.models import Employer
from app.jobs.terms import JobEventKind, JobSourceKind, JobState, ReportReason
from app.occupations.terms import Education, WageUnit, WorkProfile


class JobPosting(Base):
    """岗位: work that an employer offers (CONTRACT, "A job").

    Lists of codes (`skills` ...) are sorted JSON lists. `x`, `y` are projected metres of the work place, or
    of its region's centre where `point_is_exact` is false. Money is integer fen. `held`
    places are kept for people hired who have not started; those who have are `filled`.
    """

    __tablename__ = "job_postings"
    __table_args__ = (
        CheckConstraint("filled >= 0 AND filled <= openings", name="filled_within_openings"),
        CheckConstraint("held >= 0 AND filled + held <= openings", name="held_within_openings"),
        CheckConstraint("openings BETWEEN 1 AND 10000", name="openings"),
        CheckConstraint("wage_min_fen >= 0 AND wage_max_fen >= 0", name="wage_positive"),
        CheckConstraint("wage_min_fen <= wage_max_fen", name="wage_order"),
        CheckConstraint("age_min >= 16 AND age_max >= 16 AND age_min <= age_max", name="age_range"),
        Index("ix_job_postings_state_region", "state", "region_code"),
        # No index on valid_until: SQLite would take it for every list and sort all that is open.
        Index("ix_job_postings_state_published_at", "state", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    occupation_code: Mapped[str | None] = mapped_column(String(10), comment="null: the words settle none")
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    office_code: Mapped[str] = mapped_column(
        RegionCode, ForeignKey("regions.code"), index=True, comment="the office that keeps this record"
    )
    address: Mapped[str] = mapped_column(String(200), default="")
    lng: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    x: Mapped[int | None] = mapped_column(Integer, comment="projected metres east")
    y: Mapped[int | None] = mapped_column(Integer, comment="projected metres north")
    point_is_exact: Mapped[bool] = mapped_column(default=False, comment="false: x, y are the region's centre")
    wage_min_fen: Mapped[int | None] = mapped_column(Integer)
    wage_max_fen: Mapped[int | None] = mapped_column(Integer)
    wage_unit: Mapped[WageUnit | None] = mapped_column(enum_column(WageUnit))
    wage_negotiable: Mapped[bool] = mapped_column(default=False)
    wage_text: Mapped[str] = mapped_column(String(60), default="", comment="pay as it was written")
    estimate_fen: Mapped[int | None] = mapped_column(Integer, comment="piece work: the firm's own month")
    wage_month_fen: Mapped[int] = mapped_column(Integer, default=0, comment="upper, a month; 0 = unknown")
    openings: Mapped[int] = mapped_column(Integer, default=1)
    filled: Mapped[int] = mapped_column(Integer, default=0)
    held: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    applicants: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="people who asked and wait, counted every ten minutes"
    )
    skills: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    certificates: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    demands: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    suits: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    pickup: Mapped[list[str]] = mapped_column(JsonDocument, default=list, comment="regions its bus serves")
    age_min: Mapped[int | None] = mapped_column(Integer)
    age_max: Mapped[int | None] = mapped_column(Integer)
    education: Mapped[Education] = mapped_column(enum_column(Education), default=Education.NONE)
    profile: Mapped[WorkProfile] = mapped_column(enum_column(WorkProfile), default=WorkProfile.LONG)
    shifts: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    board: Mapped[bool] = mapped_column(default=False)
    lodging: Mapped[bool] = mapped_column(default=False)
    transport: Mapped[bool] = mapped_column(default=False)
    insurance: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    starts_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date, comment="last day of recruiting")
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last said: still hiring")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last opened; until then created")
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.DRAFT)
    search_text: Mapped[str] = mapped_column(Text, default="", comment="see core.search")
    source: Mapped[str] = mapped_column(String(40), default="", comment="form, import, demo ...")
    content_key: Mapped[str | None] = mapped_column(String(64), unique=True, comment="identity in imports")
    findings: Mapped[list[dict[str, Any]]] = mapped_column(
        JsonDocument, default=list, server_default="[]", comment="what vetting found, see app.jobs.vetting"
    )
    needs_look: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="open, but a person has yet to look at the findings"
    )
    created_by_id: Mapped[int | None] = mapped_column(BigId, comment="user; kept when the account goes")
    submitted_by_id: Mapped[int | None] = mapped_column(BigId, comment="who submits does not approve")
    first_approved_by_id: Mapped[int | None] = mapped_column(
        BigId, comment="of a new firm's first posting: said yes, a second officer has yet to"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    employer: Mapped[Employer] = relationship(lazy="raise")


class JobEvent(Base):
    """岗位记录: one step in a posting's life. Rows are only ever added."""

    __tablename__ = "job_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"), index=True)
    kind: Mapped[JobEventKind] = mapped_column(enum_column(JobEventKind))
    from_state: Mapped[str | None] = mapped_column(String(32), comment="null: did not exist")
    to_state: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="user; null = system, kept for ever")
    mandate_id: Mapped[int | None] = mapped_column(BigId, comment="acting for the firm by this mandate")
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class JobReport(Base):
    """举报: somebody who saw a posting says it is wrong. No name is asked; `reporter_key` tells two apart."""

    __tablename__ = "job_reports"
    __table_args__ = (UniqueConstraint("job_id", "reporter_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"), index=True)
    reporter_key: Mapped[str] = mapped_column(String(64), comment="keyed digest of where it came from")
    reason: Mapped[ReportReason] = mapped_column(enum_column(ReportReason))
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class JobSource(Base):
    """岗位来路: one vacancy named by one source: the firm's form, an office's list, a broker.

    What a list names again is known by `content_key`, though the posting itself came from elsewhere.
    """

    __tablename__ = "job_sources"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"), index=True)
    kind: Mapped[JobSourceKind] = mapped_column(enum_column(JobSourceKind))
    content_key: Mapped[str | None] = mapped_column(String(64), unique=True, comment="identity in imports")
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="user; null = system, kept for ever")
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="named again, last")


class JobViewDay(Base):
    """岗位浏览数: how often a posting's page was opened on a day in Beijing. Who opened it is not kept."""

    __tablename__ = "job_view_days"
    __table_args__ = (CheckConstraint("views > 0", name="viewed"),)

    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"), primary_key=True)
    viewed_on: Mapped[date] = mapped_column(Date, primary_key=True)
    views: Mapped[int] = mapped_column(Integer)


class PostingRules(Base):
    """发岗位规矩: how many postings a month a county lets each kind of employer open. No row: the usual."""

    __tablename__ = "posting_rules"

    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"), primary_key=True)
    month_caps: Mapped[dict[str, Any]] = mapped_column(
        JsonDocument, default=dict, comment="employer kind: postings a month; null lifts the limit"
    )
    updated_by_id: Mapped[int | None] = mapped_column(BigId)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)
