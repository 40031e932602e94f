"""How pay, distance, days and facts are written on a slip (DESIGN section 4).

Nothing here is invented: what a posting does not say is not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from app.web.languages import Language


@dataclass(frozen=True)
class Pay:
    """工钱: what a posting says of pay. Money in integer fen; `unit` as WageUnit or None.

    `estimate_fen` is the firm's own monthly estimate of piece work. `text` is what the posting says
    literally.
    """

    min_fen: int | None = None
    max_fen: int | None = None
    unit: str | None = None
    negotiable: bool = False
    estimate_fen: int | None = None
    text: str = ""


@dataclass(frozen=True)
class PayWords:
    """The figure (large and red; empty when there is none) with the words before and after it."""

    before: str
    figure: str
    after: str


@dataclass(frozen=True)
class Where:
    """在哪儿: how far a posting is from the reader's place. `metres` None = unknown point.

    `about` says that a town's or village's centre stands for a point. `same_village` and `same_town` speak
    of the reader's own; `town` is the name shown when nothing else is known; `from_home` says that the
    reader's place is a village, so that 离家 is true.
    """

    metres: int | None = None
    about: bool = False
    same_village: bool = False
    same_town: bool = False
    town: str = ""
    from_home: bool = True


@dataclass(frozen=True)
class Fact:
    """事实: one picture with two to five characters beside it."""

    icon: str
    text: str


def yuan(fen: int) -> str:
    """280000 -> '2,800'; 120 -> '1.2'; 1850 -> '18.5'. At most two decimals, no trailing zeros."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")


def pay_words(language: Language, pay: Pay) -> PayWords:
    """The pay figure: '2,800–3,600' 元/月. Piece work: the firm's monthly estimate, else 一件 1.2 元."""
    _ = language.gettext
    if pay.unit == "piece" and pay.estimate_fen:
        return PayWords("", yuan(pay.estimate_fen), _("元/月，按件算"))
    low, high = pay.min_fen, pay.max_fen
    if low is None and high is None:
        return PayWords(_("工钱面谈"), "", "") if pay.negotiable else PayWords(_("工钱没写，问一问"), "", "")
    unit = {
        "month": _("元/月"),
        "day": _("元/天"),
        "hour": _("元/小时"),
        "piece": _("元/件"),
        "year": _("元/年"),
        "week": _("元/周"),
    }.get(pay.unit or "", _("元"))
    if low is not None and high is not None and low != high:
        return PayWords("", f"{yuan(low)}–{yuan(high)}", unit)
    if high is None and low is not None:
        return PayWords("", yuan(low), _("%(unit)s起") % {"unit": unit})
    if low is None and high is not None:
        return PayWords(_("最多"), yuan(high), unit)
    return PayWords(
        _("一件") if pay.unit == "piece" else "", yuan(high or 0), _("元") if pay.unit == "piece" else unit
    )


def distance_words(language: Language, where: Where) -> str:
    """离家 6 公里; 就在本村; 不到 1 公里; 在石柱镇 when the point is unknown. Empty when nothing is known."""
    _ = language.gettext
    if where.same_village:
        return _("就在本村")
    if where.metres is None:
        if where.same_town:
            return _("就在本镇")
        return _("在%(town)s") % {"town": where.town} if where.town else ""
    if where.metres < 1000:
        return _("离得很近") if where.about else _("不到 1 公里")
    km = f"{(where.metres + 500) // 1000:,}"
    if where.about:
        return (_("离家大约 %(km)s 公里") if where.from_home else _("离这里大约 %(km)s 公里")) % {"km": km}
    return (_("离家 %(km)s 公里") if where.from_home else _("离这里 %(km)s 公里")) % {"km": km}


def slip_facts(
    language: Language,
    *,
    board: bool = False,
    lodging: bool = False,
    shifts: Sequence[str] = (),
    night: bool = False,
    pickup: bool = False,
    by_day: bool = False,
) -> list[Fact]:
    """At most three facts: food, a night shift (true and bad is said first), bed, bus, hours."""
    _ = language.gettext
    works_nights = night or "night" in shifts or "rotating" in shifts
    ranked: list[tuple[int, Fact]] = []
    if board:
        ranked.append((0, Fact("meal", _("管饭"))))
    if works_nights:
        ranked.append((2, Fact("moon", _("要上夜班"))))
    if lodging:
        ranked.append((1, Fact("bed", _("管住"))))
    if pickup:
        ranked.append((4, Fact("bus", _("有车接"))))
    if by_day:
        ranked.append((3, Fact("coin", _("日结"))))
    if not works_nights and "day" in shifts:
        ranked.append((2, Fact("shift", _("白班"))))
    elif not works_nights and "flexible" in shifts:
        ranked.append((2, Fact("shift", _("时间自己定"))))
    # The list is in order of importance; the places say in which order the chosen three are read.
    return [fact for _place, fact in sorted(ranked[:3], key=lambda pair: pair[0])]


def day_words(language: Language, day: date, today: date) -> str:
    """11 月 20 日; with the year when it is another one."""
    _ = language.gettext
    pattern = _("M 月 d 日") if day.year == today.year else _("y 年 M 月 d 日")
    return format_date(day, pattern, locale=language.tag.replace("-", "_"))


def phone_words(number: str) -> str:
    """13900002041 -> '139 0000 2041', so that it can be read out; other numbers stay as they are."""
    if len(number) == 11 and number.isdigit():
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    return number
