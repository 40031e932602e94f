"""诉求的输入: what the forms hold."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from app.accounts.phone_fields import read_mobile_phone
from app.cases.rules import MOST_DAYS
from app.cases.terms import CaseClose, CaseKind

_MOST_YUAN = 10_000_000


class CaseIn(BaseModel):
    """一件诉求. The name may be left out; whether the firm learns who it was is the person's own choice."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: CaseKind
    story: Annotated[str, StringConstraints(max_length=800)]
    phone: Annotated[str, StringConstraints(max_length=30)]
    name: Annotated[str, StringConstraints(max_length=20)] = ""
    firm_name: Annotated[str, StringConstraints(max_length=60)] = ""
    owed_yuan: Annotated[str, StringConstraints(max_length=20)] = ""
    may_name: bool = False

    @field_validator("story")
    @classmethod
    def _says_something(cls, story: str) -> str:
        if len("".join(story.split())) < 4:
            raise PydanticCustomError("story", "写两句是什么事，好知道怎么帮")
        return story

    @field_validator("phone")
    @classmethod
    def _is_a_mobile_phone(cls, typed: str) -> str:
        return read_mobile_phone(typed, "写上手机号，好给你回话")

    @field_validator("owed_yuan")
    @classmethod
    def _is_a_sum(cls, typed: str) -> str:
        plain = typed.replace(",", "").replace("，", "").removesuffix("元").strip()
        if plain and not (plain.isascii() and plain.isdigit() and 0 < int(plain) <= _MOST_YUAN):
            raise PydanticCustomError("owed_yuan", "欠多少钱只写数字，比如 3200")
        return plain

    @property
    def owed_fen(self) -> int | None:
        return int(self.owed_yuan) * 100 if self.owed_yuan else None


class AnswerIn(BaseModel):
    """回话: what an officer or a firm says about it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    words: Annotated[str, StringConstraints(max_length=400)]

    @field_validator("words")
    @classmethod
    def _says_something(cls, words: str) -> str:
        if len(words) < 4:
            raise PydanticCustomError("words", "写清楚一点，四个字以上，本人看得到")
        return words


class CloseIn(AnswerIn):
    """办结: the result, and what the person reads with it."""

    reason: CaseClose


class LimitIn(BaseModel):
    """办理期限 of one kind in a county, in working days."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: CaseKind
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]
    source: Annotated[str, StringConstraints(min_length=2, max_length=120)]
