"""谐音还原: words written by their sound or by their initials, to slip past a reader of words."""

import re
from functools import cache
from typing import Final

# Common characters (GB 2312, first level) with the same toneless sound.
_SOUNDS: Final = {
    "ya": "压鸦鸭呀丫芽牙蚜崖衙涯雅哑亚讶",
    "jin": "巾筋斤今津襟紧锦仅谨进靳晋禁近烬浸尽劲",
    "bao": "苞胞包褒薄雹保堡饱宝抱报暴豹爆",
    "zheng": "蒸挣睁征狰争怔整拯正政症郑证",
    "ming": "鸣铭名命明",
    "fei": "废沸肺吠匪啡飞非肥",
    "zhong": "中盅忠钟衷终种肿重仲众",
    "jie": "揭接皆街阶截劫节洁结姐戒芥界借介疥届",
    "shao": "捎稍烧芍勺韶少哨邵绍",
    "fu": "夫敷肤扶拂幅符伏俘服浮福抚辅俯府腐赴副覆赋复付父腹负富附妇",
    "zhuang": "幢桩庄装妆撞壮状",
    "ti": "梯踢提题蹄啼体替惕涕剃屉",
    "jian": "监坚尖间煎兼肩艰奸茧检柬碱拣捡简俭剪减荐槛鉴践贱见键箭件健舰剑渐溅涧建",
    "pei": "培赔陪配佩沛",
    "xun": "勋熏循旬询寻巡训讯逊迅汛",
    "wu": "务物勿误悟屋无五午舞武",
    "shou": "收手首守寿授售受瘦",
    "xu": "续需虚须徐许蓄叙旭序畜絮",
    "shen": "申呻伸身深绅神沈审甚慎渗",
    "fen": "氛分纷坟粉奋份愤芬",
    "wei": "微危韦违围唯惟为维委伟伪尾未味畏喂位魏谓慰卫威",
    "xin": "薪锌欣辛新心信",
    "dai": "戴带代贷袋待逮呆",
    "kuan": "款宽",
    "qi": "期欺妻七柒其奇齐旗骑起企启器气弃汽",
    "yi": "一壹医衣依移仪疑宜椅倚已乙以艺抑易亿义议",
    "gan": "干甘杆肝赶感敢赣",
    "can": "餐参蚕残惭惨灿",
    "ji": "击基机积肌饥迹激鸡极集及急疾级挤几己技冀季剂寄计记既忌际继纪",
    "han": "含涵寒函喊汉旱焊汗憾",
    "zu": "租足族祖组阻",
    "hu": "户护互沪虎呼胡湖糊忽",
    "kou": "口扣抠寇叩",
    "hun": "婚昏荤混",
    "yong": "用佣拥涌永泳",
    "shua": "刷耍涮",
    "dan": "单丹担胆但淡蛋",
    "huai": "怀坏槐淮",
    "yun": "孕运韵允云",
}

# word -> its syllables; an entry's last syllable may also stand as its initial (押j, 中介f).
_WORDS: Final = {
    "押金": "ya jin",
    "保证金": "bao zheng jin",
    "报名费": "bao ming fei",
    "中介费": "zhong jie fei",
    "介绍费": "jie shao fei",
    "服装费": "fu zhuang fei",
    "工装费": "gong zhuang fei",
    "体检费": "ti jian fei",
    "培训费": "pei xun fei",
    "服务费": "fu wu fei",
    "手续费": "shou xu fei",
    "建档费": "jian dang fei",
    "资料费": "zi liao fei",
    "材料费": "cai liao fei",
    "管理费": "guan li fei",
    "办证费": "ban zheng fei",
    "入职费": "ru zhi fei",
    "身份证": "shen fen zheng",
    "毕业证": "bi ye zheng",
    "证件": "zheng jian",
    "微信": "wei xin",
    "贷款": "dai kuan",
    "分期": "fen qi",
    "乙肝": "yi gan",
    "残疾": "can ji",
    "汉族": "han zu",
    "户口": "hu kou",
    "未婚": "wei hun",
    "已婚": "yi hun",
    "怀孕": "huai yun",
    "费用": "fei yong",
    "刷单": "shua dan",
}

