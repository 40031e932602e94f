"""编译的搜索: the search of `postings` as one loop, compiled where numba is installed (an optional package).

The same gates, formula and order of operations, one posting after the other instead of one column after the
other; the numpy path gives the same bits and is used wherever numba is missing. People come as rows of
figures (`swift`), so that one call answers for one person or for thousands, without the interpreter's lock.
Small functions take numbers only: an array handed over in a loop would be counted in and out each time.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import numpy as np

from app.matching.index import columns as c
from app.matching.index import scores as s
from app.matching.rules import places, scoring, wages


def _load_compiler() -> Any:
    """numba, None where it is missing or does not suit this numpy."""
    try:
        return import_module("numba")
    except ImportError:
        return None


NUMBA: Final = _load_compiler()
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


NOWHERE: Final = -(1 << 31)
"""Metres of a posting, or edge of a cell, without a point."""
WELFARE: Final = 1 << 13
"""Bit of `flags`: public-welfare work."""

# Columns of a person's figures ...
X, Y, BLUR, SCALE, FLOOR, BASE = range(6)
FIGURES: Final = 6
# ... and of their numbers: where they live and would work as numbers of scopes,
(COARSE, LEVELS, VILLAGE_FROM, VILLAGE_TO, LEVEL) = range(5)
(AREA_FROM, AREA_TO, FIRST_COUNTY, LAST_COUNTY, TAKES_BUS) = range(LEVEL + 10, LEVEL + 15)
# what they want and can't,
(CARES, BURDENS, SHIFTS, WANTS_SHIFT, HAS_CLASS, MARK) = range(LEVEL + 15, LEVEL + 21)
# and which rows of the other arrays are theirs.
(LINES, GRADES, LISTED_FROM, LISTED_TO, REFUSED_FROM, REFUSED_TO) = range(LEVEL + 21, LEVEL + 27)
NUMBERS: Final = LEVEL + 27

CARE, DAY, HOME_WORK, LODGING, TRAINS = c.CARE, c.DAY, c.HOME_WORK, c.LODGING, c.TRAINS
TEACHES: Final = c.TRAINS | c.HAS_SKILLS
W_SKILL, W_PLACE, W_WAGE, W_OCCUPATION = (
    scoring.WEIGHTS[name] for name in ("skill", "place", "wage", "occupation")
)
WAYS: Final = np.array([places.TIER_M[digits] for digits in (0, *s.LEVEL_DIGITS)], np.float64)
COMMUTE_M, TOWN_M, VILLAGE_M = float(places.COMMUTE_M), float(places.TIER_M[9]), float(places.TIER_M[12])
PLAIN_DAY, UNKNOWN_HOURS, FAR_AWAY = (
    scoring.CARE_PLAIN_DAY,
    scoring.CARE_UNKNOWN_HOURS,
    scoring.CARE_FAR_AWAY,
)
LIKELY, UNNAMED, UNMARKED = scoring.LIKELY_CONFLICT, scoring.SHIFT_NOT_NAMED, scoring.CLASS_NOT_MARKED
BEGINNERS, NO_OPINION, UNKNOWN_PAY = scoring.BEGINNERS_WELCOME, scoring.NO_OPINION, wages.UNKNOWN_PAY
MOST_STEADY: Final = scoring.WEIGHTS["answers"] + scoring.WEIGHTS["freshness"] + scoring.WEIGHTS["fair_share"]
MOST_CELLS, FEW_CELLS = 64, 24
"""So many cells are picked before their postings are looked at: at most, and at the end of a county."""
SLACK: Final = 1e-6
"""Added to a bound: far more than rounding can take away from it."""

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
    return max(np.floor(np.sqrt(across * across + along * along)), least)


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


@compiled_alone
def insert_key(count: int, score: float, turn: Any, identity: int, found: Whole) -> int:
    """Put a key into the sorted ones found so far; returns how many there are now."""
    scores, turns, ids = found
    limit = len(scores)
    if count == limit:
        if not stands_before(score, turn, identity, scores[-1], turns[-1], ids[-1]):
            return count
        count -= 1
    spot = count
    while spot > 0 and stands_before(score, turn, identity, scores[spot - 1], turns[spot - 1], ids[spot - 1]):
        scores[spot], turns[spot], ids[spot] = scores[spot - 1], turns[spot - 1], ids[spot - 1]
        spot -= 1
    scores[spot], turns[spot], ids[spot] = score, turn, identity
    return count + 1


@compiled
def read_person(figures: Any, numbers: Any) -> Whole:
    """A person's figures, what lowers their grades, and the ranges of scopes they are at home in."""
    x, y, blur, scale, floor, base = figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]
    at, limits = LEVEL, CARES
    return (
        (numbers[COARSE] != 0, x, y, blur, scale, floor, base, numbers[VILLAGE_FROM], numbers[VILLAGE_TO]),
        (
            numbers[limits] != 0, numbers[limits + 1], numbers[limits + 2], numbers[limits + 3] != 0,
            numbers[limits + 4] != 0, numbers[limits + 5],
        ),
        (
            numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3], numbers[at + 4],
            numbers[at + 5], numbers[at + 6], numbers[at + 7], numbers[at + 8], numbers[at + 9],
        ),
    )  # fmt: skip


