"""Tables of employers: the firm, its registration, the barred, and the log of changes that caches follow."""

from datetime import date, datetime
from secrets import randbelow

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column
from app.employers.terms import EmployerAction, EmployerKind, EmployerState


class Employer(Base):
    """用人单位: who offers work, from a factory to a family farm.

    `contact_phone` may be somebody's own number (a farm's, a shop's), so it is kept sealed (`sealing`): staff
    and the people it answers see it, never a public list and never a log.
    """

    __tablename__ = "employers"
    __table_args__ = (
        CheckConstraint("answer_permille BETWEEN 0 AND 1000", name="answer_permille"),
        CheckConstraint("median_answer_hours >= 0", name="median_answer_hours"),
        Index("ix_employers_state_region", "state", "region_code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[EmployerKind] = mapped_column(enum_column(EmployerKind))
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    office_code: Mapped[str] = mapped_column(
        RegionCode, ForeignKey("regions.code"), index=True, comment="the office that keeps this record"
    )
    address: Mapped[str] = mapped_column(String(200), default="")
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True, comment="统一社会信用代码")
    contact_name: Mapped[str] = mapped_column(String(40), default="")
    contact_phone: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed")
    state: Mapped[EmployerState] = mapped_column(enum_column(EmployerState), default=EmployerState.PENDING)
    name_key: Mapped[str] = mapped_column(String(80), index=True, comment="as compared, see rules.name_key")
    content_key: Mapped[str | None] = mapped_column(String(64), unique=True, comment="identity in imports")
    registered_by_id: Mapped[int | None] = mapped_column(BigId, comment="user; kept when the account goes")
    verified_on: Mapped[date | None] = mapped_column(Date)
    answer_permille: Mapped[int | None] = mapped_column(Integer, comment="referrals answered; null = too few")
    median_answer_hours: Mapped[int | None] = mapped_column(Integer)
    muted_until: Mapped[date | None] = mapped_column(Date, comment="left people without an answer")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    @property
    def is_verified(self) -> bool:
        """Only a verified employer's postings are shown."""
        return self.state is EmployerState.VERIFIED


class EmployerEvent(Base):
    """单位登记记录: one step of an employer's registration. Rows are only ever added."""

    __tablename__ = "employer_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    action: Mapped[EmployerAction] = mapped_column(enum_column(EmployerAction))
    from_state: Mapped[str | None] = mapped_column(String(32), comment="null: did not exist")
    to_state: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="user; null = system, kept for ever")
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BarEntry(Base):
    """禁止名单: who may not offer work here, recognised again by credit code, name, phone or account.

    A barred firm that registers under a new row is stopped by any of the four. One entry holds the firm
    itself; one more, without a name, each account that registered it or was a member, with its phone.
    """

    __tablename__ = "bar_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(BigId, index=True, comment="account; kept when it goes")
    credit_code: Mapped[str | None] = mapped_column(String(18), index=True)
    name_key: Mapped[str] = mapped_column(String(80), index=True)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; digits only")
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True, comment="keyed digest")
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    reason: Mapped[str] = mapped_column(String(200))
    barred_by_id: Mapped[int | None] = mapped_column(BigId)
    barred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def _random_mark() -> int:
    return randbelow(2**62) + 1


class PostingChange(Base):
    """岗位变更: written in the transaction of every change to a posting or its employer; caches follow it.

    One row a posting; a large batch writes one row without a posting: "read everything again".
    """

    __tablename__ = "posting_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job_id: Mapped[int | None] = mapped_column(BigId)
    employer_id: Mapped[int | None] = mapped_column(BigId, comment="all postings of this employer")
    mark: Mapped[int] = mapped_column(
        BigId,
        default=_random_mark,
        server_default="0",
        comment="random: tells a database put back to an earlier day from what it was",
    )
