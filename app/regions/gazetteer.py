"""地名录: the 43,074 divisions built into the product, and the questions everybody asks about them.

Province, city and county have 6 digits, a town 9, a village 12. Villages are not built in: a 12-digit code is
answered through its town. Pure memory, no database; loaded once, on first use.

What offices have changed since (renamed, merged, given a new code) is laid over the built-in table by
`amend`; `regions.amendments` reads it from the database.
"""

import csv
import io
import lzma
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from app.regions.errors import UnknownRegion
from app.regions.terms import Level

Point = tuple[int, int]

_LEVEL_OF_LETTER = {"p": Level.PROVINCE, "c": Level.CITY, "d": Level.COUNTY, "t": Level.TOWN}
# 北京市 > 北京市 > 东城区: the middle step exists only in statistics and is not shown to people.
_STATISTICAL_CITIES = frozenset({"110100", "120100", "310100", "500100", "500200"})
_LEVEL_RANK = {level: rank for rank, level in enumerate(Level)}


class Division(NamedTuple):
    """区划: one place of the official tree.

    `level` is the level that fixes its scope prefix; `levels` all levels it stands on, widest first
    (东莞市 is both city and county). `pinyin` and `initials` are of the whole name, lower case, without
    blanks. `x`, `y` are whole metres in the plane of `projection`, None where no point is known.
    """

    code: str
    name: str
    short_name: str
    level: Level
    levels: tuple[Level, ...]
    parent_code: str | None
    pinyin: str
    initials: str
    x: int | None
    y: int | None


class Gazetteer(NamedTuple):
    """The whole table: by code in tree order, children by parent (None = the provinces), old codes to new.

    `retired` are divisions that offices merged or renumbered: nothing lies in them, but they still have
    names. `moved` leads from such a code (a village's too) to the next one. `revision` 0 is the built-in
    table.
    """

    divisions: dict[str, Division]
    children: dict[str | None, tuple[Division, ...]]
    successors: dict[str, str]
    former_names: tuple[tuple[str, str], ...]
    retired: Mapping[str, Division] = {}
    moved: Mapping[str, str] = {}
    revision: int = 0


class Amendments(NamedTuple):
    """本级改动: what offices changed since the built-in table was made.

    `living` are towns and above, new or renamed; `retired` such that went, with the code they went to in
    `moved`; `former_names` pairs of a name and the code that carries the place today.
    """

    revision: int
    living: tuple[Division, ...] = ()
    retired: tuple[Division, ...] = ()
    moved: Mapping[str, str] = {}
    former_names: tuple[tuple[str, str], ...] = ()


_amended: Gazetteer | None = None
_forgetting: list[Callable[[], None]] = []


def gazetteer() -> Gazetteer:
    """The table as it stands today: the built-in one with what offices have changed."""
    return _amended or built_in()


def amend(amendments: Amendments) -> None:
    """Lays the changes of offices over the built-in table, in place of those laid before; no revision (0)
    leaves the built-in table alone. What was remembered of the table before is forgotten.
    """
    global _amended
    if gazetteer().revision == amendments.revision:
        return
    _amended = _lay_over(built_in(), amendments) if amendments.revision else None
    for forget in _forgetting:
        forget()


def forget_on_change(forget: Callable[[], None]) -> None:
    """Registers what empties a memory of readings of the table; called after every change of it."""
    _forgetting.append(forget)


def _lay_over(table: Gazetteer, amendments: Amendments) -> Gazetteer:
    retired = {division.code: division for division in amendments.retired}
    divisions = table.divisions | {division.code: division for division in amendments.living}
    divisions = {code: divisions[code] for code in sorted(divisions.keys() - retired.keys())}
    return Gazetteer(
        divisions,
        _children_of(divisions.values()),
        table.successors,
        table.former_names + amendments.former_names,
        retired,
        amendments.moved,
        amendments.revision,
    )


def _children_of(divisions: Iterable[Division]) -> dict[str | None, tuple[Division, ...]]:
    children: dict[str | None, list[Division]] = defaultdict(list)
    for division in divisions:
        children[division.parent_code].append(division)
    return {parent: tuple(below) for parent, below in children.items()}


