"""Table of wishes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column
from app.jobs.models import JobPosting
from app.referrals.wishes.terms import WishClose, WishState, WishWay


class JobWish(Base):
    """报名: somebody wants a posting, or wants it asked about; an officer calls back by `due_at`.

    `region_code` is the place whose officer calls: the village on the scanned code, else the posting's own.
    The phone is sealed; `phone_index` is of the form accounts and files have.
    """

    __tablename__ = "job_wishes"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_when_not_waiting"),
        CheckConstraint("state <> 'referred' OR referral_id IS NOT NULL", name="referred_has_a_referral"),
        CheckConstraint("state <> 'closed' OR close_reason IS NOT NULL", name="closed_has_a_reason"),
        Index(
            "uq_job_wishes_one_waiting",
            "phone_index",
            "job_id",
            "name",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index("ix_job_wishes_region_due_at", "region_code", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job_postings.id"), index=True)
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    way: Mapped[WishWay] = mapped_column(enum_column(WishWay))
    is_for_family: Mapped[bool] = mapped_column(default=False, comment="sent by somebody of the family")
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; null: forgotten")
    phone_index: Mapped[str | None] = mapped_column(String(64))
    form_key: Mapped[str] = mapped_column(String(64), unique=True, comment="one filling-in, one wish")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="who was signed in")
    state: Mapped[WishState] = mapped_column(enum_column(WishState), default=WishState.WAITING)
    close_reason: Mapped[WishClose | None] = mapped_column(enum_column(WishClose))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(BigId, comment="null: the person, or the system")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    job: Mapped[JobPosting] = relationship(lazy="raise", viewonly=True)
