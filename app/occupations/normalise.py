"""Titles and people's own words made comparable: width and case; decoration, firm names and pay removed."""

import re
import unicodedata

_BRACKETS = re.compile(r"[(\[{【〔「『《<][^()\[\]{}【】〔〕「」『』《》<>]*[)\]}】〕」』》>]")
_OPEN_END = re.compile(r"[(\[【][^)\]】]*$")
_FIRM = re.compile(r"^.{1,24}?(?:招聘|诚聘|直招|急招|招收|招募|诚招|高薪聘请|聘请|急聘|聘)(?=.{2})")
_ASK = re.compile(
    r"^(?:(?:高薪|大量|长期|现|急需|急|诚|直|特|招|聘|需要|需|寻|找|求|我?想?要?找|我?会|我?能|想干|想做|干过|做过|当过)+)"
    r"(?:招聘|招|聘|请|一名|几名|若干名?|数名|\d+名)*[::]?"
)
_COUNT = re.compile(r"(?:\d+|[一二两三四五六七八九十]+|若干|数)\s*(?:名|人|位)(?!工)")
_PAY = re.compile(
    r"(?:月薪|底薪|保底|年薪|综合|薪资|工资|日薪|时薪|日结|无责|责任底薪|收入|提成|到手|月入|包干|起薪)[^,。;!、|/\s]{0,12}"
    r"|\d+(?:\.\d+)?\s*[-~至到—]+\s*\d+(?:\.\d+)?\s*(?:[kKwW万千元]|块)*(?:/?[月天日年时])?"
    r"|\d+(?:\.\d+)?\s*(?:[kKwW万千元块]+)(?:起|以上|\+|左右|/?[月天日年时])*"
    r"|\d{4,6}\+?(?:起|以上|元)?"
)
_PERKS = re.compile(
    r"五险一?金?|六险一?金?|双休|单休|大小周|包吃住?|包住宿?|包食宿|管吃管?住?|免费(?:住宿|培训|吃住)|带薪(?:培训|年假)|不加班|"
    r"长白班|两班倒|朝九晚\S|早九晚\S|无需经验|不限经验|零经验|接受小白|可小白|就近(?:分配|安排|入职)|下午茶|年终奖|餐补|房补|"
    r"高薪|急聘|急招|可实习|应届生?|24届|25届|周末双休|法定(?:节假日|假期)|缴纳社保|有社保|买社保|月休\S天"
)
_SERIAL = re.compile(r"\b(?:MJ|J|ID)\s*\d+\b", re.IGNORECASE)
_SPACE = re.compile(r"[\s!?。,;~*★☆●◆■▲→_=#@&·…]+")


def plain(text: str) -> str:
    """Full width to half width, lower case, single spaces: the form every table of words is compared in."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def clean_title(text: str) -> str:
    """The trade words of a posting title or of what a person typed; may be empty. Any text is accepted.

    >>> clean_title("诚聘缝纫工5名（包吃住，月薪4000-6000元）")
    '缝纫工'
    >>> clean_title("金刚商贸招聘店员/营业员")
    '店员/营业员'
    """
    words = _SERIAL.sub(" ", plain(text[:200]))
    bare = _OPEN_END.sub(" ", _BRACKETS.sub(" ", words))
    if len(bare.strip()) < 2:
        bare = words
    bare = _FIRM.sub("", bare)
    bare = _ASK.sub("", bare) or bare
    for noise in (_PERKS, _COUNT, _PAY):
        thinner = noise.sub(" ", bare)
        bare = thinner if len(thinner.strip()) >= 2 else bare
    return " ".join(_SPACE.sub(" ", bare).split()).strip(" -+:|/\\.、'\"")
