"""个人信息的输入输出."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, StringConstraints

from app.accounts.second_person.models import Confirmation
from app.accounts.second_person.terms import ConfirmationState
from app.seekers.privacy.models import Consent, Erasure, LegalHold
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose, ErasureOutcome, HoldReason
from app.seekers.schemas import Code, Form

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


class ConsentIn(Form):
    """同意或收回: to what, how it was said, by whom if not the person, and which text was read out."""

    purpose: ConsentPurpose
    is_given: bool = True
    method: ConsentMethod
    told_by: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    text_version: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = ""


class ConsentOut(BaseModel):
    """同意记录的一条."""

    id: int
    purpose: ConsentPurpose
    purpose_label: str
    is_given: bool
    method: ConsentMethod
    method_label: str
    told_by: str
    text_version: str
    at: datetime

    @classmethod
    def of(cls, consent: Consent) -> Self:
        return cls(
            id=consent.id,
            purpose=consent.purpose,
            purpose_label=consent.purpose.label,
            is_given=consent.is_given,
            method=consent.method,
            method_label=consent.method.label,
            told_by=consent.told_by,
            text_version=consent.text_version,
            at=consent.at,
        )


class PurposeOut(BaseModel):
    """一件事现在能不能做: `is_allowed` follows from the last word, or from the law where none was said."""

    purpose: ConsentPurpose
    label: str
    is_allowed: bool
    last: ConsentOut | None


class ConsentsOut(BaseModel):
    """一个人的同意记录: how things stand for each purpose, and all that was said, newest first."""

    purposes: list[PurposeOut]
    items: list[ConsentOut]

    @classmethod
    def of(cls, consents: list[Consent]) -> Self:
        items = [ConsentOut.of(consent) for consent in consents]
        purposes = []
        for purpose in ConsentPurpose:
            last = next((item for item in items if item.purpose is purpose), None)
            allowed = last.is_given if last is not None else not purpose.needs_asking
            purposes.append(PurposeOut(purpose=purpose, label=purpose.label, is_allowed=allowed, last=last))
        return cls(purposes=purposes, items=items)


class ErasureIn(Form):
    """本人要求删除: how they asked, and what was said; the reason goes into the audit log."""

    method: ConsentMethod
    reason: Reason


class ReturnIn(Form):
    """重新同意: somebody who had been erased agrees to be registered again, in which place."""

    id_number: Annotated[str, Field(max_length=40)]
    region_code: Code
    method: ConsentMethod


class ErasureOut(BaseModel):
    """删除结果: `due_on` is the day on which a sealed record is erased, if that is known already."""

    outcome: ErasureOutcome
    label: str
    due_on: date | None

    @classmethod
    def of(cls, erasure: Erasure) -> Self:
        return cls(outcome=erasure.outcome, label=erasure.outcome.label, due_on=erasure.due_on)


class ErasureRequestOut(BaseModel):
    """删除申请: waits for another colleague until `expires_at`."""

    id: int
    state: ConfirmationState
    label: str
    asked_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, asked: Confirmation) -> Self:
        return cls(
            id=asked.id,
            state=asked.state,
            label=asked.state.label,
            asked_at=asked.asked_at,
            expires_at=asked.expires_at,
        )


class RefusalIn(Form):
    """不同意: why; who asked reads it."""

    reason: Reason


class OpenSealedIn(Form):
    """打开封存的档案: why."""

    reason: Reason


class HoldIn(Form):
    """依法留存: why, and until which day (null: until it is lifted)."""

    reason: HoldReason
    until_on: date | None = None


class LiftIn(Form):
    """解除留存: which one, and why."""

    hold_id: int
    reason: Reason


class HoldsOut(BaseModel):
    """留存这份档案的各条."""

    items: list["HoldOut"]


class HoldOut(BaseModel):
    """依法留存."""

    id: int
    reason: HoldReason
    label: str
    until_on: date | None

    @classmethod
    def of(cls, hold: LegalHold) -> Self:
        return cls(id=hold.id, reason=hold.reason, label=hold.reason.label, until_on=hold.until_on)


class CopiedField(BaseModel):
    """副本的一项: the stored value, and how people read it."""

    name: str
    label: str
    value: Any
    shown: str


class CopiedChange(BaseModel):
    """副本里的一条变更."""

    at: datetime
    kind: str
    actor_name: str
    acting_for: str
    reason: str
    fields: list[CopiedField]


class CopiedLook(BaseModel):
    """副本里的一次查看: who saw what of the file, and why."""

    at: datetime
    actor_name: str
    role: str
    what: str
    action: str
    reason: str


class CopyOut(BaseModel):
    """个人信息副本: everything the office holds about one person."""

    made_at: datetime
    person_id: int
    person: list[CopiedField]
    household: list[CopiedField]
    private: list[CopiedField]
    left_out: list[str] = Field(description="parts whoever made the copy may not read, and whom to ask")
    history: list[CopiedChange]
    consents: list[ConsentOut]
    looks: list[CopiedLook]