# What sounds alike but is a word of its own, or the beginning of one.
_REAL: Final = frozenset(
    {
        *(
            "压紧",
            "压进",
            "压近",
            "压今",
            "押进",
            "压仅",
            "押尽",
            "亚金",
        ),
        *(
            "保证进",
            "保证尽",
            "保证今",
            "保证仅",
            "保证近",
            "报名非",
            "中介非",
            "介绍非",
        ),
        *(
            "服装非",
            "服装飞",
            "体检非",
            "培训非",
            "服务非",
            "手续非",
            "材料非",
            "资料非",
        ),
        *(
            "管理非",
            "入职非",
            "证监",
            "证减",
            "证建",
            "整件",
            "争件",
            "政件",
        ),
        *(
            "证见",
            "征件",
            "挣件",
            "带宽",
            "贷宽",
            "分歧",
            "分起",
            "分气",
        ),
        *(
            "分企",
            "份期",
            "分器",
            "残迹",
            "残积",
            "残基",
            "残及",
            "残急",
        ),
        *(
            "糊口",
            "虎口",
            "湖口",
            "胡口",
            "护口",
            "互口",
            "户扣",
            "已混",
        ),
        *(
            "以混",
            "一混",
            "一婚",
            "义婚",
            "为婚",
            "位婚",
            "委婚",
            "怀运",
        ),
        *(
            "坏运",
            "费永",
            "费佣",
            "非用",
            "飞用",
            "费拥",
            "单单",
            "要单",
        ),
        *(
            "微心",
            "伪信",
            "未信",
            "维信",
            "为信",
            "位信",
            "微薪",
            "卫信",
        ),
        *(
            "违信",
            "微新",
            "围信",
            "委信",
            "唯信",
            "刷但",
            "耍单",
            "乙感",
        ),
        *(
            "乙敢",
            "已肝",
            "以肝",
            "医肝",
            "移肝",
            "议肝",
            "易肝",
            "依肝",
        ),
        *(
            "及族",
            "含族",
            "汉组",
            "汉足",
            "汉租",
            "微欣",
            "汉祖",
            "报名飞",
        ),
        *("服务飞",),
    }
)
# Written so by people who mean the word: looks and initials rather than sounds.
_ALIASES: Final = {
    "扌甲金": "押金",
    "压金": "押金",
    "鸭金": "押金",
    "亚金": "押金",
    "末婚": "未婚",
    "己婚": "已婚",
    "以婚": "已婚",
    "末育": "未育",
    "己育": "已育",
    "乞肝": "乙肝",
    "已肝": "乙肝",
    "zj费": "中介费",
    "压j": "押金",
    "s份证": "身份证",
    "身f证": "身份证",
    "加卫星": "加微信",
    "分7付": "分期付",
    "面甸": "缅甸",
    "户ロ": "户口",
    "女姓": "女性",
    "男姓": "男性",
    "女xing": "女性",
    "男xing": "男性",
    "nv性": "女性",
    "nan性": "男性",
    "nv工": "女工",
    "女gong": "女工",
    "男gong": "男工",
    "女生优xian": "女生优先",
    "年令": "年龄",
    "年玲": "年龄",
    "nian龄": "年龄",
    "年ling": "年龄",
    "以下sui": "岁以下",
    "两对伴": "两对半",
    "小叁阳": "小三阳",
    "大叁阳": "大三阳",
    "小3阳": "小三阳",
    "大3阳": "大三阳",
    "残ji": "残疾",
    "can疾": "残疾",
    "残急人": "残疾人",
    "抠抠": "qq",
    "扣扣": "qq",
    "企鹅号": "qq号",
    "企鹅群": "qq群",
    "球球": "qq",
    "蔻蔻": "qq",
    "威信": "微信",
    "维信": "微信",
    "微心": "微信",
    "围信": "微信",
    "未信": "微信",
    "伪信": "微信",
    "微新": "微信",
    "喂信": "微信",
    "微亻言": "微信",
    "v信": "微信",
    "v♥": "微信",
    "少数min族": "少数民族",
    "汉zu": "汉族",
    "宗jiao": "宗教",
    "童gong": "童工",
    "本di": "本地",
    "户ji": "户籍",
    "户藉": "户籍",
    "柬浦寨": "柬埔寨",
    "勉北": "缅北",
    "免甸": "缅甸",
    "缅d": "缅甸",
    "勉甸": "缅甸",
    "柬pu寨": "柬埔寨",
    "博cai": "博彩",
    "菠菜": "博彩",
    "bo彩": "博彩",
    "躺zhuan": "躺赚",
    "月ru": "月入",
    "日ru": "日入",
    "学fei": "学费",
    "费yong": "费用",
    "jiao钱": "交钱",
    "交qian": "交钱",
    "交💰": "交钱",
    "35sui": "35岁",
}
# Not before or behind Latin letters or digits: parts of other words and numbers.
_LETTERS: Final = {
    "sfz": "身份证",
    "shenfenzheng": "身份证",
    "yajin": "押金",
    "bzj": "保证金",
    "baozhengjin": "保证金",
    "zjf": "中介费",
    "fzf": "服装费",
    "tjf": "体检费",
    "pxf": "培训费",
    "bmf": "报名费",
    "weixin": "微信",
    "wechat": "微信",
    "daikuan": "贷款",
    "fenqi": "分期",
    "yigan": "乙肝",
    "hbv": "乙肝",
}


@cache
def _pattern() -> re.Pattern[str]:
    ways = [re.escape(word) for word in sorted(_ALIASES, key=len, reverse=True)]
    ways += [rf"(?<![a-z0-9]){letters}(?![a-z])" for letters in _LETTERS]
    ways += [_by_sound(word, sounds.split()) for word, sounds in _WORDS.items()]
    return re.compile("|".join(ways))


def _by_sound(word: str, sounds: list[str]) -> str:
    parts = []
    for place, (char, sound) in enumerate(zip(word, sounds, strict=True)):
        ways = [f"[{char}{_SOUNDS.get(sound, '')}]", sound]
        if place == len(word) - 1:
            ways.append(f"{sound[0]}(?![a-z])")
        parts.append(f"(?:{'|'.join(ways)})")
    return "".join(parts)


@cache
def _patterns_by_word() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((word, re.compile(_by_sound(word, sounds.split()))) for word, sounds in _WORDS.items())


def find_sound_alikes(text: str) -> list[tuple[int, int, str]]:
    """Stretches (start, end, the word meant), left to right, none overlapping.

    A word must keep at least one of its own characters, or be an alias written out above.
    """
    found = []
    for match in _pattern().finditer(text):
        said = match.group()
        word = _ALIASES.get(said) or _LETTERS.get(said)
        if word is None and said not in _REAL and said not in _WORDS:
            word = next((w for w, pattern in _patterns_by_word() if pattern.fullmatch(said)), None)
            if word is not None and not any(char in said for char in word):
                word = None
        if word is not None and said != word:
            found.append((match.start(), match.end(), word))
    return found
