"""Names of invented people, put together sign by sign as each generation was named."""

from app.demo.dice import Dice

_SURNAMES = [
    ("王", 10), ("张", 9), ("李", 9), ("刘", 8), ("杨", 6), ("赵", 5), ("陈", 4), ("任", 4), ("左", 2),
    ("惠", 3), ("党", 3), ("寇", 3), ("安", 2), ("雷", 3), ("和", 2), ("同", 1), ("高", 3), ("宋", 3),
    ("郭", 3), ("马", 3), ("孙", 3), ("田", 2), ("冯", 2), ("吴", 2), ("罗", 2), ("梁", 2), ("曹", 2),
    ("史", 2), ("白", 2), ("薛", 2), ("段", 2), ("贺", 2), ("石", 2), ("韩", 2), ("胡", 2), ("焦", 1),
    ("习", 1), ("樊", 1), ("来", 1), ("闫", 2),
]  # fmt: skip

# Year of birth up to this, first signs, second signs.
_MEN = (
    (1959, "建福长德万栓根生仁志保永增文天", "国财有才成林海祥义堂民喜山发仓"),
    (1979, "建军红小志永新文宏卫拴宝振东晓", "军民社平利强峰林安斌涛虎奇锋刚"),
    (1994, "小晓海亚伟鹏建少博佳家永红", "龙伟鹏飞涛波磊刚峰斌超勇辉"),
    (9999, "浩子宇俊嘉梓一泽奕博文思家", "轩豪然宇晨泽阳航鑫涵宸辰瑞"),
)
_WOMEN = (
    (1959, "秀桂玉淑凤春彩云月兰爱菊", "英兰珍芳琴莲霞娥香梅花爱"),
    (1979, "小改亚红春秀金丽晓会彩雪", "霞娟琴玲艳芳莉萍娥宁绒侠"),
    (1994, "小晓亚丽文婷佳艳媛倩海莎", "娟丽婷妮静娜燕蕊倩敏茹"),
    (9999, "欣梓雨诗子思佳一可若语嘉", "怡涵萱彤妍琪瑶宁悦晗桐"),
)


def surname(dice: Dice) -> str:
    """A family name, common ones more often."""
    return dice.weighted(_SURNAMES)


def given_name(dice: Dice, born_year: int, *, male: bool) -> str:
    """One or two signs in the manner of the year of birth."""
    _, first, second = next(row for row in (_MEN if male else _WOMEN) if born_year <= row[0])
    if dice.chance(12):
        return dice.pick(second)
    while (head := dice.pick(first)) == (tail := dice.pick(second)):
        pass
    return head + tail
