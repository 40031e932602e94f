"""Tables of referrals: the referral, its append-only events, and the deadlines a county sets for itself."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, JsonDocument, RegionCode, UtcDateTime, enum_column
from app.jobs.models import JobPosting
from app.referrals.terms import Channel, Evidence, Origin, Party, ReferralAction, ReferralState
from app.seekers.models import Person

_ENDED = "'onboard', 'declined', 'refused', 'no_show', 'withdrawn', 'obsolete', 'expired', 'cancelled'"


class Referral(Base):
    """推荐单: one person and one posting, from the offer to the first day at work (or why not).

    Live means `ended_at` is null. `employer_id` repeats the posting's. Area and permissions follow the
    person's managing region, which is read from the person.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint(f"(ended_at IS NOT NULL) = (state IN ({_ENDED}))", name="ended_in_an_end_state"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refusal_has_a_reason"),
        CheckConstraint("state <> 'onboard' OR spell_id IS NOT NULL", name="onboard_has_a_spell"),
        CheckConstraint(
            "state NOT IN ('hired', 'departing', 'onboard')"
            " OR (starts_on IS NOT NULL AND wage_fen IS NOT NULL)",
            name="hired_has_start_and_wage",
        ),
        CheckConstraint("wage_fen >= 0", name="wage_positive"),
        Index(
            "uq_referrals_one_live_per_posting",
            "person_id",
            "job_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_referrals_person", "person_id", "job_id", "created_at"),
        Index("ix_referrals_employer", "employer_id", "submitted_at"),
        Index("ix_referrals_state", "state", "id"),
        Index("ix_referrals_clock_at", "clock_at"),
        Index("ix_referrals_officer_due_at", "officer_due_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    state: Mapped[ReferralState] = mapped_column(enum_column(ReferralState))
    origin: Mapped[Origin] = mapped_column(enum_column(Origin))
    referrer_id: Mapped[int | None] = mapped_column(BigId, comment="user who offered; null: the person")
    note: Mapped[str] = mapped_column(String(200), default="", comment="among staff, never shown to the firm")
    batch_key: Mapped[str | None] = mapped_column(String(36), index=True, comment="sent together")
    forwarded_from_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"))
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the person's answer")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the employer has it since")
    employer_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first real answer")
    silence_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="person: they never called")
    interview_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interview_place: Mapped[str] = mapped_column(String(100), default="")
    interview_moves: Mapped[int] = mapped_column(Integer, default=0)
    starts_on: Mapped[date | None] = mapped_column(Date)
    wage_fen: Mapped[int | None] = mapped_column(Integer, comment="promised, a month")
    reason: Mapped[str] = mapped_column(String(200), default="", comment="of the end, as told")
    reason_code: Mapped[str | None] = mapped_column(String(32), comment="DeclineReason, RefuseReason")
    late_party: Mapped[Party | None] = mapped_column(enum_column(Party), comment="whose clock ran out")
    spell_id: Mapped[int | None] = mapped_column(ForeignKey("employment_spells.id"), unique=True)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="in this state since")
    clock_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="next step of its clock")
    clock_step: Mapped[int] = mapped_column(Integer, default=0, comment="steps done in this state")
    officer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="an officer should look")
    paused_until: Mapped[date | None] = mapped_column(Date)
    is_disputed: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    job: Mapped[JobPosting] = relationship(lazy="raise", viewonly=True)

    @property
    def is_live(self) -> bool:
        return self.ended_at is None


class ReferralEvent(Base):
    """推荐单记录: one step of a referral's life. Rows are only ever added."""

    __tablename__ = "referral_events"
    __table_args__ = (UniqueConstraint("referral_id", "idempotency_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    action: Mapped[str] = mapped_column(String(32), comment="ReferralAction or StepKind code")
    from_state: Mapped[str | None] = mapped_column(String(32), comment="null: did not exist")
    to_state: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="user; null = system, kept for ever")
    party: Mapped[Party] = mapped_column(enum_column(Party), comment="as whom the actor acts")
    acting_for: Mapped[str | None] = mapped_column(String(16), comment="Party code: whose word it is")
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    has_consent: Mapped[bool | None] = mapped_column(comment="the person agreed; null: not asked for")
    reason: Mapped[str] = mapped_column(String(200), default="")
    evidence: Mapped[Evidence | None] = mapped_column(enum_column(Evidence))
    detail: Mapped[dict[str, Any]] = mapped_column(JsonDocument, default=dict, comment="dates and figures")
    client_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the caller's own clock")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(100))


class ClockSettings(Base):
    """时限设置: what a county sets otherwise than REFERRALS does. No row: everything as there."""

    __tablename__ = "clock_settings"

    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"), primary_key=True)
    township_confirms: Mapped[bool] = mapped_column(default=False, comment="before a referral is submitted")
    month_closes_on: Mapped[int] = mapped_column(Integer, default=25, comment="day of the month (DOMAIN K1)")
    overrides: Mapped[dict[str, Any]] = mapped_column(
        JsonDocument, default=dict, comment="profile.clock: minutes; null switches a step off"
    )
    updated_by_id: Mapped[int | None] = mapped_column(BigId)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)


__all__ = ["ClockSettings", "Referral", "ReferralAction", "ReferralEvent"]
