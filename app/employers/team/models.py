"""Table of invitations, by which colleagues come into a firm."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, UtcDateTime, enum_column
from app.employers.team.terms import MemberRole


class FirmInvitation(Base):
    """邀请同事: somebody is asked, by phone, to join a firm; good once, for some days.

    Accepted, it tells the role of the member (`grant_id`) for as long as they stay; who has none registered
    the firm and is an owner.
    """

    __tablename__ = "firm_invitations"
    __table_args__ = (
        Index("ix_firm_invitations_phone", "phone_index"),
        Index("ix_firm_invitations_firm", "employer_id", "closed_at"),
        CheckConstraint("(accepted_at IS NULL) = (grant_id IS NULL)", name="accepted_with_grant"),
        CheckConstraint("accepted_at IS NULL OR closed_at IS NOT NULL", name="accepted_is_closed"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    role: Mapped[MemberRole] = mapped_column(enum_column(MemberRole))
    name: Mapped[str] = mapped_column(String(40), comment="as the inviter calls them")
    phone: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; gone once it is closed")
    phone_index: Mapped[str | None] = mapped_column(String(64), comment="keyed digest")
    invited_by_id: Mapped[int | None] = mapped_column(BigId, comment="user; kept when the account goes")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="accepted, declined or taken back"
    )
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("role_grants.id"), unique=True)
