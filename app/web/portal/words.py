"""搜的话: what somebody typed into the search box: everyday words of a trade, also by their sounds, and
traditional characters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from opencc import OpenCC

from app.core.pinyin import syllables
from app.web.portal.kinds import KINDS, Kind, find_kind

# How people ask for a trade, beside the words on its tile: our own list, from advertisements and talk.
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "sew": ("做衣服", "踩缝纫机", "车衣", "缝衣服", "制衣"),
    "clean": ("家政", "扫地", "打扫卫生", "做卫生", "钟点工", "保姆", "扫马路"),
    "cook": ("炊事", "帮厨", "烧饭", "洗碗", "食堂"),
    "elder": ("伺候老人", "护工", "陪护", "养老院", "看护老人"),
    "baby": ("看孩子", "带小孩", "看娃", "月嫂", "保育"),
    "farm": ("种菜", "种树", "摘果子", "农活", "大棚", "摘苹果", "采摘"),
    "stock": ("养羊", "养猪", "养牛", "养鸡", "喂猪", "放羊", "饲养"),
    "box": ("装卸", "打包", "分拣", "搬东西", "快递", "送快递", "装箱", "搬货"),
    "shop": ("超市", "收银", "卖菜", "店员", "导购", "理货"),
    "guard": ("看大门", "门卫", "值班", "保安员", "看厂", "看工地"),
    "drive": ("货车", "跑车", "送货", "驾驶", "开货车", "滴滴"),
    "fork": ("开叉车", "铲车"),
    "weld": ("焊工", "烧电焊", "氩弧焊", "烧焊"),
    "elec": ("水电", "水电工", "接电", "修电"),
    "brick": ("盖房", "盖房子", "泥瓦工", "贴砖", "刮大白", "粉刷", "工地", "小工", "泥工", "装修"),
    "factory": ("进厂", "打螺丝", "电子厂", "流水线工", "工厂", "厂里"),
    "public": ("公益岗", "护林员", "保洁岗", "公益性岗位", "巡山"),
    "repair": ("修车", "汽修", "修机器", "维修"),
}


@dataclass(frozen=True)
class Wanted:
    """想找的: a trade that was understood, or the words to look for as they stand."""

    kind: Kind | None
    words: str


def read_words(text: str) -> Wanted:
    """What was typed, in simplified characters; a trade where one of its everyday words was typed, or its
    sounds (dianhan), or their first letters where these are one trade's only (dh)."""
    plain = " ".join(_simplified().convert(text).split())
    code = _codes_by_word().get(plain.replace(" ", "").casefold().removesuffix("的活"))
    return Wanted(find_kind(code), "") if code else Wanted(None, plain)


def _words_of(kind: Kind) -> Iterator[str]:
    yield from filter(None, (kind.label, kind.ability, *kind.words, *_ALSO.get(kind.code, ())))


@cache
def _codes_by_word() -> Mapping[str, str]:
    """Words, then their sounds, then first letters; what would be two trades' is left out, words first."""
    found: dict[str, str] = {}
    for write in (str, _sounds, _initials):
        seen: dict[str, set[str]] = {}
        for kind in KINDS:
            for word in _words_of(kind):
                seen.setdefault(write(word), set()).add(kind.code)
        for text, codes in seen.items():
            if len(codes) == 1 and len(text) > 1:
                found.setdefault(text, codes.pop())
    return found


def _sounds(word: str) -> str:
    return "".join(syllables(word))


def _initials(word: str) -> str:
    return "".join(each[0] for each in syllables(word))


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")
