"""Tables of the relations by which somebody without an area comes to a person's file."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, UtcDateTime, enum_column
from app.seekers.access.terms import LinkEnd, LinkProof


class PersonLink(Base):
    """本人认档: a phone account was shown to belong to a person of the ledger: when, how, until when.

    In force while it has not ended and the phone in the file is still the account's.
    """

    __tablename__ = "person_links"
    __table_args__ = (
        Index("ix_person_links_user", "user_id", "ended_at"),
        Index("ix_person_links_person", "person_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proof: Mapped[LinkProof] = mapped_column(enum_column(LinkProof))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[LinkEnd | None] = mapped_column(enum_column(LinkEnd))


class BrokerAssignment(Base):
    """交办经纪人: an officer gave a person to a labour broker until a moment."""

    __tablename__ = "broker_assignments"
    __table_args__ = (
        Index("ix_broker_assignments_broker", "broker_user_id", "ends_at"),
        Index("ix_broker_assignments_person", "person_id", "ends_at"),
        CheckConstraint("ends_at > starts_at", name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    broker_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="brought forward when it is taken back")
    made_by_id: Mapped[int | None] = mapped_column(BigId, comment="null: the system")
    ended_by_id: Mapped[int | None] = mapped_column(BigId, comment="who took it back before its day")


class EmployerTie(Base):
    """报过名的单位: a person applied to a posting of the firm or was submitted to it."""

    __tablename__ = "employer_ties"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), primary_key=True, index=True)
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
