"""推荐单的输入: one shape for JSON bodies and forms (CONTRACT, POST /referrals)."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.core.clock import OFFICE_ZONE
from app.core.idempotency import MAX_KEY_LENGTH
from app.referrals.rules import MOST_FEN
from app.referrals.terms import Channel, Evidence, Party, ReferralAction

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Fen = Annotated[int, Field(ge=1, le=MOST_FEN)]
Id = Annotated[int, Field(ge=1, lt=2**53)]
PeopleAction = Literal[
    ReferralAction.INTERESTED,
    ReferralAction.DECLINE,
    ReferralAction.SUBMIT,
    ReferralAction.VIEW,
    ReferralAction.INTERVIEW,
    ReferralAction.HIRE,
    ReferralAction.REFUSE,
    ReferralAction.POOL,
    ReferralAction.DEPART,
    ReferralAction.ARRIVE,
    ReferralAction.NO_SHOW,
    ReferralAction.WITHDRAW,
    ReferralAction.UNDO,
]
# A meeting without an hour is at nine.
USUAL_HOUR = time(9, 0)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReferralPatch(_Form):
    """改推荐单的标记和备注; only what is sent is changed. `paused_until` null goes on at once."""

    note: Words | None = None
    paused_until: date | None = None
    is_disputed: bool | None = None


class OnBehalf(_Form):
    """代本人: how the person said it, and that they agreed."""

    method: Literal[Channel.PHONE, Channel.VISIT, Channel.PAPER]
    consent: Literal[True]


class ReferralIn(_Form):
    """推一个岗位给一个人."""

    job_id: Id
    seeker_id: Id
    note: Words = ""


class Move(_Form):
    """对推荐单办一步. `interview_at` and `interview_place` go with `interview`; the day alone may come as
    `starts_on`. `wage_fen` is a month's."""

    action: ReferralAction
    reason: Words | None = None
    on_behalf: OnBehalf | None = None
    starts_on: date | None = None
    wage_fen: Fen | None = None
    evidence: Evidence | None = None
    told_by: Literal[Channel.PHONE, Channel.VISIT] | None = None
    interview_at: AwareDatetime | None = None
    interview_place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    client_at: AwareDatetime | None = None
    idempotency_key: Annotated[str, StringConstraints(max_length=MAX_KEY_LENGTH)] | None = None

    @property
    def interview_slot(self) -> datetime | None:
        if self.interview_at is not None:
            return self.interview_at
        if self.starts_on is not None:
            return datetime.combine(self.starts_on, USUAL_HOUR, OFFICE_ZONE)
        return None

    def channel(self, party: Party) -> Channel:
        """How the word reached us."""
        if party is Party.SYSTEM:
            return Channel.SYSTEM
        if self.on_behalf is not None:
            return self.on_behalf.method
        if self.told_by is not None:
            return self.told_by
        return Channel.OFFICE if party is Party.OFFICER else Channel.APP


class MoveIn(Move):
    """对推荐单办一步, as people may send it (CONTRACT)."""

    action: PeopleAction
