"""六个增补 (DOMAIN D2): the table. When each applies, what is looked for, why, and how the question to the
market changes. Pure.

| 增补 | 什么时候 | 去找什么 |
|---|---|---|
| 县外 -> 县内 | 在县外上班，挣得不够 | 本县（或更近）的活，工钱不比现在少 |
| 园区 -> 别处 | 在园区企业上班，挣得不够 | 园区以外的活，工钱不比现在少 |
| 普工 -> 技工 | 普通劳动力干普工，挣得不够 | 有人教手艺的活；考一个证就能干的活；培训 |
| 一样 -> 两样 | 全家只靠一样活 | 另一行、不耽误现在的活 |
| 长 -> 短 | 干长期工，或者靠地里、自家买卖 | 日结、一季的活，不耽误现在的活 |
| 自家产业 -> 就业 | 务农或自己干，没有上班 | 长期上班的活 |

None applies where the pay is known to be enough, or there is no work at all: then postings are simply looked
for (D1). Where the pay is not known, they are offered as what to do if it proves too little.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.rules import gates, places
from app.matching.supplements.facts import HouseholdWork, Words, WorkFacts, is_same_line
from app.matching.supplements.income import Income, yuan
from app.matching.supplements.terms import IncomeState, SupplementKind, WorkKind

_MONTHS: Final = 12
_OWN: Final = (WorkKind.FARM, WorkKind.OWN)
_AREA_WORDS: Final = {
    "village": Words("本村", "the village"),
    "township": Words("本镇", "the township"),
    "county": Words("本县", "the county"),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """情形: one person with work, pay and household."""

    person: PersonFacts
    work: WorkFacts
    household: HouseholdWork
    income: Income


@dataclass(frozen=True, slots=True)
class Judgement:
    """适用不适用: whether a supplement applies, and why (or why not)."""

    applies: bool
    words: Words


Keeps = Callable[[PostingFacts, MatchContext], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """换过的问法: the person as the market is asked now, which open postings are meant, and in words what
    changed against the person's own wishes."""

    person: PersonFacts
    keeps: Keeps
    changed: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Supplement:
    """一个增补: one row of the table."""

    kind: SupplementKind
    looks_for: Words
    judge: Callable[[Situation], Judgement]
    ask: Callable[[Situation], Question]


def judge_all(situation: Situation) -> list[tuple[Supplement, Judgement]]:
    """Every supplement with its judgement, in the order of the table."""
    if situation.work.kind is WorkKind.NONE:
        no = Words("眼下没有活，先看哪些岗位合适", "Without work at present: look for postings first")
        return [(row, Judgement(False, no)) for row in SUPPLEMENTS]
    if situation.income.state is IncomeState.ENOUGH:
        no = Words("照记着的数，收入够了", "By the figures on record the income is enough")
        return [(row, Judgement(False, no)) for row in SUPPLEMENTS]
    return [(row, row.judge(situation)) for row in SUPPLEMENTS]


def _yes(zh: str, en: str) -> Judgement:
    return Judgement(True, Words(zh, en))


def _no(zh: str, en: str) -> Judgement:
    return Judgement(False, Words(zh, en))


def _too_little(now: Situation) -> str:
    """What may truly be said of the pay."""
    return "挣的不够" if now.income.state is IncomeState.SHORT else "挣多少没记，先问清"


# ---------------------------------------------------------------- 县外 -> 县内
def _judge_away(now: Situation) -> Judgement:
    if now.work.kind is not WorkKind.JOB:
        return _no("不是在外上班", "Not in employment away from home")
    place, county = now.work.place, places.reach_area(now.person, "county")
    if place is None or (len(place) < len(county) and county.startswith(place)):
        return _no("上班的地方没写清，不知道在不在县外", "Where the work is is not on record")
    if place.startswith(county):
        return _no("已经在本县上班", "Already works in the home county")
    where = now.work.place_name
    return _yes(f"人在{where}上班，出了县，{_too_little(now)}", f"Works outside the county ({where})")


