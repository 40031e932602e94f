"""Which providers an installation has, and sign-in codes over them."""

import pytest

from app.accounts.code_sender import CodeSender
from app.core.clock import FixedClock
from app.core.errors import Unavailable, Upstream
from app.core.settings import Environment, Settings
from app.notifications.carriers import Carriers, make_carriers
from app.notifications.code_sending import SmsCodeSender, make_sms_code_sender
from app.notifications.settings import NotificationSettings
from app.notifications.terms import Channel
from tests.conftest import PROJECT
from tests.notifications.fake_provider import Behaviour, FakeProvider
from tests.notifications.situations import PHONE

B = Behaviour
FULL = NotificationSettings.model_validate(
    {
        "aliyun_key_id": "a",
        "aliyun_key_secret": "b",
        "tencent_key_id": "c",
        "tencent_key_secret": "d",
        "tencent_app_id": "1400006666",
        "wechat_app_id": "wx",
        "sms_templates": {"job_offer": {"aliyun": "SMS_1", "tencent": "2"}, "hired": {"wechat": "T3"}},
    }
)


def test_the_order_is_the_preference() -> None:
    carriers = make_carriers(Settings(sms_provider="tencent, aliyun"), FULL)
    assert [provider.name for provider in carriers.of(Channel.SMS)] == ["tencent", "aliyun"]
    assert [provider.name for provider in carriers.of(Channel.WECHAT)] == ["wechat"]
    assert carriers.by_name["aliyun"].template_id("job_offer") == "SMS_1"
    assert carriers.by_name["tencent"].template_id("hired") is None
    assert "'b'" not in repr(carriers)
    assert "'d'" not in repr(carriers)


def test_templates_come_as_json_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGGANG_SMS_TEMPLATES", '{"hired": {"aliyun": "SMS_9"}}')
    assert NotificationSettings().templates_of("aliyun") == {"hired": "SMS_9"}
    assert NotificationSettings().templates_of("tencent") == {}


def test_what_is_missing_is_said_at_the_start() -> None:
    nothing = NotificationSettings()
    for name in ("aliyun", "tencent", "pigeon"):
        with pytest.raises(ValueError, match=name if name == "pigeon" else "密钥"):
            make_carriers(Settings(sms_provider=name), nothing)
    production = Settings(env=Environment.PRODUCTION, secret_key="s" * 40, data_key="d" * 40)  # type: ignore[arg-type]
    assert make_carriers(production, nothing).providers == ()
    assert len(make_carriers(Settings(), nothing).providers) == 1


def test_every_setting_is_described() -> None:
    text = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    names = [f"SONGGANG_{name.upper()}" for name in NotificationSettings.model_fields]
    assert [name for name in names if name not in text] == []


def test_a_code_goes_by_the_first_that_takes_it(
    carriers: Carriers, clock: FixedClock, fake: FakeProvider, second_fake: FakeProvider
) -> None:
    sender: CodeSender = SmsCodeSender(carriers, clock)
    sender.send_code(PHONE, "135790")
    assert fake.books.accepted[0].text == {"code": "135790"}
    fake.behaviours.append(B.OUT_OF_MONEY)
    sender.send_code(PHONE, "246802")
    assert second_fake.books.accepted[0].text == {"0": "246802"}
    # In doubt: it may arrive, so no second one goes out behind it.
    fake.behaviours.append(B.RESET_AFTER_ACCEPT)
    sender.send_code(PHONE, "112233")
    assert len(second_fake.books.accepted) == 1
    fake.behaviours.append(B.BAD_NUMBER)
    with pytest.raises(Upstream):
        sender.send_code(PHONE, "445566")
    with pytest.raises(Unavailable):
        SmsCodeSender(Carriers(()), clock).send_code(PHONE, "445566")


def test_the_console_stays_accounts_own(carriers: Carriers, clock: FixedClock) -> None:
    assert make_sms_code_sender(Settings(), carriers, clock) is None
    assert make_sms_code_sender(Settings(sms_provider="aliyun"), carriers, clock) is not None
