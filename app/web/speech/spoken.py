"""怎么念: a written text as somebody would read it out: numbers, pay, days, times, phone numbers. Pure."""

import re
from typing import Final

LONGEST: Final = 1500
"""Characters of a text that are read: about four minutes."""
_DIGITS: Final = "零一二三四五六七八九"
_ON_THE_PHONE: Final = "零幺二三四五六七八九"
_PLACES: Final = ("", "十", "百", "千")
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_PER: Final = {
    "月": "每个月",
    "天": "每天",
    "小时": "每小时",
    "件": "每件",
    "周": "每周",
    "年": "每年",
    "日": "每天",
}
# Where two is 两: counted things. Not months and days of the calendar.
_COUNTED: Final = "个人天年家公里小时米回样次件岁班组台辆元块位张顿"
_PHONE: Final = re.compile(
    r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}|12333|12345|12348|1[12][09])(?!\d)"
)
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2}) ?年")
_TIME: Final = re.compile(r"(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?!\d)")
_RANGE: Final = re.compile(rf"({_NUMBER}) ?(?:[–—~～-]|至) ?(?={_NUMBER})")
_PAY: Final = re.compile(rf"((?:{_NUMBER}到)?(?:{_NUMBER})) ?元 ?/ ?(月|天|小时|件|周|年|日)")
_PERCENT: Final = re.compile(rf"({_NUMBER}) ?%")
_ANY: Final = re.compile(rf"({_NUMBER}) ?(?=(.?))")


def speak_number(number: int) -> str:
    """12350 -> 一万二千三百五十."""
    if number == 0:
        return _DIGITS[0]
    parts: list[str] = []
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, number = divmod(number, unit)
        if group == 0:
            continue
        if parts and group < 1000:
            parts.append(_DIGITS[0])
        parts.append(_speak_group(group) + name)
    words = "".join(parts)
    return words.removeprefix("一") if words.startswith("一十") else words


def _speak_group(group: int) -> str:
    """1 to 9999."""
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words


def _speak(text: str) -> str:
    """A number as written, with commas and a point."""
    whole, _, part = text.replace(",", "").partition(".")
    if len(whole) > 12:
        return "".join(_DIGITS[int(digit)] for digit in whole)
    words = speak_number(int(whole))
    return words + ("点" + "".join(_DIGITS[int(digit)] for digit in part) if part else "")


def _speak_phone(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    cuts = (3, 7) if len(digits) == 11 and digits[0] == "1" else (len(digits) - 8, len(digits) - 4)
    parts = [digits] if len(digits) < 7 else [digits[: cuts[0]], digits[cuts[0] : cuts[1]], digits[cuts[1] :]]
    return "，".join("".join(_ON_THE_PHONE[int(digit)] for digit in part) for part in parts if part)


def _speak_time(match: re.Match[str]) -> str:
    minutes = int(match[2])
    half = {0: "整", 30: "半"}.get(minutes, f"{speak_number(minutes)}分")
    hour = "两" if int(match[1]) == 2 else speak_number(int(match[1]))
    return f"{hour}点{half}"


def _speak_any(match: re.Match[str]) -> str:
    if match[1] == "2" and match[2] and match[2] in _COUNTED:
        return "两"
    return _speak(match[1])


def write_spoken(text: str) -> str:
    """`text` as it is read out, at most LONGEST characters of it."""
    words = re.sub(r"[ \t]+", " ", text[:LONGEST])
    words = re.sub(r"[·|｜/]\s|\s[·|｜]", "，", words)
    words = re.sub(r"(?<=\w) ?[（(]", "，", words)
    words = re.sub(r"[【】\[\]（）()《》“”\"*#_<>]", " ", words)
    words = _PHONE.sub(_speak_phone, words)
    words = _YEAR.sub(lambda match: "".join(_DIGITS[int(digit)] for digit in match[1]) + "年", words)
    words = _TIME.sub(_speak_time, words)
    words = _RANGE.sub(r"\1到", words)
    words = _PAY.sub(lambda match: f"{_PER[match[2]]}{match[1]}元", words)
    words = _PERCENT.sub(lambda match: f"百分之{_speak(match[1])}", words)
    words = _ANY.sub(_speak_any, words)
    words = words.replace("km", "公里").replace("/", "，")
    return re.sub(r"(?<=[\u4e00-\u9fff，。]) +(?=[\u4e00-\u9fff])", "", words).strip()


def join_spoken(parts: list[str]) -> str:
    """The parts as sentences, each with an end, so that the voice pauses."""
    ends = "。！？!?"
    kept = [part.strip() for part in parts if part and part.strip()]
    return "\n".join(part if part[-1] in ends else f"{part}。" for part in kept)
