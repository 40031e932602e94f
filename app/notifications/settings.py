"""通知设置: who carries messages and what they may cost, from the environment (docs/settings.md)."""

from typing import Final

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

# Template code -> provider -> the number under which the text is registered there.
Registered = dict[str, dict[str, str]]
_NONE: Final = SecretStr("")


class NotificationSettings(BaseSettings):
    """What an office enters after it has opened an account with a provider. Nothing is needed to try out."""

    model_config = SettingsConfigDict(env_prefix="SONGGANG_", extra="ignore", frozen=True)

    # The signature in 【】, as registered.
    sms_signature: str = "送岗"
    sms_templates: Registered = Field(default_factory=dict)
    sms_price_fen: int = Field(default=5, ge=0, description="of one part")
    sms_budget_fen: int = Field(default=100_000, ge=0, description="of one day, sign-in codes aside")
    sms_timeout_s: float = Field(default=10.0, gt=0, le=60)
    sms_threads: int = Field(default=4, ge=1, le=32)

    aliyun_key_id: str = ""
    aliyun_key_secret: SecretStr = _NONE
    aliyun_endpoint: str = "https://dysmsapi.aliyuncs.com"

    tencent_key_id: str = ""
    tencent_key_secret: SecretStr = _NONE
    tencent_app_id: str = ""
    tencent_region: str = "ap-guangzhou"
    tencent_endpoint: str = "https://sms.tencentcloudapi.com"

    wechat_app_id: str = ""
    wechat_secret: SecretStr = _NONE
    wechat_push_token: SecretStr = _NONE
    wechat_endpoint: str = "https://api.weixin.qq.com"

    def templates_of(self, provider: str) -> dict[str, str]:
        """Template code -> its number at `provider`."""
        return {
            code: numbers[provider] for code, numbers in self.sms_templates.items() if provider in numbers
        }
