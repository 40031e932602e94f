"""工钱: wages as offices write them, with the figures behind the words.

No wage lies under what a county of the region must pay at least (Shaanxi 2025, second tier: 2,050 yuan a
month, 20 yuan an hour); the demo keeps above it with room to spare.
"""

from dataclasses import dataclass

from app.demo.dice import Dice

_MONTH_TEXTS = (
    "{low}-{high}元/月",
    "{low}—{high}元/月",
    "每月{low}到{high}元",
    "{low}-{high}元",
    "月工资{low}-{high}元",
)
_DAY_TEXTS = ("{low}-{high}元/天", "每天{low}到{high}元", "一天{low}-{high}元")
_HOUR_TEXTS = ("{low}-{high}元/小时", "每小时{low}-{high}元")


@dataclass(frozen=True, slots=True)
class DemoWage:
    """工钱 (CONTRACT, job.wage): fen a unit; `estimate_fen` only for piece work, the firm's own month."""

    min_fen: int | None
    max_fen: int | None
    unit: str | None
    negotiable: bool
    text: str
    estimate_fen: int | None = None


def make_wage(dice: Dice, pattern: str, *, daily: bool, fixed: bool) -> DemoWage:
    """Pay after a pattern of the trade list, in yuan.

    "M low high" a month, "D low high" a day, "H low high" an hour, "P rate word [low high]" by the piece with
    the month it usually comes to, "N" nothing but talk. `daily`: settled the same day; `fixed`: never open to
    talk, as pay from public money.
    """
    kind, *parts = pattern.split()
    if kind == "N":
        return DemoWage(None, None, None, True, "面议")
    if kind == "P":
        return _piece(dice, *parts)
    low, high = int(parts[0]), int(parts[1])
    if kind == "M":
        step = 100
        low += step * dice.below(3) if high - low > 400 else 0
        high += step * (dice.below(5) - 2) if high - low > 400 else 0
        return _ranged(dice, low, high, "month", _MONTH_TEXTS, fixed)
    if kind == "D":
        low += 5 * dice.below(3) if high - low > 15 else 0
        if dice.chance(35):
            high = low
        wage = _ranged(dice, low, high, "day", _DAY_TEXTS, fixed)
        return wage if not daily else _with_text(wage, wage.text + dice.pick(("，日结", "，当天结", "")))
    if dice.chance(45):
        high = low
    return _ranged(dice, low, high, "hour", _HOUR_TEXTS, fixed)


def _ranged(dice: Dice, low: int, high: int, unit: str, texts: tuple[str, ...], fixed: bool) -> DemoWage:
    high = max(low, high)
    if low == high:
        word = {"month": "元/月", "day": "元/天", "hour": "元/小时"}[unit]
        return DemoWage(low * 100, high * 100, unit, False, f"{low}{word}")
    text = dice.pick(texts).format(low=low, high=high)
    negotiable = not fixed and dice.chance(9)
    if negotiable:
        text += "，可面议"
    return DemoWage(low * 100, high * 100, unit, negotiable, text)


def _piece(dice: Dice, rate: str, word: str, low: str = "", high: str = "") -> DemoWage:
    fen = round(float(rate) * 100)
    text = dice.pick(("计件，一{word}{rate}元", "按{word}算，一{word}{rate}元", "计件{rate}元/{word}"))
    text = text.format(word=word, rate=rate)
    if not low:
        return DemoWage(fen, fen, "piece", False, text)
    tail = dice.pick(("，熟手一个月{low}到{high}元", "，一般一个月{low}-{high}元", "，手快的一个月{high}元"))
    estimate = dice.between(int(low), (int(low) + int(high)) // 2, 100)
    return DemoWage(
        fen, fen, "piece", False, text + tail.format(low=low, high=high), estimate_fen=estimate * 100
    )


def _with_text(wage: DemoWage, text: str) -> DemoWage:
    return DemoWage(wage.min_fen, wage.max_fen, wage.unit, wage.negotiable, text, wage.estimate_fen)
