"""金额候选: every figure of a text that may be pay, with the words around it that say which pay it is."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

from app.jobs.reading.pay_words import (
    AMOUNT,
    BEST_CASE,
    HARD,
    JOINED,
    LABEL_AFTER,
    LABELS,
    NOT_AN_OFFER,
    NOT_MONEY_AFTER,
    NOT_MONEY_BEFORE,
    NOT_PAY_AFTER,
    OPEN_AFTER,
    OPEN_BEFORE,
    PIECES,
    PROBATION,
    SOFT,
    SUM,
    TOP_BEFORE,
    UNIT_BEFORE,
    VARIABLE,
)
from app.occupations.terms import WageUnit

YEARLY_FROM = 40_000
"""Yuan. A figure from here on without 月 is a year's pay: in offices' lists "6-9万" is never a month's."""
YEARLY_TOP_FROM = 60_000
"""Yuan. The same for the upper end of a range."""
MONTHLY_FROM = 800
"""Yuan. Below this a figure without a unit is a day's or an hour's pay (or no pay at all)."""
DAILY_FROM = 60
"""Yuan. Below this a figure without a unit is an hour's pay."""
MOST = 10_000_000
"""Yuan. No pay is larger, whatever the unit."""


class Label(IntEnum):
    """What the nearest word says about an amount; a smaller value wins over a larger one."""

    TOTAL = 0
    PLAIN = 1
    UNLABELLED = 2
    GUARANTEE = 3
    BASE = 4
    NOT_PAY = 9


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of money: yuan per unit, `high` None = open upwards, `low` None = open downwards."""

    low: Decimal | None
    high: Decimal | None
    unit: WageUnit | None
    label: Label
    probation: bool = False
    approximate: bool = False
    impossible: bool = False
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class _Sight:
    """A figure in its surroundings. `clause` and `sentence` end where the figure begins."""

    text: str
    match: re.Match[str]
    clause: str
    sentence: str
    after: str
    low: Decimal
    high: Decimal | None
    span: str | None
    has_money: bool
    after_pay: bool

    @property
    def open_clause(self) -> str:
        """The clause without what stands in closed brackets: `包住(押金200)3000元`."""
        return re.sub(r"\([^()]*\)", "()", self.clause)


def find_amounts(text: str) -> list[Amount]:
    """Read every amount in `text` (already normalised, numerals Arabic), in order, without what is no pay."""
    found: list[Amount] = []
    end = 0
    after_pay = False
    for match in AMOUNT.finditer(text):
        if match.start("lo") < end:
            continue
        sight = _look(text, match, end, after_pay)
        amount = _read(sight) if _is_money(sight) else None
        if amount is None:
            continue
        end = match.end()
        after_pay = amount.label is not Label.NOT_PAY
        if after_pay:
            found.append(amount)
    return found


def _look(text: str, match: re.Match[str], previous_end: int, after_pay: bool) -> _Sight:
    group = match.groupdict()
    sentence = HARD.split(text[previous_end : match.start("lo")])[-1]
    low, high = _scale(group)
    return _Sight(
        text=text,
        match=match,
        clause=SOFT.split(sentence)[-1],
        sentence=sentence,
        after=text[match.end() : match.end() + 40],
        low=low,
        high=high,
        span=group["span2"] or group["spanb2"] or group["span1"] or group["spanb1"],
        has_money=any(group[k] for k in ("yen", "cur1", "cur2", "mult1", "mult2")),
        after_pay=after_pay,
    )


def _read(sight: _Sight) -> Amount | None:
    """The amount a figure stands for; None when nothing says that it is pay."""
    label, guaranteed = _label(sight)
    best_case = bool(BEST_CASE.search(sight.clause))
    if best_case:
        label = max(label, Label.UNLABELLED)
    summed = SUM.match(sight.after)
    if summed and sight.clause.rstrip().endswith("="):
        sight = replace(sight, low=sight.low + Decimal(summed.group(1)))
    if label is Label.UNLABELLED and not best_case and not _stands_alone(sight):
        return None
    if _is_component(sight, label):
        label = Label.NOT_PAY
    elif guaranteed:
        label = max(label, Label.GUARANTEE)
    stages = [m.lastgroup for m in PROBATION.finditer(sight.sentence)]
    low, high = _bounds(sight, label, probation=stages[-1:] == ["probation"])
    sign = bool(sight.match.group("sign"))
    turned = sight.high is not None and sight.high < sight.low
    return Amount(
        low,
        high,
        _unit(sight),
        label,
        probation=stages[-1:] == ["probation"],
        approximate=bool(re.search("左右|上下|多", _marks(sight.match))),
        impossible=sign or turned or (sight.low == 0 and not sight.high),
        too_large=max(sight.low, sight.high or sight.low) > MOST,
    )


def _is_money(sight: _Sight) -> bool:
    """Whether a figure can be an amount at all: no clock time, phone, head-count, year, percentage."""
    match, number = sight.match, sight.match.group("lo")
    before = sight.text[max(0, match.start() - 6) : match.start()]
    if number.startswith("0") and "." not in number and number != "0":
        return False
    if not match.group("sign") and NOT_MONEY_BEFORE.search(before) and not re.search(r"\+\s?$", before):
        return False
    if len(number) > 7 or NOT_AN_OFFER.match(sight.after):
        return False
    bare = not (sight.has_money or sight.span)
    if bare and Decimal(number) < 8 and not match.group("hi"):
        return False
    currency = match.group("yen") or match.group("cur1") or match.group("cur2")
    if bare or (sight.has_money and not currency):
        return not NOT_MONEY_AFTER.match(sight.after)
    if sight.span and not sight.has_money and not match.group("hi"):
        return not re.match(rf"(?:{PIECES}|班|节|次|年|周)", sight.span) and Decimal(number) >= 8
    return not re.match(r"\s*/\s*(?:平|吨)", sight.after)


def _scale(group: dict[str, str | None]) -> tuple[Decimal, Decimal | None]:
    """Both ends in yuan: `4-6千`, `0.8-1万` and `8-1.2万` (eight thousand) share what stands at the end."""
    low = Decimal(group["lo"] or "0")
    high = Decimal(group["hi"]) if group["hi"] else None
    first, second = _factor(group["mult1"], low), _factor(group["mult2"], high or low)
    if high is None:
        return low * first, None
    if second > 1 and first == 1 and low < 100:
        first = second if low <= high else 1000
    elif first > 1 and second == 1 and high < 100:
        second = first
    return low * first, high * second


def _factor(mult: str | None, number: Decimal) -> int:
    mark = (mult or "").strip()
    if mark in ("k", "千"):
        return 1000 if number < 1000 else 1
    if mark in ("万", "w"):
        return 10_000 if number < 5000 else 1
    return 1


def _label(sight: _Sight) -> tuple[Label, bool]:
    """The nearest word before (or right after) an amount, and whether it is called guaranteed (保底)."""
    behind = LABEL_AFTER.match(sight.after)
    if behind:
        return (Label.BASE if behind.group("base") else Label.GUARANTEE), bool(behind.group("guar"))
    words = list(LABELS.finditer(sight.open_clause))
    if words and words[-1].group() == "每月" and sight.low < MONTHLY_FROM:
        words.pop()
    if words:
        guaranteed = any(w.lastgroup == "guar" for w in words)
        return _label_of_clause(sight, words), guaranteed
    earlier = LABELS.finditer(re.sub(r"\([^()]*\)", "()", sight.sentence))
    for word in reversed(list(earlier)):
        if word.lastgroup in _LABEL_OF and not (word.group() == "每月" and sight.low < MONTHLY_FROM):
            return max(_LABEL_OF[word.lastgroup], Label.PLAIN), False
    return Label.UNLABELLED, False


def _label_of_clause(sight: _Sight, words: list[re.Match[str]]) -> Label:
    """The last word decides, unless it ends a list of parts (`底薪+提成+奖金5000-8000`) or a bracket."""
    big = sight.low >= 1000 and (sight.high is not None or sight.low >= 1500)
    kind = words[-1].lastgroup or ""
    tail = sight.open_clause[words[-1].end() :]
    if kind == "neg":
        chain = "+" in sight.open_clause and any(w.lastgroup in ("base", "plain", "total") for w in words)
        ended = chain or " " in tail.strip(":") or tail.startswith(")")
        return Label.PLAIN if big and ended else Label.NOT_PAY
    if kind == "var" or (kind == "base" and "+" in tail and big):
        return Label.PLAIN
    return _LABEL_OF[kind]


_LABEL_OF = {"base": Label.BASE, "guar": Label.GUARANTEE, "total": Label.TOTAL, "plain": Label.PLAIN}


def _stands_alone(sight: _Sight) -> bool:
    """An amount nobody calls pay is pay only when it looks like it: a month's sum, or the whole text."""
    text, match, low, high, span = sight.text, sight.match, sight.low, sight.high, sight.span
    others = re.sub(r"[\s\d.,()]", "", text[: match.start()] + text[match.end() :])
    if (not others and low >= DAILY_FROM) or (
        low >= MONTHLY_FROM and not sight.after_pay and _is_variable(text[match.end() :])
    ):
        return True
    if re.match(r"\s*[日周月现]结", sight.after):
        return True
    said = bool(sight.has_money or span)
    if len(others) <= 4 and (high is not None or said or match.group("open1") or low >= MONTHLY_FROM):
        return high is None or high >= DAILY_FROM or said
    if said:
        daily = bool(span) and not (span in ("月", "个月") and low < 500)
        by_piece = WageUnit.PIECE in _units_named(sight.clause)
        return daily or by_piece or low >= MONTHLY_FROM or match.group("yen") is not None
    if high is not None:
        years = 1950 <= low <= 2040 and 1950 <= high <= 2040 and bool(low % 50 or high % 50)
        return not years and low >= MONTHLY_FROM and high <= 60_000 and not (low % 10)
    return bool(match.group("open1")) and MONTHLY_FROM <= low <= 60_000 and not low % 100


