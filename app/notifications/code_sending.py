"""验证码短信: sign-in codes over the providers of this installation (the interface is accounts').

A code goes at once and leaves no row: it is worth nothing in five minutes and must not be stored. So it is
never sent again either; when in doubt, the person asks for another one.
"""

import secrets

from app.accounts.code_sender import CodeSender
from app.core.clock import Clock
from app.core.errors import Unavailable, Upstream
from app.core.settings import Settings
from app.notifications.carriers import CONSOLE, Carriers
from app.notifications.providers.base import Outgoing, Verdict
from app.notifications.terms import Channel
from app.notifications.wording import render_template

TEMPLATE = "sign_in_code"


class SmsCodeSender:
    """Sends a code by the first provider that takes it."""

    def __init__(self, carriers: Carriers, clock: Clock) -> None:
        self._carriers, self._clock = carriers, clock

    def send_code(self, phone: str, code: str) -> None:
        """Raises `Unavailable` when no provider has the template, `Upstream` when none took the code."""
        parameters = {"code": code}
        text = render_template(TEMPLATE, parameters)
        able = [p for p in self._carriers.of(Channel.SMS) if p.template_id(TEMPLATE) is not None]
        if not able:
            raise Unavailable("短信还没有接通，请找信息员当面帮您。", retry_after_s=3600)
        for provider in able:
            outgoing = Outgoing(
                reference=secrets.token_hex(13),
                recipient=phone,
                template_id=provider.template_id(TEMPLATE) or "",
                signature=self._carriers.signature,
                text=text,
                parameters=parameters,
            )
            verdict = provider.send(outgoing, self._clock.now()).verdict
            if verdict in (Verdict.ACCEPTED, Verdict.DOUBT):
                # In doubt it may well arrive; a second one right behind would only confuse.
                return
            if verdict is Verdict.REFUSED:
                break
        raise Upstream("短信没发出去，请过一分钟再要一次；还不行就找信息员。")


def make_sms_code_sender(settings: Settings, carriers: Carriers, clock: Clock) -> CodeSender | None:
    """The sender for sign-in; None where accounts' own (the console, or nobody) does."""
    return None if settings.sms_provider in ("", CONSOLE) else SmsCodeSender(carriers, clock)
