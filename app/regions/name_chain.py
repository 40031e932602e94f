"""地名链: the run of place names in an address, each inside the one before.

`NameReader` reads one text. A name may have several meanings; the chain keeps all that fit and lets the next
name decide.
"""

import re
from typing import NamedTuple

from app.regions import address_words as words
from app.regions import gazetteer
from app.regions.place_names import (
    Codes,
    county_written_as,
    needs_context,
    place_names,
    town_written_as,
)
from app.regions.scope import scope_prefix
from app.regions.terms import Level

# Province, city, county, town, and room for names said twice; bounds the work on hostile text.
_MOST_NAMES = 8


class Chain(NamedTuple):
    """Names read one after the other: what they may mean, where they end, how many letters they cover."""

    codes: Codes
    end: int
    letters: int
    # The last wider place that was certain before a name with several meanings.
    holder: str | None
    sure: bool
    # Several places were named side by side, so that what holds them all is meant.
    listed: bool = False


class Name(NamedTuple):
    """One name in the text: where it ends, its meanings, and whether it surely stands for a place."""

    end: int
    codes: Codes
    sure: bool


class NameReader:
    """Reads the place names of one normalised text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places = place_names()
        self._read: dict[tuple[int, Codes | None], list[Name]] = {}

    def skip_gap(self, position: int) -> int:
        """Behind the marks and fillers (空格, /, 省直辖县级行政区划) that may stand between two names."""
        gap = words.GAP.match(self.text, position)
        return gap.end() if gap else position

    def chain_at(self, position: int, within: Codes | None, depth: int = 0) -> Chain | None:
        """The chain that begins here and covers most letters; None when no name begins here."""
        if depth == _MOST_NAMES:
            return None
        best: Chain | None = None
        for end, codes, sure in self.names_at(position, within):
            holder = within[0] if within is not None and len(within) == 1 else None
            letters = end - position
            chain = Chain(codes, end, letters, holder, sure)
            further = self.chain_at(self.skip_gap(end), codes, depth + 1) or self._moved_county(end, codes)
            if further is not None and further.sure:
                holder = further.holder or (codes[0] if len(codes) == 1 else holder)
                chain = Chain(further.codes, further.end, letters + further.letters, holder, True)
            if best is None or (chain.sure, chain.letters) > (best.sure, best.letters):
                best = chain
        return best

    def names_at(self, position: int, within: Codes | None) -> list[Name]:
        """Every name that may begin here, longest first."""
        key = (position, within)
        if key not in self._read:
            self._read[key] = self._find_names(position, within)
        return self._read[key]

    def official_names(self, position: int) -> list[tuple[int, Name]]:
        """Names with their endings anywhere from here on, with where they start; longest first at each
        start."""
        found: list[tuple[int, Name]] = []
        start = position
        while start < len(self.text) - 1:
            for end in self._ends(start, "省市区县旗州盟镇乡道处办木场团"):
                word = self.text[start:end]
                codes = _named_exactly(word)
                if not codes and len(word) > 2:
                    codes = self._places.towns.get(word, ())
                if codes and not self._goes_on(end):
                    found.append((start, Name(end, codes, True)))
                    start = end - 1
                    break
            start += 1
        return found

    def official_inside(self, start: int, limit: int, within: Codes) -> Name | None:
        """The official name of one division strictly inside `within` that begins here."""
        for end in self._ends(start, "市区县旗镇乡道"):
            if end - start > 2 and end <= limit:
                codes = _exact_inside(self.text[start:end], within)
                if codes and not self._goes_on(end):
                    return Name(end, codes, True)
        return None

    def _ends(self, start: int, letters: str) -> list[int]:
        """Where a name that begins here and ends with one of the letters may end, longest first."""
        text, last = self.text, min(len(self.text), start + self._places.longest)
        return [end for end in range(last, start + 1, -1) if text[end - 1] in letters]

    def _goes_on(self, end: int) -> bool:
        """Whether the word goes on to something else (上海市|场, 长安镇|路)."""
        return bool(words.NOT_A_NAME.match(self.text, end) or words.ROAD.match(self.text, end))

    def _find_names(self, position: int, within: Codes | None) -> list[Name]:
        found: list[Name] = []
        text, places = self.text, self._places
        for end in range(min(len(text), position + places.longest), position + 1, -1):
            word = text[position:end]
            codes = _official_meanings(word, within)
            if codes:
                if not self._is_other_thing(end, word):
                    found.append(Name(end, codes, True))
                continue
            codes = self._bare_meanings(end, places.stems.get(word, ()), within)
            if not codes and within is not None:
                codes = inside(places.former_stems.get(word, ()), within)
            if codes:
                sure = self._is_place(end, word, codes, within)
                if sure or (within is None and not words.ROAD.match(text, end)):
                    found.append(Name(end, codes, sure))
                rest = tuple(code for code in inside(places.stems.get(word, ()), None) if code not in codes)
                # 海南|共和县: the prefecture of Qinghai, not the province.
                if within is None and rest and self._narrower_follows(end, rest):
                    found.append(Name(end, rest, True))
        return found

    def _is_other_thing(self, end: int, word: str) -> bool:
        """Whether even a name with its ending stands for something else (上海市|场, 沙县|小吃, 费县|路)."""
        if words.NOT_A_NAME.match(self.text, end):
            return True
        short = len(word) == 2
        return short and bool(words.BRAND.match(self.text, end) or words.TURNED_ROAD.match(self.text, end))

    def _bare_meanings(self, end: int, codes: Codes, within: Codes | None) -> Codes:
        """The widest meanings; a name said twice means first the city, then its county (大理大理)."""
        codes = inside(codes, within)
        widest = _widest(codes)
        narrower = tuple(code for code in codes if code not in widest)
        after = self.skip_gap(end)
        if widest == within and narrower and (after > end or after == len(self.text)):
            return narrower
        return widest

    def _is_place(self, end: int, word: str, codes: Codes, within: Codes | None) -> bool:
        """Whether a bare name (without 区, 县, 市) stands for the place and not for a road, a park or
        a firm."""
        text, after = self.text, self.skip_gap(end)
        if after == len(text) or after > end:
            return True
        if word.startswith("市"):  # 青岛市|南京路, not 青岛|市南|京路
            return False
        if codes != within and self._narrower_follows(end, codes):
            return True
        if not words.TURNED_ROAD.match(text, end) and self._town_follows(end, codes):
            return True
        if any(other.match(text, end) for other in words.OTHER_THINGS):
            return False
        bare_county = all(gazetteer.get(code).level is Level.COUNTY for code in codes)
        if bare_county and words.NATURE.match(text, end):
            return False
        if word in self._places.generic:
            return self._has_evidence(end, within)
        return within is not None or not (words.COMPANY.match(text, end) or words.SCHOOL.match(text, end))

    def _narrower_follows(self, position: int, within: Codes) -> bool:
        """Whether a surely read narrower name follows at once (苏州吴江...公司, 台州路桥)."""
        return any(name.sure and name.codes != within for name in self.names_at(position, within))

    def _town_follows(self, position: int, within: Codes) -> bool:
        """Whether the bare name of one of its towns follows at once (肥西上派, 东莞厚街).

        Not for a province: among a thousand names of towns one fits any firm.
        """
        within = tuple(code for code in within if not code.endswith("0000"))
        if not within:
            return False
        stems = self._places.town_stems
        parts = (self.text[position : position + length] for length in (4, 3, 2))
        return any(any_inside(stems.get(part, ()), within) for part in parts)

    def _has_evidence(self, end: int, within: Codes | None) -> bool:
        """Whether what follows an everyday word shows that it is a place: a zone, a street, a number."""
        if not self.text[end].isalpha() or self.text[end].isascii():
            return True
        if within is None and self.text.startswith("新区", end):
            return False
        return any(sign.match(self.text, end) for sign in words.SIGNS_OF_A_PLACE)

    def _moved_county(self, position: int, within: Codes) -> Chain | None:
        """A county written behind the city it once belonged to (安庆市枞阳县, now of 铜陵市)."""
        if self.text[position - 1] in "县区":
            return None
        for end in self._ends(position, "县区市"):
            codes = _named_exactly(self.text[position:end])
            same_province = len(codes) == 1 and any(codes[0][:2] == code[:2] for code in within)
            if same_province and not nested(codes, within) and not words.NOT_A_NAME.match(self.text, end):
                further = self.chain_at(end, codes, _MOST_NAMES - 2)
                if further is not None and further.sure:
                    return further
                return Chain(codes, end, end - position, None, True)
        return None


def inside(codes: Codes, within: Codes | None) -> Codes:
    """The meanings that lie inside what was read before; or, when a wider name is said again, what it
    leaves."""
    if not codes:
        return ()
    if within is None:
        return tuple(code for code in codes if not needs_context(code))
    prefixes = tuple(scope_prefix(code) for code in within)
    narrower = tuple(code for code in codes if code.startswith(prefixes))
    if narrower:
        return narrower
    wider = tuple(scope_prefix(code) for code in codes)
    return tuple(code for code in within if code.startswith(wider))


def any_inside(codes: Codes, within: Codes) -> bool:
    """Whether one of the codes lies inside one of the others."""
    prefixes = tuple(scope_prefix(code) for code in within)
    return any(code.startswith(prefixes) for code in codes)


def nested(codes: Codes, others: Codes) -> bool:
    """Whether one of them lies inside one of the others, either way round."""
    return any_inside(codes, others) or any_inside(others, codes)


def _named_exactly(word: str) -> Codes:
    """What an official or former name means in the whole country."""
    names = place_names()
    return inside(names.official.get(word, ()) or names.former.get(word, ()), None)


def _exact_inside(word: str, within: Codes) -> Codes:
    """The one division of exactly this official name strictly inside what was read."""
    names = place_names()
    prefixes = tuple(scope_prefix(code) for code in within)
    codes = names.official.get(word, ()) + names.towns.get(word, ())
    inner = tuple(code for code in codes if code.startswith(prefixes) and code not in within)
    return inner if len(inner) == 1 else ()


def _official_meanings(word: str, within: Codes | None) -> Codes:
    """What a name with its ending (区, 县, 镇, ...) means: today's names first, then names of the past."""
    names = place_names()
    if within is None and word in words.NEEDS_ITS_CITY:
        return ()
    for table in (names.official, names.former):
        if codes := inside(table.get(word, ()), within):
            return codes
    codes = _changed_ending(word, within)
    if codes and codes != within:
        return codes
    if within is None and len(word) < 3:
        return ()
    if codes := inside(names.towns.get(word, ()), within):
        return codes
    stem = town_written_as(word)
    codes = inside(names.town_stems.get(stem, ()), within) if stem else ()
    return codes if len(codes) == 1 or within is None else ()


def _changed_ending(word: str, within: Codes | None) -> Codes:
    """The one county that is now a district or a city, or the other way round (璧山县, 江津市)."""
    stem = county_written_as(word)
    # Without context only what became more: nobody turns a county into a 区 by mistake, but 雄安新区 is none.
    if stem is None or (within is None and word.endswith("区")):
        return ()
    codes = inside(place_names().county_stems.get(stem, ()), within)
    return codes if len(codes) == 1 else ()


def _widest(codes: Codes) -> Codes:
    """A bare name means the province before the city before the county of that name (吉林, 苏州, 西安)."""
    for level in (Level.PROVINCE, Level.CITY):
        of_level = tuple(code for code in codes if gazetteer.get(code).levels[0] is level)
        if of_level:
            return of_level
    return codes


def list_mark(text: str, position: int) -> re.Match[str] | None:
    """The mark of a list at this place, else the next one of an enumeration anywhere behind."""
    here = words.LIST_MARK.match(text, position) or words.WEAK_LIST_MARK.match(text, position)
    return here or words.ENUMERATION.search(text, position)
