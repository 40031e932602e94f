"""文字归一: one way of writing for digits, dashes, brackets and Chinese numerals, before any reading."""

import re
import unicodedata

MAX_CHARS = 4000
"""Longer texts are read up to here: an advert of an office never reaches it, a hostile cell does."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "〇": 0, "壹": 1, "贰": 2}
_D = "[一二两三四五六七八九]"
_DASHES = re.compile(r"[‐‑‒–—―−─━﹘﹣ー〜～∼~˜_]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\ufffd]")
_ENCLOSED = re.compile("[\u2460-\u249b\u2776-\u2793\u3220-\u3229¹²³●◆★■▲◎※☆◇□▪·•]")
_LONE_CJK = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?![\u4e00-\u9fff]))")
_ONE_AS_DASH = re.compile(r"(?<=[\d元万千k岁])\s*一{1,3}\s*(?=\d)")
_THOUSANDS = re.compile(r"(?<![\d,.])(\d{1,3})((?:,\d{3})+)(?!\d)")
_COUNTED = "(?=天|个|小时|件|月|年|周|人|单|次|趟|名|车)"
_DIGIT_TO_DIGIT = re.compile(f"(?<![十百千万])({_D})[到至-]({_D})(万|千)(?!{_D})")
_TWO_DIGITS = re.compile(f"({_D})({_D})(万|千|百)")
_NUMERAL = re.compile(
    f"(?:({_D}?十{_D}?|{_D})万)?(?:({_D})千)?(?:零?({_D})百)?(?:零?({_D}?)(十))?(零?(?!一{_COUNTED}){_D}(?![万千百十]))?"
)
_MIXED = re.compile(
    r"(?<![\d.])(\d{1,2})(万|千|k)(\d)(?:(千|百)|(?![\d.,-])(?!\s*(?:千|万|k|-|个|名|人|天|年|险|月)))"
)


def normalise(text: str) -> str:
    """Give `text` plain digits, ASCII brackets and punctuation, `-` for every dash and Arabic numbers.

    Newlines stay (they end a sentence), other white space becomes one blank.
    """
    text = _ENCLOSED.sub(" ", _INVISIBLE.sub("", text[:MAX_CHARS]))
    text = unicodedata.normalize("NFKC", text)[:MAX_CHARS].lower()
    text = _DASHES.sub("-", text.replace("萬", "万").replace("仟", "千").replace("→", "|"))
    text = re.sub(r"[^\S\n]+", " ", text)
    text = _LONE_CJK.sub(r"\1", text)
    text = re.sub(r"-(?:\s?-)+", "-", text)
    text = _ONE_AS_DASH.sub("-", text)
    text = _THOUSANDS.sub(lambda m: m.group(1) + m.group(2).replace(",", ""), text)
    return text.strip()


def arabic_numerals(text: str) -> str:
    """Rewrite 三千五, 一万二, 四五千, 1万2 and 3千5 as digits; single digits (三班, 一年) stay."""
    text = _DIGIT_TO_DIGIT.sub(lambda m: f"{_DIGITS[m.group(1)]}-{_DIGITS[m.group(2)]}{m.group(3)}", text)
    text = _TWO_DIGITS.sub(_write_pair, text)
    text = _MIXED.sub(_write_mixed, text)
    return _NUMERAL.sub(_write_numeral, text)


def _write_pair(match: re.Match[str]) -> str:
    low, high = _DIGITS[match.group(1)], _DIGITS[match.group(2)]
    scale = {"万": 10000, "千": 1000, "百": 100}[match.group(3)]
    return f"{low * scale}-{high * scale}" if high == low + 1 else match.group(0)


def _write_mixed(match: re.Match[str]) -> str:
    scale = 10000 if match.group(2) == "万" else 1000
    small = {"千": 1000, "百": 100}.get(match.group(4) or "", scale // 10)
    return str(int(match.group(1)) * scale + int(match.group(3)) * small)


def _write_numeral(match: re.Match[str]) -> str:
    myriads, thousands, hundreds, tens, ten, tail = match.groups()
    if not (myriads or thousands or hundreds or ten):
        return match.group(0)
    value = 0
    if myriads:
        value += _small(myriads) * 10000
    if thousands:
        value += _DIGITS[thousands] * 1000
    if hundreds:
        value += _DIGITS[hundreds] * 100
    if ten:
        value += (_DIGITS[tens] if tens else 1) * 10
    if tail:
        scale = 1
        if not tail.startswith("零") and not ten:
            scale = 10 if hundreds else 100 if thousands else 1000
        value += _DIGITS[tail[-1]] * scale
    return str(value)


def _small(numeral: str) -> int:
    """八, 十, 十二, 二十, 二十五 as an integer."""
    left, ten, right = numeral.partition("十")
    if not ten:
        return _DIGITS[left]
    return (_DIGITS[left] if left else 1) * 10 + (_DIGITS[right] if right else 0)
