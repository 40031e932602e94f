"""远近: the distance tiles of a place (本镇 本区 省内 全国), from its own step of the tree outwards."""

from dataclasses import dataclass

from app.regions import gazetteer
from app.regions.terms import Level, Reach
from app.web.languages import Language, mark


@dataclass(frozen=True)
class Range:
    """远近档: `code` stands in addresses, `name` on the tile. Each range holds the nearer ones."""

    code: str
    name: str
    reach: Reach


_TOWN_WORDS = {"镇": mark("本镇"), "乡": mark("本乡"), "道": mark("本街道")}
_COUNTY_WORDS = {"区": mark("本区"), "县": mark("本县"), "旗": mark("本旗"), "市": mark("本市")}


def ranges_of(region_code: str, language: Language) -> tuple[Range, ...]:
    """The tiles for a place, nearest first: a county has no 本镇, a province only 省内 and 全国.

    Raises UnknownRegion.
    """
    _ = language.gettext
    found: list[Range] = []
    town = gazetteer.ancestor_at(region_code, Level.TOWN)
    if town is not None:
        found.append(Range("town", _(_TOWN_WORDS.get(town.name[-1], mark("本镇"))), Reach.TOWNSHIP))
    county = gazetteer.ancestor_at(region_code, Level.COUNTY)
    if county is not None:
        found.append(Range("county", _(_COUNTY_WORDS.get(county.name[-1], mark("本县"))), Reach.COUNTY))
    elif gazetteer.ancestor_at(region_code, Level.CITY) is not None:
        found.append(Range("city", _("本市"), Reach.CITY))
    found.append(Range("province", _("省内"), Reach.PROVINCE))
    found.append(Range("all", _("全国"), Reach.ANYWHERE))
    return tuple(found)


def choose_range(ranges: tuple[Range, ...], code: str) -> Range:
    """The range of a code in an address; the county's (or the widest but one) where it names none."""
    by_code = {each.code: each for each in ranges}
    return by_code.get(code) or by_code.get("county") or ranges[0]
