"""通道选用: the providers of this installation, in the order in which they are preferred.

`SONGGANG_SMS_PROVIDER` names one or two (`aliyun,tencent`): the second takes over when the first fails.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from app.core.security import keyed_digest
from app.core.settings import Settings
from app.notifications.providers.aliyun import AliyunSms
from app.notifications.providers.base import Provider
from app.notifications.providers.console import Console
from app.notifications.providers.http import Caller
from app.notifications.providers.tencent import TencentSms
from app.notifications.providers.wechat import WechatTemplates
from app.notifications.settings import NotificationSettings
from app.notifications.terms import Channel

CONSOLE: Final = "console"


@dataclass(frozen=True)
class Carriers:
    """通道: who carries what, what a part costs and what a day may cost."""

    providers: tuple[Provider, ...]
    signature: str = "送岗"
    price_fen: int = 5
    budget_fen: int = 100_000
    threads: int = 4
    # How long a call is its worker's own; longer than any call may take, twice over.
    lease: timedelta = timedelta(minutes=1)
    by_name: Mapping[str, Provider] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {provider.name: provider for provider in self.providers})

    def of(self, channel: Channel) -> tuple[Provider, ...]:
        """Who carries `channel`, the preferred one first."""
        return tuple(provider for provider in self.providers if provider.channel is channel)


def push_secret(settings: Settings, provider: str) -> str:
    """The key in the address a provider's pushes come to; derived, so that nobody has to invent one."""
    key = settings.secret_key.get_secret_value()
    return keyed_digest(key, "receipts", provider).hex()[:40]


def push_address(settings: Settings, provider: str) -> str:
    """What is entered at the provider as the address for receipts and replies."""
    plain = f"{settings.public_url}/api/v1/receipts/{provider}"
    return plain if provider == "wechat" else f"{plain}?key={push_secret(settings, provider)}"


def make_carriers(settings: Settings, own: NotificationSettings | None = None) -> Carriers:
    """The carriers of this installation. Raises `ValueError` for a provider nobody knows or whose keys are
    missing. The console is left out in production: it would show messages to whoever reads the terminal.
    """
    own = own or NotificationSettings()
    names = [name.strip() for name in settings.sms_provider.split(",") if name.strip()]
    providers: list[Provider] = [p for name in names for p in _make(name, settings, own)]
    if own.wechat_app_id:
        providers.append(
            WechatTemplates(
                own.wechat_app_id,
                own.wechat_secret.get_secret_value(),
                own.wechat_push_token.get_secret_value(),
                own.templates_of("wechat"),
                endpoint=own.wechat_endpoint,
                caller=Caller(own.sms_timeout_s),
            )
        )
    return Carriers(
        tuple(providers),
        own.sms_signature,
        own.sms_price_fen,
        own.sms_budget_fen,
        own.sms_threads,
        lease=timedelta(seconds=4 * own.sms_timeout_s + 20),
    )


def _make(name: str, settings: Settings, own: NotificationSettings) -> Iterable[Provider]:
    if name == CONSOLE:
        return [] if settings.is_production else [Console()]
    caller = Caller(own.sms_timeout_s)
    if name == "aliyun":
        secret = own.aliyun_key_secret.get_secret_value()
        _need(name, own.aliyun_key_id, secret)
        return [
            AliyunSms(
                own.aliyun_key_id,
                secret,
                push_secret(settings, name),
                own.templates_of(name),
                endpoint=own.aliyun_endpoint,
                caller=caller,
            )
        ]
    if name == "tencent":
        secret = own.tencent_key_secret.get_secret_value()
        _need(name, own.tencent_key_id, secret, own.tencent_app_id)
        return [
            TencentSms(
                own.tencent_key_id,
                secret,
                push_secret(settings, name),
                own.tencent_app_id,
                own.templates_of(name),
                region=own.tencent_region,
                endpoint=own.tencent_endpoint,
                caller=caller,
            )
        ]
    raise ValueError(f"SONGGANG_SMS_PROVIDER：不认识 {name}，可以写 console、aliyun、tencent。")


def _need(name: str, *values: str) -> None:
    if not all(values):
        raise ValueError(f"用 {name} 发短信，要先设置它的密钥（SONGGANG_{name.upper()}_...）。")
