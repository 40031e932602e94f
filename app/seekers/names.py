"""姓名检索: under which signs, pinyin and initials a name is found (`search_text` of core.search). Pure.

王桂兰 is found by 王, 桂兰, wang, guilan, wangguilan, wgl and gl; 曾 by zeng (as a surname) and by ceng.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product
from typing import Final

from app.core.pinyin import syllables
from app.core.search import spaced_characters

# Surnames that are read otherwise than the sign alone.
SURNAMES: Final = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "覃": "qin", "朴": "piao",
    "区": "ou", "任": "ren", "华": "hua", "召": "shao", "尉": "wei", "员": "yun", "缪": "miao", "乜": "nie",
    "宓": "fu", "幺": "yao", "折": "she", "黑": "he", "洗": "xian", "冼": "xian", "纪": "ji", "翟": "zhai",
    "秘": "bi", "繁": "po", "种": "chong", "谌": "chen", "臧": "zang", "邵": "shao", "占": "zhan",
    "逄": "pang",
    "句": "gou", "牟": "mu", "燕": "yan", "哈": "ha", "郗": "xi", "隗": "wei", "乐": "yue", "车": "che",
    "应": "ying", "宁": "ning", "褚": "chu", "柏": "bai", "晁": "chao", "卜": "bu", "葛": "ge", "过": "guo",
    "万": "wan", "石": "shi", "重": "chong", "祭": "zhai", "阚": "kan", "窦": "dou", "佴": "nai", "能": "nai",
    "訾": "zi", "粘": "nian", "撒": "sa", "那": "na", "曲": "qu", "哿": "ge", "令": "ling", "郇": "xun",
    "朝": "chao", "降": "jiang", "都": "du", "藏": "zang", "长": "chang", "贾": "jia",
    "沈": "shen", "参": "shen", "许": "xu", "叶": "ye", "党": "dang", "惠": "hui", "来": "lai", "薄": "bo",
}  # fmt: skip
COMPOUND_SURNAMES: Final = {
    "欧阳": "ou yang", "司马": "si ma", "上官": "shang guan", "诸葛": "zhu ge", "尉迟": "yu chi",
    "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai", "令狐": "ling hu",
    "皇甫": "huang fu", "公孙": "gong sun", "轩辕": "xuan yuan", "慕容": "mu rong", "宇文": "yu wen",
    "东方": "dong fang", "夏侯": "xia hou", "独孤": "du gu", "司徒": "si tu", "呼延": "hu yan",
    "赫连": "he lian", "端木": "duan mu", "申屠": "shen tu", "鲜于": "xian yu", "闾丘": "lv qiu",
    "宗政": "zong zheng", "濮阳": "pu yang", "淳于": "chun yu", "南宫": "nan gong", "西门": "xi men",
    "百里": "bai li", "钟离": "zhong li", "拓跋": "tuo ba", "乐正": "yue zheng", "亓官": "qi guan",
}  # fmt: skip
# Signs in given names that people read in two ways.
OTHER_READINGS: Final = {
    "乐": "yue", "行": "hang", "朝": "zhao", "长": "chang", "重": "chong", "晟": "sheng",
    "茜": "xi", "莎": "suo", "娜": "nuo", "盛": "cheng", "藏": "zang", "阿": "e", "柏": "bo",
    "会": "kuai", "都": "du", "降": "xiang", "传": "zhuan", "隽": "jun", "恪": "que", "仔": "zi",
    "尾": "yi", "曾": "zeng", "单": "shan", "解": "xie", "石": "dan", "薄": "bo", "率": "shuai",
    "翟": "zhai", "缪": "miao", "谌": "shen", "召": "shao", "参": "shen", "粘": "nian",
    "调": "tiao", "将": "qiang", "种": "chong", "禅": "shan", "伽": "jia", "朴": "piao",
    "盖": "ge", "菀": "yu", "蔚": "yu", "校": "jiao",
}  # fmt: skip
_READINGS_OF_A_NAME: Final = 6
_READINGS_OF_A_LONG_NAME: Final = 2
# Names of more signs (阿卜杜热合曼·买买提) are found by what they begin with and by each sign.
_LONG: Final = 5


def search_text_of(name: str) -> str:
    """What goes into `people.search_text`."""
    signs = [sign for sign in name if "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff"]
    words: dict[str, None] = {}
    if signs:
        choices = _readings(tuple(signs))
        most = _READINGS_OF_A_NAME if len(signs) <= _LONG else _READINGS_OF_A_LONG_NAME
        for syllables_of_name in islice(product(*choices), most):
            words.update(dict.fromkeys(_runs(syllables_of_name)))
    return " ".join([spaced_characters(name), *words])


def _readings(signs: tuple[str, ...]) -> list[tuple[str, ...]]:
    surname = SURNAMES.get(signs[0])
    first = _readings_of(signs[0])
    if surname is not None:
        first = tuple(dict.fromkeys((surname, first[0])))
    choices = [first, *(_readings_of(sign) for sign in signs[1:])]
    compound = COMPOUND_SURNAMES.get("".join(signs[:2])) if len(signs) > 2 else None
    if compound is not None:  # 单于飞 may be of the family 单于 or 单
        choices[:2] = [
            tuple(dict.fromkeys((syllable, *choice)))
            for syllable, choice in zip(compound.split(), choices, strict=False)
        ]
    return choices


@lru_cache(maxsize=16_384)
def _readings_of(sign: str) -> tuple[str, ...]:
    """The usual reading first. 吕 is typed lv or lu."""
    found = syllables(sign)
    other = OTHER_READINGS.get(sign)
    return tuple(dict.fromkeys(_with_u([*found, *([other] if other else [])])))


def _with_u(readings: Iterable[str]) -> Iterator[str]:
    for reading in readings:
        yield reading
        if "v" in reading:
            yield reading.replace("v", "u")


def _runs(syllables: tuple[str, ...]) -> Iterator[str]:
    """Syllables that stand together, run together, and their initials from two on."""
    length = len(syllables)
    for start in range(length):
        ends = range(start + 1, length + 1) if length <= _LONG or start == 0 else range(start + 1, start + 2)
        for end in ends:
            yield "".join(syllables[start:end])
            if end - start > 1:
                yield "".join(syllable[0] for syllable in syllables[start:end])
