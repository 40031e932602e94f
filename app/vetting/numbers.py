"""遮号码: mobile and identity numbers in a posting's text, however written, do not reach the public.

The firm's phone has a field of its own, which only the office and the people it hires see; an office's old
list may still carry one in its text. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

HIDDEN: Final = "（号码不公开，点“我想去”）"
_FIGURES: Final = str.maketrans("零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两", "00012345678912345678912")
_BETWEEN: Final = r"[\s\-_.·•*~—–－,，、/|()（）\u200b\u200c\u200d\ufeff]{0,3}"
_RUN: Final = re.compile(rf"(?<![0-9])[0-9](?:{_BETWEEN}[0-9]){{10,17}}(?:{_BETWEEN}[xX])?(?![0-9])")
_MOBILE: Final = re.compile(r"(?:86)?1[3-9]\d{9}")
_ID_NUMBER: Final = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx]")
# 13000-150000: two sums of money, not a number cut in two.
_SUMS: Final = re.compile(r"\d{5,6}\s*[-~—–－至到]\s*\d{5,6}")


def hide_numbers(text: str) -> str:
    """The text with each mobile or identity number replaced by a word about where to ask.

    >>> hide_numbers("打 １３９ ０００５ 五五一一 找老陈")
    '打 （号码不公开，点“我想去”） 找老陈'
    """
    found = list(_spans(text))
    for start, end in reversed(found):
        text = text[:start] + HIDDEN + text[end:]
    return text


def has_number(text: str) -> bool:
    """Whether a mobile or identity number stands in the text, openly or disguised."""
    return next(_spans(text), None) is not None


def _spans(text: str) -> Iterator[tuple[int, int]]:
    flat = "".join(_flat(sign) for sign in text)
    for match in _RUN.finditer(flat):
        words = match.group()
        digits = re.sub(r"[^0-9xX]", "", words)
        if _SUMS.fullmatch(words):
            continue
        if _MOBILE.fullmatch(digits) or _ID_NUMBER.fullmatch(digits):
            yield match.span()


def _flat(sign: str) -> str:
    """One sign for one: full width and circled figures, Chinese figures, each as a digit."""
    plain = unicodedata.normalize("NFKC", sign)
    plain = plain if len(plain) == 1 else sign
    plain = plain.translate(_FIGURES)
    if not plain.isascii() and plain.isdigit():
        value = unicodedata.digit(plain, None)
        return str(value) if value is not None else plain
    return plain
