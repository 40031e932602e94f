"""地名的简称: 五里村村民委员会 -> 五里, 董家河镇 -> 董家河."""

from typing import Final

from app.regions.terms import Level

_ENDINGS: Final = {
    Level.VILLAGE: ("村民委员会", "居民委员会", "村委会", "居委会", "社区", "村"),
    Level.TOWN: ("街道办事处", "街道", "镇", "乡"),
    Level.COUNTY: ("自治县", "县", "区", "市"),
    Level.CITY: ("地区", "市"),
    Level.PROVINCE: ("省", "市"),
}


def short_name_of(name: str, level: Level) -> str:
    """The name without what it is; at least two letters stay."""
    for ending in _ENDINGS[level]:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            short = name.removesuffix(ending)
            return short.removesuffix("村") or name if level is Level.VILLAGE else short
    return name
