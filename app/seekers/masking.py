"""遮住: how names and numbers are shown to those who need not see all of them (SAFETY). Pure."""

import re
from typing import Final

_DIGITS: Final = re.compile(r"1\d{10}")
_HIDDEN: Final = "****"


def mask_phone(phone: str | None) -> str | None:
    """139****2041; other numbers keep their last two digits."""
    if not phone:
        return None
    if _DIGITS.fullmatch(phone):
        return f"{phone[:3]}{_HIDDEN}{phone[-4:]}"
    return f"{_HIDDEN}{phone[-2:]}"


def mask_id_number(number: str | None) -> str | None:
    """6102**********1234: place and last four, by which people know it for their own."""
    if not number:
        return None
    return f"{number[:4]}{'*' * 10}{number[-4:]}"


def mask_name(name: str) -> str:
    """王*兰, 王*: for lists that hang in public."""
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