@compiled_alone
def look_at(
    count: int, size: int, runs: Any, hopes: Any, skipped: Any, person: Whole, gates: Whole, grades: Whole,
    index: Whole, moment: Whole, found: Whole,
) -> int:  # fmt: skip
    """Score the open postings of `runs` (begins, ends, whether a bus comes) but the skipped ones; `hopes` has
    what their trade, steady parts, place and circumstances are worth at most, and the score. How many are kept.
    """
    (coarse, x, y, blur, scale, floor, base, village, village_end), limits, levels = person
    lines, days, keys, refused, alive = gates
    known, trades, unasked = grades
    columns, tables, sets, weights, asked = index
    (ids, easts, norths, scopes, blurs, pays, answers, confirmed, shares, starts, flagged, likely, suits,
     shifts, works, groups, locks) = columns  # fmt: skip
    lows, middles, uppers, answer_parts, fresh_parts, share_parts, metres, shift_words = tables
    day, has_after, after_score, after_turn, after_id = moment
    worst, last = found[0], len(found[0]) - 1
    least = worst[last] if count > last else -1.0
    for run in range(size):
        best, steady, most_place, most_fit = hopes[0, run], hopes[1, run], hopes[2, run], hopes[3, run]
        if hopes[4, run] < least:
            continue
        spot = np.searchsorted(skipped, runs[0, run])
        for row in range(runs[0, run], runs[1, run]):
            if spot < len(skipped) and skipped[spot] == row:
                spot += 1
                continue
            line, pay, scope = 0, pays[row], scopes[row]
            for later in range(1, lines):
                line = later if starts[row] >= days[later] else line
            shut = uppers[pay] < floor
            for number in range(locks.shape[0]):
                shut = shut or locks[number, row] & keys[line, number] != 0
            for place in range(len(refused)):
                shut = shut or refused[place, 0] <= scope < refused[place, 1]
            if shut or (len(alive) and not alive[row]):
                continue
            flags = flagged[row]
            wage = grade_pay(lows[pay], middles[pay], flags, floor, base)
            if 100.0 * (best + W_WAGE * wage + steady + most_place) * most_fit + SLACK < least:
                continue
            way = way_between(coarse, easts[row], norths[row], x, y, max(blur, metres[blurs[row]]))
            if way < 0.0:
                way = typical_way(scope, scope + 1, levels)
            elif village <= scope < village_end:
                way = min(way, VILLAGE_M)
            brought = runs[2, run] != 0 or flags & HOME_WORK != 0
            nearness = grade_place(way, brought, flags & LODGING != 0, scale)
            care_share, hours = PLAIN_DAY if flags & DAY else UNKNOWN_HOURS, shift_words[shifts[row]]
            fit = grade_fit(flags, likely[row], suits[row], hours, way, care_share, limits)
            if 100.0 * (best + W_WAGE * wage + steady + W_PLACE * nearness) * fit + SLACK < least:
                continue
            group, skill = groups[row], unasked[works[row]]
            if group:
                sum_known = 0.0
                for number in range(sets.shape[0]):
                    word = sets[number, group]
                    sum_known = sum_known + weights[word] * known[word] * known[word]
                skill = np.sqrt(sum_known / asked[group])
            if flags & TEACHES == TEACHES:
                skill = max(skill, BEGINNERS)
            total = add_parts(skill, nearness, wage, trades[works[row]])
            total = total + answer_parts[answers[row]] + fresh_parts[confirmed[row]]
            score = 100.0 * (total + share_parts[shares[row]]) * fit
            turn = turn_of(day, ids[row])
            is_behind = not has_after or stands_before(
                after_score, after_turn, after_id, score, turn, ids[row]
            )
            if score >= least and is_behind:
                count = insert_key(count, score, turn, ids[row], found)
                least = worst[last] if count > last else -1.0
    return count