def _is_component(sight: _Sight, label: Label) -> bool:
    """A part added to the pay (全勤200, +500绩效, 补贴…) is not the pay."""
    if label is Label.NOT_PAY:
        return True
    beside = NOT_PAY_AFTER.match(sight.after)
    if beside and sight.low < 1500:
        return True
    if beside and sight.high is None and not ("(" in beside.group() and label is not Label.UNLABELLED):
        return True
    if not sight.after_pay or label is Label.TOTAL or sight.span or "=" in sight.clause:
        return False
    return sight.clause.rstrip().endswith("+") or ("+" in sight.clause and sight.low < 1000)


def _unit(sight: _Sight) -> WageUnit:
    """The unit beside the figure, else the one named before it, else the one its size tells."""
    if sight.span:
        return _unit_of_span(sight.span)
    for part in (sight.clause, sight.sentence):
        for unit in reversed(_units_named(part)):
            if _fits(unit, sight.low):
                return unit
    low, top = sight.low, sight.high or sight.low
    if top >= YEARLY_TOP_FROM or low >= YEARLY_FROM:
        return WageUnit.YEAR
    if top >= MONTHLY_FROM:
        return WageUnit.MONTH
    hinted = _units_named(sight.text)
    for unit in (WageUnit.DAY, WageUnit.HOUR, WageUnit.WEEK, WageUnit.PIECE):
        if unit in hinted and _fits(unit, low):
            return unit
    if "计件" in sight.text and top < DAILY_FROM:
        return WageUnit.PIECE
    return WageUnit.DAY if top >= DAILY_FROM else WageUnit.HOUR


