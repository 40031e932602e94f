"""年龄与性别解读: the limits a text sets on age and gender. A preference (优先) sets none."""

import re
from dataclasses import dataclass

from app.core.terms import LabelledEnum
from app.jobs.reading.normal import normalise

YOUNGEST = 14
OLDEST = 80
"""Figures outside are no age limit of a post (they are years of experience, head-counts, room numbers)."""


class GenderLimit(LabelledEnum):
    """性别限制: what a text says about gender; kept so that vetting can object to it."""

    ANY = "any", "男女不限"
    MALE = "male", "限男性"
    FEMALE = "female", "限女性"


class AgeProblem(LabelledEnum):
    """年龄问题: why a figure that stands in the text is not stored."""

    CUT_OFF = "cut_off", "年龄的后一个数比前一个小，可能被截断了"


@dataclass(frozen=True, slots=True)
class AgeReading:
    """年龄读数: both ends inclusive, None = no limit; `gender` None = the text does not say.

    `approximate` marks 40岁左右: a wish rather than a limit, an import does not store it.
    """

    min: int | None = None
    max: int | None = None
    gender: GenderLimit | None = None
    approximate: bool = False
    problem: AgeProblem | None = None


_N = r"(?<![\d¥])(\d{2})(?!\d)"
_Y = r"\s*(?:周岁|岁周?|岁)"
_INCL = r"\s*(?:\(?\s*(?:含|包含|包括)\s*(?:\d{1,2}(?:周?岁)?)?\s*\)?|及)?\s*"
_NOT_YEARS = (
    r"(?!\s*(?:人|名|位|元|%|号|cm|厘米|个|小时|:|年|月|万|千|k|米|kg|斤|公斤|天|点|分|块|楼|平|台|次|\.\d))"
)
_RANGE = re.compile(
    rf"{_N}(?:{_Y})?(?:{_INCL}以上)?\s*(?:\(含\))?\s*(?:-|到|至|、|,?在)\s*(?:\(|"
    rf"满)?(\d{{1,2}})(?!\d)(?P<year>{_Y})?{_NOT_YEARS}"
)
_FROM_TO = re.compile(rf"{_N}{_Y}?{_INCL}以上\s*[,、至到-]?\s*{_N}{_Y}{_INCL}(?:以下|以内|之内)")
_UP = re.compile(
    rf"(?:年?满|不低于|不小于|不少于|大于|>=?|≥|最低|最小|高于|(?<!不)超过|从)\s*{_N}({_Y})?|{_N}({_Y})?{_INCL}(?:以上|起|"
    rf"及其?以上|往上|朝上|\+)"
)
_DOWN = re.compile(
    rf"(?:不超过?|不大于|不高于|小于|低于|<=?|≤|最高|最大|不满)\s*{_N}({_Y})?|{_N}({_Y})?{_INCL}(?:以下|以内|之内|之下|一下|已下|"
    rf"以前|内(?!蒙)|封顶|往下|为止)"
)
_ABOUT = re.compile(rf"{_N}({_Y})\s*(?:左右|上下)")
_EXACT = re.compile(rf"{_N}{_Y}")
_OPEN_RANGE = re.compile(r"^\W*(?:年龄\W*)?(\d{2})\s*岁?\s*-\s*$|^\W*-\s*(\d{2})\s*岁?\W*$")
_PREFERRED = re.compile(
    r"^\s*(?:之间|以[上下内]|左右|\))*\s*(?:者|的|人员|青年|左右)?\s*(?:女性|男性|女士|男士|女|男|应届\w{0,3}|人士|人员|"
    r"年轻人)?\s*(?:者|的)?\s*(?:优先|为佳|最佳|更佳|尤佳|最好|为宜)"
)
_REFUSED = re.compile(r"^\s*(?:者|的|人员|人士)?\s*(?:请?勿扰|免|请?勿|不招|不要|不收|不予|谢绝|非诚)")
_AGE_WORD = re.compile(r"年龄|年纪|岁数|周岁|岁")
_HAN_AGE = re.compile(
    r"(?<![\u4e00-\u9fff])?([一二三四五六七八]?十[一二三四五六七八九]?)(?=\s*(?:周岁|岁|-|到|至))"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}

