"""工时: how long a day, how many days a month, and what the law allows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.vetting.clauses import clause, sentence
from app.vetting.findings import About, Hit
from app.vetting.terms import Rule, Severity

DAY_H: Final = Decimal(8)
"""劳动法第三十六条: eight hours a day, 44 a week."""
WEEK_H: Final = Decimal(44)
LONGEST_DAY_H: Final = Decimal(11)
"""第四十一条: three hours of overtime a day at the most."""
MONTH_H: Final = Decimal(174)
"""21.75 paid days of eight hours: 关于职工全年月平均工作时间和工资折算问题的通知 (劳社部发〔2008〕3号)."""
MOST_OVERTIME_H: Final = Decimal(36)
"""第四十一条: overtime a month."""
LEAST_REST_DAYS: Final = 4
"""第三十八条: one day in seven."""
USUAL_DAYS: Final = 26
WEEKS: Final = Decimal(52) / 12

_HAN: Final = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {
    "两": 2,
    "半": 0,
    "十一": 11,
    "十二": 12,
    "十三": 13,
    "十四": 14,
    "十五": 15,
    "十六": 16,
}
_N: Final = r"\d{1,2}(?:\.\d)?|十[一二三四五六]?|[五六七八九]"
_DAILY: Final = re.compile(
    r"(?:每天|每日|一天|日均|每班|工作时间|上班时间|工作时长|工时|上班|一班|长白班|白班|夜班"
    rf"|倒班|两班|工作|干|班次|坐班|直落|[两二2]班倒)[^。;\n\d十]{{0,8}}?(?P<low>{_N})(?:\s*(?:"
    r"-|~|到|至)\s*(?P<high>\d{1,2}(?:\.\d)?))?\s*(?:个)?(?:小时|钟头|个钟|h(?![a-z])"
    r"|小時)(?!热水|营业|内|以内|客服|供|开放|保安|监控|在线|待命|值班室|便利|制\d)"
    rf"|(?P<low2>{_N})\s*(?:个)?(?:小时|钟头|h(?![a-z]))(?:工作制|制|两班倒|二班倒"
    r"|[/每一]\s*(?:天|日|班)|倒班|长白班|白班|工作|上班|,?\s*[两二2]班)"
)
_CLOCK: Final = re.compile(
    r"(?P<am>早上?|上午|早晨|晨|凌晨|白班|朝|晚上?|下午|夜班)?\s*(?P<h1>\d{1,2}"
    r"|[五六七八九十]|十一|十二)\s*(?:[:点时]\s*(?P<m1>\d{2}|半)?分?)?(?:钟)?\s*(?:一直)?(?:干|上|做|忙|守|站)?\s*(?:-|~|到|至"
    r"|—|–|－)+\s*(?P<pm>晚上?|下午|次日(?:早上?|凌晨)?|第二天(?:早上?)?|夜里|傍晚|凌晨|早上?"
    r"|中午|晚)?\s*(?P<h2>\d{1,2}|[五六七八九十]|十一|十二)\s*(?P<t2>[:点时]\s*(?P<m2>\d{2}"
    r"|半)?)"
)
_NINE_NINE: Final = re.compile(
    r"朝(?P<a>[六七八九])晚(?P<b>[五六七八九十])|早(?P<a2>[六七八九])晚(?P<b2>[五六七八九十])"
    r"|(?<!\d)(?P<nns>996|997|007)(?!\d)"
)
_BREAK: Final = re.compile(
    r"(?:午休|休息|吃饭|用餐|午餐|中间|中午|中途|午间|歇)[^。;\n\d一二两三半]{0,8}(?P<n>\d(?:"
    r"\.\d)?|[一二两三半])(?P<half>个?半)?\s*(?:个)?(?P<half2>半)?\s*(?:小时|钟头|h)"
    r"|(?P<minutes>\d{2,3})\s*分钟"
)
_REST: Final = re.compile(
    r"(?:每?月|一个?月)(?:可)?(?:轮)?(?:休息?|休假|公休|轮休|放假"
    r"|带薪休假?)\s*(?:息)?(?P<low>\d|[一二两三四五六七八九])(?:\s*(?:-|~|到"
    r"|至)\s*\d)?\s*(?:天|日)"
)
_WORKED: Final = re.compile(
    r"(?:每月|一个?月|月)(?:工作|出勤|上班|满勤|上满|干满?|上|要上"
    r"|需上)\s*(?:满)?(?P<days>2\d|3[01])\s*(?:天|日|个班)"
)
_NO_REST: Final = re.compile(
    r"(?:全年|全月|每月|整月|常年|月)(?:无休|不休息?|不放假|没有?休)"
    r"|(?<=[,，。;\s])无休(?=[,，。;\s]|$)|(?:30|31|三十)天(?:无休"
    r"|不休|全勤|满勤)|无(?:休息日|休假|公休|双休单休)|没有(?:休息日|休假|周末|假期|节假日)"
    r"|不(?:放假|休息|休假)(?!扣|日)|天天(?:上班|干|都要上)|一个?月(?:干|上)(?:满)?(?:30|31"
    r"|三十)天|(?:30|31|三十)天(?:上|干)满|连续(?:上|工作|干)(?:30|三十|一个?月)|全勤(?:30"
    r"|31)天|7天无休|七天无休|周末无休|节假日无休"
)
_WEEK: Final = re.compile(
    r"(?P<double>双休|做五休二|五天工作制|5天工作制|周末双休|每?周(?:工作)?(?:五|5)天"
    r"|五天(?:八|8)小时|朝九晚五|朝九晚六)|(?P<single>单休|做六休一|六天工作制|6天工作制"
    r"|周休一天|每?周休(?:息)?(?:一|1)天|每?周(?:工作)?(?:六|6)天|上六休一|周日休)"
    r"|(?P<big>大小周|单双休)|(?P<other>(?:做|上|干)(?P<on>[一二两三四五1-5])(?:天)?休(?P<off>"
    r"[一二两三四1-4])|上一天休"
    r"|24小时休|上24休|做24休|隔天)"
    r"|(?P<seven>每?周(?:工作)?(?:七|7)天)"
)
_FLEX: Final = re.compile(
    r"综合(?:计算)?工时|不定时工作?制|综合工时制|弹性|时间自由|自由安排|兼职|小时工|钟点|住家"
    r"|24小时住家"
)
_NOT_WORK: Final = re.compile(
    r"营业|接待时间|面试|咨询|报名|联系|门店开|开放|热水|供应|宿舍|门禁|配送时间|客服热线"
    r"|电话|来电|培训时间|游|开庭|办公时间接|送达|发货"
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """工时读数: `day_h` hours a day without breaks, `days` a month, each with its place; None: not said.

    `no_rest` where the text itself says there is none; `flexible` for kinds of hours these rules do not fit.
    """

    day_h: Decimal | None = None
    day_at: tuple[int, int] | None = None
    guessed_break: bool = False
    days: Decimal | None = None
    days_at: tuple[int, int] | None = None
    no_rest: bool = False
    flexible: bool = False

    @property
    def month_h(self) -> Decimal | None:
        """Hours a month; None unless both are said."""
        return self.day_h * self.days if self.day_h is not None and self.days is not None else None


def read_schedule(text: str) -> Schedule:
    """Reads the hours a text sets. The longest day and the fewest rest days count. Never raises."""
    day_h, day_at, guessed = _longest_day(text)
    days, days_at, no_rest = _days(text)
    return Schedule(day_h, day_at, guessed, days, days_at, no_rest, bool(_FLEX.search(text)))


def find_hours(text: str, about: About) -> Iterator[Hit]:
    """Days, weeks and months longer than the law allows."""
    if not re.search(r"\d|休|小时|点|钟|班|[五六七八九十]", text):
        return
    plan = read_schedule(text)
    if plan.flexible and not plan.no_rest:
        return
    advice = (
        "写清每天几小时、中间歇多久、每周歇几天、加班怎么算。每天8小时，加班不超过3小时，每周至少歇一天。"
    )
    if plan.day_h is not None and plan.day_at is not None:
        rests = plan.days is None or plan.days <= 31 - LEAST_REST_DAYS
        hopeless = plan.day_h > LONGEST_DAY_H and not rests and not plan.guessed_break
        if plan.day_h > 14 and not plan.guessed_break and not _is_shift_off(text):
            hopeless = True
        limit = DAY_H + (1 if plan.guessed_break else 0)
        month = plan.month_h
        if month is not None and month <= WEEK_H * WEEKS and plan.day_h <= DAY_H + 1:
            limit = DAY_H + 1  # half an hour more a day, made up for by the week
        over_month = month is not None and month > MONTH_H + MOST_OVERTIME_H + 6
        if (plan.day_h > limit and not _is_shift_off(text)) or over_month:
            yield Hit(Rule.HOURS, Severity.BLOCK if hopeless else Severity.WARN, *plan.day_at, advice)
    if (
        plan.days_at is not None
        and plan.days is not None
        and plan.days > 30 - LEAST_REST_DAYS + Decimal("0.5")
    ):
        worst = plan.no_rest and plan.day_h is not None and plan.day_h > DAY_H
        yield Hit(Rule.HOURS, Severity.BLOCK if worst else Severity.WARN, *plan.days_at, advice)


def _is_shift_off(text: str) -> bool:
    match = _WEEK.search(text)
    return bool(match and match.group("other"))


def _longest_day(text: str) -> tuple[Decimal | None, tuple[int, int] | None, bool]:
    best: tuple[Decimal, tuple[int, int], bool] | None = None
    for match in _DAILY.finditer(text):
        figure = match.group("high") or match.group("low") or match.group("low2")
        hours = _number(figure)
        near, _ = clause(text, *match.span())
        if hours is None or not 1 <= hours <= 24 or _NOT_WORK.search(near[-6:] + match.group()):
            continue
        if re.search(r"加班|超过|不超|以?内|午休|休息|培训|至少|热水|营业", match.group()) or (
            hours == 24 and not re.search("工作|上班|班", match.group())
        ):
            continue
        if best is None or hours > best[0]:
            best = (hours, match.span(), False)
    if best is not None:
        return best
    for match in _CLOCK.finditer(text):
        span = _clock_hours(text, match)
        if span is not None and (best is None or span[0] > best[0]):
            best = (span[0], match.span(), span[1])
    for match in _NINE_NINE.finditer(text):
        if match.group("nns"):
            return Decimal(11), match.span(), False
        start, end = (
            _number(match.group("a") or match.group("a2")),
            _number(match.group("b") or match.group("b2")),
        )
        if start is not None and end is not None:
            hours = end + 12 - start - 1
            if best is None or hours > best[0]:
                best = (hours, match.span(), True)
    return best if best is not None else (None, None, False)


def _clock_hours(text: str, match: re.Match[str]) -> tuple[Decimal, bool] | None:
    """Hours between two clock times less the break; True where the break is our guess."""
    start, end = _clock(match.group("h1"), match.group("m1")), _clock(match.group("h2"), match.group("m2"))
    if start is None or end is None:
        return None
    head, tail = sentence(text, *match.span())
    if _NOT_WORK.search(head[-14:]) or re.match(r"\s*(?:元|人|名|天|个|岁|年|月|千|k)", tail):
        return None
    at_work = (
        re.search(r"班|工作|上班|作息|每天|时间|[午单双]休|休息", head[-16:] + tail[:16])
        or match.group("am")
        or match.group("pm")
    )
    if not at_work:
        return None
    late = match.group("pm") or ""
    if match.group("am") and re.match(r"晚|下午|夜班", match.group("am")) and start < 12:
        start += 12
    if re.match(r"晚|下午|夜里|傍晚", late) and end < 12:
        end += 12
    if end <= start and not late and end + 12 > start:
        end += 12
    if end <= start:
        end += 24
    hours = end - start
    if not 4 <= hours <= 16:
        return None
    if re.search(r"午休|休息", head[-6:]):
        return None
    lunch = re.search(
        r"(?:午休|休息|午餐|吃饭)[^。;\n\d]{0,4}(\d{1,2})[:点](\d{2})?\s*(?:-|~|到|至"
        r"|—)+\s*(\d{1,2})[:点](\d{2})?",
        tail,
    )
    if lunch:
        first, last = _clock(lunch.group(1), lunch.group(2)), _clock(lunch.group(3), lunch.group(4))
        if first is not None and last is not None:
            return hours - (last - first if last > first else last + 12 - first), False
    pause = _BREAK.search(head[-20:] + tail[:40])
    if pause:
        return hours - _pause_h(pause), False
    return (hours - 1, True) if hours > 5 else (hours, False)


def _pause_h(match: re.Match[str]) -> Decimal:
    if match.group("minutes"):
        return Decimal(match.group("minutes")) / 60
    if match.group("n") == "半":
        return Decimal("0.5")
    whole = _number(match.group("n")) or Decimal(0)
    return whole + (Decimal("0.5") if match.group("half") or match.group("half2") else 0)


def _clock(hour: str, minute: str | None) -> Decimal | None:
    whole = _number(hour)
    if whole is None or whole > 24:
        return None
    if minute == "半":
        return whole + Decimal("0.5")
    return whole + (Decimal(minute) / 60 if minute and minute.isdigit() and int(minute) < 60 else 0)


def _days(text: str) -> tuple[Decimal | None, tuple[int, int] | None, bool]:
    """Days worked a month, where it is said, whether it is said that there is no rest."""
    for match in _NO_REST.finditer(text):
        head, tail = sentence(text, *match.span())
        if not re.search(
            r"门店|本店|店铺|景区|超市|餐厅全|营业|不会|不是|可以?调休|轮休", head[-8:] + tail[:10]
        ):
            return Decimal(30), match.span(), True
    for match in _WORKED.finditer(text):
        if not re.search(r"满勤奖|全勤奖", text[match.end() : match.end() + 8]):
            return Decimal(match.group("days")), match.span(), False
    for match in _REST.finditer(text):
        rest = _number(match.group("low"))
        if rest is not None:
            return 30 - rest, match.span(), False
    week = _WEEK.search(text)
    if week is None:
        return None, None, False
    days = {
        "double": 5 * WEEKS,
        "single": 6 * WEEKS,
        "big": Decimal("5.5") * WEEKS,
        "other": Decimal(15),
        "seven": Decimal(30),
    }
    kind = next(name for name in days if week.group(name))
    if kind == "other" and week.group("on"):
        on, off = _number(week.group("on")) or Decimal(1), _number(week.group("off")) or Decimal(1)
        return 30 * on / (on + off), None, False
    return days[kind], week.span() if kind == "seven" else None, kind == "seven"


def _number(figure: str | None) -> Decimal | None:
    if not figure:
        return None
    if figure[0].isdigit():
        return Decimal(figure)
    known = _HAN.get(figure)
    return Decimal(known) if known is not None else None
