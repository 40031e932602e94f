"""钱数: a sum of yuan as people type it."""

import re
import unicodedata
from typing import Final

_SUM: Final = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")


def read_fen(typed: str) -> int | None:
    """The fen of a typed sum of yuan below a billion; None for what is no sum, for one with a sign, and for
    one with parts of a fen.

    >>> read_fen("２，８００．５ 元")
    280050
    """
    plain = "".join(unicodedata.normalize("NFKC", typed).split()).replace(",", "").removesuffix("元")
    found = _SUM.fullmatch(plain)
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None
