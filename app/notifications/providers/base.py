"""通道接口: what is sent, what came of it, and what a provider says when it is asked.

The difference that matters is between what surely was not accepted (may be sent again) and what is in doubt
(must be asked about first). An adapter answers REFUSED only for what the provider says in its own words, or
when not a byte reached it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.notifications.terms import Channel, MessageState


@dataclass(frozen=True)
class Outgoing:
    """发出的消息. `recipient` is a phone of 11 digits or an openid; `template_id` the provider's own."""

    reference: str
    recipient: str = field(repr=False)
    template_id: str
    signature: str
    text: str = field(repr=False)
    # In the order in which the template names them.
    parameters: Mapping[str, str] = field(repr=False)
    link: str = field(default="", repr=False)


class Verdict(StrEnum):
    """What came of a call."""

    ACCEPTED = "accepted"
    # Surely not accepted; another try may do better.
    BUSY = "busy"
    # Surely not accepted, and never will be (no such number).
    REFUSED = "refused"
    # Surely not accepted, because of us: key, signature, template, balance. Another provider may do better.
    MISCONFIGURED = "misconfigured"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Outcome:
    """What came of a call; `code` is the provider's own or ours, never a text."""

    verdict: Verdict
    provider_id: str | None = None
    code: str = ""

    @property
    def tells_of_trouble(self) -> bool:
        """Whether it speaks against the provider rather than the number."""
        return self.verdict not in (Verdict.ACCEPTED, Verdict.REFUSED)


class Finding(StrEnum):
    """What a provider says about a message it is asked for by our reference."""

    FOUND = "found"
    ABSENT = "absent"
    # No answer, or none that can be read.
    SILENT = "silent"


@dataclass(frozen=True)
class Answer:
    finding: Finding
    # ACCEPTED, FAILED or DELIVERED when found.
    state: MessageState | None = None
    provider_id: str | None = None
    code: str = ""


@dataclass(frozen=True)
class Receipt:
    """回执 as a provider reports it. Our reference where the provider repeats it, else empty."""

    provider_id: str
    state: MessageState
    reference: str = ""
    code: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Reply:
    """上行短信: what a reader answered by SMS."""

    recipient: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True)
class Push:
    """A request to our receipts address."""

    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class PushRefused(Exception):
    """A push that is unsigned, too old or unreadable."""


class Provider(Protocol):
    """通道: carries messages of one channel."""

    @property
    def name(self) -> str: ...

    @property
    def channel(self) -> Channel: ...

    @property
    def can_be_asked(self) -> bool: ...

    @property
    def absence_proves_after(self) -> timedelta | None:
        """How long after a call "not in our books" means that it was never accepted; None: it never does."""
        ...

    def template_id(self, template_code: str) -> str | None:
        """The provider's number for a template of ours; None when it is not registered there."""
        ...

    def send(self, message: Outgoing, now: datetime) -> Outcome:
        """Calls once. Never raises for what the provider or the network does."""
        ...

    def ask(self, reference: str, recipient: str, called_at: datetime, now: datetime) -> Answer:
        """Asks for a message by our reference. Never raises for what the provider or the network does."""
        ...

    def read_push(self, push: Push, now: datetime) -> Sequence[Receipt | Reply]:
        """The receipts and replies of a push. Raises `PushRefused`."""
        ...

    def push_answer(self) -> Mapping[str, object] | str:
        """What the provider wants to hear after a push."""
        ...
