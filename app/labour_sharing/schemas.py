"""余缺调剂的输入输出: one shape for JSON bodies and HTML forms."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.employers.schemas import Code
from app.jobs.rules import MOST_FEN, MOST_OPENINGS
from app.labour_sharing.models import SharedStay, SharingAgreement, SharingNotice
from app.labour_sharing.terms import AgreementState, SharingSide, StayState
from app.referrals.spells.schemas import AnswerIn
from app.referrals.terms import Channel

Title = Annotated[str, StringConstraints(min_length=2, max_length=60)]
Note = Annotated[str, Field(max_length=200)]
Heads = Annotated[int, Field(ge=1, le=MOST_OPENINGS)]
Said = Literal[Channel.PHONE, Channel.VISIT, Channel.PAPER]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class NoticeIn(_Form):
    """报余缺: so many workers of a trade idle, or needed, from a day until a day."""

    side: SharingSide
    title: Title
    headcount: Heads
    from_on: date
    until_on: date
    region_code: Code
    note: Note = ""

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.until_on < self.from_on:
            raise ValueError("到哪天为止，要在开始那天以后。")
        return self


class NewNotice(NoticeIn):
    """给一家单位报余缺."""

    employer_id: int


class AgreementIn(_Form):
    """拟调剂协议: `wage_fen` a month at least while at the host; the terms are the same for all (rules.TERMS)
    and are stated as read."""

    home_employer_id: int
    host_employer_id: int
    offer_id: int | None = None
    need_id: int | None = None
    title: Title
    headcount: Heads
    starts_on: date
    ends_on: date
    wage_fen: Annotated[int, Field(gt=0, le=MOST_FEN)]
    note: Note = ""
    terms_read: Literal[True]

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("到期的日子，要在开始那天以后。")
        if self.home_employer_id == self.host_employer_id:
            raise ValueError("借出和借用要是两家单位。")
        return self


class FirmWord(_Form):
    """单位点头: which firm agrees and, where an officer writes it down, how it was said."""

    side: SharingSide
    said_by: Said | None = None


class NameIn(_Form):
    """提名一个人, by their running work spell at the home firm."""

    spell_id: int


class StayStep(_Form):
    """借用的一步. `said_by`: how the person said it; `on` the day of moving or of coming back, today if left
    out."""

    action: Literal["consent", "decline", "move", "bring_back", "drop"]
    said_by: Said | None = None
    on: date | None = None
    note: Note = ""


class StayCheck(AnswerIn):
    """回来以后的回访: an answer about the work at the home firm."""


class NoticeOut(BaseModel):
    """余缺信息."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    side: SharingSide
    employer_id: int
    title: str
    occupation_code: str | None
    headcount: int
    from_on: date
    until_on: date
    region_code: str
    note: str
    closed_at: datetime | None

    @classmethod
    def of(cls, notice: SharingNotice) -> "NoticeOut":
        return cls.model_validate(notice)


class AgreementOut(BaseModel):
    """调剂协议."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    home_employer_id: int
    host_employer_id: int
    title: str
    headcount: int
    starts_on: date
    ends_on: date
    wage_fen: int
    note: str
    state: AgreementState
    home_agreed_at: datetime | None
    host_agreed_at: datetime | None
    version: int

    @classmethod
    def of(cls, agreement: SharingAgreement) -> "AgreementOut":
        return cls.model_validate(agreement)


class StayOut(BaseModel):
    """借用记录, with the name of the worker."""

    id: int
    agreement_id: int
    home_spell_id: int
    name: str
    state: StayState
    consent_at: datetime | None
    consent_by: Channel | None
    moved_on: date | None
    due_back_on: date
    back_on: date | None
    check_due_on: date | None
    is_checked: bool
    version: int

    @classmethod
    def of(cls, stay: SharedStay) -> "StayOut":
        """Of a stay with its spell and person loaded."""
        own = {"name", "is_checked"}
        same = {name: getattr(stay, name) for name in cls.model_fields if name not in own}
        return cls(**same, name=stay.home_spell.person.name, is_checked=stay.check_answer_id is not None)
