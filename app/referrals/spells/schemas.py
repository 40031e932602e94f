"""务工与回访的输入输出."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.core.idempotency import MAX_KEY_LENGTH
from app.occupations.terms import WorkProfile
from app.referrals.schemas import Fen, Id, Words
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell, FollowUpCheck
from app.referrals.terms import (
    Channel,
    CheckOutcome,
    EndReason,
    Evidence,
    LeaveReason,
    SpellOrigin,
    VerifiedLevel,
)

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class AnswerIn(BaseModel):
    """回访答复: what was learnt. `left` needs its reason, `moved` the new firm; `unreachable` by
    `visit`: somebody went there and did not find them."""

    model_config = ConfigDict(extra="forbid")

    outcome: CheckOutcome
    method: Literal[Channel.APP, Channel.PHONE, Channel.VISIT, Channel.PAPER] | None = None
    told_on: date | None = None
    evidence: Evidence | None = None
    leave_reason: LeaveReason | None = None
    left_on: date | None = None
    employer_name: Name | None = None
    wage_fen: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    is_paid_on_time: bool | None = None
    is_as_promised: bool | None = None
    has_contract: bool | None = None
    note: Words = ""
    client_at: AwareDatetime | None = None
    idempotency_key: Annotated[str, StringConstraints(max_length=MAX_KEY_LENGTH)] | None = None


class SpellIn(BaseModel):
    """自己找的活: work nobody here referred them to, as told."""

    model_config = ConfigDict(extra="forbid")

    seeker_id: Id
    employer_name: Name
    work_place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    profile: WorkProfile = WorkProfile.LONG
    starts_on: date
    planned_end_on: date | None = None
    wage_fen: Fen | None = None
    evidence: Evidence | None = None


class AnswerOut(BaseModel):
    """一次答复."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    month_on: date
    told_on: date
    outcome: CheckOutcome
    level: VerifiedLevel
    evidence: Evidence | None
    leave_reason: LeaveReason | None
    wage_fen: int | None
    is_paid_on_time: bool | None
    is_as_promised: bool | None
    has_contract: bool | None
    note: str
    is_correction: bool
    corrects_id: int | None
    at: datetime

    @classmethod
    def of(cls, answer: EmploymentAnswer) -> "AnswerOut":
        return cls.model_validate(answer)


class SpellOut(BaseModel):
    """一段务工."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    person_id: int
    employer_id: int | None
    job_id: int | None
    employer_name: str
    work_place: str
    title: str
    profile: WorkProfile
    origin: SpellOrigin
    starts_on: date
    ends_on: date | None
    planned_end_on: date | None
    end_reason: EndReason | None
    leave_reason: LeaveReason | None
    wage_fen: int | None
    level: VerifiedLevel
    version: int

    @classmethod
    def of(cls, spell: EmploymentSpell) -> "SpellOut":
        return cls.model_validate(spell)


class CheckOut(BaseModel):
    """一次回访, with who and where."""

    id: int
    spell_id: int
    seeker: dict[str, int | str]
    employer_name: str
    title: str
    starts_on: date
    day: int
    opens_on: date
    due_on: date
    closes_on: date
    wanted_level: VerifiedLevel
    outcome: CheckOutcome | None
    tries: int
    needs_visit: bool
    is_settled: bool
    answer: AnswerOut | None = None

    @classmethod
    def of(cls, check: FollowUpCheck, answer: EmploymentAnswer | None = None) -> "CheckOut":
        """Of a check with its spell and person loaded."""
        spell = check.spell
        return cls(
            id=check.id,
            spell_id=spell.id,
            seeker={"id": check.person_id, "name": check.person.name},
            employer_name=spell.employer_name,
            title=spell.title,
            starts_on=spell.starts_on,
            day=check.day,
            opens_on=check.opens_on,
            due_on=check.due_on,
            closes_on=check.closes_on,
            wanted_level=check.wanted_level,
            outcome=check.outcome,
            tries=check.tries,
            needs_visit=check.needs_visit,
            is_settled=check.settled_at is not None,
            answer=AnswerOut.of(answer) if answer is not None else None,
        )
