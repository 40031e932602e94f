"""手机号栏: what a form says when somebody mistypes a phone."""

from typing import Final

from pydantic_core import PydanticCustomError

from app.accounts.rules import normalise_phone

_DIGITS: Final = 11


def read_mobile_phone(typed: str, missing: str) -> str:
    """The phone in one writing, for a validator of a form. `missing` is what to say when none was typed.
    Raises PydanticCustomError that counts the digits."""
    phone = normalise_phone(typed)
    if phone is not None:
        return phone
    count = sum(letter.isdigit() for letter in typed)
    if count == 0:
        raise PydanticCustomError("phone", missing)
    if count != _DIGITS:
        raise PydanticCustomError("phone", "手机号要 11 位，你填了 {count} 位", {"count": count})
    raise PydanticCustomError("phone", "手机号不对，是 1 开头的 11 位数")
