"""码的设置, from the environment (docs/settings.md)."""

from functools import cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class CodeSettings(BaseSettings):
    """码的设置: the secret keys that paper still on walls was signed with, comma separated."""

    model_config = SettingsConfigDict(env_prefix="SONGGANG_", extra="ignore", frozen=True)

    old_secret_keys: SecretStr = SecretStr("")


@cache
def old_secret_keys() -> tuple[str, ...]:
    """Secret keys used before, in their order: printed codes are read with them, nothing else is."""
    keys = CodeSettings().old_secret_keys.get_secret_value().split(",")
    return tuple(key.strip() for key in keys if key.strip())
