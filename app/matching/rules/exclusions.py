"""没排进来的原因: for an officer, the sentence why one posting is left out for one person."""

from collections.abc import Callable
from typing import Final

from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.rules import gates, places, reasons, wages
from app.matching.terms import Gate
from app.occupations.terms import Demand, Shift, WorkProfile
from app.regions.terms import Reach

Explanation = Callable[[PersonFacts, PostingFacts, MatchContext], str]


def explain_exclusion(gate: Gate, person: PersonFacts, posting: PostingFacts, context: MatchContext) -> str:
    """Return one plain Chinese sentence: what the posting asks against what the person said."""
    explanation = EXPLANATIONS.get(gate)
    return explanation(person, posting, context) if explanation else gate.label


def _age(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> str:
    age = gates.age_on(person, gates.start_day(posting, context.today))
    if age is not None and age < gates.ADULT_AGE and posting.barred_to_minors:
        return f"高处、井下、接触有毒东西的活要满 18 岁，本人 {age} 岁"
    if posting.age_min is None and posting.age_max is None:
        return f"这活要满 18 岁，本人 {age} 岁"
    return f"岗位要{reasons.tell_age_range(posting)}，本人 {age} 岁"


def _under_16(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> str:
    age = gates.age_on(person, gates.start_day(posting, context.today))
    return f"上班那天只有 {age} 岁，没满 16 岁不能用工"


def _education(_: PersonFacts, posting: PostingFacts, __: MatchContext) -> str:
    return f"岗位要{reasons.SCHOOLING_WORDS[posting.education_step]}文化"


def _certificate(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> str:
    missing = gates.missing_certificates(person, posting, context)
    return f"岗位要{'、'.join(context.words.certificate_label(code) for code in missing)}，本人没有"


def _limits(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> str:
    clash = gates.conflicting_demands(person, posting)
    return f"岗位要{'、'.join(Demand(code).label for code in clash)}，本人干不了"


def _wage(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> str:
    unit = person.pay_floor_unit
    most = wages.in_unit(posting.pay_max or 0, unit)
    least = wages.in_unit(person.pay_floor or 0, unit)
    word = reasons.tell_unit(unit)
    return f"岗位{word}最多 {most:,} 元，本人要 {least:,} 元"


def _reach(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> str:
    if places.is_refused(person, posting):
        return f"岗位在{posting.place_name or '别处'}，本人说了不去那儿"
    return f"岗位在{posting.place_name or '别处'}，本人只愿去{Reach(person.reach).label}"


def _class(_: PersonFacts, __: PostingFacts, ___: MatchContext) -> str:
    return "半劳力、弱劳力只派帮扶车间、能拿回家干的活、公益岗和写明能干的活"


def _hours(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> str:
    if person.profiles and posting.profile not in person.profiles:
        wanted = "、".join(WorkProfile(code).label for code in person.profiles)
        return f"岗位是{WorkProfile(posting.profile).label}，本人要{wanted}"
    if person.cares_for_family and gates.is_night_work(posting):
        return "要上夜班，本人要照看家里"
    wanted = "、".join(Shift(code).label for code in person.shifts)
    offered = "、".join(Shift(code).label for code in posting.shifts) or "夜班"
    return f"岗位上{offered}，本人要{wanted}"


def _board(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> str:
    if person.needs_lodging and not posting.lodging:
        return "岗位不管住，本人要管住"
    return "岗位不管吃，本人要管吃"


EXPLANATIONS: Final[dict[Gate, Explanation]] = {
    Gate.UNDER_16: _under_16,
    Gate.AGE: _age,
    Gate.EDUCATION: _education,
    Gate.CERTIFICATE: _certificate,
    Gate.LIMITS: _limits,
    Gate.WAGE: _wage,
    Gate.REACH: _reach,
    Gate.CLASS: _class,
    Gate.HOURS: _hours,
    Gate.BOARD: _board,
}
"""Gates not listed say all they have to say in their label."""
