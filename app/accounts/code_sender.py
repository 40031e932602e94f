"""验证码发送: the one thing sign-in needs from a message provider. Real providers come with notifications."""

import sys
from typing import Protocol

from app.core.errors import Unavailable
from app.core.settings import Settings


class CodeSender(Protocol):
    """Sends one sign-in code to one phone, outside any transaction."""

    def send_code(self, phone: str, code: str) -> None:
        """Raises `Unavailable` or `Upstream` when the code could not be handed over."""
        ...


class ConsoleSender:
    """Shows the code on the terminal of whoever tries the product out. Never a log: the last digits only."""

    def send_code(self, phone: str, code: str) -> None:
        sys.stderr.write(f"\n短信验证码（尾号 {phone[-4:]}）：{code}\n")
        sys.stderr.flush()


class NoSender:
    """No provider has been set up; better said at once than waited for."""

    def send_code(self, phone: str, code: str) -> None:
        raise Unavailable("短信还没有接通，请找信息员当面帮您。", retry_after_s=3600)


def make_code_sender(settings: Settings) -> CodeSender:
    """The sender of this installation. The console is refused in production: it would show codes to whoever
    reads the terminal.
    """
    if settings.sms_provider == "console" and not settings.is_production:
        return ConsoleSender()
    return NoSender()
