"""读地址: free text to the lowest division it fixes.

Addresses run from wide to narrow, so the reader follows a chain of names at the start of the text (or at the
first place where one begins), each inside the one before, and stops at the first word that is no
division. What follows (roads, parks, companies) is searched only for official names that narrow the
chain. Several divisions may carry a name; the chain keeps them all and lets the next name decide. What
stays open is not guessed: the answer is then the wider place that was certain, or none.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from opencc import OpenCC

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

_LONGEST_TEXT = 400
_MOST_CANDIDATES = 20
# How far behind the chain a narrower official name still belongs to the address.
_DETAIL_REACH = 60


class AddressReading(NamedTuple):
    """What an address says: code and name of the lowest division it fixes, or None, and what else it
    may mean.

    `candidates` is the code alone when the text settled it; otherwise every division (at most 20, in code
    order) that the last name may stand for.
    """

    code: str | None
    name: str | None
    candidates: tuple[str, ...]


class _Chain(NamedTuple):
    """Names read one after the other: what they may mean, where they end, how many letters they cover."""

    codes: Codes
    end: int
    letters: int
    # The last wider place that was certain before a name with several meanings.
    holder: str | None
    sure: bool
    # Several places were named side by side, so that what holds them all is meant.
    listed: bool = False


NOTHING = AddressReading(None, None, ())


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def read_address(text: str, home: str | None = None) -> AddressReading:
    """The lowest division that an address fixes; see AddressReading.

    Development zones, roads, landmarks, companies and brands that carry a place's name are no
    divisions. `home` (a code, 6 to 12 digits) settles a name that several places bear, if exactly one
    of them lies in the same county, else the same city, else the same province. Never raises for any
    text; an unknown `home` is ignored.
    """
    plain = _normalise(text)
    if plain.isdigit():
        code = gazetteer.current_code(plain)
        return _settle((code[:9] if len(code) == 12 else code,), None, None) if code else NOTHING
    chain = _find_chain(plain)
    if chain is None:
        return NOTHING
    chain = _join_list(plain, chain)
    chain = _narrow(plain, chain)
    if not chain.sure:
        return AddressReading(None, None, tuple(sorted(chain.codes))[:_MOST_CANDIDATES])
    if chain.listed:
        return _settle(chain.codes, _common_ancestor(chain.codes), None)
    return _settle(chain.codes, chain.holder, home)


def _normalise(text: str) -> str:
    """Half width, simplified letters (but none that a name itself uses), no blanks between single letters."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST_TEXT])
    plain = "".join(c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")
    simple = _to_simplified().convert(plain)
    if simple != plain and len(simple) == len(plain):
        own = place_names().own_letters
        simple = "".join(old if old in own else new for old, new in zip(plain, simple, strict=True))
    letters = re.split(r"\s+", simple.strip())
    if len(letters) > 3 and sum(len(letter) == 1 for letter in letters) > len(letters) * 0.7:
        return "".join(letters)
    return " ".join(letters)


def _find_chain(text: str) -> _Chain | None:
    """The chain at the start, or after a label or bracket; else where the first official name stands."""
    unsure: _Chain | None = None
    for opening in words.STARTS.finditer(text):
        chain = _read_chain(text, _skip_gap(text, opening.end()), None)
        if chain is not None and chain.sure:
            return chain
        unsure = unsure or chain
    for start, end, codes in _official_names(text, 0):
        if end - start > 2 and not words.LOOKING_AWAY.search(text, 0, start):
            chain = _read_chain(text, start, None)
            if chain is not None and chain.sure and codes:
                return chain
    return unsure


def _skip_gap(text: str, position: int) -> int:
    """Behind the marks and fillers (空格, /, 省直辖县级行政区划) that may stand between two names."""
    gap = words.GAP.match(text, position)
    return gap.end() if gap else position


def _read_chain(text: str, position: int, within: Codes | None) -> _Chain | None:
    """The chain that begins here and covers most letters; None when no name begins here."""
    best: _Chain | None = None
    for end, codes, sure in _names_at(text, position, within):
        holder = within[0] if within is not None and len(within) == 1 else None
        letters = end - position
        chain = _Chain(codes, end, letters, holder, sure)
        further = _read_chain(text, _skip_gap(text, end), codes) or _moved(text, end, codes)
        if further is not None and further.sure:
            holder = further.holder or (codes[0] if len(codes) == 1 else holder)
            chain = _Chain(further.codes, further.end, letters + further.letters, holder, True)
        if best is None or (chain.sure, chain.letters) > (best.sure, best.letters):
            best = chain
    return best


def _moved(text: str, position: int, within: Codes) -> _Chain | None:
    """A county written behind the city it once belonged to (安庆市枞阳县, now of 铜陵市)."""
    for end in range(min(len(text), position + place_names().longest), position + 1, -1):
        if text[end - 1] not in "县区市":
            continue
        codes = _named_exactly(text[position:end])
        same_province = len(codes) == 1 and any(codes[0][:2] == code[:2] for code in within)
        if same_province and not _nested(codes, within) and not words.NOT_A_NAME.match(text, end):
            further = _read_chain(text, end, codes)
            if further is not None and further.sure:
                return further
            return _Chain(codes, end, end - position, None, True)
    return None


def _named_exactly(word: str) -> Codes:
    """What an official or former name means in the whole country."""
    names = place_names()
    return _inside(names.official.get(word, ()) or names.former.get(word, ()), None)


def _names_at(text: str, position: int, within: Codes | None) -> Iterator[tuple[int, Codes, bool]]:
    """Every name that may begin here: its end, its meanings inside `within`, and whether it is surely
    a place."""
    names = place_names()
    for end in range(min(len(text), position + names.longest), position + 1, -1):
        word = text[position:end]
        codes = _official_meanings(word, within)
        if codes:
            if not words.NOT_A_NAME.match(text, end) and not (
                len(word) == 2 and words.BRAND.match(text, end)
            ):
                yield end, codes, True
            continue
        codes = names.stems.get(word, ())
        codes = _widest(_inside(codes, within))
        if not codes and within is not None:
            codes = _inside(names.former_stems.get(word, ()), within)
        if codes:
            sure = _is_place(text, end, word, codes, within)
            if sure or (within is None and not words.ROAD.match(text, end)):
                yield end, codes, sure


def _official_meanings(word: str, within: Codes | None) -> Codes:
    """What a name with its ending (区, 县, 镇, ...) means: today's names first, then names of the past."""
    names = place_names()
    if within is None and (len(word) < 2 or word in _NEED_A_CITY):
        return ()
    for table in (names.official, names.former):
        if codes := _inside(table.get(word, ()), within):
            return codes
    stem = county_written_as(word)
    if stem:
        codes = _inside(names.county_stems.get(stem, ()), within)
        if len(codes) == 1 and codes != within:
            return codes
    if within is None and len(word) < 3:
        return ()
    if codes := _inside(names.towns.get(word, ()), within):
        return codes
    stem = town_written_as(word)
    codes = _inside(names.town_stems.get(stem, ()), within) if stem else ()
    return codes if len(codes) == 1 or within is None else ()


# Names that mean nothing without their city: 攀枝花市东区, 阳泉市城区.
_NEED_A_CITY = frozenset({"城区", "郊区", "矿区", "东区", "西区", "南区", "北区", "中区", "新区"})


def _inside(codes: Codes, within: Codes | None) -> Codes:
    """The meanings that lie inside what was read before; or, when a wider name is repeated, what it
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


def _widest(codes: Codes) -> Codes:
    """A bare name means the province before the city before the county of that name (吉林, 苏州, 西安)."""
    for level in (Level.PROVINCE, Level.CITY):
        of_level = tuple(code for code in codes if gazetteer.get(code).levels[0] is level)
        if of_level:
            return of_level
    return codes


def _is_place(text: str, end: int, word: str, codes: Codes, within: Codes | None) -> bool:
    """Whether a bare name (without 区, 县, 市) stands for the place and not for a road, a park or a firm."""
    after = _skip_gap(text, end)
    if after == len(text) or after > end:
        return True
    if word.startswith("市"):  # 青岛市|南京路, not 青岛|市南|京路
        return False
    if _starts_chain(text, end, codes) or _town_follows(text, end, codes):
        return True
    if any(other.match(text, end) for other in (words.ROAD, words.LANDMARK, words.BRAND, words.OTHER_KIND)):
        return False
    bare_county = all(gazetteer.get(code).level is Level.COUNTY for code in codes)
    if bare_county and words.NATURE.match(text, end):
        return False
    if word in place_names().generic:
        return _has_evidence(text, end, within)
    return within is not None or not (words.COMPANY.match(text, end) or words.SCHOOL.match(text, end))


def _starts_chain(text: str, position: int, within: Codes) -> bool:
    """Whether a surely read narrower name follows at once (苏州吴江...公司, 台州路桥)."""
    return any(sure and codes != within for _, codes, sure in _names_at(text, position, within))


def _town_follows(text: str, position: int, within: Codes) -> bool:
    """Whether the bare name of one of its towns follows at once (肥西上派, 东莞厚街)."""
    town_stems = place_names().town_stems
    return any(_inside_only(town_stems.get(text[position : position + n], ()), within) for n in (4, 3, 2))


def _has_evidence(text: str, end: int, within: Codes | None) -> bool:
    """Whether what follows an everyday word shows that it is a place: a zone, a street, a number."""
    if not text[end].isalpha() or text[end].isascii():
        return True
    if within is None and text.startswith("新区", end):
        return False
    return any(sign.match(text, end) for sign in (words.AREA, words.ZONE, words.MALL, words.OWN_ROAD))


def _inside_only(codes: Codes, within: Codes) -> bool:
    prefixes = tuple(scope_prefix(code) for code in within)
    return any(code.startswith(prefixes) for code in codes)


def _official_names(text: str, position: int) -> Iterator[tuple[int, int, Codes]]:
    """Names with their endings anywhere in the text: start, end, meanings. Longest first at each start."""
    longest = place_names().longest
    start = position
    while start < len(text) - 1:
        for end in range(min(len(text), start + longest), start + 1, -1):
            if text[end - 1] not in "省市区县旗州盟镇乡道处办木场团":
                continue
            word = text[start:end]
            codes = _named_exactly(word) or (place_names().towns.get(word, ()) if len(word) > 2 else ())
            if codes and not words.NOT_A_NAME.match(text, end) and not words.ROAD.match(text, end):
                yield start, end, codes
                start = end - 1
                break
        start += 1


def _join_list(text: str, chain: _Chain) -> _Chain:
    """Several places in a row (松江、青浦; 上海/太仓) fix only what holds them all."""
    mark = _list_mark(text, chain.end)
    while mark is not None:
        further = _read_chain(text, mark.end(), None)
        sure = further is not None and further.sure
        if (
            further is not None
            and sure
            and (mark.re is not words.WEAK_LIST_MARK or text[further.end - 1] in "省市区县")
        ):
            near = _nearest(further.codes, chain.codes)
            if not _nested(near, chain.codes):
                joined = tuple(dict.fromkeys(chain.codes + near))
                chain = _Chain(joined, further.end, chain.letters, None, True, listed=True)
            mark = _list_mark(text, further.end)
        else:
            mark = words.ENUMERATION.search(text, mark.end())
    return chain


def _list_mark(text: str, position: int) -> re.Match[str] | None:
    """The mark of a list at this place, else the next one of an enumeration anywhere behind."""
    here = words.LIST_MARK.match(text, position) or words.WEAK_LIST_MARK.match(text, position)
    return here or words.ENUMERATION.search(text, position)


def _nested(codes: Codes, others: Codes) -> bool:
    """Whether one of them lies inside one of the others, either way round."""
    return _inside_only(codes, others) or _inside_only(others, codes)


def _nearest(codes: Codes, others: Codes) -> Codes:
    """Of several meanings those that share most with the places already named."""
    for width in (4, 2):
        near = tuple(c for c in codes if any(c[:width] == other[:width] for other in others))
        if near:
            return near
    return codes


def _narrow(text: str, chain: _Chain) -> _Chain:
    """Let official names further on narrow the chain: 华侨城(深圳市)南山区, 新站区三十头镇."""
    start = chain.end
    limit = min(len(text), start + _DETAIL_REACH)
    longest = place_names().longest
    while start < limit - 1:
        for end in range(min(limit, start + longest), start + 2, -1):
            if text[end - 1] not in "市区县旗镇乡道":
                continue
            codes = _exact_inside(text[start:end], chain.codes)
            if not codes or words.NOT_A_NAME.match(text, end) or words.ROAD.match(text, end):
                continue
            if words.LOOKING_AWAY.search(text, chain.end, start) or words.PASSING.search(
                text, chain.end, start
            ):
                continue
            if text[start - 1] in "0123456789":
                continue
            holder = chain.codes[0] if len(chain.codes) == 1 else chain.holder
            chain = _Chain(codes, end, chain.letters + end - start, holder, True)
            start = end - 1
            break
        start += 1
    return chain


def _exact_inside(word: str, within: Codes) -> Codes:
    """The one division of exactly this official name strictly inside what was read."""
    names = place_names()
    prefixes = tuple(scope_prefix(code) for code in within)
    codes = names.official.get(word, ()) + names.towns.get(word, ())
    inner = tuple(code for code in codes if code.startswith(prefixes) and code not in within)
    return inner if len(inner) == 1 else ()


def _settle(codes: Codes, holder: str | None, home: str | None) -> AddressReading:
    """One meaning is the answer; of several, the one near home; else the wider place that was certain."""
    if len(codes) > 1 and home is not None:
        codes = _near_home(codes, home)
    if len(codes) == 1:
        return AddressReading(codes[0], gazetteer.get(codes[0]).name, codes)
    candidates = tuple(sorted(codes))[:_MOST_CANDIDATES]
    if holder is None:
        return AddressReading(None, None, candidates)
    return AddressReading(holder, gazetteer.get(holder).name, candidates)


def _near_home(codes: Codes, home: str) -> Codes:
    division = gazetteer.find_nearest(home)
    if division is None:
        return codes
    for ancestor in reversed(gazetteer.ancestors(division.code)):
        near = tuple(code for code in codes if code.startswith(scope_prefix(ancestor.code)))
        if near:
            return near if len(near) == 1 else codes
    return codes


def _common_ancestor(codes: Codes) -> str | None:
    """The smallest division that holds all, leaving out cities that exist only in statistics."""
    chains = [[step.code for step in gazetteer.ancestors(code)] for code in codes]
    common = [step[0] for step in zip(*chains, strict=False) if len(set(step)) == 1]
    common = [code for code in common if not gazetteer.is_statistical_city(code)]
    return common[-1] if common else None
