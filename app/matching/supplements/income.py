"""收入够不够: the present pay against each figure that is known, every one with its source. Pure.

No threshold is made up: pay is measured by the legal minimum of the place (vetting's table), by what the
person said they need, and by what was promised. Where a figure is missing, that is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.matching.facts import PersonFacts
from app.matching.rules import reasons, wages
from app.matching.supplements.facts import MinimumPay, Words, WorkFacts
from app.matching.supplements.terms import IncomeState, PaySource, WorkKind

_MONTHS: Final = 12
_UNIT_EN: Final = {"day": "a day", "hour": "an hour", "week": "a week", "year": "a year"}


@dataclass(frozen=True, slots=True)
class Measure:
    """一把尺子: a figure the pay is held against (fen a month) and its source; `is_short` None = the pay or
    the figure is not known."""

    code: str
    figure: int | None
    is_short: bool | None
    words: Words


@dataclass(frozen=True, slots=True)
class Income:
    """收入情况: the pay in words, each measure, and what follows."""

    state: IncomeState
    pay: Words
    measures: tuple[Measure, ...]


def judge_income(person: PersonFacts, work: WorkFacts, minimum: MinimumPay | None) -> Income:
    """Hold the pay against every figure: short where one is missed, enough where at least one was known and
    none is missed, else unknown."""
    measures = (_by_law(work, minimum), _by_need(person, work), *_by_promise(work), *_by_month(work))
    judged = [measure.is_short for measure in measures if measure.code in _DECIDE]
    if any(judged):
        state = IncomeState.SHORT
    else:
        state = IncomeState.ENOUGH if False in judged else IncomeState.UNKNOWN
    return Income(state, _tell_pay(work), measures)


_DECIDE: Final = ("minimum", "floor", "promised")
"""A fall against the month before is told, but no document says how large a fall is too large (K2)."""


def yuan(fen: int) -> str:
    """Whole yuan with separators, rounded down."""
    return f"{fen // 100:,}"


def _tell_pay(work: WorkFacts) -> Words:
    if work.pay is None:
        zh = "务农、自己干一个月合多少钱，没有记过，先问清" if work.kind in _OWN else "工钱没有记过，先问清"
        return Words(zh, "What they earn a month is not on record; ask first")
    if work.pay_source is PaySource.GOT and work.pay_month_on is not None:
        month = work.pay_month_on
        return Words(
            f"{month.month} 月发了 {yuan(work.pay)} 元（{PaySource.GOT.label}）",
            f"Got {yuan(work.pay)} yuan in {month:%Y-%m} (told at a follow-up)",
        )
    return Words(
        f"说好一月 {yuan(work.pay)} 元（{PaySource.PROMISED.label}，实发多少没有记）",
        f"Promised {yuan(work.pay)} yuan a month (what was paid is not on record)",
    )


_OWN: Final = (WorkKind.FARM, WorkKind.OWN)


def _by_law(work: WorkFacts, minimum: MinimumPay | None) -> Measure:
    if work.employer_kind == "public_welfare":
        return Measure(
            "minimum",
            None,
            None,
            Words(
                "公益岗的工钱由政策定，不拿最低工资比",
                "Pay of public-welfare posts is set by policy and not held against the minimum wage",
            ),
        )
    if minimum is None:
        return Measure(
            "minimum",
            None,
            None,
            Words("当地最低工资没有录，没法比", "The local minimum wage is not on record"),
        )
    since = minimum.effective_on
    where = minimum.words if minimum.is_certain else f"{minimum.words}，县里是哪一档没录"
    is_short = None if work.pay is None else work.pay < minimum.month
    day = f"{since.year} 年 {since.month} 月起"
    zh = f"{minimum.place_name}最低工资一月 {yuan(minimum.month)} 元（{where}，{day}）"
    en = f"Minimum wage there: {yuan(minimum.month)} yuan a month (from {since:%Y-%m})"
    return Measure("minimum", minimum.month, is_short, _with_verdict(zh, en, is_short))


def _by_need(person: PersonFacts, work: WorkFacts) -> Measure:
    if person.pay_floor is None:
        return Measure(
            "floor",
            None,
            None,
            Words("本人起码要挣多少，没有记", "How much they need at least is not on record"),
        )
    # Multiplied up, never rounded down: 12 months of the pay against the floor of a year.
    is_short = None if work.pay is None else work.pay * _MONTHS < person.pay_floor
    unit = person.pay_floor_unit
    amount = f"{wages.in_unit(person.pay_floor, unit):,}"
    zh = f"本人说{reasons.tell_unit(unit)}起码要 {amount} 元"
    en = f"They said they need at least {amount} yuan {_UNIT_EN.get(unit, 'a month')}"
    return Measure("floor", person.pay_floor // _MONTHS, is_short, _with_verdict(zh, en, is_short))


def _by_promise(work: WorkFacts) -> Iterator[Measure]:
    if work.promised is None or work.pay is None or work.pay_source is not PaySource.GOT:
        return
    is_short = work.pay < work.promised
    zh = f"上岗时说好一月 {yuan(work.promised)} 元"
    en = f"Promised were {yuan(work.promised)} yuan a month"
    yield Measure("promised", work.promised, is_short, _with_verdict(zh, en, is_short))


def _by_month(work: WorkFacts) -> Iterator[Measure]:
    if work.pay_before is None or work.pay is None or work.pay_source is not PaySource.GOT:
        return
    less = work.pay_before - work.pay
    if less > 0:
        words = Words(f"比上月少了 {yuan(less)} 元", f"{yuan(less)} yuan less than the month before")
        yield Measure("month_before", work.pay_before, True, words)


def _with_verdict(zh: str, en: str, is_short: bool | None) -> Words:
    if is_short is None:
        return Words(f"{zh}，工钱没记，比不了", f"{en}; pay unknown, cannot compare")
    return Words(
        f"{zh}，{'没到' if is_short else '够了'}", f"{en}: {'not reached' if is_short else 'reached'}"
    )
