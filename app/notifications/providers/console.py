"""终端: shows messages on the terminal of whoever tries the product out. Refused in production."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app.notifications.providers.base import (
    Answer,
    Finding,
    Outcome,
    Outgoing,
    Push,
    PushRefused,
    Receipt,
    Reply,
    Verdict,
)
from app.notifications.terms import Channel


class Console:
    """Prints the text with the last four digits of the number. A printed line can't be asked about."""

    can_be_asked = False
    absence_proves_after: timedelta | None = None

    def __init__(self, channel: Channel = Channel.SMS) -> None:
        self.channel = channel
        self.name = "console" if channel is Channel.SMS else f"console_{channel.value}"

    def template_id(self, template_code: str) -> str | None:
        return template_code

    def send(self, message: Outgoing, now: datetime) -> Outcome:
        sys.stderr.write(f"\n{self.channel.label}（尾号 {message.recipient[-4:]}）：{message.text}\n")
        sys.stderr.flush()
        return Outcome(Verdict.ACCEPTED, provider_id=message.reference)

    def ask(self, reference: str, recipient: str, called_at: datetime, now: datetime) -> Answer:
        return Answer(Finding.SILENT)

    def read_push(self, push: Push, now: datetime) -> Sequence[Receipt | Reply]:
        raise PushRefused("console")

    def push_answer(self) -> Mapping[str, object] | str:
        return {}
