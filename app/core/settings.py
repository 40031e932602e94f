"""Settings, read from the environment (prefix `SONGGANG_`). Each one is described in docs/settings.md."""

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

PROJECT_ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT_SECRET = "development-only-secret-do-not-use"  # noqa: S105 - refused in production below


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """What an office sets before it starts the product.

    Raises `ValueError` in production when a key is missing, default or shorter than 32 characters.
    """

    model_config = SettingsConfigDict(env_prefix="SONGGANG_", extra="ignore", frozen=True)

    env: Environment = Environment.DEVELOPMENT
    database_url: str = "sqlite:///var/songgang.db"
    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    data_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    # Data keys used before, comma separated; see "Changing the data key" in docs/settings.md.
    old_data_keys: SecretStr = SecretStr("")
    public_url: str = "http://127.0.0.1:8000"
    sms_provider: str = "console"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    # Reads and writes that may hold a database connection at once; more requests wait on the event loop.
    database_slots: int = Field(default=8, ge=1, le=100)
    # Seconds a statement waits for a lock before the caller is told to try again.
    database_wait_s: float = Field(default=10.0, gt=0)
    # Pages that are the same for everyone are made once and given out again (web.kept).
    keep_pages: bool = True
    # The index of postings is kept as a file that the processes share (matching.index.keeping).
    keep_index: bool = True
    log_level: str = "INFO"
    # Where generated files (SQLite database, uploads, audio) are kept.
    var_dir: Path = Path("var")

    @model_validator(mode="after")
    def _refuse_weak_keys_in_production(self) -> Self:
        if self.env is not Environment.PRODUCTION:
            return self
        for name in ("secret_key", "data_key"):
            value = getattr(self, name).get_secret_value()
            if value == DEVELOPMENT_SECRET or len(value) < 32:
                raise ValueError(
                    f"SONGGANG_{name.upper()} 没有设置，或少于 32 个字符。"
                    "正式环境要用随机密钥，例如 `openssl rand -base64 32` 的结果。"
                )
        if self.secret_key == self.data_key:
            raise ValueError("SONGGANG_SECRET_KEY 和 SONGGANG_DATA_KEY 不能一样。")
        return self

    @cached_property
    def old_data_key_list(self) -> tuple[str, ...]:
        """The keys of `old_data_keys`, in their order."""
        keys = (key.strip() for key in self.old_data_keys.get_secret_value().split(","))
        return tuple(key for key in keys if key)

    @cached_property
    def is_sqlite(self) -> bool:
        return make_url(self.database_url).get_backend_name() == "sqlite"

    @property
    def is_production(self) -> bool:
        return self.env is Environment.PRODUCTION
