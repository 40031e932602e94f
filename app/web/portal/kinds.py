"""工种: the trades a reader picks from, each with its picture, colour family and occupation codes.

Occupation codes are those of the 2022 classification; the longest prefix that fits decides, so 6-31-01-03
(电工) goes before 6-31-01 (repair) and 6 (any other factory work).
"""

from dataclasses import dataclass
from functools import cache

from app.occupations.classification import classification
from app.web.languages import mark

# Public-welfare posts are told by who offers them, whatever the work is (DOMAIN G2).
WELFARE_EMPLOYER = "public_welfare"


@dataclass(frozen=True)
class Kind:
    """工种. `label` on the tile; `ability` how a person says that they can do it ('' = not asked about);
    `words` are the everyday words for it that skills and occupations are read from."""

    code: str
    label: str
    icon: str
    tint: str
    prefixes: tuple[str, ...]
    ability: str = ""
    words: tuple[str, ...] = ()


KINDS = (
    Kind("sew", mark("缝纫"), "sew", "t4", ("6-04", "6-05", "4-10-02"), mark("缝纫"), ("缝纫", "缝纫工")),
    Kind(
        "clean",
        mark("打扫家政"),
        "clean",
        "t2",
        ("4-09-08", "4-03-01-02", "4-03-01-03", "4-10-01-06"),
        mark("打扫"),
        ("保洁", "保洁员"),
    ),
    Kind("cook", mark("做饭"), "cook", "t2", ("4-03-02",), mark("做饭"), ("做饭", "厨师")),
    Kind(
        "elder",
        mark("照顾老人"),
        "elder",
        "t2",
        ("4-10-01-04", "4-10-01-05", "4-14-01"),
        mark("照顾老人"),
        ("养老护理", "养老护理员"),
    ),
    Kind(
        "baby",
        mark("带娃"),
        "baby",
        "t2",
        ("4-10-01-01", "4-10-01-02", "4-10-01-03", "4-13-04"),
        mark("带娃"),
        ("带孩子", "育婴", "育婴师"),
    ),
    Kind(
        "farm",
        mark("种地种树"),
        "farm",
        "t3",
        ("5-01", "5-02", "5-05", "4-09-10"),
        mark("种地"),
        ("种地", "种植", "农艺工"),
    ),
    Kind("stock", mark("养殖"), "stock", "t3", ("5-03", "5-04"), mark("养殖"), ("养殖", "饲养员")),
    Kind(
        "box",
        mark("装箱搬货"),
        "box",
        "",
        ("4-02-05", "4-02-06", "4-02-07", "6-31-05", "4-01-04"),
        mark("装箱搬货"),
        ("搬运", "打包", "包装工"),
    ),
    Kind("shop", mark("卖东西"), "shop", "t2", ("4-01", "4-03-01"), mark("卖东西"), ("卖货", "营业员")),
    Kind(
        "guard",
        mark("看门"),
        "guard",
        "t4",
        ("4-07-05", "3-02", "4-06-01-03"),
        mark("看门"),
        ("保安", "看门"),
    ),
    Kind("drive", mark("开车"), "drive", "", ("4-02-02", "4-10-08", "6-30"), mark("开车"), ("开车", "司机")),
    Kind(
        "fork",
        mark("叉车"),
        "fork",
        "",
        ("6-30-05-01", "6-30-05-02", "6-30-05-03"),
        mark("叉车"),
        ("叉车", "叉车工"),
    ),
    Kind("weld", mark("电焊"), "weld", "", ("6-18-02", "6-19"), mark("电焊"), ("电焊", "电焊工")),
    Kind(
        "elec",
        mark("电工"),
        "elec",
        "",
        ("6-31-01-03", "6-31-01-07", "6-31-01-08", "4-11-01", "6-28-01", "6-29-03-02", "6-29-03-08"),
        mark("电工"),
        ("电工",),
    ),
    Kind("brick", mark("盖房装修"), "brick", "", ("6-29",), mark("盖房装修"), ("砌墙", "瓦工")),
    Kind("factory", mark("进厂做工"), "chip", "t4", ("6",), mark("进厂做工"), ("流水线", "普工")),
    Kind(
        "public",
        mark("村里杂活"),
        "public",
        "t3",
        ("3-01-04", "5-02-03-01"),
        mark("村里杂活"),
        ("护林", "村道保洁"),
    ),
    Kind("repair", mark("修理"), "tool", "t4", ("4-12", "6-31-01", "6-31-02")),
    Kind(
        "office",
        mark("坐办公室"),
        "desk",
        "t4",
        ("1", "2", "3", "4-04", "4-05", "4-07-01", "4-07-02", "4-07-03"),
    ),
    Kind("other", mark("别的活"), "plus", "t2", ("4", "7", "8")),
)
OTHER = KINDS[-1]


@cache
def _by_code() -> dict[str, Kind]:
    return {kind.code: kind for kind in KINDS}


@cache
def _by_prefix() -> dict[str, Kind]:
    return {prefix: kind for kind in KINDS for prefix in kind.prefixes}


def find_kind(code: str) -> Kind | None:
    """The trade of a short code in an address, or None."""
    return _by_code().get(code)


def kind_of(occupation_code: str | None, employer_kind: str = "") -> Kind:
    """The trade whose picture a posting wears; `other` when its occupation is unknown."""
    if employer_kind == WELFARE_EMPLOYER:
        return _by_code()["public"]
    code = occupation_code or ""
    table = _by_prefix()
    for length in (10, 7, 4, 1):
        if (kind := table.get(code[:length])) is not None:
            return kind
    return OTHER


@cache
def cover(kind_code: str) -> tuple[str, ...]:
    """The fewest code prefixes that hold this trade's occupations and no other trade's.

    `factory` is all of major 6 but sewing, welding, building ...: a plain prefix would hold these too.
    """
    owners: dict[str, set[str]] = {}
    for code in classification():
        for length in (4, 7, 10):
            owners.setdefault(code[:length], set()).add(kind_of(code).code)
    chosen: list[str] = []
    for prefix in sorted(owners):
        if owners[prefix] == {kind_code} and not any(prefix.startswith(c) for c in chosen):
            chosen.append(prefix)
    return tuple(chosen)