_EITHER = re.compile(
    r"男女(?:性别)?(?:均|皆|都|各|不限|不拘|兼|通|可|不分|\d|-?\d)|不限男女|不分男女|男、?女(?:不限|均|皆|都)|男女\s*不限|男[/或、]女|"
    r"男女\s*[:,]|性别[^。;\n男女]{0,14}?(?:不限|不拘|均可|无要求)|(?:不限|无)性别|性别专业不限|无性别(?:要求|限制)"
)
_ONE = re.compile(
    r"(?P<male>男)(?!女|科|装|鞋|裤|士?内衣|朋友|友|包|生宿舍|宿舍|孩|子汉|厕)|(?<!男)(?P<female>女)(?!装|鞋|裤|包|士?内衣|袜|儿|科|"
    r"神|王|朋友|友|婿|孩|生宿舍|宿舍|排|厕|人|子(?:医院|学校|监狱))"
)
_NOT_GENDER_BEFORE = re.compile(r"[子儿妇美少孙仙才侄闺帅童婴]$")
_NAME_BEFORE = re.compile(r"[\u4e00-\u9fff\]](?<![限求为收招聘是要仅需的和或:下上内岁])$")
_GENDER_PREFERRED = re.compile(
    r"^(?:性|士|生|青年|工)?\s*\)?\s*(?:者|的)?(?:应届\w{0,3})?\s*(?:优先|为主|为佳|更佳|最佳|尤佳|最好|为宜|偏多|居多|优|比例)"
)
_BODY = re.compile(r"^(?:性|生|士)?\s*(?:身高)?\s*[:在]?\s*(?:1\.\d|1\d\d|一米)")


def read_age(text: str | None) -> AgeReading:
    """Read the age and gender limits a text sets. Two limits by gender give the wider one. Never raises."""
    if not text or not text.strip():
        return AgeReading()
    clean = _HAN_AGE.sub(lambda m: str(_han(m.group(1))), normalise(text))
    gender = _gender(clean)
    opened = _OPEN_RANGE.match(clean)
    if opened:
        low, high = opened.groups()
        return AgeReading(_sane(low), _sane(high), gender)
    limits = list(_limits(clean))
    lows = [low for low, _ in limits]
    highs = [high for _, high in limits]
    if not limits:
        about = _ABOUT.search(clean)
        if about and _sane(about.group(1)) and not _PREFERRED.match(clean[about.end() :]):
            years = int(about.group(1))
            return AgeReading(years, years, gender, approximate=True)
        return AgeReading(gender=gender, problem=_cut_off(clean))
    low_end = None if None in lows else min(x for x in lows if x is not None)
    high_end = None if None in highs else max(x for x in highs if x is not None)
    if len(limits) > 1 and not (_has_both(clean) or gender is GenderLimit.ANY):
        low_end, high_end = _combined(limits)
    if low_end is not None and high_end is not None and low_end > high_end:
        return AgeReading(gender=gender, problem=AgeProblem.CUT_OFF)
    return AgeReading(low_end, high_end, gender)


def read_gender(text: str | None) -> GenderLimit | None:
    """Read a gender column or sentence: 不限 alone means any, an empty cell says nothing."""
    clean = normalise(text or "")
    if re.fullmatch(r"\W*(?:不限|均可|无|无要求|都可以?|不限制)\W*", clean):
        return GenderLimit.ANY
    return _gender(clean)


def format_age(reading: AgeReading) -> str:
    """Write a reading so that `read_age` reads the same limits and gender again."""
    parts = []
    if reading.gender:
        parts.append(reading.gender.label)
    if reading.approximate and reading.min is not None:
        parts.append(f"{reading.min}岁左右")
    elif reading.min is not None and reading.max is not None:
        parts.append(f"{reading.min}-{reading.max}岁")
    elif reading.min is not None:
        parts.append(f"{reading.min}岁以上")
    elif reading.max is not None:
        parts.append(f"{reading.max}岁以下")
    return "，".join(parts)


