"""公民身份号码 (GB 11643-1999): read, checked, and what follows from it. Pure; messages never repeat it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.seekers.terms import Sex

EARLIEST_BIRTH: Final = date(1900, 1, 1)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS: Final = "10X98765432"
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[E]\+?\d{2}", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\-_'’‘`´]")
# What stands for X where people type or scan: the Cyrillic letter and the multiplication sign.
_LIKE_X: Final = str.maketrans({"х": "X", "Х": "X", "×": "X", "✕": "X"})

EMPTY = "这一项要填"
SCIENTIFIC = "表格把身份证号存成了 1.1E+17 这样的数，后几位已经丢了。请把这一列设成“文本”再填一次"
LENGTH = "身份证号应该是 18 位（老证 15 位），请数一数"
SIGNS = "身份证号只能是数字，最后一位可以是 X"
ROUNDED = "最后三位成了 000，多半是表格把号码当成了数。请把这一列设成“文本”再填一次"
CHECK = "身份证号最后一位对不上，可能抄错了一个数，请对着证件再看一遍"
BIRTH = "身份证号里的出生日期不对，请对着证件再看一遍"


class IdNumberProblem(ValueError):
    """Why a text is no ID number: one plain sentence that never repeats what was typed."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class IdNumber:
    """公民身份号码: 18 characters, right in form, date and check sign.

    The first six digits are the place of first registration. They are not looked up: codes that were
    abolished or moved decades ago stay valid on people's cards for life.
    """

    number: str

    @property
    def birth_on(self) -> date:
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def sex(self) -> Sex:
        return Sex.MALE if int(self.number[16]) % 2 else Sex.FEMALE

    @property
    def tail(self) -> str:
        """The last four characters, by which people name their number."""
        return self.number[-4:]

    def age_on(self, day: date) -> int:
        return age_on(self.birth_on, day)


def read_id_number(text: str, today: date) -> IdNumber:
    """Reads what was typed, scanned or left by a spreadsheet; a 15-digit number becomes one of 18.

    Raises IdNumberProblem. Nobody is born after `today` (a Beijing day).
    """
    if _SCIENTIFIC.fullmatch(text.strip()):
        raise IdNumberProblem(SCIENTIFIC)
    signs = tidy(text)
    if not signs:
        raise IdNumberProblem(EMPTY)
    if not (signs[:-1].isascii() and signs[:-1].isdigit() and re.fullmatch("[0-9X]", signs[-1])):
        raise IdNumberProblem(SIGNS)
    if len(signs) == 15 and signs.isdigit():
        signs = lengthen(signs)
    if len(signs) != 18:
        raise IdNumberProblem(LENGTH)
    if check_sign(signs[:17]) != signs[17]:
        raise IdNumberProblem(ROUNDED if signs.endswith("000") else CHECK)
    _check_birth(signs, today)
    return IdNumber(signs)


def find_id_number(text: str, today: date) -> IdNumber | None:
    """As `read_id_number`, None where it is not one."""
    try:
        return read_id_number(text, today)
    except IdNumberProblem:
        return None


def tidy(text: str) -> str:
    """The bare signs: full width made half, blanks, hyphens and the spreadsheet's apostrophe gone, x as X."""
    signs = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_LIKE_X).upper()
    return re.sub(r"^(\d{15}|\d{18})\.0+$", r"\1", signs)


def lengthen(first_form: str) -> str:
    """The 18-character form of a 15-digit number; those were given only to people born in the 1900s."""
    first17 = f"{first_form[:6]}19{first_form[6:]}"
    return first17 + check_sign(first17)


def check_sign(first17: str) -> str:
    """The last sign (ISO 7064, MOD 11-2) of the first 17 digits.

    >>> check_sign("11010519491231002")
    'X'
    """
    return _SIGNS[sum(int(sign) * weight for sign, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def age_on(birth_on: date, day: date) -> int:
    """Full years of age on a day; who was born on 29 February has their birthday on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def _check_birth(signs: str, today: date) -> None:
    try:
        birth_on = date(int(signs[6:10]), int(signs[10:12]), int(signs[12:14]))
    except ValueError as error:
        raise IdNumberProblem(BIRTH) from error
    if not EARLIEST_BIRTH <= birth_on <= today:
        raise IdNumberProblem(BIRTH)
