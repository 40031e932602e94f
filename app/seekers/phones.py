"""电话号码: mobile numbers as offices write them. Pure; messages never repeat the number."""

import re
from typing import Final

from app.accounts.rules import normalise_phone

SCIENTIFIC = "表格把电话存成了 1.39E+10 这样的数。请把这一列设成“文本”再填一次"
WRONG = "电话要填 11 位手机号，请数一数"
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[E]\+?\d{2}", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[/、,，;；\n或和]+")


class PhoneProblem(ValueError):
    """Why a text is no mobile number: one plain sentence."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def read_phone(text: str) -> str:
    """The eleven digits. A cell with several numbers gives the first good one. Raises PhoneProblem."""
    if _SCIENTIFIC.fullmatch(text.strip()):
        raise PhoneProblem(SCIENTIFIC)
    for part in _BETWEEN.split(text):
        phone = normalise_phone(re.sub(r"\.0+$", "", part.strip().lstrip("'’‘`")))
        if phone is not None:
            return phone
    raise PhoneProblem(WRONG)


def find_phone(text: str) -> str | None:
    """As `read_phone`, None where it is not one."""
    try:
        return read_phone(text)
    except PhoneProblem:
        return None
