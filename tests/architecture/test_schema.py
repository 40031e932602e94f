"""Laws of the schema: one migration head, no drift on either database, money in fen, times with a zone."""

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import DateTime, Engine, Float, Numeric

from alembic import command
from app import models
from app.core.types import UtcDateTime
from tests.conftest import PROJECT


def config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "alembic"))
    return config


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_models_and_migrations_agree(shared_engine: Engine) -> None:
    alembic = config()
    with shared_engine.connect() as connection:
        alembic.attributes["connection"] = connection
        command.check(alembic)


def test_columns_say_what_they_hold() -> None:
    for table in models.metadata.sorted_tables:
        for column in table.columns:
            where = f"{table.name}.{column.name}"
            if isinstance(column.type, DateTime):
                raise AssertionError(f"{where}: use UtcDateTime")
            if isinstance(column.type, UtcDateTime):
                assert column.name == "at" or column.name.endswith(("_at", "_until")), where
            if column.name.endswith("_fen"):
                assert not isinstance(column.type, Float | Numeric), where
            assert not isinstance(column.type, Numeric) or isinstance(column.type, Float), where
