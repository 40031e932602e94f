"""What each reason, each thing to know first and each near miss claims, checked against the plain facts: one
entry a kind, with as little of the engine as possible."""

import re
from collections.abc import Callable
from dataclasses import replace
from math import hypot
from typing import Final, NamedTuple

from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.near_misses import NearMiss
from app.matching.rules import gates
from app.matching.terms import Supply


class Said(NamedTuple):
    """A sentence about a person and a posting."""

    who: PersonFacts
    job: PostingFacts
    market: MatchContext
    text: str


Check = Callable[[Said], bool]
UNITS: Final = {"一月": 12, "一天": 312, "一小时": 2496, "一周": 52, "一年": 1}
SCHOOLING: Final = ["不限", "小学", "初中", "高中或中专", "大专", "本科", "研究生"]
BURDENS: Final = {"搬重东西": "heavy_lifting", "上夜班": "night", "爬高": "heights"}
COMMUTE_M: Final = 40_000
NIGHTS: Final = {"night", "rotating"}


def _way(person: PersonFacts, posting: PostingFacts) -> float | None:
    """Straight metres between two points known to a township or better."""
    if person.x is None or person.y is None or posting.x is None or posting.y is None:
        return None
    if max(person.blur_m, posting.blur_m) > 2_500:
        return None
    return hypot(person.x - posting.x, person.y - posting.y)


def _is_far(person: PersonFacts, posting: PostingFacts) -> bool:
    """Too far to come home every day, as far as it is known."""
    way = _way(person, posting)
    return way is None or max(way, posting.blur_m) > COMMUTE_M - 1


def _place(person: PersonFacts, posting: PostingFacts, _: MatchContext, text: str) -> bool:
    way, home, work = _way(person, posting), person.home_scope, posting.region_scope
    if text == "就在本村":
        return len(home) == 12 and home == work[:12]
    if text == "就在本镇":
        return len(home) >= 9 and home[:9] == work[:9]
    if found := re.fullmatch("离家(大约)? ([0-9]+) 公里", text):
        is_exact = person.blur_m == posting.blur_m == 0
        return way is not None and abs(way / 1_000 - int(found[2])) <= 0.51 and (found[1] is None) is is_exact
    if text in ("离家不到 1 公里", "离家很近"):
        return way is not None and way < 1_000
    if text == "在你说的范围里":
        return person.reach_is_said
    return text == "地方没写细" or text == f"在{posting.place_name}"


def _bus(person: PersonFacts, posting: PostingFacts, context: MatchContext, text: str) -> bool:
    near, _, stop = text.partition("，班车到")
    home = person.home_scope
    if stop == "村里":
        return home in posting.pickup and len(home) == 12
    comes = any(home.startswith(each) or each.startswith(home[:9]) for each in posting.pickup)
    return stop == "你们那儿" and comes and _place(person, posting, context, near)


def _wage(person: PersonFacts, posting: PostingFacts, _: MatchContext, text: str) -> bool:
    found = re.fullmatch("工钱(一.+?)(起码)?比你要的高 ([0-9,]+) 元", text)
    if found is None or person.pay_floor is None or posting.pay_min is None:
        return False
    more = int(found[3].replace(",", "")) * 100 * UNITS[found[1]]
    exact = (found[2] is None) is (posting.pay_max == posting.pay_min)
    return 0 < more <= posting.pay_min - person.pay_floor and exact


def _skill(person: PersonFacts, posting: PostingFacts, context: MatchContext, text: str) -> bool:
    named = text.removeprefix("你会").split("、")
    both = {context.words.skill_label(word) for word in set(person.skills) & set(posting.skills)}
    return text.startswith("你会") and both.issuperset(named)


def _related(person: PersonFacts, posting: PostingFacts, context: MatchContext, text: str) -> bool:
    words = context.words
    return any(
        text == f"{words.skill_label(held)}和{words.skill_label(asked)}是一路活"
        and held != asked
        and words.skill_kinship(held, asked) >= 0.5
        for held in person.skills
        for asked in posting.skills
    )


def _day_shift(person: PersonFacts, posting: PostingFacts, _: MatchContext, text: str) -> bool:
    return posting.shifts == ("day",) and "night" not in posting.demands


REASONS: Final[dict[str, Check]] = {
    "skill": lambda s: _skill(*s),
    "certificate": lambda s: any(
        s.text == f"你的{s.market.words.certificate_label(held)}用得上"
        for held in s.who.certificates
        if any(s.market.words.covers((held,), asked) for asked in s.job.certificates)
    ),
    "occupation": lambda s: (
        s.job.occupation_code in s.who.occupations
        and s.text == f"你想干的{s.market.words.occupation_label(s.job.occupation_code or '')}"
    ),
    "trade": lambda s: any(
        s.text == f"你会的{s.market.words.skill_label(held)}用得上"
        and s.market.words.skill_serves_occupation(held, s.job.occupation_code or "") >= 1.0
        for held in s.who.skills
    ),
    "related": lambda s: _related(*s),
    "trains": lambda s: s.job.trains_beginners,
    "elementary": lambda s: (
        not s.job.certificates and all(s.market.words.is_elementary(word) for word in s.job.skills)
    ),
    "unskilled": lambda s: not s.job.skills and not s.job.certificates,
    "bus": lambda s: _bus(*s),
    "place": lambda s: _place(*s),
    "home_work": lambda s: s.text == "能拿回家干" and "home_work" in s.job.suits,
    "care_hours": lambda s: "care_hours" in s.job.suits,
    "flexible": lambda s: "flexible" in s.job.shifts,
    "day_shift": lambda s: _day_shift(*s),
    "welfare": lambda s: s.job.employer_kind == "public_welfare" and s.who.welfare_eligible,
    "class": lambda s: s.who.labour_class in s.job.suits,
    "board_lodging": lambda s: s.job.board and s.job.lodging,
    "lodging": lambda s: s.text == "管住" and s.job.lodging,
    "board": lambda s: s.text == "管饭" and s.job.board,
    "wage": lambda s: _wage(*s),
    "season": lambda s: s.job.profile == "season",
    "day_pay": lambda s: s.job.profile == "day",
    "answers": lambda s: (
        (s.job.answer_permille or 0) >= 600
        and s.text == f"这家一般 {max(s.job.answer_days or 0, 1)} 天内回话"
    ),
}
"""By the code of a reason."""


