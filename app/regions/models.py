"""行政区划表: every division of the country and the villages that offices have added."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import RegionCode, enum_column
from app.regions.terms import Level, RegionSource


class Region(Base):
    """区划: one division; what foreign keys point to. Its place in the tree follows from its code alone."""

    __tablename__ = "regions"
    __table_args__ = (Index("ix_regions_parent_code_code", "parent_code", "code"),)

    code: Mapped[str] = mapped_column(
        RegionCode, primary_key=True, comment="6, 9 (town) or 12 (village) digits"
    )
    level: Mapped[Level] = mapped_column(enum_column(Level), comment="the level that fixes the scope prefix")
    name: Mapped[str] = mapped_column(String(60))
    short_name: Mapped[str] = mapped_column(String(60))
    parent_code: Mapped[str | None] = mapped_column(RegionCode, ForeignKey("regions.code"))
    pinyin: Mapped[str] = mapped_column(String(240), comment="whole name, lower case, no blanks")
    initials: Mapped[str] = mapped_column(String(60))
    x: Mapped[int | None] = mapped_column(Integer, comment="metres east in the plane of regions.projection")
    y: Mapped[int | None] = mapped_column(Integer, comment="metres north")
    source: Mapped[RegionSource] = mapped_column(enum_column(RegionSource))
    retired_on: Mapped[date | None] = mapped_column(Date, comment="no longer offered from this day on")
    moved_to: Mapped[str | None] = mapped_column(
        RegionCode, ForeignKey("regions.code"), comment="of a retired one: where its people and records went"
    )