@compiled
def way_to_box(x: float, y: float, west: int, east: int, south: int, north: int, least: float) -> float:
    """Metres under which no way into a box lies."""
    across = max(west - x, x - east, 0.0)
    along = max(south - y, y - north, 0.0)
    return max(np.sqrt(across * across + along * along) - 1.0, least)


@compiled_alone
def bound_counties(first: int, last: int, person: Whole, counties: Whole) -> Whole:
    """For some counties the typical way there, and what place, pay and steady parts are worth at most."""
    (coarse, x, y, blur, scale, _, base, _, _), _, levels = person
    begins, ends, wests, easts, souths, norths, pointless, steady, middles, leasts, flags, _, _ = counties
    ways, rooms = np.empty(last - first), np.empty(last - first)
    for county in range(first, last):
        way = typical_way(begins[county], ends[county], levels)
        ways[county - first] = way
        if not coarse:
            straight = way_to_box(x, y, wests[county], easts[county], souths[county], norths[county], blur)
            way = min(straight, way) if pointless[county] else straight
        daily = min(way, TOWN_M) if flags[county] & HOME_WORK else way
        wage = max(min(0.5 * (middles[county] / base), 1.0), leasts[county])
        rooms[county - first] = W_PLACE / (1.0 + daily / scale) + W_WAGE * wage + steady[county]
    return ways, rooms


@compiled_alone
def look_everywhere(
    count: int, first: int, last: int, skipped: Any, person: Whole, gates: Whole, grades: Whole,
    ranks: Whole, index: Whole, cells: Whole, counties: Whole, moment: Whole, found: Whole,
) -> int:  # fmt: skip
    """Look into the cells of the person's counties: the best trades first, in the nearest county first, until
    nothing left can be better than the worst found."""
    (coarse, x, y, blur, scale, floor, base, _, _), limits, _ = person
    best, order = ranks
    (starts, ends, wests, easts, souths, norths, pointless, steadies, middles, leasts, uppers, flagged,
     likely, suits, shifts) = cells  # fmt: skip
    trades, groups = counties[11], counties[12]
    ways, rooms = bound_counties(first, last, person, counties)
    by_room = np.argsort(-rooms)
    runs, hopes, size, begin = np.zeros((3, MOST_CELLS), np.int64), np.empty((5, MOST_CELLS)), 0, 0
    while begin < len(order):
        most, end = best[order[begin]], begin + 1
        while end < len(order) and best[order[end]] == most:
            end += 1
        for place in range(len(by_room)):
            near = by_room[place]
            least = found[0][-1] if count == len(found[0]) else -1.0
            if 100.0 * (most + rooms[near]) + SLACK < least:
                break
            group = (first + near) * trades
            for at in range(begin, end):
                trade = group + order[at]
                for cell in range(groups[trade], groups[trade + 1]):
                    flags, steady = flagged[cell], steadies[cell]
                    wage = W_WAGE * max(min(0.5 * (middles[cell] / base), 1.0), leasts[cell])
                    if uppers[cell] < floor or 100.0 * (most + wage + steady + W_PLACE) + SLACK < least:
                        continue
                    way = ways[near]
                    if not coarse:
                        box = (wests[cell], easts[cell], souths[cell], norths[cell])
                        straight = way_to_box(x, y, box[0], box[1], box[2], box[3], blur)
                        way = min(straight, way) if pointless[cell] else straight
                    daily = min(way, TOWN_M) if flags & HOME_WORK else way
                    nearness = W_PLACE * grade_place(daily, False, flags & LODGING != 0, scale)
                    fit = grade_fit(flags, likely[cell], suits[cell], shifts[cell], way, PLAIN_DAY, limits)
                    bound = 100.0 * (most + wage + steady + nearness) * fit + SLACK
                    if bound < least:
                        continue
                    runs[0, size], runs[1, size] = starts[cell], ends[cell]
                    hopes[0, size], hopes[1, size], hopes[2, size] = most, steady, nearness
                    hopes[3, size], hopes[4, size] = fit, bound
                    size += 1
                    if size == MOST_CELLS:
                        count = look_at(
                            count, size, runs, hopes, skipped, person, gates, grades, index, moment, found
                        )
                        least = found[0][-1] if count == len(found[0]) else -1.0
                        size = 0
            if size >= FEW_CELLS:
                count = look_at(
                    count, size, runs, hopes, skipped, person, gates, grades, index, moment, found
                )
                size = 0
        begin = end
    return look_at(count, size, runs, hopes, skipped, person, gates, grades, index, moment, found)


