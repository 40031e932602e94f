"""推荐理由: why a posting fits, in at most three short pieces, and what must be asked first.

Wording: design/DESIGN.md, "reason line" and "what is missing". Every piece states a fact of the
posting or of the person; nothing is promised that the data doesn't say.
"""

from dataclasses import dataclass
from typing import Final

from app.core.sentences import Sentence, say
from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.rules import gates, places, scoring, wages
from app.matching.rules.scoring import Score
from app.matching.terms import Verdict

MOST_REASONS: Final = 3
STRONG_FROM: Final = 65.0
"""Score from which the word is 很合适: a known or wished trade within a fair way at fair pay
(tests/matching/scenes)."""
SAME_TRADE: Final = 0.5
"""Kinship from which two skills are told to be one line of work."""
ANSWERS_WELL_PERMILLE: Final = 600
"""REFERRALS: the bar is 60 % answered."""
WORTH_SAYING_PERCENT: Final = 5
"""Pay is praised when even its lower figure lies so much above the floor."""
SCHOOLING_WORDS: Final = (
    say("不限"),
    say("小学"),
    say("初中"),
    say("高中或中专"),
    say("大专"),
    say("本科"),
    say("研究生"),
)
_A_MONTH: Final = say("一月")
_UNIT_WORDS: Final = {"day": say("一天"), "hour": say("一小时"), "week": say("一周"), "year": say("一年")}
_DEMAND_WORDS: Final = {
    "heavy_lifting": say("搬重东西"),
    "night": say("上夜班"),
    "heights": say("爬高"),
    "long_standing": say("久站"),
    "reading": say("认字"),
    "outdoor": say("在户外"),
    "fine_handwork": say("细手工"),
    "phone_use": say("用智能手机"),
    "travel": say("出差"),
    "dust": say("有粉尘"),
}
_CLASS_WORDS: Final = {"semi": say("半劳动力也能干"), "weak": say("弱劳动力也能干")}


@dataclass(frozen=True, slots=True)
class Reason:
    """理由: which fact it states (for the tests that check it) and how it is said."""

    code: str
    sentence: Sentence

    @property
    def text(self) -> str:
        """The sentence in Chinese."""
        return str(self.sentence)


def choose_verdict(score: Score) -> Verdict:
    """Return 很合适 or 合适."""
    return Verdict.STRONG if score.total >= STRONG_FROM else Verdict.FAIR


