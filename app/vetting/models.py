"""Table of minimum wages that offices put in themselves."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, JsonDocument, UtcDateTime


class MinimumWageTier(Base):
    """最低工资档: what an office put in for its province, beside the rows that come with the product.

    `areas` are codes of places (city 4, county 6, town 9 digits); `rest` marks the tier of all other counties
    of the province; neither: which counties belong to it is not known.
    """

    __tablename__ = "minimum_wage_tiers"
    __table_args__ = (
        UniqueConstraint("province_code", "effective_on", "name"),
        CheckConstraint("month_fen > 0 AND hour_fen > 0", name="positive"),
        CheckConstraint("length(province_code) = 2", name="province_code_length"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    province_code: Mapped[str] = mapped_column(String(2))
    effective_on: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(40), comment="as the notice names it: 一类")
    month_fen: Mapped[int] = mapped_column(Integer, comment="full time, a month")
    hour_fen: Mapped[int] = mapped_column(Integer, comment="part time, an hour")
    areas: Mapped[list[str]] = mapped_column(JsonDocument, default=list, server_default="[]")
    rest: Mapped[bool] = mapped_column(default=False, server_default=false())
    source: Mapped[str] = mapped_column(String(200), default="", comment="the notice it was read in")
    updated_by_id: Mapped[int | None] = mapped_column(BigId)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
