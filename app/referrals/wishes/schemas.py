"""报名的输入: what the form holds."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from app.accounts.phone_fields import read_mobile_phone
from app.referrals.wishes.terms import WishWay


class WishIn(BaseModel):
    """报名. A landline or a foreign number is not taken: the officer calls a mobile phone back."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)]
    way: WishWay = WishWay.WANT
    is_for_family: bool = False

    @field_validator("name")
    @classmethod
    def _has_a_name(cls, name: str) -> str:
        if len("".join(name.split())) < 2:
            raise PydanticCustomError("name", "写上姓名，两个字以上")
        if any(letter.isdigit() for letter in name):
            raise PydanticCustomError("name", "姓名里不要写数字")
        return " ".join(name.split())

    @field_validator("phone")
    @classmethod
    def _is_a_mobile_phone(cls, typed: str) -> str:
        return read_mobile_phone(typed, "写上手机号，好给你回电话")