def list_reasons(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> list[Reason]:
    """Return at most three reasons: the trade, the place, then what this person needs most."""
    found = [
        _about_trade(person, posting, context),
        _about_place(person, posting),
        _about_family(person, posting),
        _about_class(person, posting),
        _about_board(person, posting),
        _about_pay(person, posting),
        _about_length(person, posting),
        _about_answers(posting),
    ]
    return [reason for reason in found if reason is not None][:MOST_REASONS]


def _about_trade(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> Reason | None:
    words = context.words
    shared = [asked for asked in posting.skills if asked in person.skills]
    if shared:
        shared.sort(key=lambda word: (-scoring.word_weight(context.vocabulary, word), word))
        first, *others = [words.skill_label(word) for word in shared[:2]]
        if others:
            return Reason("skill", say("你会{skill}、{other}", skill=first, other=others[0]))
        return Reason("skill", say("你会{skill}", skill=first))
    if posting.certificates and not gates.missing_certificates(person, posting, context):
        asked = posting.certificates[0]
        held = next(code for code in person.certificates if words.covers((code,), asked))
        return Reason(
            "certificate", say("你的{certificate}用得上", certificate=words.certificate_label(held))
        )
    if posting.occupation_code is not None:
        for wanted in person.occupations:
            if words.occupation_kinship(wanted, posting.occupation_code) >= 1.0:
                return Reason(
                    "occupation", say("你想干的{occupation}", occupation=words.occupation_label(wanted))
                )
        for held in person.skills:
            if not posting.skills and words.skill_serves_occupation(held, posting.occupation_code) >= 1.0:
                return Reason("trade", say("你会的{skill}用得上", skill=words.skill_label(held)))
    for asked in posting.skills:
        for held in person.skills:
            if words.skill_kinship(held, asked) >= SAME_TRADE:
                own, other = words.skill_label(held), words.skill_label(asked)
                return Reason("related", say("{own}和{other}是一路活", own=own, other=other))
    if posting.trains_beginners:
        return Reason("trains", say("没干过有人教"))
    if posting.certificates:
        return None
    if posting.skills and all(words.is_elementary(asked) for asked in posting.skills):
        return Reason("elementary", say("不用手艺"))
    if not posting.skills and not person.skills and not person.occupations:
        return Reason("unskilled", say("没要求手艺"))
    return None


def _about_place(person: PersonFacts, posting: PostingFacts) -> Reason:
    near = tell_distance(person, posting)
    in_town = places.common_digits(person.home_scope, posting.region_scope) >= places.TOWN_DIGITS
    if not in_town and places.bus_serves(posting, person.home_scope):
        village = person.home_scope[: places.VILLAGE_DIGITS]
        if len(village) == places.VILLAGE_DIGITS and village in posting.pickup:
            return Reason("bus", say("{near}，班车到村里", near=near))
        return Reason("bus", say("{near}，班车到你们那儿", near=near))
    return Reason("place", near)


def tell_distance(person: PersonFacts, posting: PostingFacts) -> Sentence:
    """Say how far the work is: 就在本村, 就在本镇, 离家 6 公里 (大约 where a centre stands for a
    point), 在耀州区."""
    shared = places.common_digits(person.home_scope, posting.region_scope)
    if shared == places.VILLAGE_DIGITS:
        return say("就在本村")
    metres = places.measured_m(person, posting)
    blur = max(person.blur_m, posting.blur_m)
    if metres is None or metres < blur:
        if shared == places.TOWN_DIGITS:
            return say("就在本镇")
        if posting.place_name:
            return say("在{place}", place=posting.place_name)
        return say("在你说的范围里") if person.reach_is_said else say("地方没写细")
    if metres < 1_000:
        return say("离家不到 1 公里") if blur == 0 else say("离家很近")
    kilometres = (metres + 500) // 1_000
    return say("离家 {km} 公里", km=kilometres) if blur == 0 else say("离家大约 {km} 公里", km=kilometres)


def _about_family(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    if "home_work" in posting.suits:
        return Reason("home_work", say("能拿回家干"))
    if not person.cares_for_family:
        return None
    if "care_hours" in posting.suits:
        return Reason("care_hours", say("能顾上接送孩子"))
    if "flexible" in posting.shifts:
        return Reason("flexible", say("时间自己定"))
    if posting.shifts == ("day",) and not gates.is_night_work(posting):
        return Reason("day_shift", say("白班，不上夜班"))
    return None


def _about_class(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    if posting.employer_kind == "public_welfare":
        return Reason("welfare", say("公益岗，你够条件"))
    if person.labour_class in gates.CLASSES_WITH_OWN_WORK and person.labour_class in posting.suits:
        words = say("活不重") if person.class_from_age else _CLASS_WORDS[person.labour_class]
        return Reason("class", words)
    return None


def _about_board(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    away = posting.lodging and (person.needs_lodging or places.travel_m(person, posting) > places.COMMUTE_M)
    if posting.board and away:
        return Reason("board_lodging", say("管吃管住"))
    if away:
        return Reason("lodging", say("管住"))
    return Reason("board", say("管饭")) if posting.board else None


def _about_pay(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    if person.pay_floor is None or posting.pay_min is None:
        return None
    above = posting.pay_min - person.pay_floor
    if above * 100 < person.pay_floor * WORTH_SAYING_PERCENT:
        return None
    unit = person.pay_floor_unit
    yuan = wages.in_unit(above, unit)
    if yuan <= 0:
        return None
    if posting.pay_max == posting.pay_min:
        return Reason("wage", say("工钱{unit}比你要的高 {yuan:,} 元", unit=tell_unit(unit), yuan=yuan))
    return Reason("wage", say("工钱{unit}起码比你要的高 {yuan:,} 元", unit=tell_unit(unit), yuan=yuan))


def _about_length(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    if posting.profile == "season" and "season" in person.profiles:
        return Reason("season", say("就干一季"))
    if posting.profile == "day" and "day" in person.profiles:
        return Reason("day_pay", say("日结"))
    return None


def _about_answers(posting: PostingFacts) -> Reason | None:
    if posting.answer_days is None or (posting.answer_permille or 0) < ANSWERS_WELL_PERMILLE:
        return None
    return Reason("answers", say("这家一般 {days} 天内回话", days=max(posting.answer_days, 1)))


def list_gaps(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> list[Reason]:
    """Return what the person should know or ask before going ("要先知道"), the weightiest first."""
    found = [
        _gap_welfare(posting),
        _gap_limits(person, posting),
        _gap_family(person, posting),
        _gap_unsaid(person, posting),
        _gap_skill(person, posting, context),
        _gap_pay(person, posting),
        _gap_place(person, posting),
    ]
    return [reason for reason in found if reason is not None]


def _gap_welfare(posting: PostingFacts) -> Reason | None:
    if posting.employer_kind != "public_welfare":
        return None
    return Reason("welfare", say("这岗先照顾家里没人上班的，要村里评一评"))


def _gap_limits(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    likely = [demand for demand in posting.likely_demands if demand in person.limits]
    if likely:
        return Reason("limits", say("这活多半要{demand}，先问清", demand=_DEMAND_WORDS[likely[0]]))
    if "night" in person.limits and not gates.NIGHT_SHIFTS.isdisjoint(posting.shifts):
        return Reason("night", say("也有夜班，先说好只上白班"))
    return None


def _gap_family(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    if not person.cares_for_family or gates.has_care_hours(posting):
        return None
    if places.travel_m(person, posting) > places.COMMUTE_M:
        return Reason("family", say("离家远，天天回家怕是来不及"))
    return None if posting.shifts else Reason("hours", say("几点上下班先问清，看顾不顾得上家"))


def _gap_unsaid(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    if person.education_step is None and posting.education_step > 0:
        return Reason("education", say("要{step}文化", step=SCHOOLING_WORDS[posting.education_step]))
    asks_age = posting.age_min is not None or posting.age_max is not None
    if person.age is None and person.born_on is None and asks_age:
        return Reason("age", say("要{ages}", ages=tell_age_range(posting)))
    return None


def tell_age_range(posting: PostingFacts) -> Sentence:
    """Say the age range of a posting that asks for one: 18 到 45 岁, 满 18 岁, 45 岁以下."""
    least, most = posting.age_min, posting.age_max
    if least is None:
        return say("{most} 岁以下", most=most or 0)
    return (
        say("满 {least} 岁", least=least)
        if most is None
        else say("{least} 到 {most} 岁", least=least, most=most)
    )


def tell_unit(unit: str) -> Sentence:
    """Say a unit of pay: 一天, 一小时, 一周, 一年; anything else by the month."""
    return _UNIT_WORDS.get(unit, _A_MONTH)


def _gap_skill(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> Reason | None:
    if posting.trains_beginners or not posting.skills:
        return None
    if any(scoring.known_share(person, asked, context) >= SAME_TRADE for asked in posting.skills):
        return None
    hard = [asked for asked in posting.skills if not context.words.is_elementary(asked)]
    return Reason("skill", say("要会{skill}", skill=context.words.skill_label(hard[0]))) if hard else None


def _gap_pay(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    if posting.pay_min is None and posting.pay_max is None:
        return Reason("piece" if posting.pay_by_piece else "pay", _ask_pay(posting))
    if person.pay_floor is not None and posting.pay_min is not None and posting.pay_min < person.pay_floor:
        unit = person.pay_floor_unit
        least = wages.in_unit(posting.pay_min, unit)
        return Reason("wage", say("最低{unit} {yuan:,} 元", unit=tell_unit(unit), yuan=least))
    return None


def _ask_pay(posting: PostingFacts) -> Sentence:
    return say("按件算钱，一月能挣多少先问清") if posting.pay_by_piece else say("工钱没写，先问清")


def _gap_place(person: PersonFacts, posting: PostingFacts) -> Reason | None:
    if places.travel_m(person, posting) > places.COMMUTE_M and not posting.lodging:
        return Reason("lodging", say("离家远，不管住"))
    if len(posting.region_scope) < places.TOWN_DIGITS and posting.blur_m and posting.place_name:
        return Reason("place", say("上班地方只写到{place}，先问清", place=posting.place_name))
    return None
