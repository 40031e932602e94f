"""审计表: the entries and the head of their chain."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime


class AuditEntry(Base):
    """审计记录: one thing someone saw or did. Only added, in an unbroken sequence of ids from 1.

    `digest` is a keyed digest of all other columns, among them the digest before: nobody without the key can
    change, leave out, add or reorder entries unseen. Codes are kept as text, so that an old entry can still
    be read when a code has gone.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_id", "resource"),
        Index("ix_audit_entries_actor", "actor_id", "id"),
        Index("ix_audit_entries_region", "region_code", "id"),
        Index("ix_audit_entries_team", "team_code", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="null: the system or the public")
    role: Mapped[str | None] = mapped_column(String(32), comment="Role code under which it was allowed")
    team_code: Mapped[str | None] = mapped_column(RegionCode, comment="region of that role")
    action: Mapped[str] = mapped_column(String(32), comment="Action code")
    resource: Mapped[str] = mapped_column(String(32), comment="Resource code")
    subject_id: Mapped[int | None] = mapped_column(BigId, comment="of the person, posting, household ...")
    region_code: Mapped[str | None] = mapped_column(RegionCode, comment="managing region of the subject")
    reason: Mapped[str] = mapped_column(String(200), default="", comment="as typed; the person can read it")
    detail: Mapped[str] = mapped_column(Text, default="{}", comment="JSON, codes and ids only")
    previous: Mapped[str] = mapped_column(String(64), comment="digest of the entry before")
    digest: Mapped[str] = mapped_column(String(64), comment="keyed digest of this entry")


class AuditHead(Base):
    """审计链头: how many entries there are and how the last one ends. Its one row is locked while adding."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(BigId)
    last_digest: Mapped[str] = mapped_column(String(64), comment="empty before the first entry")
    seal: Mapped[str] = mapped_column(String(64), comment="keyed digest of the two")
