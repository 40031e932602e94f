"""工作条件解读: board, lodging, transport, shifts, insurance, length and demands, only what a text says."""

import re
from dataclasses import dataclass
from functools import cache

from app.jobs.reading.normal import normalise
from app.jobs.terms import Insurance
from app.occupations.terms import Demand, Shift, WorkProfile

_NOT = r"(?<!不)(?<!无)(?<!没有)(?<!不提供)(?<!自理)"
_BOARD = re.compile(
    _NOT + r"(?:包[吃食餐]|包住?[吃食]|管[吃饭]|供[餐食吃]|免费(?:[早中午晚]?[工作]*餐|[吃就用]餐?|三餐|"
    r"提供.{0,6}餐)|"
    r"提供.{0,6}(?:[早中午晚工作]{1,3}餐|三餐|食宿|吃住|膳食|伙食)|包[一两三]餐|[含包][早中午晚工作]{1,4}餐|工作餐|食宿全?(?:包|免)|包食宿|"
    r"有食堂|食堂)"
)
_LODGING = re.compile(
    _NOT + r"(?:包[吃食]?住|包[食吃]宿|管住|管吃管?住|供[宿住]|"
    r"(?:免费|提供|安排)[^,。;\n]{0,8}(?:住宿|宿舍|食宿|吃住|公寓)|"
    r"食宿全?(?:包|免)|有(?:员工)?宿舍|住宿免费|可住宿|可提供住宿)"
)
_BOARD_REFUSED = re.compile(
    r"不包[吃食餐]|不管[吃饭]|餐费自理|伙食自理|食宿自理|吃住自理|不提供(?:食宿|吃住|工作餐|餐)|不包吃住|不包食宿"
)
_LODGING_REFUSED = re.compile(
    r"不包(?:吃|食)?[住宿]|不管住|住宿自理|食宿自理|吃住自理|不提供(?:食宿|吃住|住宿|宿舍)|无住宿|不包吃住"
)
_TRANSPORT = re.compile(
    r"(?:专车|班车|厂车|免费车|大巴|通勤车)(?:免费)?(?:上下班)?(?:接送)?|上下班接送|包接送|免费接送|车接车送"
)
_SHIFTS: tuple[tuple[Shift, str], ...] = (
    (
        Shift.ROTATING,
        r"[两二三四]班(?:倒|制|轮|[两三]倒|[两三]运转)|倒班|翻班|轮班|三班|两班|早晚班|早中晚班|白夜班",
    ),
    (Shift.NIGHT, r"(?<!不上)(?<!无)(?<!不倒)(?<!没有)(?:长?夜班|上夜班|晚班|夜间)(?!补|津贴|费)"),
    (Shift.DAY, r"(?:长|正常)?白班|朝九晚[五六]|行政班|正常班"),
    (Shift.FLEXIBLE, r"弹性|时间(?:自由|灵活|自己定|自主)|自由安排时间|工时灵活"),
)
_ALL_FIVE = (
    Insurance.PENSION,
    Insurance.MEDICAL,
    Insurance.UNEMPLOYMENT,
    Insurance.INJURY,
    Insurance.MATERNITY,
)
_INSURANCE: tuple[tuple[tuple[Insurance, ...], str], ...] = (
    (_ALL_FIVE, r"[五5六]险|社保|社会保险|五金|养老医疗失业"),
    ((Insurance.HOUSING_FUND,), r"[五六5]险[一二两1]金|公积金"),
    ((Insurance.PENSION,), r"养老保险|[三四]险|养老[、,和]"),
    ((Insurance.MEDICAL,), r"医疗保险|医保|[三四]险|医社保"),
    ((Insurance.UNEMPLOYMENT,), r"失业保险|[三四]险"),
    ((Insurance.INJURY,), r"工伤(?:保险|险)|四险"),
    ((Insurance.MATERNITY,), r"生育保险"),
    ((Insurance.ACCIDENT,), r"意外(?:伤害)?(?:保?险|伤害)|雇主责任险|六险|商业保险"),
)
_INSURANCE_REFUSED = re.compile(r"(?:不|无|没有)(?:交|买|缴|缴纳|购买|提供)?(?:社保|五险|保险|社会保险)")
_PROFILES: tuple[tuple[WorkProfile, str], ...] = (
    (WorkProfile.DAY, r"日结|(?<!每)日工(?!作|资)|零工|临时工|当天结|按天结|小时工(?!作|资)|钟点"),
    (WorkProfile.SEASON, r"季节|暑假工|寒假工|暑期工|短期|采摘|农忙|采茶|摘棉|季度工"),
    (WorkProfile.LONG, r"长期|全职|正式工|长白班"),
)
_DEMANDS: tuple[tuple[Demand, str], ...] = (
    (Demand.HEAVY_LIFTING, r"搬运|装卸|搬重|重体力|扛|抬重|体力活|重物"),
    (
        Demand.NIGHT,
        r"(?<!不上)(?<!无)(?<!不倒)(?<!没有)(?:夜班|大夜|通宵)(?!补|津贴|费)|[两二三]班倒|倒班|翻班",
    ),
    (Demand.HEIGHTS, r"登高|高空|高处作业|爬高|脚手架|幕墙|架子工"),
    (Demand.LONG_STANDING, r"久站|站立(?:工作|作业|上班)|站着上班|长时间站"),
    (Demand.READING, r"(?:能|会|需|须|要)?识字|认字|会写字|会读写"),
    (Demand.OUTDOOR, r"户外|露天|室外|野外|外勤|绿化养护|环卫|护林|巡山"),
    (Demand.FINE_HANDWORK, r"手工精细|细手工|精细|刺绣|绣花|手指灵活|手脚灵活|显微镜|穿线|串珠"),
    (Demand.PHONE_USE, r"智能手机|会用手机|使用手机|手机接单|app|小程序"),
    (Demand.TRAVEL, r"出差|驻外|长途(?:驾驶|运输|送货)|跑长途|外派"),
    (Demand.DUST, r"粉尘|打磨|喷砂|抛光|灰尘|扬尘"),
)
_DENIED = re.compile(r"(?:不|无|没有|免|不用|无需|不需|不必|无须)\s*(?:要|用|会|能|需要|上|倒|加)?$")


