"""Tables of the import of people: the file, its rows under seal, and what became of each row."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, JsonDocument, RegionCode, UtcDateTime, enum_column
from app.seekers.imports.shapes import LedgerShape
from app.seekers.imports.terms import ConflictKind, Decision, ImportState, RowResult


class ImportBatch(Base):
    """人员导入: one file of people, from upload to undo. Chunks of 500 rows are done in order."""

    __tablename__ = "people_imports"
    __table_args__ = (Index("ix_people_imports_hash", "file_hash", "state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    region_code: Mapped[str | None] = mapped_column(
        RegionCode, ForeignKey("regions.code"), comment="importing office; null: the system's own import"
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64), comment="SHA-256 of file, office and columns told")
    file_kind: Mapped[str] = mapped_column(String(8), comment="xlsx, xls, csv")
    shape: Mapped[LedgerShape] = mapped_column(enum_column(LedgerShape))
    header_row: Mapped[int] = mapped_column(Integer, comment="0: the sheet has no headings")
    columns: Mapped[list[Any]] = mapped_column(JsonDocument, comment="index, heading, field, confidence")
    state: Mapped[ImportState] = mapped_column(enum_column(ImportState))
    rows: Mapped[int] = mapped_column(Integer, default=0)
    chunks: Mapped[int] = mapped_column(Integer, default=0)
    done_chunks: Mapped[int] = mapped_column(Integer, default=0, comment="of the step that is under way")
    counts: Mapped[dict[str, int]] = mapped_column(JsonDocument, default=dict, comment="RowResult -> rows")
    reasons: Mapped[dict[str, int]] = mapped_column(JsonDocument, default=dict, comment="why sent back")
    notes: Mapped[dict[str, int]] = mapped_column(JsonDocument, default=dict, comment="remarks on rows taken")
    left: Mapped[list[Any]] = mapped_column(
        JsonDocument, default=list, comment="records an undo left alone: [kind, id]"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportChunk(Base):
    """导入分块: up to 500 rows of the file as they stand, sealed as one document."""

    __tablename__ = "people_import_chunks"
    __table_args__ = (Index("ix_people_import_chunks_number", "import_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("people_imports.id"))
    number: Mapped[int] = mapped_column(Integer, comment="from 0")
    first_row: Mapped[int] = mapped_column(Integer)
    last_row: Mapped[int] = mapped_column(Integer)
    rows: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed, packed JSON; null: thrown away"
    )


class ImportRow(Base):
    """导入行: what a row does to the ledger. `person_digest` finds the same person in other rows."""

    __tablename__ = "people_import_rows"
    __table_args__ = (
        Index("ix_people_import_rows_result", "import_id", "result", "row_number"),
        Index("ix_people_import_rows_digest", "import_id", "person_digest"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("people_imports.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    result: Mapped[RowResult] = mapped_column(enum_column(RowResult))
    is_applied: Mapped[bool] = mapped_column(default=False, comment="done; false: a preview")
    reason: Mapped[str] = mapped_column(String(200), default="", comment="plain words, nothing personal")
    conflict: Mapped[ConflictKind | None] = mapped_column(enum_column(ConflictKind))
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    other_row: Mapped[int | None] = mapped_column(Integer, comment="earlier row with the same person")
    person_id: Mapped[int | None] = mapped_column(BigId)
    person_digest: Mapped[str | None] = mapped_column(String(64))


class ImportHousehold(Base):
    """导入的户: which household the rows of one key became, when the sheet has no household numbers."""

    __tablename__ = "people_import_households"

    import_id: Mapped[int] = mapped_column(ForeignKey("people_imports.id"), primary_key=True)
    key_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"))