def _ask_away(now: Situation) -> Question:
    own = now.person.reach
    reach = own if places.REACHES.index(own) < places.REACHES.index("county") else "county"
    person = replace(_paid_as_now(now), reach=reach, reach_is_said=True)
    area = _AREA_WORDS[reach]
    only = Words(f"只看{area.zh}的活", f"Only work in {area.en}")
    return Question(person, _any_posting, (only, *_tell_floor(now)))


# ---------------------------------------------------------------- 园区 -> 别处
def _judge_park(now: Situation) -> Judgement:
    if now.work.kind is not WorkKind.JOB:
        return _no("不是在园区上班", "Not employed in a park")
    if now.work.employer_kind is None:
        return _no("那家单位没在这里登记，不知道是不是园区的", "Whether it is a park firm is not on record")
    if now.work.employer_kind != "park":
        return _no("不在园区企业上班", "Not at a park firm")
    return _yes(f"在园区企业{now.work.employer_name}上班，{_too_little(now)}", "Works at a park firm")


def _ask_park(now: Situation) -> Question:
    other = Words("不看园区企业的活", "Park firms left out")
    return Question(
        _paid_as_now(now), lambda posting, _: posting.employer_kind != "park", (other, *_tell_floor(now))
    )


# ---------------------------------------------------------------- 普工 -> 技工
def _judge_skill(now: Situation) -> Judgement:
    if now.work.kind is not WorkKind.JOB:
        return _no("没在上班", "Not in employment")
    if now.person.labour_class != "ordinary":
        return _no("只给普通劳动力", "For ordinary labour only")
    if now.work.is_general is None:
        return _no("干的什么活没写清，不知道是不是普工", "What kind of work is not on record")
    if not now.work.is_general:
        return _no("干的已经是手艺活", "The work is a trade already")
    title = now.work.title or "现在的活"
    return _yes(
        f"{title}是普工活，不要手艺，{_too_little(now)}；看学门手艺能不能多挣",
        "General work that asks for no trade",
    )


def _ask_skill(now: Situation) -> Question:
    taught = Words("只看学手艺、有人教的活", "Only work in a trade that is taught there")
    return Question(_paid_as_now(now), teaches_a_trade, (taught, *_tell_floor(now)))


def teaches_a_trade(posting: PostingFacts, context: MatchContext) -> bool:
    """Whether beginners are taught a skill there that not everybody has."""
    return posting.trains_beginners and any(not context.words.is_elementary(word) for word in posting.skills)


# ---------------------------------------------------------------- 一样 -> 两样
def _judge_second(now: Situation) -> Judgement:
    line, others = now.work.line, now.household.other_lines
    if line is None or None in others:
        return _no(
            "家里有人干的哪一行没写清，不知道是不是只靠一样", "Somebody's line of work is not on record"
        )
    if others - {line}:
        return _no("家里已经不止靠一样", "The household has more than one line already")
    zh = "全家干活的都是这一样" if now.household.others_working else "家里干活的就本人，就这一样"
    return _yes(zh, "The household lives from one line of work only")


def _ask_second(now: Situation) -> Question:
    line = now.work.line or ""

    def keeps(posting: PostingFacts, _: MatchContext) -> bool:
        code = posting.occupation_code
        return code is not None and not is_same_line(line, code) and fits_beside(now.work, posting)

    other = Words("只看另一行的活", "Only work in another line")
    return Question(_without_floor(now), keeps, (other, *_tell_beside(now)))


# ---------------------------------------------------------------- 长 -> 短
def _judge_short(now: Situation) -> Judgement:
    if now.work.kind in _OWN:
        own = "地里的收成" if now.work.kind is WorkKind.FARM else "自家的买卖"
        return _yes(
            f"靠{own}，来钱慢；空下来时干点短活，干完就见钱",
            "Own farming or business pays late; short work pays soon",
        )
    if now.work.profile is None:
        return _no("是长期工还是短工没写清", "How long the work lasts is not on record")
    if now.work.profile != "long":
        return _no("干的已经是短活", "The work is short-term already")
    return _yes(
        f"干的是长期工，{_too_little(now)}；歇班时可以添点短活", "Long-term work; short work can add to it"
    )