@cache
def built_in() -> Gazetteer:
    """The table that came with the product, read from the package once."""
    folder = resources.files("app.regions") / "data"
    text = lzma.decompress((folder / "divisions.csv.xz").read_bytes()).decode("utf-8")
    divisions = _read_divisions(text)
    changes = csv.DictReader(io.StringIO((folder / "code_changes.csv").read_text("utf-8")))
    rows = [(row["old_code"], row["old_name"], row["new_code"]) for row in changes]
    return Gazetteer(
        divisions,
        _children_of(divisions.values()),
        {old: new for old, _, new in rows if old != new},
        tuple((name, new) for _, name, new in rows),
    )


def _read_divisions(text: str) -> dict[str, Division]:
    """Lines in code order, so that every parent comes before its children."""
    levels_of = {
        letters: tuple(_LEVEL_OF_LETTER[letter] for letter in letters)
        for letters in ("p", "c", "d", "t", "cd", "pcd")
    }
    divisions: dict[str, Division] = {}
    for line in io.StringIO(text):
        code, letters, name, short_name, pinyin, initials, x, y, _ = line.split(",")
        parent: str | None
        if len(code) == 9:
            parent = code[:6] if code[:6] in divisions else code[:2] + "0000"
        elif letters[0] == "p":
            parent = None
        else:
            parent = code[:4] + "00"
            if parent == code or parent not in divisions:
                parent = code[:2] + "0000"
        levels = levels_of[letters]
        divisions[code] = Division(
            code,
            name,
            short_name or name,
            # A code on several levels is scoped as a county, except the two special regions: their
            # towns share only the first two digits with them.
            levels[0] if levels[0] is Level.PROVINCE else levels[-1],
            levels,
            None if parent is None else divisions[parent].code,  # one text for all its children
            pinyin,
            initials,
            int(x) if x else None,
            int(y) if y else None,
        )
    return divisions


def find(code: str) -> Division | None:
    """The division of a code, or None: for a village too, which is not built in, and for a retired one."""
    return gazetteer().divisions.get(code)


def get(code: str) -> Division:
    """The division of a code. Raises UnknownRegion."""
    division = gazetteer().divisions.get(code)
    if division is None:
        raise UnknownRegion()
    return division


def find_nearest(code: str) -> Division | None:
    """The division of a code; for a village (12 digits) its town, or its county where the town is unknown.

    Retired ones too: old records still have to be named.
    """
    if len(code) == 12:
        return _known(code[:9]) or _known(code[:6])
    return _known(code)


def _known(code: str) -> Division | None:
    table = gazetteer()
    return table.divisions.get(code) or table.retired.get(code)


def get_nearest(code: str) -> Division:
    """As find_nearest. Raises UnknownRegion."""
    division = find_nearest(code)
    if division is None:
        raise UnknownRegion()
    return division


def children(code: str | None) -> tuple[Division, ...]:
    """What lies directly below, in code order; None asks for the provinces. Raises UnknownRegion."""
    if code is not None:
        get_nearest(code)
    return gazetteer().children.get(code, ())


def ancestors(code: str) -> tuple[Division, ...]:
    """From the province down to the division itself; a village's chain ends with its town. Raises
    UnknownRegion.
    """
    division: Division | None = get_nearest(code)
    chain: list[Division] = []
    while division is not None:
        chain.append(division)
        division = _known(division.parent_code) if division.parent_code is not None else None
    return tuple(reversed(chain))


def path(code: str) -> tuple[str, ...]:
    """Names from the province down, without the cities that exist only in statistics. Raises
    UnknownRegion.
    """
    chain = ancestors(code)
    return tuple(step.name for step in chain if step.code not in _STATISTICAL_CITIES or step is chain[-1])


def path_name(code: str) -> str:
    """The path as one word: 陕西省铜川市耀州区. Raises UnknownRegion."""
    return "".join(path(code))


def ancestor_at(code: str, level: Level) -> Division | None:
    """The ancestor (or the division itself) that stands on this level; None when the code is wider than
    the level.

    东莞市 is its own ancestor at city and at county level. Villages are not built in, so VILLAGE answers
    None.
    """
    for step in ancestors(code):
        if level in step.levels:
            return step
    return None


def is_statistical_city(code: str) -> bool:
    """Whether this is the city level that the four municipalities have only in statistics."""
    return code in _STATISTICAL_CITIES


