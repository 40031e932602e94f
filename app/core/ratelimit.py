"""频次限制: how often something may happen, counted exactly over a sliding window and kept in the database.

Every process of an installation sees the same counts, and a restart forgets none. A hit belongs to the
caller's transaction: a caller that refuses later on (a wrong password) lets that transaction commit first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import NOT_IN_BACKUP, Base
from app.core.types import BigId, UtcDateTime

# No limit of the product looks back further.
LONGEST_WINDOW = timedelta(days=1)


class RateHit(Base):
    """频次记录: one thing that happened and counts against a limit."""

    __tablename__ = "rate_hits"
    __table_args__ = (Index("ix_rate_hits_subject_at", "subject", "at"), NOT_IN_BACKUP)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(100), comment="what is limited; no personal data")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True)
class Limit:
    """At most `times` within any `window` (a day at the longest)."""

    times: int
    window: timedelta


def hit(session: Session, subject: str, limits: Sequence[Limit], now: datetime) -> int:
    """Counts one more for `subject` unless a limit is reached.

    Returns 0 when it was counted, else the whole seconds until it may be tried again. Two callers at the same
    instant are counted one after the other.
    """
    take_turns(session, subject)
    wait_s = 0
    for limit in limits:
        recent = (
            select(RateHit.at)
            .where(RateHit.subject == subject, RateHit.at > now - limit.window)
            .order_by(RateHit.at.desc())
            .offset(limit.times - 1)
            .limit(1)
        )
        # The oldest of the last `times` hits: when it leaves the window, there is room again.
        oldest = session.scalar(recent)
        if oldest is not None:
            wait_s = max(wait_s, math.ceil((oldest + limit.window - now).total_seconds()), 1)
    if wait_s == 0:
        session.add(RateHit(subject=subject, at=now))
        session.flush()
    return wait_s


def forgive(session: Session, subject: str) -> None:
    """Forgets all hits of `subject`."""
    session.execute(delete(RateHit).where(RateHit.subject == subject))


def forget_old_hits(session: Session, now: datetime) -> None:
    """Deletes hits no limit looks back to."""
    session.execute(delete(RateHit).where(RateHit.at < now - LONGEST_WINDOW))


def take_turns(session: Session, subject: str) -> None:
    """Lets one transaction at a time go on with `subject`, until it ends. SQLite's writers already take turns
    (BEGIN IMMEDIATE)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))
