"""编译的算式: the gates' and the formula's arithmetic for one pair, compiled where numba is installed.

An optional package: without it the same code is plain Python, which the tests run. Only numbers go in and
out; an array handed over in a loop would be counted in and out each time.
"""

import hashlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.matching.index import columns as c
from app.matching.index.packed import NOWHERE
from app.matching.index.scores import LEVEL_DIGITS
from app.matching.rules import places, scoring, wages


def _load_compiler() -> Any:
    """numba, None where it is missing or does not suit this numpy."""
    try:
        return import_module("numba")
    except ImportError:
        return None


NUMBA: Final = _load_compiler()
READ_HERE: Final = ("compiled.py", "kernel.py", "columns.py", "packed.py", "scores.py")
RULES_READ: Final = ("gates.py", "places.py", "scoring.py", "wages.py")


def _keep_apart() -> None:
    """Have what is compiled kept by the text of all it was made of: numba itself looks at one file only, and
    would keep weights that have changed since."""
    here = Path(__file__).parent
    files = [*(here / name for name in READ_HERE), *(here.parent / "rules" / name for name in RULES_READ)]
    told = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    NUMBA.config.CACHE_DIR = str(here / "__pycache__" / f"compiled-{told[:16]}")


if NUMBA is not None and not NUMBA.config.CACHE_DIR:
    _keep_apart()

IS_COMPILED: Final = NUMBA is not None


def compiled(function: Callable[..., Any], *, is_inner: bool = True) -> Callable[..., Any]:
    """The function compiled, without letting the compiler reorder arithmetic; as it is without numba."""
    if NUMBA is None:
        return function
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": False}
    options["forceinline"] = is_inner
    try:
        made: Callable[..., Any] = NUMBA.njit(cache=True, **options)(function)
    except RuntimeError:
        # Nowhere to keep what was compiled: it is compiled again in every process.
        made = NUMBA.njit(**options)(function)
    return made


def compiled_alone(function: Callable[..., Any]) -> Callable[..., Any]:
    """As `compiled`, for the function that is called from outside."""
    return compiled(function, is_inner=False)


CARE, DAY, HOME_WORK, LODGING, TRAINS = c.CARE, c.DAY, c.HOME_WORK, c.LODGING, c.TRAINS
TEACHES, WELFARE = c.TEACHES, c.WELFARE
W_SKILL, W_PLACE, W_WAGE, W_OCCUPATION = (
    scoring.WEIGHTS[name] for name in ("skill", "place", "wage", "occupation")
)
WAYS: Final = np.array([places.TIER_M[digits] for digits in (0, *LEVEL_DIGITS)], np.float64)
COMMUTE_M, TOWN_M, VILLAGE_M = float(places.COMMUTE_M), float(places.TIER_M[9]), float(places.TIER_M[12])
PLAIN_DAY, UNKNOWN_HOURS, FAR_AWAY = (
    scoring.CARE_PLAIN_DAY,
    scoring.CARE_UNKNOWN_HOURS,
    scoring.CARE_FAR_AWAY,
)
LIKELY, UNNAMED, UNMARKED = scoring.LIKELY_CONFLICT, scoring.SHIFT_NOT_NAMED, scoring.CLASS_NOT_MARKED
BEGINNERS, NO_OPINION, UNKNOWN_PAY = scoring.BEGINNERS_WELCOME, scoring.NO_OPINION, wages.UNKNOWN_PAY
MOST_STEADY: Final = scoring.WEIGHTS["answers"] + scoring.WEIGHTS["freshness"] + scoring.WEIGHTS["fair_share"]

Whole = tuple[Any, ...]


@compiled
def typical_way(begin: int, end: int, levels: Whole) -> float:
    """The typical way from home to the nearest that may lie in a range of scopes."""
    place = 0
    for level in range(0, len(levels), 2):
        if levels[level] < end and begin < levels[level + 1]:
            place = level // 2 + 1
    way: float = WAYS[place]
    return way


@compiled
def add_parts(skill: float, place: float, wage: float, trade: float) -> float:
    total = W_SKILL * skill
    total = total + W_PLACE * place
    total = total + W_WAGE * wage
    return total + W_OCCUPATION * trade


@compiled
def grade_pay(low: float, middle: float, flags: int, floor: float, base: float) -> float:
    wage = min(0.5 * (middle / base), 1.0)
    if floor and low < floor:
        wage = 0.5 * (low / base)
    least = UNKNOWN_PAY if low < 0.0 else 0.0
    if flags & WELFARE:
        least = NO_OPINION
    return max(wage, least)


@compiled
def grade_skill(known: float, unasked: float, group: int, flags: int) -> float:
    grade = known if group else unasked
    return max(grade, BEGINNERS) if flags & TEACHES == TEACHES else grade


@compiled
def most_pay(share: float, flags: int) -> float:
    """`grade_pay` or a little more, of half the middle pay over the person's own."""
    least = UNKNOWN_PAY if share < 0.0 else 0.0
    if flags & WELFARE:
        least = NO_OPINION
    return max(min(share, 1.0), least)


@compiled
def grade_place(way: float, is_brought: bool, has_lodging: bool, scale: float) -> float:
    if is_brought and way > TOWN_M:
        way = TOWN_M if way <= COMMUTE_M else COMMUTE_M
    grade = 1.0 / (1.0 + way / scale)
    return grade * 0.7 if way > COMMUTE_M and not has_lodging else grade


@compiled
def grade_fit(
    flags: int, likely: int, suits: int, shifts: int, way: float, care_share: float, limits: Whole
) -> float:
    cares, burdens, its_shifts, wants_shift, has_class, mark = limits
    fit = 1.0
    if cares:
        if flags & CARE == 0:
            fit = fit * care_share
        if way > COMMUTE_M:
            fit = fit * FAR_AWAY
    if likely & burdens:
        fit = fit * LIKELY
    if wants_shift and shifts & its_shifts == 0:
        fit = fit * UNNAMED
    if has_class and suits & mark == 0:
        fit = fit * UNMARKED
    return fit


@compiled
def way_between(is_coarse: bool, east: int, north: int, x: float, y: float, least: float) -> float:
    """Metres of the measured way, -1 where it can't be measured."""
    if is_coarse or east == NOWHERE:
        return -1.0
    across, along = east - x, north - y
    way: float = max(np.floor(np.sqrt(across * across + along * along)), least)
    return way


def turn_start(day: int) -> np.uint64:
    """What `turn_of` begins with on a day (see `reference.turn_of_day`)."""
    return np.uint64((day * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)


@compiled
def turn_of(start: Any, identity: int) -> Any:
    word = np.uint64(identity) + start
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@compiled
def stands_before(score: float, turn: Any, identity: int, other: float, its_turn: Any, its_id: int) -> bool:
    if score != other:
        return score > other
    if turn != its_turn:
        return bool(turn < its_turn)
    return identity < its_id


@compiled
def way_to_box(x: float, y: float, west: int, east: int, south: int, north: int, least: float) -> float:
    """Metres under which no way into a box lies."""
    across = max(west - x, x - east, 0.0)
    along = max(south - y, y - north, 0.0)
    way: float = max(np.sqrt(across * across + along * along) - 1.0, least)
    return way
