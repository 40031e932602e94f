"""工钱比较: pay in different units brought to one, in whole fen.

The one unit is fen a *year*, because only there every conversion is a whole number: month x 12, day x
26 x 12, hour x 208 x 12, week x 52 (MATCHING, "readings that settle doubts"). Nothing is rounded
before it is compared.
"""

from typing import Final

YEAR_FACTORS: Final = {"year": 1, "month": 12, "week": 52, "day": 26 * 12, "hour": 208 * 12}


def to_year_fen(amount_fen: int | None, unit: str | None) -> int | None:
    """Return fen a year for an amount per unit; None for piece pay, an unknown unit or no amount."""
    factor = YEAR_FACTORS.get(unit or "")
    return None if amount_fen is None or factor is None else amount_fen * factor


def in_unit(year_fen: int, unit: str) -> int:
    """Return whole yuan per `unit`, rounded down, for showing to people."""
    return year_fen // (YEAR_FACTORS.get(unit, 12) * 100)


def is_below_floor(pay_max: int | None, floor: int | None) -> bool:
    """Tell whether even the upper figure stays under the floor; unknown pay is never under it by guess."""
    return pay_max is not None and floor is not None and pay_max < floor


def wage_fit(pay_min: int | None, pay_max: int | None, floor: int | None, usual_pay: int) -> float:
    """Grade pay 0..1: half at the person's floor (or at the usual pay), full at twice that.

    Pay that straddles the floor counts by its lower figure, hence less than any pay that clears it.
    Open-ended pay counts by the end that is known; pay nobody stated grades `UNKNOWN_PAY`. Raising pay
    never lowers the grade.
    """
    if pay_min is None and pay_max is None:
        return UNKNOWN_PAY
    base = floor if floor else usual_pay
    low = pay_min if pay_min is not None else 0
    if floor and low < floor:
        return 0.5 * (low / base)
    high = pay_max if pay_max is not None and pay_max > low else low
    grade = 0.5 * ((low + high) / 2.0 / base)
    return grade if grade < 1.0 else 1.0


UNKNOWN_PAY: Final = 0.3
"""Under what clears a floor (.5), above half of it: neither punished like bad pay nor trusted like
good pay."""
