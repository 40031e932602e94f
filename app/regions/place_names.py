"""地名写法: every way a division is written in an address, ready for looking up.

Beside the official names: names without 省/市/区/县, names of the past, 自治州 as 州, a county that became a
district (璧山县, 璧山区), a town that became a street office (松陵镇, 松陵街道).
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

from app.regions import gazetteer
from app.regions.gazetteer import Division
from app.regions.terms import Level

Codes = tuple[str, ...]

# Towns of these endings are villages' seats; the rest of that level are zones, farms' offices and prisons.
_TOWN_ENDINGS = ("镇", "乡", "街道", "苏木", "农场", "林场", "牧场", "渔场", "团", "地区")
_TOWN_SUFFIX = re.compile(r"(?:街道办事处|街道办|街道|街办|办事处|镇|乡)$")
_COUNTY_SUFFIX = re.compile(r"(?:新区|林区|矿区|区|县|市)$")
_SWAPPED_SUFFIX = re.compile(r"(?:区|县|市)$")
# Not read without "台湾" or "三沙" in the text: nobody here means 台北's 中山区.
_ONLY_IN_CONTEXT = ("71", "4603")
# A short name borne by so many towns elsewhere is an everyday word (太平, 新华).
_TOO_MANY_TOWNS = 10


class PlaceNames(NamedTuple):
    """Written form to codes. `former` holds names that are no longer official; `stems` names without
    suffix."""

    official: dict[str, Codes]
    former: dict[str, Codes]
    stems: dict[str, Codes]
    county_stems: dict[str, Codes]
    former_stems: dict[str, Codes]
    towns: dict[str, Codes]
    town_stems: dict[str, Codes]
    generic: frozenset[str]
    longest: int
    own_letters: frozenset[str]


@cache
def place_names() -> PlaceNames:
    """The index, made from the gazetteer (about a quarter of a second), anew after a change of it."""
    table = gazetteer.gazetteer()
    above = [d for d in table.divisions.values() if len(d.code) == 6 and not _is_statistical(d)]
    towns = [
        d
        for d in table.divisions.values()
        if len(d.code) == 9 and d.name.endswith(_TOWN_ENDINGS) and not d.code.startswith(_ONLY_IN_CONTEXT)
    ]
    official = _group(above, lambda d: [d.name])
    stems = _group(above, lambda d: [s for s in {d.short_name, _stem(d)} if len(s) > 1])
    former: dict[str, list[str]] = defaultdict(list)
    for name, code in table.former_names:
        if name not in official or code not in official[name]:
            former[name].append(code)
    for division in above:
        for name in _everyday_forms(division):
            if name not in official:
                former[name].append(division.code)
    for name, code in _nicknames():
        former[name].append(code)
    former_stems = _group_pairs(
        (stem, code) for name, code in table.former_names if (stem := county_written_as(name))
    )
    town_stems = _group(towns, lambda d: {d.short_name, _TOWN_SUFFIX.sub("", d.name)})
    return PlaceNames(
        official=official,
        former={name: tuple(dict.fromkeys(codes)) for name, codes in former.items()},
        stems=stems,
        county_stems=_group(
            [d for d in above if Level.COUNTY in d.levels], lambda d: {d.short_name, _stem(d)}
        ),
        former_stems=former_stems,
        towns=_group(towns, lambda d: [d.name]),
        town_stems=town_stems,
        generic=_generic_names(stems, town_stems),
        longest=max(len(name) for name in official),
        own_letters=frozenset("".join(d.name for d in table.divisions.values())),
    )


gazetteer.forget_on_change(place_names.cache_clear)


def town_written_as(text: str) -> str | None:
    """The bare name of a town written with any of its endings (松陵街道办事处 -> 松陵); None for other
    words."""
    stem = _TOWN_SUFFIX.sub("", text)
    return stem if 2 <= len(stem) < len(text) else None


def county_written_as(text: str) -> str | None:
    """The bare name of a county, district or city (璧山县 -> 璧山); None for other words."""
    stem = _SWAPPED_SUFFIX.sub("", text)
    return stem if 2 <= len(stem) < len(text) else None


def needs_context(code: str) -> bool:
    """Whether a place is read only when the text has named what lies above it."""
    return code.startswith(_ONLY_IN_CONTEXT) and code not in ("710000", "460300")


def _is_statistical(division: Division) -> bool:
    return gazetteer.is_statistical_city(division.code)


def _stem(division: Division) -> str:
    """The name without its kind; the source's short name keeps the kind where names would clash."""
    if division.levels[0] is Level.PROVINCE or len(division.short_name) < len(division.name) - 1:
        return division.short_name
    return _COUNTY_SUFFIX.sub("", division.name)


def _everyday_forms(division: Division) -> list[str]:
    """恩施州, 融水县, 六安地区, 内蒙, 香港特区: how officials and people shorten long names."""
    stem = _stem(division)
    if len(stem) < 2:
        return []
    if division.levels[0] is Level.PROVINCE:
        return [f"{stem}省", f"{stem}自治区", f"{stem}特区"]
    if division.levels[0] is Level.CITY and len(division.levels) == 1:
        return [f"{stem}{kind}" for kind in ("州", "自治州", "地区", "盟")]
    if "自治" in division.name:
        return [f"{stem}县", f"{stem}自治县", f"{stem}旗"]
    return []


def _group(divisions: Iterable[Division], names_of: Callable[[Division], Iterable[str]]) -> dict[str, Codes]:
    return _group_pairs((name, division.code) for division in divisions for name in names_of(division))


def _group_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Codes]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for name, code in pairs:
        if code not in grouped[name]:
            grouped[name].append(code)
    return {name: tuple(codes) for name, codes in grouped.items()}


def _nicknames() -> Iterator[tuple[str, str]]:
    """Names people use that follow no rule: 达茂旗, 前郭县."""
    text = (resources.files("app.regions") / "data" / "nicknames.csv").read_text("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        yield row["name"], row["code"]


def _generic_names(stems: dict[str, Codes], town_stems: dict[str, Codes]) -> frozenset[str]:
    """The hand-made list and every name that too many towns share."""
    text = (resources.files("app.regions") / "data" / "generic_names.txt").read_text("utf-8")
    words = {word for line in text.splitlines() if not line.startswith("#") for word in line.split()}
    return frozenset(words | {s for s in stems if len(town_stems.get(s, ())) >= _TOO_MANY_TOWNS})
