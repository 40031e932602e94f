"""报名的输入: what the form holds."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from app.accounts.rules import normalise_phone
from app.referrals.wishes.terms import WishWay

_PHONE_DIGITS = 11


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
        phone = normalise_phone(typed)
        if phone is not None:
            return phone
        count = sum(letter.isdigit() for letter in typed)
        if count == 0:
            raise PydanticCustomError("phone", "写上手机号，好给你回电话")
        if count != _PHONE_DIGITS:
            raise PydanticCustomError("phone", "手机号要 11 位，你填了 {count} 位", {"count": count})
        raise PydanticCustomError("phone", "手机号不对，是 1 开头的 11 位数")
