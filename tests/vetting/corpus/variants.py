"""The corpus for vetting: seeds written by hand, and disguises put over them in a fixed order.

A bad seed is `rule|title|[{json of further fields}|]text`, a good one `title|text`; what stands in braces is
the part somebody who wants to slip past would disguise. `first` seeds were at hand while the rules were made,
`held`, `fresh` and `late` ones were written afterwards, before the rules saw them; docs/vetting.md has the
figures of the first contact with each.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import opencc

FOLDER: Final = Path(__file__).parent
_MARK_OPEN, _MARK_CLOSE = "{", "}"


@dataclass(frozen=True)
class Case:
    """One posting; `rule` is None for a lawful one, `kind` says how it was disguised."""

    rule: str | None
    title: str
    text: str
    kind: str
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def sent(self) -> dict[str, Any]:
        return {"title": self.title, "description": self.text, **self.more}


_SOUNDS: Final = {
    "押金": "压金",
    "保证金": "保正金",
    "身份证": "身份正",
    "证件": "证jian",
    "报名费": "报名fei",
    "中介费": "中介f",
    "服装费": "服装fei",
    "体检费": "体检废",
    "培训费": "培训fei",
    "介绍费": "介绍fei",
    "服务费": "服务fei",
    "手续费": "手续废",
    "微信": "薇信",
    "贷款": "代款",
    "分期": "fen期",
    "乙肝": "乙gan",
    "残疾": "残ji",
    "汉族": "han族",
    "户口": "户kou",
    "未婚": "末婚",
    "已婚": "己婚",
    "怀孕": "怀yun",
    "刷单": "刷dan",
    "女性": "女xing",
    "男性": "男xing",
    "户籍": "户ji",
}
_TRADITIONAL: Final = opencc.OpenCC("s2t")
_DIGITS: Final = dict(zip("0123456789", "０１２３４５６７８９", strict=True))


def _between(mark: str) -> Callable[[str], str]:
    return lambda word: mark.join(word)


def _by_sound(word: str) -> str:
    for meant, said in _SOUNDS.items():
        word = word.replace(meant, said)
    return word


def _full_width(word: str) -> str:
    return "".join(_DIGITS.get(char, char) for char in word)


DISGUISES: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda word: word,
    "spaced": _between(" "),
    "zero_width": _between("\u200b"),
    "dotted": _between("·"),
    "dashed": _between("-"),
    "traditional": lambda word: _TRADITIONAL.convert(word),
    "by_sound": _by_sound,
    "pictures": _between("🈲"),
    "starred": _between("*"),
    "full_width": _full_width,
}
_BEFORE: Final = (
    "本厂因扩大生产，",
    "老厂直招，",
    "订单多，急需人手，",
    "咱们村口的厂子，",
    "公司成立十年，",
    "县里重点企业，",
    "新店开业，",
    "",
)
_BEHIND: Final = (
    "待遇面谈。",
    "工资每月15号发。",
    "有班车接送。",
    "不收任何中介费。",
    "包住，四人间有空调。",
    "有意的来面试。",
    "缴纳五险。",
    "",
)


def bad_cases(part: str) -> Iterator[Case]:
    """Every seed under four disguises, plain always among them; which ones turns with the seed's number."""
    kinds = list(DISGUISES)
    for number, line in enumerate(_lines(f"bad_{part}.txt")):
        rule, title, *rest = line.split("|")
        more = json.loads(rest[0]) if rest[0].startswith('{"') else {}
        text = "|".join(rest[1:] if more else rest)
        chosen = ["plain", *(kinds[1 + (number * 3 + step) % (len(kinds) - 1)] for step in range(3))]
        for kind in chosen:
            yield Case(rule, title, _written(text, kind, number if kind != "plain" else 7), kind, more)


def good_cases(part: str) -> Iterator[Case]:
    """Every seed plain and in four other dresses; nothing is hidden, so the dress goes over the whole."""
    for number, line in enumerate(_lines(f"good_{part}.txt")):
        title, text = line.split("|", 1)
        title, text = title.replace("{", "").replace("}", ""), _written(text, "plain", 7)
        dresses = {
            "plain": text,
            "traditional": _TRADITIONAL.convert(text),
            "full_width": _full_width(text).replace(",", "，"),
            "spaced": text.replace("，", " ").replace("。", "\n"),
            "framed": f"{_BEFORE[number % 8]}{text}{_BEHIND[(number // 8) % 8]}",
        }
        for kind, written in dresses.items():
            yield Case(None, title, written, kind)


def _lines(name: str) -> list[str]:
    return [line for line in (FOLDER / name).read_text("utf-8").splitlines() if line]


def _written(text: str, kind: str, number: int) -> str:
    out: list[str] = []
    rest = text
    while _MARK_OPEN in rest:
        before, _, rest = rest.partition(_MARK_OPEN)
        marked, _, rest = rest.partition(_MARK_CLOSE)
        out += [before, DISGUISES[kind](marked)]
    framed = kind != "plain"
    head = _BEFORE[number % 8] if framed else ""
    tail = _BEHIND[(number // 8) % 8] if framed else ""
    return f"{head}{''.join(out)}{rest}{tail}"
