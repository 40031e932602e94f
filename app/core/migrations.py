"""Bringing the schema up to date, and telling whether it is."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from alembic import command
from app.core.settings import PROJECT_ROOT


def _config(root: Path = PROJECT_ROOT) -> Config:
    config = Config()
    config.set_main_option("script_location", str(root / "alembic"))
    return config


def migrate_database(engine: Engine) -> None:
    """Runs all migrations that are missing, in one transaction."""
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def head_revision() -> str | None:
    """The newest revision this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current_revision(session: Session) -> str | None:
    """The revision the database is at; None when it was never migrated."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def is_up_to_date(session: Session) -> bool:
    return current_revision(session) == head_revision()