@dataclass(frozen=True, slots=True)
class Conditions:
    """工作条件. None = the text does not say; a tuple holds each term once, in the order of its list."""

    board: bool | None = None
    lodging: bool | None = None
    transport: bool | None = None
    shifts: tuple[Shift, ...] = ()
    insurance: tuple[Insurance, ...] = ()
    profile: WorkProfile | None = None
    demands: tuple[Demand, ...] = ()


def read_conditions(*texts: str | None) -> Conditions:
    """Read the conditions named in any of the texts (benefit tags, description, remarks). Never guesses."""
    clean = normalise("\n".join(text for text in texts if text))
    shifts = tuple(shift for shift, words in _SHIFTS if _says(words, clean))
    return Conditions(
        board=_yes_or_no(_BOARD, _BOARD_REFUSED, clean),
        lodging=_yes_or_no(_LODGING, _LODGING_REFUSED, clean),
        transport=True if _TRANSPORT.search(clean) else None,
        shifts=shifts,
        insurance=_insurance(clean),
        profile=next((profile for profile, words in _PROFILES if _says(words, clean)), None),
        demands=tuple(demand for demand, words in _DEMANDS if _says(words, clean)),
    )


def _says(words: str, text: str) -> bool:
    found = _compiled(words).finditer(text)
    return any(not _DENIED.search(text[max(0, match.start() - 4) : match.start()]) for match in found)


@cache
def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words)


def _yes_or_no(yes: re.Pattern[str], no: re.Pattern[str], text: str) -> bool | None:
    if no.search(text):
        return False
    return True if yes.search(text) else None


def _insurance(text: str) -> tuple[Insurance, ...]:
    if _INSURANCE_REFUSED.search(text):
        return ()
    named = {kind for kinds, words in _INSURANCE if _says(words, text) for kind in kinds}
    return tuple(kind for kind in Insurance if kind in named)
