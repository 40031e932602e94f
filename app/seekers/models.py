"""Tables of the ledger: the household, its people, and what about them is kept under seal."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, JsonDocument, RegionCode, UtcDateTime, enum_column
from app.occupations.terms import Education, WageUnit
from app.regions.terms import Reach
from app.seekers.changes import PersonChange as PersonChange  # its log comes along with every use of people
from app.seekers.terms import (
    CloseReason,
    LabourClass,
    NotWorkingReason,
    Relation,
    ReturnReason,
    SeekerStatus,
    Sex,
)


class Household(Base):
    """户: one household, one file (DOMAIN C1). `region_code` is its managing village or town."""

    __tablename__ = "households"
    __table_args__ = (Index("ix_households_number_region", "household_number", "region_code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"), index=True)
    household_number: Mapped[str | None] = mapped_column(String(40), comment="户编号 of the upper system")
    address: Mapped[str] = mapped_column(String(200), default="")
    kinds: Mapped[list[str]] = mapped_column(
        JsonDocument, default=list, comment="HouseholdKind codes, sorted"
    )
    is_monitored: Mapped[bool] = mapped_column(Boolean, default=False, comment="one of the three kinds")
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True, comment="包户 officer")
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="no longer kept in the ledger")
    close_reason: Mapped[CloseReason | None] = mapped_column(enum_column(CloseReason))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    people: Mapped[list["Person"]] = relationship(lazy="raise", order_by="Person.id", viewonly=True)


class Person(Base):
    """人: a member of a household, named and numbered. Those of 16 and over can be seekers (求职者).

    ID number and phone are sealed (see core.crypto) and found by keyed digest; the tail digests answer "the
    last four". `region_code` repeats the household's, so that scope is one condition on one table.
    """

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_region_status", "region_code", "status"),
        Index("ix_people_region_name", "region_code", "name"),
        Index("ix_people_name_birth", "name", "birth_on"),
        CheckConstraint("wage_floor_fen >= 0", name="wage_floor_positive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"))
    relation: Mapped[Relation] = mapped_column(enum_column(Relation), default=Relation.OTHER)
    name: Mapped[str] = mapped_column(String(40))
    search_text: Mapped[str] = mapped_column(
        Text, default="", comment="name, pinyin, initials; see core.search"
    )
    sex: Mapped[Sex | None] = mapped_column(enum_column(Sex))
    birth_on: Mapped[date | None] = mapped_column(Date)
    id_number: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed")
    id_index: Mapped[str | None] = mapped_column(
        String(64), unique=True, comment="keyed digest of 18 characters"
    )
    id_tail_index: Mapped[str | None] = mapped_column(
        String(64), index=True, comment="keyed digest, last four"
    )
    phone: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed")
    phone_index: Mapped[str | None] = mapped_column(
        String(64), index=True, comment="one phone may serve a family"
    )
    phone_tail_index: Mapped[str | None] = mapped_column(String(64), index=True)

    # What the person can do
    education: Mapped[Education | None] = mapped_column(enum_column(Education))
    labour_class: Mapped[LabourClass] = mapped_column(enum_column(LabourClass), default=LabourClass.ORDINARY)
    class_reason: Mapped[str | None] = mapped_column(
        String(200), comment="set: class was set by hand, and why"
    )
    skills: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    certificates: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    limits: Mapped[list[str]] = mapped_column(
        JsonDocument, default=list, comment="Demand codes they can't do"
    )

    # What the person wants
    status: Mapped[SeekerStatus] = mapped_column(enum_column(SeekerStatus), default=SeekerStatus.NOT_SEEKING)
    seeking_since_on: Mapped[date | None] = mapped_column(Date)
    occupations: Mapped[list[str]] = mapped_column(JsonDocument, default=list, comment="wished for")
    travel: Mapped[Reach] = mapped_column(enum_column(Reach), default=Reach.COUNTY)
    travel_minutes: Mapped[int | None] = mapped_column(Integer, comment="longest way to work, one way")
    wage_floor_fen: Mapped[int | None] = mapped_column(Integer)
    wage_floor_unit: Mapped[WageUnit] = mapped_column(enum_column(WageUnit), default=WageUnit.MONTH)
    shifts: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    profiles: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    needs_board: Mapped[bool] = mapped_column(Boolean, default=False)
    needs_lodging: Mapped[bool] = mapped_column(Boolean, default=False)
    cares_for_family: Mapped[bool] = mapped_column(Boolean, default=False)
    care_hours: Mapped[str] = mapped_column(String(60), default="", comment="hours taken by care, as told")
    harvest_absences: Mapped[str] = mapped_column(String(60), default="", comment="weeks away for the fields")
    companions: Mapped[str] = mapped_column(String(60), default="", comment="would only go together with")
    refused_places: Mapped[list[str]] = mapped_column(JsonDocument, default=list, comment="region codes")
    training_wish: Mapped[str] = mapped_column(String(60), default="")
    welfare_eligible: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="may take a public-welfare post"
    )

    # Why things are as they are
    not_working_reason: Mapped[NotWorkingReason | None] = mapped_column(enum_column(NotWorkingReason))
    return_reason: Mapped[ReturnReason | None] = mapped_column(enum_column(ReturnReason))
    employer_name: Mapped[str] = mapped_column(String(100), default="", comment="where they work, as told")
    work_place: Mapped[str] = mapped_column(String(100), default="", comment="where that is, as told")

    x: Mapped[int | None] = mapped_column(Integer, comment="projected metres of the home, when known")
    y: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="no longer kept in the ledger")
    close_reason: Mapped[CloseReason | None] = mapped_column(enum_column(CloseReason))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    household: Mapped[Household] = relationship(lazy="raise", viewonly=True)


class PrivateFacts(Base):
    """隐私资料: what an office keeps about a person but few may read, sealed as one document each.

    `ledger` holds columns of the offices' sheets without a field of their own (民族, 婚姻状况, 参保 ...);
    `health` holds health, disability and cause of poverty (SAFETY: the household's own officer or duty role).
    """

    __tablename__ = "private_facts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    ledger: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed JSON")
    health: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed JSON")


class LedgerChange(Base):
    """台账变更: one change to a household or a person: who, when, why, from what to what. Only added.

    `before` and `after` hold the changed fields; what is sealed in the record is sealed here too. Any past
    day is rebuilt from the record of today by undoing later changes, so a `created` row holds no fields.
    """

    __tablename__ = "ledger_changes"
    __table_args__ = (Index("ix_ledger_changes_record", "record_kind", "record_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(16), comment="RecordKind code")
    record_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(16), comment="ChangeKind code")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="null: the system")
    acting_for: Mapped[str] = mapped_column(String(40), default="", comment="on whose word, as told")
    reason: Mapped[str] = mapped_column(String(200), default="")
    import_id: Mapped[int | None] = mapped_column(BigId, index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JsonDocument, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JsonDocument, default=dict)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed JSON {before, after}")
    version: Mapped[int] = mapped_column(Integer, comment="of the record after the change")
