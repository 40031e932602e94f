"""条目内容: what an entry says, field by field; the same for what ships and for what an office writes."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.policies.questions import questions

_Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
_Lines = Annotated[tuple[_Line, ...], Field(max_length=20)]
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Condition(BaseModel):
    """一条条件: a question of the bank and the answers that fit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    fits: tuple[str, ...]

    @model_validator(mode="after")
    def _is_in_the_bank(self) -> Self:
        found = questions().get(self.question)
        known = {value for value, _words in found.options} if found else set()
        if found is None or not self.fits or not set(self.fits) <= known:
            raise ValueError("这个问题或答案不在题库里")
        return self


class Words(BaseModel):
    """条目的话: what people read, in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
    question: _Line = ""
    amount: _Line = ""
    who: _Lines = ()
    bring: _Lines = ()
    where: _Line = ""
    by_when: _Line = ""
    paid: _Line = ""
    body: _Lines = ()


class Content(Words):
    """条目内容 with its source and dates. `is_local`: each county decides whether and how much, and the page
    says so until an office has filled it in."""

    is_local: bool = False
    source_title: _Line = ""
    source_article: _Line = ""
    issuer: _Line = ""
    source_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    conditions: Annotated[tuple[Condition, ...], Field(max_length=6)] = ()
    en: Words | None = None

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> Self:
        for first, last in ((self.valid_from, self.valid_until), (self.starts_on, self.ends_on)):
            if first is not None and last is not None and last < first:
                raise ValueError("后一个日子要在前一个之后")
        return self

    def is_valid_on(self, day: date) -> bool:
        """Whether the entry is shown on `day`: within its dates, and nothing that is over already."""
        if self.valid_from is not None and day < self.valid_from:
            return False
        last = [each for each in (self.valid_until, self.ends_on) if each is not None]
        return all(day <= each for each in last)

    def words(self, language_tag: str) -> Words:
        """What to show in a language; Chinese where nothing else was written."""
        return self.en if language_tag == "en" and self.en is not None else self

    def search_text(self) -> str:
        """All that a search looks through."""
        parts = [self.title, self.question, self.amount, *self.who, *self.body, self.source_title]
        if self.en is not None:
            parts += [self.en.title, self.en.question]
        return " ".join(parts).casefold()