@compiled_alone
def look_at_listed(
    listed: Any, fetched: Any, area: Whole, person: Whole, gates: Whole, grades: Whole, best: Any,
    index: Whole, moment: Whole, found: Whole,
) -> int:  # fmt: skip
    """Score those of the listed postings that lie within reach or whose bus comes to the person."""
    begin, end, takes_bus = area
    scopes, flags, works, groups = index[0][3], index[0][10], index[0][14], index[0][15]
    runs, hopes, size = np.zeros((3, len(listed)), np.int64), np.empty((5, len(listed))), 0
    for at in range(len(listed)):
        row = listed[at]
        if begin <= scopes[row] < end or (fetched[at] and takes_bus):
            is_open = groups[row] == 0 or flags[row] & TRAINS != 0
            runs[0, size], runs[1, size], runs[2, size] = row, row + 1, fetched[at]
            hopes[0, size] = best[2 * np.int64(works[row]) + (1 if is_open else 0)]
            hopes[1, size], hopes[2, size], hopes[3, size] = MOST_STEADY, W_PLACE, 1.0
            hopes[4, size] = 101.0
            size += 1
    return look_at(0, size, runs, hopes, listed[:0], person, gates, grades, index, moment, found)


@compiled_alone
def rank_people(
    begin: int, end: int, people: Any, index: Whole, cells: Any, counties: Any, alive: Any, moment: Whole,
    scores: Any, turns: Any, ids: Any, counts: Any,
) -> None:  # fmt: skip
    """Find the best postings of people `begin:end`, best first, into their lines of the last four arrays."""
    (all_figures, all_numbers, all_days, all_keys, all_refused, all_listed, all_fetched, known, trade, unasked,
     best, order) = people  # fmt: skip
    for number in range(begin, end):
        numbers = all_numbers[number]
        line = numbers[GRADES]
        person = read_person(all_figures[number], numbers)
        refused = all_refused[numbers[REFUSED_FROM] : numbers[REFUSED_TO]]
        gates = (numbers[LINES], all_days[number], all_keys[number], refused, alive)
        grades = (known[line], trade[line], unasked[line])
        listed = all_listed[numbers[LISTED_FROM] : numbers[LISTED_TO]]
        fetched = all_fetched[numbers[LISTED_FROM] : numbers[LISTED_TO]]
        area = (numbers[AREA_FROM], numbers[AREA_TO], numbers[TAKES_BUS] != 0)
        found = (scores[number], turns[number], ids[number])
        count = look_at_listed(listed, fetched, area, person, gates, grades, best[line], index, moment, found)
        first, last = numbers[FIRST_COUNTY], numbers[LAST_COUNTY]
        if first < last:
            ranks = (best[line], order[line])
            count = look_everywhere(
                count, first, last, listed, person, gates, grades, ranks, index, cells, counties,
                moment, found,
            )  # fmt: skip
        counts[number] = count
