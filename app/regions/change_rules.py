"""区划变更规则: which code becomes which. Pure: no session.

A division goes with everything below it: the digits of the division itself change, the rest stays, unless the
number is taken where it comes to; then the next free one is given.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from app.regions.terms import Level

# Issue "People", 8: a slip is found within a week; later, other things hang on the new code.
UNDO_WITHIN: Final = timedelta(days=7)
DIGITS: Final = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWN: 9, Level.VILLAGE: 12}
# Below these a division has no number of its own to give out anew.
CHANGEABLE: Final = frozenset({Level.COUNTY, Level.TOWN, Level.VILLAGE})
_LAST: Final = 999


class Below(NamedTuple):
    """A division below the one that changes."""

    code: str
    parent_code: str
    level: Level


def code_problem(code: str, level: Level) -> str | None:
    """Why a code cannot be one of this level, as a sentence; None when it can."""
    digits = DIGITS[level]
    if not (code.isascii() and code.isdigit() and len(code) == digits):
        return f"{level.label}的代码要 {digits} 位数字，请核对新代码。"
    if code[-3 if digits > 6 else -2 :].strip("0") == "":
        return f"{level.label}的代码最后几位不能全是 0，请核对新代码。"
    return None


def move_codes(old: str, new: str, below: Iterable[Below], taken: Collection[str]) -> dict[str, str]:
    """Old code -> new code of a division and everything below it, wider ones first.

    `taken` are codes that other divisions have or once had. Raises ValueError when all numbers below a place
    are given out.
    """
    moves = {old: new}
    used = set(taken)
    for place in sorted(below, key=lambda one: (len(one.code), one.code)):
        parent = moves[place.parent_code][: DIGITS[place.level] - 3]
        code = parent + place.code[-3:]
        if code in used:
            code = _next_free(parent, int(place.code[-3:]), used)
        used.add(code)
        moves[place.code] = code
    return moves


def _next_free(parent: str, number: int, used: Collection[str]) -> str:
    for step in range(1, _LAST):
        code = f"{parent}{(number - 1 + step) % _LAST + 1:03d}"
        if code not in used:
            return code
    raise ValueError(f"no number left below {parent}")


def overlaps(one: str, other: str, levels: tuple[Level, Level]) -> bool:
    """Whether one of two divisions is the other or lies inside it."""
    short, long = sorted((one[: DIGITS[levels[0]]], other[: DIGITS[levels[1]]]), key=len)
    return long.startswith(short)
