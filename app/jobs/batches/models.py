"""Table of batches: what a filled-in template said, until it is confirmed and for a month after."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import BigId, JsonDocument, UtcDateTime
from app.employers.models import Employer


class JobBatch(Base):
    """岗位批次: one uploaded sheet of a firm's vacancies. `rows` as they stood, to be read again at any time;
    `result` what came of them: counts, and the refused with their reasons."""

    __tablename__ = "job_batches"
    __table_args__ = (CheckConstraint("(taken_at IS NULL) = (result IS NULL)", name="taken_has_a_result"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(BigId, comment="user who uploaded it")
    file_name: Mapped[str] = mapped_column(String(120))
    file_digest: Mapped[str] = mapped_column(String(64), comment="the same file again is the same batch")
    labels: Mapped[list[str]] = mapped_column(JsonDocument)
    fields: Mapped[list[str | None]] = mapped_column(JsonDocument, comment="what each column means")
    rows: Mapped[list[list[Any]]] = mapped_column(JsonDocument, comment="row number, then the cells")
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    employer: Mapped[Employer] = relationship(lazy="raise")
