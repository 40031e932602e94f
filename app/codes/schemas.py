"""发码的表单: what a colleague fills in for a code of its own."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.codes.terms import CodeKind

_Words = Annotated[str, Field(max_length=60)]
_ISSUED = (CodeKind.POSTER, CodeKind.FAIR, CodeKind.CAMPAIGN)


class NewCode(BaseModel):
    """要发的码: a poster (`spot` the wall, `hung_by` who hangs it), a fair (its name, day and place), or a
    campaign (its name; `valid_until` its last day)."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: CodeKind
    region_code: Annotated[str, Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]
    title: _Words = ""
    spot: _Words = ""
    hung_by: Annotated[str, Field(max_length=40)] = ""
    held_on: date | None = None
    valid_until: date | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.kind not in _ISSUED:
            raise ValueError("这种码不用另外发。")
        if self.kind is not CodeKind.POSTER and not self.title:
            raise ValueError("给它起个名字，扫码的人先看名字。")
        if self.kind is CodeKind.FAIR and self.held_on is None:
            raise ValueError("招聘会要写哪一天开。")
        return self
