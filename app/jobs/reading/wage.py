"""薪资解读: a wage as typed -> figures in fen per unit."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.terms import LabelledEnum
from app.jobs.reading.amounts import Amount, Label, find_amounts
from app.jobs.reading.normal import arabic_numerals, normalise
from app.occupations.terms import WageUnit


class WageProblem(LabelledEnum):
    """薪资问题: why a figure that stands in the text is not stored."""

    CUT_OFF = "cut_off", "薪资的后一个数比前一个小，可能被截断了"
    NEGATIVE = "negative", "薪资是负数或零"
    TOO_LARGE = "too_large", "薪资数字大得不合理"


@dataclass(frozen=True, slots=True)
class WageReading:
    """薪资读数. Fen per `unit`, both ends inclusive, None = open.

    `basis` is "base" when only a base pay or a guarantee is named.
    `min_fen <= max_fen` always holds. A text that names no pay gives all None.
    """

    min_fen: int | None = None
    max_fen: int | None = None
    unit: WageUnit | None = None
    negotiable: bool = False
    basis: str | None = None
    base_fen: int | None = None
    probation: bool = False
    approximate: bool = False
    piecework: bool = False
    problem: WageProblem | None = None

    @property
    def has_figure(self) -> bool:
        """Whether any figure was read."""
        return self.min_fen is not None or self.max_fen is not None


_NEGOTIABLE = re.compile(r"面议|薪.?面谈|面洽|面商|详议|议薪|电议|谈薪")
_MAYBE_NEGOTIABLE = re.compile(r"面谈|面商|另议|商议|待议|可议|可谈|私聊|协商|open")
_ABOUT_PAY = re.compile(r"薪|工资|待遇|报酬|收入|^\W*(?:面|详|另|电|协|待|可|私|商)")
_PIECEWORK = re.compile(r"计件|按件|论件|多劳多得.{0,4}件")
_LIST_NUMBER = re.compile(r"(?:(?<=^)|(?<=[\s;。(]))\d{1,2}(?:[.,](?=\d{3,})|[、):](?=\s*\D|\s*\d{3}))")
_HOURLY_SUM = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d)?)\+(\d{1,2}(?:\.\d)?)(?=元?/(?:小时|h|时))")
_MYRIAD_WORD = re.compile(r"(?<![\d])(?:过|上|破|超)万")
_UNITS = {
    WageUnit.MONTH: "月",
    WageUnit.DAY: "天",
    WageUnit.HOUR: "小时",
    WageUnit.PIECE: "件",
    WageUnit.YEAR: "年",
    WageUnit.WEEK: "周",
}


def read_wage(text: str | None) -> WageReading:
    """Read the pay a text offers.

    Total income wins over a base pay, pay after probation over pay in it, the first over later ones.
    Allowances, deductions, hours, head-counts and phone numbers are not pay. Figures that cannot be
    true (max under min, negative) leave the bounds null and set `problem`. Never raises.
    """
    if not text or not text.strip():
        return WageReading()
    plain = _HOURLY_SUM.sub(_write_sum, arabic_numerals(_MYRIAD_WORD.sub("10000以上", normalise(text))))
    clean = _LIST_NUMBER.sub(" ", plain).strip()
    negotiable = bool(
        _NEGOTIABLE.search(clean) or (_MAYBE_NEGOTIABLE.search(clean) and _ABOUT_PAY.search(clean))
    )
    piecework = bool(_PIECEWORK.search(clean))
    amounts = find_amounts(clean)
    sound = [a for a in amounts if not (a.impossible or a.too_large)]
    if not sound:
        unit = WageUnit.PIECE if piecework and not amounts else None
        return WageReading(unit=unit, negotiable=negotiable, piecework=piecework, problem=_problem(amounts))
    best = min(sound, key=_rank)
    if best.high is None and best.label is not Label.BASE:
        best = _with_ceiling(best, sound)
    base = next((a.low for a in sound if a.label in (Label.BASE, Label.GUARANTEE) and a is not best), None)
    return WageReading(
        min_fen=_fen(best.low),
        max_fen=_fen(best.high),
        unit=best.unit,
        negotiable=negotiable,
        basis="base" if best.label >= Label.GUARANTEE else "total",
        base_fen=_fen(base),
        probation=best.probation,
        approximate=best.approximate,
        piecework=piecework,
    )


def format_wage(reading: WageReading) -> str:
    """Write a reading so that `read_wage` reads the same bounds, unit and `negotiable` again."""
    negotiable = "面议" if reading.negotiable else ""
    if not reading.has_figure or reading.unit is None:
        piecework = "计件" if reading.unit is WageUnit.PIECE else ""
        return "，".join(part for part in (piecework, negotiable) if part)
    per = f"元/{_UNITS[reading.unit]}"
    low, high = _yuan(reading.min_fen), _yuan(reading.max_fen)
    if reading.min_fen is None:
        figure = f"{high}{per}以下"
    elif reading.max_fen is None:
        figure = f"{low}{per}以上"
    else:
        figure = f"{low}{per}" if reading.min_fen == reading.max_fen else f"{low}-{high}{per}"
    return f"{figure}，可{negotiable}" if negotiable else figure


def _write_sum(match: re.Match[str]) -> str:
    """`17+2元/小时`: pay and a fixed supplement for the same hour."""
    return str(Decimal(match.group(1)) + Decimal(match.group(2)))


def _rank(amount: Amount) -> tuple[bool, bool, Label]:
    return amount.probation, amount.low is None, amount.label


def _with_ceiling(best: Amount, amounts: list[Amount]) -> Amount:
    """`3000起, 最高8000`: one post, both ends, said in two places."""
    for other in amounts:
        if (
            other.low is None
            and other.high
            and best.low
            and other.unit is best.unit
            and other.high >= best.low
        ):
            return replace(best, high=other.high)
    return best


def _problem(amounts: list[Amount]) -> WageProblem | None:
    for amount in amounts:
        if amount.too_large:
            return WageProblem.TOO_LARGE
        if amount.high is not None and amount.low is not None and amount.high < amount.low:
            return WageProblem.CUT_OFF
        if amount.impossible:
            return WageProblem.NEGATIVE
    return None


def _fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else int(yuan * 100)


def _yuan(fen: int | None) -> str:
    return (
        f"{Decimal(fen or 0) / 100:f}".rstrip("0").rstrip(".") if (fen or 0) % 100 else str((fen or 0) // 100)
    )