def _units_named(text: str) -> list[WageUnit]:
    return [WageUnit[(match.lastgroup or "").upper()] for match in UNIT_BEFORE.finditer(text)]


def _fits(unit: WageUnit, yuan: Decimal) -> bool:
    """Whether a figure can be pay for that unit: `每天工作8小时, 2000-3000` is no day's pay."""
    low, high = _PLAUSIBLE[unit]
    return low <= yuan <= high


_PLAUSIBLE = {
    WageUnit.MONTH: (300, 1_000_000),
    WageUnit.DAY: (20, 2000),
    WageUnit.HOUR: (5, 500),
    WageUnit.YEAR: (8000, 10_000_000),
    WageUnit.WEEK: (100, 10_000),
    WageUnit.PIECE: (0, 700),
}


def _unit_of_span(span: str) -> WageUnit:
    if span in ("月", "个月", "m"):
        return WageUnit.MONTH
    if "小时" in span or span in ("时", "h", "hour", "hr", "课时", "节"):
        return WageUnit.HOUR
    if span in ("年",):
        return WageUnit.YEAR
    if span in ("周", "星期", "礼拜"):
        return WageUnit.WEEK
    if span in ("天", "日", "班", "晚", "夜") or "工" in span:
        return WageUnit.DAY
    return WageUnit.PIECE


def _bounds(sight: _Sight, label: Label, *, probation: bool) -> tuple[Decimal | None, Decimal | None]:
    """Which ends are open. A base pay and a guarantee are open upwards, a guarantee on probation is not."""
    low, high = sight.low, sight.high
    if high is not None:
        return (low or None), high
    text, match = sight.text, sight.match
    marks = _marks(match).replace("上下", "")
    prefix = text[max(0, match.start() - 8) : match.start("lo")]
    open_top = (
        bool(re.search(r"上|起|\+|多", marks))
        or _is_variable(text[match.end() :])
        or bool(OPEN_BEFORE.search(prefix))
        or bool(OPEN_AFTER.match(sight.after))
    )
    topped = bool(TOP_BEFORE.search(prefix)) and not open_top
    if re.search("下|内", marks) or topped or re.match(r"\s*封顶", sight.after):
        return None, low
    if label is Label.GUARANTEE:
        open_top = open_top or not probation
    elif label is Label.BASE:
        open_top = True
    return low, (None if open_top else low)


def _marks(match: re.Match[str]) -> str:
    return "".join(match.group(name) or "" for name in ("open0", "open1", "open2"))


def _is_variable(rest: str) -> bool:
    """Whether pay goes on with a part that varies: `3000+提成`; `+五险+工作餐` does not make it open."""
    joined = JOINED.match(rest)
    return bool(joined and VARIABLE.search(joined.group("rest")))