def _limits(text: str) -> list[tuple[int | None, int | None]]:
    """Every limit in the text as (low, high), in order, preferences left out."""
    found: list[tuple[int, int | None, int | None]] = []
    taken = [False] * (len(text) + 1)

    def take(match: re.Match[str], low: int | None, high: int | None) -> None:
        rest = text[match.end() :]
        free = not any(taken[match.start() : match.end()])
        taken[match.start() : match.end()] = [True] * (match.end() - match.start())
        if _REFUSED.match(rest) and (low is None) != (high is None):
            low, high = (high, None) if low is None else (None, low)
        if free and not _PREFERRED.match(rest):
            found.append((match.start(), low, high))

    for match in _FROM_TO.finditer(text):
        if _is_pair(match.group(1), match.group(2)):
            take(match, int(match.group(1)), int(match.group(2)))
    for match in _RANGE.finditer(text):
        if _is_pair(match.group(1), match.group(2)) and _about_age(text, match, match.group("year")):
            take(match, int(match.group(1)), int(match.group(2)))
    for pattern, upward in ((_UP, True), (_DOWN, False)):
        for match in pattern.finditer(text):
            number = match.group(1) or match.group(3)
            year = match.group(2) or match.group(4)
            if _sane(number) and _about_age(text, match, year):
                take(match, int(number) if upward else None, None if upward else int(number))
    return [(low, high) for _, low, high in sorted(found, key=lambda f: f[0])]


def _about_age(text: str, match: re.Match[str], year: str | None) -> bool:
    """Whether a match speaks of age: it says 岁, follows 年龄, or is the whole text."""
    if year or "岁" in match.group():
        return True
    before = re.split(r"[。;\n,]", text[max(0, match.start() - 16) : match.start()])[-1]
    if re.search(r"年龄|年纪|岁数|年满", before) or re.search(r"年龄\W*$", text[: match.start()]):
        return True
    rest = re.sub(r"[\s\d.,:、()限女男性不以上下内要求]", "", text[: match.start()] + text[match.end() :])
    return not rest and bool(re.search(r"\d", match.group()))


def _is_pair(low: str, high: str) -> bool:
    return len(high) == 2 and _sane(low) is not None and _sane(high) is not None and int(low) <= int(high)


def _sane(number: str | None) -> int | None:
    if not number:
        return None
    return int(number) if YOUNGEST <= int(number) <= OLDEST else None


def _combined(limits: list[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """`18岁以上, 45岁以下` is one limit in two parts; otherwise the first limit stands."""
    low, high = limits[0]
    for other_low, other_high in limits[1:]:
        if low is None and high is not None and other_high is None:
            low = other_low
        elif high is None and low is not None and other_low is None:
            high = other_high
    return low, high


def _has_both(text: str) -> bool:
    genders = {m.lastgroup for m in _ONE.finditer(text)}
    return genders == {"male", "female"}


def _cut_off(text: str) -> AgeProblem | None:
    """`18-4` and `2-28`: a column too short for the second figure; also a range turned round (45-18岁)."""
    whole = re.fullmatch(r"\W*(?:年龄)?\W*(\d{1,2})\s*岁?\s*-\s*(\d{1,2})\s*(?:周?岁)?\W*", text)
    if whole and (
        len(whole.group(1)) + len(whole.group(2)) == 3 or int(whole.group(1)) > int(whole.group(2))
    ):
        return AgeProblem.CUT_OFF
    for match in _RANGE.finditer(text):
        low, high = match.group(1), match.group(2)
        if _sane(low) and int(high) < int(low) and _about_age(text, match, match.group("year")):
            return AgeProblem.CUT_OFF
    return None


def _gender(text: str) -> GenderLimit | None:
    if _EITHER.search(text):
        return GenderLimit.ANY
    seen: set[str] = set()
    for match in _ONE.finditer(text):
        if _NOT_GENDER_BEFORE.search(text[: match.start()][-1:]):
            continue
        rest = text[match.end() : match.end() + 14]
        if rest.startswith("士") and _NAME_BEFORE.search(text[: match.start()][-3:]):
            continue
        if _GENDER_PREFERRED.match(rest):
            continue
        seen.add(str(match.lastgroup))
        if _BODY.match(rest) and len(seen) == 1 and _has_both(text):
            seen |= {"male", "female"}
    if seen == {"male", "female"}:
        return GenderLimit.ANY
    if not seen:
        return None
    return GenderLimit.MALE if seen == {"male"} else GenderLimit.FEMALE


def _han(numeral: str) -> int:
    left, _, right = numeral.partition("十")
    return (_DIGITS[left] if left else 1) * 10 + (_DIGITS[right] if right else 0)