def _ask_short(now: Situation) -> Question:
    is_own = now.work.kind in _OWN
    profiles = ("day", "season") if is_own else ("day",)
    only = (
        Words("只看日结、一季的活", "Only work by the day or season")
        if is_own
        else Words("只看日结的活", "Only work by the day")
    )
    person = replace(_without_floor(now), profiles=profiles)
    return Question(person, lambda posting, _: fits_beside(now.work, posting), (only, *_tell_beside(now)))


# ---------------------------------------------------------------- 自家产业 -> 就业
def _judge_job(now: Situation) -> Judgement:
    if now.work.kind not in _OWN:
        return _no("已经在上班", "In employment already")
    own = "务农" if now.work.kind is WorkKind.FARM else "自己干"
    return _yes(
        f"靠{own}，{_too_little(now)}；可以出来上班",
        "Lives from their own industry; employment may earn more",
    )


def _ask_job(now: Situation) -> Question:
    only = Words("只看长期工", "Only long-term work")
    return Question(replace(now.person, profiles=("long",)), _any_posting, (only,))


# ---------------------------------------------------------------- shared
def fits_beside(work: WorkFacts, posting: PostingFacts) -> bool:
    """Whether a posting can be done beside the present work: taken home, at own hours, or by the day; beside
    one's own farm or business a season too. Never at night on top of a day's work."""
    if gates.is_night_work(posting):
        return False
    if "home_work" in posting.suits or "flexible" in posting.shifts or posting.profile == "day":
        return True
    return work.kind in _OWN and posting.profile == "season"


def _any_posting(_: PostingFacts, __: MatchContext) -> bool:
    return True


def _paid_as_now(now: Situation) -> PersonFacts:
    """Pays at least what is earned now (and what they said they need)."""
    if now.work.pay is None:
        return now.person
    return replace(now.person, pay_floor=max(now.person.pay_floor or 0, now.work.pay * _MONTHS))


def _tell_floor(now: Situation) -> tuple[Words, ...]:
    if now.work.pay is None or (now.person.pay_floor or 0) >= now.work.pay * _MONTHS:
        return ()
    pay = yuan(now.work.pay)
    return (Words(f"工钱不比现在少（一月 {pay} 元）", f"Pay not under the present {pay} yuan a month"),)


def _without_floor(now: Situation) -> PersonFacts:
    """As an addition the work need not bring the whole living."""
    return replace(now.person, pay_floor=None)


def _tell_beside(now: Situation) -> tuple[Words, ...]:
    if now.work.kind in _OWN:
        beside = Words(
            "不耽误自家的活：日结、一季的，能拿回家干、时间自己定的",
            "Beside their own: by the day or season, at home, at own hours",
        )
    else:
        beside = Words(
            "不耽误现在上班：歇班时干的日结活，能拿回家干、时间自己定的",
            "Beside the present job: by the day when off work, at home, at own hours",
        )
    if now.person.pay_floor is None:
        return (beside,)
    extra = Words("是添补，不拿本人要的工钱卡", "As an addition, the wage floor is set aside")
    return (beside, extra)


SUPPLEMENTS: Final = (
    Supplement(
        SupplementKind.AWAY,
        Words("本县的活，工钱不比现在少", "Work in the home county that pays no less"),
        _judge_away,
        _ask_away,
    ),
    Supplement(
        SupplementKind.PARK,
        Words("园区以外的活，工钱不比现在少", "Work outside the park that pays no less"),
        _judge_park,
        _ask_park,
    ),
    Supplement(
        SupplementKind.SKILL,
        Words(
            "有人教手艺的活、考一个证就能干的活、培训班",
            "Work that teaches a trade; one certificate; courses",
        ),
        _judge_skill,
        _ask_skill,
    ),
    Supplement(
        SupplementKind.SECOND,
        Words("另一行的活，不耽误现在的", "Work in another line beside the present one"),
        _judge_second,
        _ask_second,
    ),
    Supplement(
        SupplementKind.SHORT,
        Words("日结、一季的活，不耽误现在的", "Work by the day or season beside the present one"),
        _judge_short,
        _ask_short,
    ),
    Supplement(
        SupplementKind.JOB,
        Words("长期上班的活", "Long-term employment"),
        _judge_job,
        _ask_job,
    ),
)