def current_code(old: str) -> str | None:
    """The living code of a code of any age and 6, 9 or 12 digits (trailing zeros allowed); None when unknown.

    A town or village below a county whose code changed keeps its place only as far as the county: the
    numbers of its towns were given out anew.
    """
    table = gazetteer()
    if not old.isdigit() or len(old) not in (6, 9, 12):
        return None
    if len(old) == 12 and old.endswith("000"):
        old = old[:6] if old[:6] in table.divisions and old[6:9] == "000" else old[:9]
    old = moved_on(old)
    if len(old) == 12 and old[:9] in table.moved:
        old = moved_on(old[:9])  # a village nobody had registered: the town it was in
    if old in table.divisions:
        return old
    if len(old) == 12 and (old[:9] in table.divisions or old[:6] in table.divisions):
        return old
    county = table.successors.get(old[:6], old[:6])
    return county if county in table.divisions else None


def moved_on(code: str) -> str:
    """Where the people of a code are kept today, as far as offices moved them."""
    moved = gazetteer().moved
    for _ in range(len(moved)):
        if code not in moved:
            break
        code = moved[code]
    return code


def point(code: str) -> Point | None:
    """Plane position in metres of a division, or of the nearest ancestor that has one. Raises
    UnknownRegion.
    """
    for step in reversed(ancestors(code)):
        if step.x is not None and step.y is not None:
            return step.x, step.y
    return None


_PREFIX_DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWN: 9, Level.VILLAGE: 12}


def scope_prefix(code: str) -> str:
    """The digits that the codes of everything inside a place begin with: 2, 4, 6, 9 or 12, by its level.

    Never by stripping zeros: 500000 (重庆) would become "5" and swallow five provinces. 419001 (济源) is
    a county too and keeps 6 digits, since 4 would hold its neighbours. Raises UnknownRegion, for a
    village of an unknown county as well.
    """
    if len(code) == 12:
        get_nearest(code)
        return code
    return code[: _PREFIX_DIGITS[get(code).level]]


class _NameIndex(NamedTuple):
    """Three texts, one division a line in tree order, and where each line starts: a scan at C speed."""

    divisions: tuple[Division, ...]
    names: str
    name_starts: tuple[int, ...]
    pinyin: str
    pinyin_starts: tuple[int, ...]
    initials: str
    initial_starts: tuple[int, ...]


@cache
def _name_index() -> _NameIndex:
    """Made anew after a change of the table."""
    divisions = tuple(gazetteer().divisions.values())
    names, name_starts = _join_lines([division.name for division in divisions])
    pinyin, pinyin_starts = _join_lines([division.pinyin for division in divisions])
    initials, initial_starts = _join_lines([division.initials for division in divisions])
    return _NameIndex(divisions, names, name_starts, pinyin, pinyin_starts, initials, initial_starts)


forget_on_change(_name_index.cache_clear)


def _join_lines(words: list[str]) -> tuple[str, tuple[int, ...]]:
    """Every word behind a line break, and the position of each break."""
    starts: list[int] = []
    position = 0
    for word in words:
        starts.append(position)
        position += len(word) + 1
    return "\n" + "\n".join(words), tuple(starts)


def _lines_with(text: str, starts: tuple[int, ...], wanted: str) -> Iterator[int]:
    """Numbers of the lines in which `wanted` occurs, each once."""
    position = text.find(wanted)
    while position >= 0:
        line = bisect_right(starts, position) - 1
        yield line
        if line + 1 == len(starts):
            return
        position = text.find(wanted, starts[line + 1])


def search(text: str, *, limit: int = 20, within: str | None = None) -> list[Division]:
    """Divisions whose name holds the text, or whose pinyin or initials begin with it: 耀州, yaozhou, yzq.

    Best first: the very name, then names that begin with it, then the rest; wider places before smaller ones.
    `within` keeps to what lies inside that code. Raises UnknownRegion when `within` is unknown.
    """
    wanted = "".join(text.split()).lower()
    if not wanted:
        return []
    index = _name_index()
    if wanted.isascii():
        lines = set(_lines_with(index.initials, index.initial_starts, "\n" + wanted))
        lines |= set(_lines_with(index.pinyin, index.pinyin_starts, "\n" + wanted))
    else:
        lines = set(_lines_with(index.names, index.name_starts, wanted))
    prefix = "" if within is None else scope_prefix(within)
    found = [division for line in lines if (division := index.divisions[line]).code.startswith(prefix)]
    found.sort(key=lambda division: (_likeness(division, wanted), _LEVEL_RANK[division.level], division.code))
    return found[:limit]


def _likeness(division: Division, wanted: str) -> int:
    """0 the very name, 1 begins with it, 2 holds it."""
    if wanted in (division.name, division.short_name, division.pinyin, division.initials):
        return 0
    return 1 if division.name.startswith(wanted) or wanted.isascii() else 2
