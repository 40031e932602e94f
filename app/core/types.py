"""Column types that behave the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from app.core.terms import LabelledEnum

# SQLite only numbers rows by itself when the key is called INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

# A JSON document: `jsonb` on PostgreSQL, text on SQLite.
JsonDocument = JSON().with_variant(JSONB, "postgresql")

RegionCode = String(12)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Goes in timezone-aware, comes out in UTC; a naive value is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a timezone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(terms: type[LabelledEnum]) -> Enum:
    """A column holding one of `terms` by its English code, guarded by a CHECK constraint."""

    def codes(_: Any) -> list[str]:
        return [member.value for member in terms]

    return Enum(
        terms,
        values_callable=codes,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=_snake(terms.__name__),
    )


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))
