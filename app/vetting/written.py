"""读穿伪装: one text as rules read it, each character knowing where it stands in the original.

Two readings: `plain` has one width, simplified characters, no invisible ones and pictures turned into words;
`joined` has besides lost what was pushed between the characters of a word (押-金, 押 🈲 金).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import opencc

from app.vetting.sound_alikes import find_sound_alikes

MAX_CHARS: Final = 4000
"""Longer texts are read up to here (the longest description a posting can have)."""

# Pictures and signs that stand for a word; any other picture counts as a blank.
_PICTURES: Final = {
    **dict.fromkeys("♀🚺👩👧💃🙍👸", "女"),
    **dict.fromkeys("♂🚹👨👦🤵🤴", "男"),
    **dict.fromkeys("🚫❌⛔🙅✖✘", "不要"),
    **dict.fromkeys("➕✚＋", "+"),
    **dict.fromkeys("💰💵💴🪙", "钱"),
    "🈚": "无",
    "🈶": "有",
    "🆓": "免费",
    "🈵": "满",
    "🐧": "qq",
    "🆔": "身份证",
    "📱": "电话",
    "📞": "电话",
    "☎": "电话",
    "✈": "飞机",
    "🛩": "飞机",
    "💊": "药",
    "🔞": "18岁",
    **dict.fromkeys("↓⬇", "以下"),
    **dict.fromkeys("↑⬆", "以上"),
}
_LOOK_ALIKES: Final = {
    **dict(zip("аеорсухіјѕѵԛԝ", "aeopcyxijsvqw", strict=True)),
    **dict(zip("αοτνικρχ", "aotvikpx", strict=True)),
    "囗": "口",
    "戸": "户",
    "戶": "户",
    "歺": "餐",
    "〇": "零",
    "薇": "微",
    "徽": "微",
    "钕": "女",
    "囡": "女",
    "囝": "男",
}
# 叁拾伍岁, 伍佰元: two together, for one alone is a surname or part of a word (退伍, 收拾).
_FORMAL: Final = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟]{2,}|[壹贰叁肆伍陆柒捌玖](?=百|千|元|万)")
_FORMAL_FIGURES: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_INVISIBLE: Final = frozenset("\u00ad\u034f\u061c\u180e\u2028\u2029\ufeff\ufffd\u20e3")
_NOISE: Final = re.compile(
    r"(?<=[\u4e00-\u9fffa-z0-9])[ \-_.·•*~^#@=&'`\"…‧・°丨|\\]+(?=[\u4e00-\u9fffa-z0-9])"
)
_BETWEEN_LATIN: Final = re.compile(r"[a-z0-9]")
# Digits one by one: 3 5 岁, 1*8*-*4*5岁, 1-2-3-4-5, 3-5-岁.
_ONE_BY_ONE: Final = re.compile(
    r"(?<![\d.])\d(?:[ .·*_°~-]{1,3}\d)+(?![\d.])(?:[ .·*_°-]{1,2}(?=[岁周后以]))?"
)
_LATIN_CUT: Final = re.compile(r"(?<![a-z])(?:v[ .·*_-]{1,2}x|w[ .·*_-]{1,2}x|q[ .·*_-]{1,2}q)(?![a-z])")
# Marks that divide lists and clauses are left where they stand, except inside these words.
_CUT_WORDS: Final = (
    "押金",
    "保证金",
    "身份证",
    "报名费",
    "中介费",
    "介绍费",
    "服装费",
    "培训费",
    "体检费",
    "乙肝",
    "贷款",
    "微信",
)
_CUT: Final = re.compile(
    "(?:"
    + "|".join("[/|+、,，。.!;:\\-()（）【】\\[\\]<>]{1,3}".join(word) for word in _CUT_WORDS)
    + ")(?![融额属牌])"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """读法: `text` for the rules; character i came from original[starts[i]:ends[i]]. `gaps` are the places
    where something was taken out; empty in the plain reading."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    gaps: frozenset[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the original."""
        return self.starts[start], self.ends[end - 1]

    def has_gap(self, start: int, end: int) -> bool:
        """Whether something was taken out inside text[start:end]."""
        return any(start < gap < end for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Written:
    """写的字: an original text and its readings, the plain one first."""

    original: str
    readings: tuple[Reading, ...]


def read_written(original: str) -> Written:
    """Reads any text; never raises."""
    original = original[:MAX_CHARS]
    plain = _plain(original)
    readings = [_with_words(plain)]
    joined = _joined(plain)
    if joined.gaps:
        readings.append(_with_words(joined))
    return Written(original, tuple(readings))


def _plain(original: str) -> Reading:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, char in enumerate(original):
        for letter in char if "\u4e00" <= char <= "\u9fff" and char not in _LOOK_ALIKES else _letters(char):
            if letter == " " and letters and letters[-1] == " ":
                ends[-1] = at + 1
                continue
            letters.append(_simplified(letter))
            starts.append(at)
            ends.append(at + 1)
    text = _FORMAL.sub(lambda run: run.group().translate(_FORMAL_FIGURES), "".join(letters))
    return Reading(text, tuple(starts), tuple(ends), frozenset())


@lru_cache(maxsize=8192)
def _letters(char: str) -> str:
    """What one character says: '' for an invisible one, a blank for a picture without a word."""
    if char == "\n":
        return "\n"
    if char in _PICTURES:
        return _PICTURES[char]
    kind = unicodedata.category(char)
    if char in _INVISIBLE or kind in ("Cf", "Mn", "Me", "Co", "Cs"):
        return ""
    plain = unicodedata.normalize("NFKC", char).lower()
    if "\u00c0" <= plain <= "\u024f":  # yā
        plain = unicodedata.normalize("NFD", plain)[0]
    if "\U0001f200" <= char <= "\U0001f2ff":  # 🈲 pushed between two characters
        return " "
    if kind in ("So", "Sk", "Cc", "Zs") and plain == char.lower():
        return " "
    return "".join(_LOOK_ALIKES.get(letter, " " if letter.isspace() else letter) for letter in plain)


@lru_cache(maxsize=8192)
def _simplified(letter: str) -> str:
    if letter < "\u3400" or _is_common(letter):
        return letter
    simple = _converter().convert(letter)
    return simple if len(simple) == 1 else letter


def _is_common(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _joined(plain: Reading) -> Reading:
    """Without what stands between two characters of a word; numbers and Latin words stay apart."""
    out: set[int] = set()
    for noise in _NOISE.finditer(plain.text):
        before, after = plain.text[noise.start() - 1], plain.text[noise.end()]
        if not (_BETWEEN_LATIN.match(before) and _BETWEEN_LATIN.match(after)):
            out.update(range(noise.start(), noise.end()))
    for cut in _CUT.finditer(plain.text):
        out.update(at for at in range(*cut.span()) if not plain.text[at].isalnum())
    for run in _LATIN_CUT.finditer(plain.text):
        out.update(at for at in range(*run.span()) if not plain.text[at].isalnum())
    for run in _ONE_BY_ONE.finditer(plain.text):
        out |= _between_digits(run)
    kept = [at for at in range(len(plain.text)) if at not in out]
    gaps = frozenset(new for new, at in enumerate(kept) if at - 1 in out)
    return Reading(
        "".join(plain.text[at] for at in kept),
        tuple(plain.starts[at] for at in kept),
        tuple(plain.ends[at] for at in kept),
        gaps,
    )


def _between_digits(run: re.Match[str]) -> set[int]:
    """What was pushed between digits, but for the dash of a range (1*8*-*4*5). A plain 3-5 is a range."""
    out: set[int] = set()
    marks = list(re.finditer(r"[ .·*_°~-]+", run.group()))
    pushed_in = len(marks) > 1
    for mark in marks:
        dash = next((char for char in mark.group() if char in "-~"), "")
        if dash and not (pushed_in and mark.group() == "-"):
            keep = mark.start() + mark.group().index(dash)
            out.update(at for at in range(mark.start(), mark.end()) if at != keep)
        else:
            out.update(range(mark.start(), mark.end()))
    return {run.start() + at for at in out}


def _with_words(reading: Reading) -> Reading:
    """With words written by their sound (压金, 押jin, yajin) put back."""
    found = find_sound_alikes(reading.text)
    if not found:
        return reading
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    gaps: set[int] = set()
    at = 0

    def keep(stop: int) -> None:
        for old in range(at, stop):
            if old in reading.gaps:
                gaps.add(len(text))
            text.append(reading.text[old])
            starts.append(reading.starts[old])
            ends.append(reading.ends[old])

    for start, end, word in found:
        keep(start)
        if start in reading.gaps:
            gaps.add(len(text))
        inside = reading.has_gap(start, end)
        for index, letter in enumerate(word):
            if inside and index:
                gaps.add(len(text))
            text.append(letter)
            starts.append(reading.starts[start])
            ends.append(reading.ends[end - 1])
        at = end
    keep(len(reading.text))
    return Reading("".join(text), tuple(starts), tuple(ends), frozenset(gaps))
