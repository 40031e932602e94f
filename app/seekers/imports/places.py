"""行里的地点: the managing village or town of a row, from the columns that name it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.regions import gazetteer
from app.regions.reading import read_address
from app.regions.scope import contains

Villages = Callable[[str], Mapping[str, str]]
"""Town code -> village name -> code."""

_STEPS: Final = ("province", "city", "county", "town")
_SUFFIX: Final = re.compile(r"(?:村民委员会|居民委员会|村委会|居委会|社区|行政村|村|居)$")


@dataclass(frozen=True, slots=True)
class PlaceOfRow:
    """地点读数: `code` None with a plain `reason`; `note` a remark about one that was taken."""

    code: str | None
    reason: str = ""
    note: str = ""


class PlaceReader:
    """Finds the places of a file's rows; the same words are read once."""

    def __init__(self, home: str | None, villages: Villages) -> None:
        self._home = home
        self._villages = villages
        self._known: dict[tuple[str, ...], PlaceOfRow] = {}

    def read(self, cells: Mapping[str, str]) -> PlaceOfRow:
        """The place that `cells` (field -> text) name, inside the importing office's area."""
        key = tuple(cells.get(step, "") for step in ("region_code", *_STEPS, "village"))
        if not any(key) and not self._home:
            key = (*key, cells.get("address", ""))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(cells)
        return found

    def _find(self, cells: Mapping[str, str]) -> PlaceOfRow:
        place = self._by_code(cells.get("region_code", "")) or self._by_words(cells)
        if place.code is not None and self._home and not contains(self._home, place.code):
            if contains(place.code, self._home):  # the sheet names only what lies around the office
                return PlaceOfRow(self._home, note=place.note)
            return PlaceOfRow(None, "这个地方不归导入的单位管，请交给那边的同事导入。")
        return place

    def _by_code(self, text: str) -> PlaceOfRow | None:
        digits = re.sub(r"\.0+$|\D", "", text)
        if len(digits) not in (6, 9, 12):
            return None
        digits = gazetteer.moved_on(digits)
        if len(digits) == 12 and not digits.endswith("000"):
            town = gazetteer.find(gazetteer.moved_on(digits[:9]))
            if town is None:
                return None
            if digits in self._villages(town.code).values():
                return PlaceOfRow(digits)
            return PlaceOfRow(town.code, note="村代码不在区划表里，先归到镇")
        short = digits[:9] if not digits[6:9].startswith("000") or len(digits) == 9 else digits[:6]
        current = short if gazetteer.find(short) else gazetteer.current_code(short)
        return PlaceOfRow(current) if current and gazetteer.find(current) else None

    def _by_words(self, cells: Mapping[str, str]) -> PlaceOfRow:
        words = "".join(_plain(cells.get(step, "")) for step in _STEPS)
        village = _plain(cells.get("village", ""))
        base = self._home
        if words:
            code = read_address(words, self._home).code
            if code is None and self._home:
                code = self._home if self._named_in_home(words) else None
            if code is None:
                return PlaceOfRow(None, "看不出是哪个县哪个乡镇，请写清楚。")
            base = code
        if base is None:
            code = read_address(cells.get("address", "")).code if cells.get("address") else None
            if code is None:
                return PlaceOfRow(None, "没写是哪个村的，请补上县、乡镇和村。")
            base = code
        elif self._home and len(self._home) == 12 and contains(base, self._home):
            base = self._home
        return self._in_village(base, village)

    def _named_in_home(self, words: str) -> bool:
        if self._home is None:
            return False
        division = gazetteer.find_nearest(self._home)
        return division is not None and division.short_name[:2] in words

    def _in_village(self, base: str, village: str) -> PlaceOfRow:
        if not village:
            note = "" if len(base) >= 9 else "没写是哪个村的，先归到导入的单位"
            return PlaceOfRow(base, note=note)
        if len(base) == 12:
            return self._same_village(base, village)
        towns = [base] if len(base) == 9 else [division.code for division in gazetteer.children(base)]
        if len(base) == 6 and len(towns) > 60:
            towns = []
        known = {name: code for town in towns for name, code in self._villages(town).items()}
        exact = known.get(village)
        if exact is None:
            stem = _stem(village)
            exact = next((code for name, code in known.items() if _stem(name) == stem), None)
        if exact is not None:
            return PlaceOfRow(exact)
        near = [name for name in known if _differs_in_one(_stem(name), _stem(village))]
        if len(near) == 1:
            return PlaceOfRow(None, f"村名对不上：是“{near[0]}”吧？改好再导。")
        return PlaceOfRow(base, note="村名不在区划表里，先归到镇" if len(base) == 9 else "村名不在区划表里")

    def _same_village(self, home: str, village: str) -> PlaceOfRow:
        names = [name for name, code in self._villages(home[:9]).items() if code == home]
        if not names or _stem(names[0]) == _stem(village):
            return PlaceOfRow(home)
        return PlaceOfRow(None, "这一行写的不是导入的这个村，请交给那边的同事导入。")


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _stem(name: str) -> str:
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


def _differs_in_one(one: str, other: str) -> bool:
    if len(one) != len(other) or len(one) < 2:
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1 and (len(one) > 2 or one[0] == other[0])
