"""Tables of the weekly supply-demand sessions: the session, who and what was brought, and the pairs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column
from app.referrals.sessions.terms import PairKind, SessionState


class MatchingSession(Base):
    """对接会: a region's sitting of a day, to which townships bring people and departments and firms bring
    postings (DOMAIN E6).

    `version` counts changes of the pairs and of the state; bringing people and postings leaves it alone and
    sets `roster_at`, so that several townships may bring at once. `total` and `bound` are of the last
    proposal: what its pairs are worth, and what no other way of giving out could exceed.
    """

    __tablename__ = "matching_sessions"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        Index("ix_matching_sessions_region", "region_code", "held_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    held_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(100), default="", comment="where it is held")
    state: Mapped[SessionState] = mapped_column(enum_column(SessionState), default=SessionState.PLANNED)
    oversend_percent: Mapped[int] = mapped_column(Integer, default=100, comment="asked for each 100 places")
    roster_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="people or postings changed")
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    total: Mapped[float | None] = mapped_column(Float)
    bound: Mapped[float | None] = mapped_column(Float)
    made_by_id: Mapped[int | None] = mapped_column(BigId)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    @property
    def is_open(self) -> bool:
        return self.state is not SessionState.CLOSED

    @property
    def gap(self) -> float | None:
        """How far from the best possible the proposal can be at most, as a share; None before the first."""
        if self.total is None or self.bound is None:
            return None
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.total) / self.bound)


class SessionPerson(Base):
    """到会名单: somebody a township brought."""

    __tablename__ = "session_people"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("matching_sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    brought_by_id: Mapped[int | None] = mapped_column(BigId)
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SessionPosting(Base):
    """到会岗位: a posting a department or a firm brought; `source` says which, empty: the firm itself."""

    __tablename__ = "session_postings"
    __table_args__ = (UniqueConstraint("session_id", "job_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("matching_sessions.id"))
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"), index=True)
    source: Mapped[str] = mapped_column(String(40), default="")
    brought_by_id: Mapped[int | None] = mapped_column(BigId)
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SessionPair(Base):
    """对子: a person and a posting of a session. A forbidden one keeps the assignment from it; of the others
    `referral_id` is what came of it, `skipped_gate` and `skipped_why` why nothing did."""

    __tablename__ = "session_pairs"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id", "job_id"),
        CheckConstraint("kind <> 'forbidden' OR referral_id IS NULL", name="forbidden_has_no_referral"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("matching_sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"), index=True)
    kind: Mapped[PairKind] = mapped_column(enum_column(PairKind))
    goes_first: Mapped[bool] = mapped_column(default=False, comment="nobody of the household works")
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    skipped_gate: Mapped[str] = mapped_column(String(32), default="")
    skipped_why: Mapped[str] = mapped_column(String(200), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="sent or skipped")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
