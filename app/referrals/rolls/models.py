"""Table of the rolls that somebody is asked to call on the way to work."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, UtcDateTime


class ArrivalRoll(Base):
    """带队点名: a named person takes those hired for a posting there on a day, and says by a link who came.

    Named by an officer; never the paid broker nor somebody of the firm. Of the leader's phone only a keyed
    digest of the last four digits is kept: they open the link.
    """

    __tablename__ = "arrival_rolls"
    __table_args__ = (Index("ix_arrival_rolls_job", "job_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"))
    day: Mapped[date] = mapped_column(Date)
    leader_name: Mapped[str] = mapped_column(String(20))
    tail_index: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int | None] = mapped_column(BigId)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="taken back by an officer")
