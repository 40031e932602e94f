"""读地址: free text to the lowest division it fixes.

Addresses run from wide to narrow, so the reader follows the chain of names at the start of the text (or at
the first place where one begins) and stops at the first word that is no division. What follows (roads, parks,
companies) is searched only for official names that narrow the chain. What stays open is not guessed: the
answer is then the wider place that was certain, or none.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from opencc import OpenCC

from app.regions import address_words as words
from app.regions import gazetteer
from app.regions.name_chain import Chain, NameReader, list_mark, nested
from app.regions.place_names import Codes, place_names
from app.regions.scope import scope_prefix

_LONGEST_TEXT = 400
_MOST_CANDIDATES = 20
# How far behind the chain a narrower official name still belongs to the address.
_DETAIL_REACH = 60


class AddressReading(NamedTuple):
    """What an address says: code and name of the lowest division it fixes, or None.

    `candidates` is the code alone when the text settled it; otherwise every division (at most 20, in code
    order) that the last name may stand for.
    """

    code: str | None
    name: str | None
    candidates: tuple[str, ...]


NOTHING = AddressReading(None, None, ())


def read_address(text: str, home: str | None = None) -> AddressReading:
    """The lowest division that an address fixes; see AddressReading.

    Development zones, roads, landmarks, companies and brands that carry a place's name are no divisions.
    `home` (a code, 6 to 12 digits) settles a name that several places bear, if exactly one of them lies in
    the same town, else county, else city, else province. Never raises for any text; an unknown `home` is
    ignored.
    """
    plain = _normalise(text)
    if plain.isdigit():
        return _read_code(plain)
    reader = NameReader(plain)
    chain = _find_chain(reader)
    if chain is None:
        return NOTHING
    chain = _join_list(reader, chain)
    if not chain.listed:
        chain = _narrow(reader, _choose(reader, chain))
    if not chain.sure:
        return AddressReading(None, None, tuple(sorted(chain.codes))[:_MOST_CANDIDATES])
    if chain.listed:
        return _settle(chain.codes, _common_ancestor(chain.codes), None)
    return _settle(chain.codes, chain.holder, home)


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


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


def _read_code(digits: str) -> AddressReading:
    """A cell that holds the code itself, of today or of the past; a village's leads to its town."""
    code = gazetteer.current_code(digits)
    division = gazetteer.find_nearest(code) if code else None
    return AddressReading(division.code, division.name, (division.code,)) if division else NOTHING


def _find_chain(reader: NameReader) -> Chain | None:
    """The chain at the start, or after a label or bracket; else where the first official name stands."""
    unsure: Chain | None = None
    for opening in words.STARTS.finditer(reader.text):
        chain = reader.chain_at(reader.skip_gap(opening.end()), None)
        if chain is not None and chain.sure:
            return chain
        unsure = unsure or chain
    for start, name in reader.official_names(0):
        if name.end - start > 2 and not words.LOOKING_AWAY.search(reader.text, 0, start):
            chain = reader.chain_at(start, None)
            if chain is not None and chain.sure:
                return chain
    return unsure


def _join_list(reader: NameReader, chain: Chain) -> Chain:
    """Several places in a row (松江、青浦; 上海/太仓) fix only what holds them all."""
    mark = list_mark(reader.text, chain.end)
    while mark is not None:
        further = reader.chain_at(mark.end(), None)
        if further is None or not further.sure or not _is_listed(reader.text, mark, further):
            mark = words.ENUMERATION.search(reader.text, mark.end())
            continue
        near = _nearest(further.codes, chain.codes)
        if not nested(near, chain.codes):
            joined = tuple(dict.fromkeys(chain.codes + near))
            chain = Chain(joined, further.end, chain.letters, None, True, listed=True)
        mark = list_mark(reader.text, further.end)
    return chain


def _is_listed(text: str, mark: re.Match[str], further: Chain) -> bool:
    """A comma or a blank makes a list only before a name with its ending."""
    return mark.re is not words.WEAK_LIST_MARK or text[further.end - 1] in "省市区县"


def _nearest(codes: Codes, others: Codes) -> Codes:
    """Of several meanings those that share most with the places already named."""
    for width in (4, 2):
        near = tuple(c for c in codes if any(c[:width] == other[:width] for other in others))
        if near:
            return near
    return codes


def _choose(reader: NameReader, chain: Chain) -> Chain:
    """Let a wider name said later decide between several meanings: 普陀区云岭东路(上海)."""
    if len(chain.codes) < 2:
        return chain
    places = [reader.skip_gap(opening.end()) for opening in words.STARTS.finditer(reader.text, chain.end)]
    places += [start for start, _ in reader.official_names(chain.end)]
    for position in places:
        further = reader.chain_at(position, chain.codes)
        if further is not None and further.sure and len(further.codes) < len(chain.codes):
            return further._replace(letters=chain.letters)
    return chain


def _narrow(reader: NameReader, chain: Chain) -> Chain:
    """Let official names further on narrow the chain: 深圳华侨城(南山区), 新站区三十头镇."""
    start, limit = chain.end, min(len(reader.text), chain.end + _DETAIL_REACH)
    while start < limit - 1:
        name = reader.official_inside(start, limit, chain.codes)
        if name is not None and not _passes_by(reader.text, chain.end, start):
            holder = chain.codes[0] if len(chain.codes) == 1 else chain.holder
            chain = Chain(name.codes, name.end, chain.letters + name.end - start, holder, True)
            start = name.end - 1
        start += 1
    return chain


def _passes_by(text: str, begin: int, position: int) -> bool:
    """Whether the word before says that the place is not here (近, 到, 途经), or a number runs into it."""
    return bool(
        text[position - 1].isdigit()
        or words.LOOKING_AWAY.search(text, begin, position)
        or words.PASSING.search(text, begin, position)
    )


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
    division = gazetteer.find_nearest(home) or gazetteer.find(home[:6])
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