def _age_gap(who: PersonFacts, job: PostingFacts, _: MatchContext, text: str) -> bool:
    figures = [int(figure) for figure in re.findall("[0-9]+", text)]
    limits = [limit for limit in (job.age_min, job.age_max) if limit is not None]
    return who.age is None and who.born_on is None and figures == limits


def _wage_gap(who: PersonFacts, job: PostingFacts, _: MatchContext, text: str) -> bool:
    found = re.fullmatch("最低(一.+?) ([0-9,]+) 元", text)
    if found is None or job.pay_min is None or who.pay_floor is None:
        return False
    least = int(found[2].replace(",", "")) * 100 * UNITS[found[1]]
    return least <= job.pay_min < who.pay_floor and job.pay_min - least < 100 * UNITS[found[1]]


GAPS: Final[dict[str, Check]] = {
    "welfare": lambda s: s.job.employer_kind == "public_welfare",
    "limits": lambda s: any(
        word in s.text and code in s.job.likely_demands and code in s.who.limits
        for word, code in BURDENS.items()
    ),
    "night": lambda s: "night" in s.who.limits and bool(NIGHTS & set(s.job.shifts)),
    "family": lambda s: s.who.cares_for_family and _is_far(s.who, s.job),
    "hours": lambda s: s.who.cares_for_family and not s.job.shifts,
    "education": lambda s: (
        s.who.education_step is None and s.text == f"要{SCHOOLING[s.job.education_step]}文化"
    ),
    "age": lambda s: _age_gap(*s),
    "skill": lambda s: any(
        s.text == f"要会{s.market.words.skill_label(word)}" and word not in s.who.skills
        for word in s.job.skills
    ),
    "piece": lambda s: s.job.pay_by_piece and s.job.pay_min is None and s.job.pay_max is None,
    "pay": lambda s: s.job.pay_min is None and s.job.pay_max is None,
    "wage": lambda s: _wage_gap(*s),
    "lodging": lambda s: not s.job.lodging and _is_far(s.who, s.job),
    "place": lambda s: len(s.job.region_scope) < 9 and s.job.place_name in s.text,
}
"""By the code of what must be known first."""


def take_up(who: PersonFacts, miss: NearMiss) -> PersonFacts | None:
    """The person who gives what a near miss asks for; None for kilometres, which are measured."""
    if miss.kind is Supply.REACH:
        return replace(who, reach=miss.code or "")
    if miss.kind is Supply.CERTIFICATE:
        return replace(who, certificates=tuple(sorted({*who.certificates, miss.code or ""})))
    if miss.kind is Supply.EDUCATION:
        return replace(who, education_step=miss.amount)
    if miss.kind is Supply.WAGE:
        unit = {"month": 12, "day": 312, "hour": 2496, "week": 52, "year": 1}[who.pay_floor_unit]
        return replace(who, pay_floor=(who.pay_floor or 0) - (miss.amount or 0) * 100 * unit)
    if miss.kind is Supply.BOARD:
        return replace(who, needs_board=False, needs_lodging=False)
    if miss.kind is Supply.HOURS and miss.code == "night":
        return replace(who, shifts=(*who.shifts, "day", "night"))
    if miss.kind is Supply.HOURS:
        return replace(who, profiles=(*who.profiles, miss.code or ""))
    return None


def is_kept(who: PersonFacts, miss: NearMiss, offers: list[PostingFacts], market: MatchContext) -> bool:
    """Whether exactly the promised postings open with that one thing, and the sentence says how many."""
    shut = [offer for offer in offers if gates.first_failed_gate(who, offer, market) is not None]
    taker = take_up(who, miss)
    if taker is not None:
        opened = {offer.id for offer in shut if gates.first_failed_gate(taker, offer, market) is None}
    else:
        ways = [_way(who, offer) for offer in offers if offer not in shut]
        edge = max([int(way) for way in ways if way is not None], default=0) + (miss.amount or 0) * 1_000
        anywhere = replace(who, reach="anywhere", areas=())
        opened = {
            offer.id
            for offer in shut
            if (way := _way(who, offer)) is not None
            and int(way) <= min(edge, COMMUTE_M)
            and gates.first_failed_gate(anywhere, offer, market) is None
        }
        if f"再多走 {miss.amount} 公里" not in miss.text:
            return False
    pays = [offer.pay_min for offer in shut if offer.id in opened and offer.pay_min is not None]
    told = miss.text.endswith(f"，多出 {len(opened)} 个")
    return (
        opened == set(miss.ids)
        and miss.count == len(opened)
        and told
        and miss.pay_from == min(pays, default=None)
    )
