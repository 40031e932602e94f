"""写法: turns a posting's facts into the few plain sentences a local office would write.

What a sentence claims (meals, bus, hours, pay day) is read from the posting's own fields, so text and
fields never contradict each other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.demo.dice import Dice
from app.demo.places import read_data
from app.demo.trades import Trade, fitting

MOST_SENTENCES = 6
_TELLS_HOURS = re.compile(
    r"点(?:开工|半|前|到|扫|拉|起|收|扎)|凌晨|早上[四五六七]点|[班天]八小时|钟头|三班倒|倒班|夜班|只干半天"
)
VERBS = "做收管切缝磨压烧盖砌修栽装种养卖给开干织筑跑接剥分"
"""An employer's introduction that begins so says what it does, any other what it is."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the wording needs to know of a posting. `towns` are the names its bus stops at."""

    employer: str
    intro: str
    place: str
    profile: str
    shifts: tuple[str, ...]
    outdoor: bool
    meals: int
    lodging: bool
    towns: tuple[str, ...]
    insurance: tuple[str, ...]
    live_in: bool
    paid_by_day: bool
    far: bool
    welfare: bool
    context: str
    openings: int
    starts_on: date | None
    today: date


def describe(dice: Dice, trade: Trade, facts: Facts) -> str:
    """Two to six sentences, one paragraph or a numbered list."""
    phrases = read_data("phrases.toml")
    before: list[str] = []
    if dice.chance(24):
        kind = "verb" if facts.intro[0] in VERBS else "noun"
        before.append(dice.pick(phrases["intro"][kind]))
    before += dice.some(fitting(trade.duties, facts.context), 1 if dice.chance(45) else 2)
    asks, extras = fitting(trade.asks, facts.context), fitting(trade.extras, facts.context)
    if asks and dice.chance(62):
        before.append(dice.pick(asks))
    extra = [dice.pick(extras)] if extras and dice.chance(42) else []
    told = any(_TELLS_HOURS.search(sentence) for sentence in before + extra)
    after = [*_conditions(dice, phrases, facts, hours_told=told), *extra]
    if dice.chance(38):
        after.append(dice.pick(phrases["close"]["far" if facts.far else "near"]))
    if len(before) + len(after) < 2:
        after.append(dice.pick(phrases["close"]["far" if facts.far else "near"]))
    sentences = before + after[: MOST_SENTENCES - len(before)]
    filled = [_fill(dice, sentence, facts) for sentence in sentences]
    if len(filled) > 2 and dice.chance(16):
        return "\n".join(f"{number}. {line.removesuffix('。')}" for number, line in enumerate(filled, 1))
    return "".join(filled)


def _conditions(
    dice: Dice, phrases: Mapping[str, Mapping[str, list[str]]], facts: Facts, *, hours_told: bool
) -> list[str]:
    """What is bad or binding comes first: nights, then food and bed, bus, pay."""
    found: list[str] = []
    hours = facts.shifts[0] if facts.shifts else "day"
    if facts.live_in or hours_told:
        pass
    elif hours != "day":
        found.append(dice.pick(phrases["hours"][hours]))
    elif dice.chance(40) and not facts.welfare:
        found.append(dice.pick(phrases["hours"]["outdoor" if facts.outdoor else "day"]))
    at_home = hours == "flexible" and facts.meals == 0
    if dice.chance(50) and not facts.welfare and not at_home:
        kind = "live_in" if facts.live_in else f"m{facts.meals}l{int(facts.lodging)}"
        found.append(dice.pick(phrases["eat"][kind]))
    if facts.towns and dice.chance(75):
        found.append(dice.pick(phrases["bus"]["far" if facts.far else "near"]))
    if dice.chance(38):
        pay = "welfare" if facts.welfare else {"long": "month"}.get(facts.profile, facts.profile)
        if pay == "month" and facts.paid_by_day:
            pay = "season"
        found.append(dice.pick(phrases["pay"][pay]))
    if facts.insurance and dice.chance(32):
        kind = {"pension": "five", "injury": "injury", "accident": "accident"}[facts.insurance[0]]
        found.append(dice.pick(phrases["insurance"][kind]))
    if facts.far and facts.lodging and dice.chance(20):
        found.append(dice.pick(phrases["couple"]["any"]))
    if facts.starts_on is not None:
        if facts.starts_on > facts.today:
            found.append(dice.pick(phrases["start"]["any"]))
    elif dice.chance(10) and not facts.welfare:
        found.append(dice.pick(phrases["start"]["now"]))
    return found


def _fill(dice: Dice, sentence: str, facts: Facts) -> str:
    if "{" not in sentence:
        return sentence
    start = facts.starts_on or facts.today
    return sentence.format(
        employer=facts.employer,
        intro=facts.intro,
        place=facts.place,
        towns="、".join(facts.towns),
        openings=facts.openings,
        payday=dice.pick((8, 10, 15, 20, 25)),
        month=start.month,
        day=start.day,
    )
