"""Runs migrations, all in one transaction: a killed one leaves the old schema, never half a new one."""

from typing import Any

from sqlalchemy import Connection, text

from alembic import context
from app import models
from app.core.db import make_engine
from app.core.settings import Settings
from app.core.types import JsonDocument, UtcDateTime

target_metadata = models.metadata


def include_object(obj: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Search indexes are made by `search_index_ddl`, not by models: comparing them would show drift."""
    if kind == "table":
        return not (reflected and name is not None and "_search" in name)
    return not (kind == "index" and name is not None and name.endswith("_search"))


def render_item(kind: str, obj: Any, autogen_context: Any) -> str | bool:
    """Writes our own column types as plain ones: a migration must not change when the code does."""
    if kind == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if obj is JsonDocument:
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    # Rebuilding a table on SQLite (batch mode) must not fire ON DELETE actions; rows are checked afterwards.
    # The switch does nothing inside a transaction, so it is set on the driver's connection before one begins.
    sqlite: Any = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if sqlite:
        sqlite.execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        render_as_batch=True,
        include_object=include_object,
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(7130420)"))
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"{len(broken)} rows point nowhere after the migration")
    if sqlite:
        connection.commit()
        sqlite.execute("PRAGMA foreign_keys = ON")


supplied: Connection | None = context.config.attributes.get("connection")
if supplied is not None:
    run(supplied)
else:
    engine = make_engine(Settings(), read_only=False)
    with engine.connect() as own:
        run(own)
        own.commit()
    engine.dispose()
