"""远近: the distance tiles of a place (本镇 本区 省内 外地), from its own step outwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.regions import gazetteer
from app.regions.terms import Level, Reach
from app.web.languages import Language, mark


@dataclass(frozen=True)
class Range:
    """远近档: `code` stands in addresses, `name` on the tile.

    本区 holds 本镇; who looks farther has seen what is near, so 省内 is the province beyond 本区 and 外地
    what lies beyond the province: `beyond` is what a range leaves out.
    """

    code: str
    name: str
    reach: Reach
    beyond: Reach | None = None

    def count(self, by_reach: Mapping[Reach, int]) -> int:
        """How many postings the range holds, of the counts by reach (each of which holds the nearer ones)."""
        return by_reach[self.reach] - (by_reach[self.beyond] if self.beyond else 0)


_TOWN_WORDS = {"镇": mark("本镇"), "乡": mark("本乡"), "道": mark("本街道")}
_COUNTY_WORDS = {"区": mark("本区"), "县": mark("本县"), "旗": mark("本旗"), "市": mark("本市")}


def ranges_of(region_code: str, language: Language) -> tuple[Range, ...]:
    """The tiles for a place, nearest first: a county has no 本镇, a province only 省内 and 外地.

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
    found.append(Range("province", _("省内"), Reach.PROVINCE, found[-1].reach if found else None))
    found.append(Range("away", _("外地"), Reach.ANYWHERE, Reach.PROVINCE))
    return tuple(found)


def choose_range(ranges: tuple[Range, ...], code: str) -> Range:
    """The range of a code in an address; the county's (or the widest but one) where it names none."""
    by_code = {each.code: each for each in ranges}
    return by_code.get(code) or by_code.get("county") or ranges[0]
