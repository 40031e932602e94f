"""编译的搜索: the search of `postings` as one loop, compiled where numba is installed (an optional package).

The same gates, formula and order of operations, one posting after the other instead of one column after the
other; the numpy path gives the same bits and is used wherever numba is missing.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import numpy as np

from app.matching.index import columns as c
from app.matching.index import scores as s
from app.matching.index.columns import Floats, Ints
from app.matching.rules import places, scoring, wages


def _load_compiler() -> Any:
    """numba, None where it is missing or does not suit this numpy."""
    try:
        return import_module("numba")
    except ImportError:
        return None


NUMBA: Final = _load_compiler()
IS_COMPILED: Final = NUMBA is not None


def compiled(function: Callable[..., Any], *, inline: bool = True) -> Callable[..., Any]:
    """The function compiled, without letting the compiler reorder arithmetic; as it is without numba."""
    if NUMBA is None:
        return function
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": False}
    options["inline"] = "always" if inline else "never"
    try:
        made: Callable[..., Any] = NUMBA.njit(cache=True, **options)(function)
    except RuntimeError:
        # Nowhere to keep what was compiled: it is compiled again in every process.
        made = NUMBA.njit(**options)(function)
    return made


def compiled_alone(function: Callable[..., Any]) -> Callable[..., Any]:
    """As `compiled`, for the function that is called from outside."""
    return compiled(function, inline=False)


X, Y, BLUR, LOW, MIDDLE, LEAST = s.X, s.Y, s.BLUR, s.LOW, s.MIDDLE, s.LEAST
ANSWERS, FRESHNESS, FAIR_SHARE, TAUGHT = s.ANSWERS, s.FRESHNESS, s.FAIR_SHARE, s.TAUGHT
CARE, DAY, HOME_WORK, LODGING = c.CARE, c.DAY, c.HOME_WORK, c.LODGING
W_SKILL, W_PLACE, W_WAGE, W_OCCUPATION = (
    scoring.WEIGHTS[name] for name in ("skill", "place", "wage", "occupation")
)
COMMUTE_M, TOWN_M, VILLAGE_M = float(places.COMMUTE_M), float(places.TIER_M[9]), float(places.TIER_M[12])
PLAIN_DAY, UNKNOWN_HOURS, FAR_AWAY = (
    scoring.CARE_PLAIN_DAY,
    scoring.CARE_UNKNOWN_HOURS,
    scoring.CARE_FAR_AWAY,
)
LIKELY, UNNAMED, UNMARKED = scoring.LIKELY_CONFLICT, scoring.SHIFT_NOT_NAMED, scoring.CLASS_NOT_MARKED
SLACK: Final = 1e-6
UNKNOWN_PAY: Final = wages.UNKNOWN_PAY


Whole = tuple[Any, ...]


def person_figures(asker: s.Asker) -> Whole:
    """A person's figures as the loops read them."""
    village = asker.village or (0, 0)
    return (
        *(asker.x is None, asker.x or 0.0, asker.y, asker.blur, asker.scale, asker.floor, asker.base),
        *(asker.least_tier, asker.cares, asker.burdens, asker.shifts, asker.wanted_shift),
        *(asker.class_mark != 0, max(asker.class_mark, 0), village[0], village[1]),
    )


@compiled
def typical_way(scope: int, bounds: Ints, tiers: Floats) -> float:
    place = 0
    for bound in bounds:
        place += bound <= scope
    way: float = tiers[place]
    return way


@compiled
def add_parts(skill: float, place: float, wage: float, trade: float) -> float:
    total = W_SKILL * skill
    total = total + W_PLACE * place
    total = total + W_WAGE * wage
    return total + W_OCCUPATION * trade


@compiled
def grade_pay(low: float, middle: float, least: float, floor: float, base: float) -> float:
    wage = min(0.5 * (middle / base), 1.0)
    if floor and low < floor:
        wage = 0.5 * (low / base)
    return max(wage, least)


@compiled
def grade_place(way: float, is_brought: bool, has_lodging: bool, scale: float) -> float:
    if is_brought and way > TOWN_M:
        way = TOWN_M if way <= COMMUTE_M else COMMUTE_M
    grade = 1.0 / (1.0 + way / scale)
    return grade * 0.7 if way > COMMUTE_M and not has_lodging else grade


@compiled
def grade_fit(
    flags: int, likely: int, suits: int, shifts: int, way: float, care_share: float, who: Whole
) -> float:
    _, _, _, _, _, _, _, _, cares, burdens, its_shifts, wanted, has_class, mark, _, _ = who
    fit = 1.0
    if cares:
        if flags & CARE == 0:
            fit = fit * care_share
        if way > COMMUTE_M:
            fit = fit * FAR_AWAY
    if likely & burdens:
        fit = fit * LIKELY
    if wanted and shifts & its_shifts == 0:
        fit = fit * UNNAMED
    if has_class and suits & mark == 0:
        fit = fit * UNMARKED
    return fit


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
def pick_runs(first: int, last: int, least: float, cells: Whole, who: Whole, tables: Whole) -> Any:
    """The rows of those cells whose bound (`cells.bound_cells`) is not under `least`: begins, ends."""
    from_row, to_row, cell_trade, county, box, pointless, figures, numbers = cells
    coarse, x, y, blur, scale, floor, base, least_tier, _, _, _, _, _, _, _, _ = who
    bounds, tiers, best = tables[0], tables[1], tables[6]
    runs, count = np.empty((2, last - first), np.int64), 0
    for cell in range(first, last):
        if figures[3, cell] < floor:
            continue
        wage = max(min(0.5 * (figures[1, cell] / base), 1.0), figures[2, cell])
        most = best[cell_trade[cell]] + W_WAGE * wage + figures[0, cell]
        if 100.0 * (most + W_PLACE) + SLACK < least:
            continue
        flags = numbers[0, cell]
        way = 0.0
        if coarse:
            place = 0
            way = -1.0
            for bound in bounds:
                if bound <= county[0, cell]:
                    place += 1
                elif bound <= county[1, cell] - 1:
                    way = least_tier
            way = tiers[place] if way < 0.0 else way
        elif not pointless[cell]:
            across = max(box[0, cell] - x, x - box[1, cell], 0.0)
            along = max(box[2, cell] - y, y - box[3, cell], 0.0)
            way = max(np.sqrt(across * across + along * along) - 1.0, blur)
        daily = min(way, TOWN_M) if flags & HOME_WORK else way
        place_grade = grade_place(daily, False, flags & LODGING != 0, scale)
        fit = grade_fit(flags, numbers[1, cell], numbers[2, cell], numbers[3, cell], way, PLAIN_DAY, who)
        if 100.0 * (most + W_PLACE * place_grade) * fit + SLACK < least:
            continue
        if count and runs[1, count - 1] == from_row[cell]:
            runs[1, count - 1] = to_row[cell]
        else:
            runs[0, count], runs[1, count] = from_row[cell], to_row[cell]
            count += 1
    return runs[:, :count]


@compiled
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


@compiled_alone
def look_at(
    count: int, runs: Any, fetched: Any, special: Ints, columns: Whole, gates: Whole, who: Whole,
    tables: Whole, moment: Whole, found: Whole,
) -> int:  # fmt: skip
    """Score the open rows of `runs` (begins, ends; `fetched` by bus) but for `special`; how many are kept."""
    figures, occupation, skills, flags, likely, suits, shifts, scope, sets = columns
    locks, starts, pay_max, days, keys = gates
    coarse, x, y, blur, scale, floor, base, _, _, _, _, _, _, _, village, village_end = who
    bounds, tiers, known, asked, trade, unasked, best = tables
    ids, alive, day, after_score, after_turn, after_id, has_after = moment
    scores, limit = found[0], len(found[0])
    for run in range(runs.shape[1]):
        for row in range(runs[0, run], runs[1, run]):
            line, shut = 0, pay_max[row] < floor
            for later in range(1, len(days)):
                line = later if starts[row] >= days[later] else line
            for number in range(locks.shape[0]):
                shut = shut or locks[number, row] & keys[line, number] != 0
            if shut or (len(alive) and not alive[row]):
                continue
            least = scores[limit - 1] if count == limit else -1.0
            taught, group = figures[row, TAUGHT], skills[row]
            wage = grade_pay(figures[row, LOW], figures[row, MIDDLE], figures[row, LEAST], floor, base)
            steady = figures[row, ANSWERS] + figures[row, FRESHNESS] + figures[row, FAIR_SHARE]
            open_to_all = 1 if group == 0 or taught > 0.0 else 0
            most = best[2 * occupation[row] + open_to_all] + W_WAGE * wage + steady
            if 100.0 * (most + W_PLACE) + SLACK < least:
                continue
            if coarse or np.isnan(figures[row, X]):
                way = typical_way(scope[row], bounds, tiers)
            else:
                east, north = figures[row, X] - x, figures[row, Y] - y
                way = max(np.floor(np.sqrt(east * east + north * north)), blur, figures[row, BLUR])
                if village <= scope[row] < village_end:
                    way = min(way, VILLAGE_M)
            brought = fetched[run] or flags[row] & HOME_WORK != 0
            place_grade = grade_place(way, brought, flags[row] & LODGING != 0, scale)
            care_share = PLAIN_DAY if flags[row] & DAY else UNKNOWN_HOURS
            fit = grade_fit(flags[row], likely[row], suits[row], shifts[row], way, care_share, who)
            if 100.0 * (most + W_PLACE * place_grade) * fit + SLACK < least:
                continue
            skill, sum_known = unasked[occupation[row]], 0.0
            if group:
                for number in range(sets.shape[0]):
                    sum_known = sum_known + known[sets[number, group]]
                skill = np.sqrt(sum_known / asked[group])
            total = add_parts(max(skill, taught), place_grade, wage, trade[occupation[row]])
            total = total + figures[row, ANSWERS] + figures[row, FRESHNESS] + figures[row, FAIR_SHARE]
            score = 100.0 * total * fit
            if score < least:
                continue
            if len(special):
                spot = np.searchsorted(special, row)
                if spot < len(special) and special[spot] == row:
                    continue
            turn = turn_of(day, ids[row])
            if has_after and not stands_before(after_score, after_turn, after_id, score, turn, ids[row]):
                continue
            count = insert_key(count, score, turn, ids[row], found)
    return count


@compiled_alone
def search_cells(
    count: int, parts: Ints, special: Ints, cells: Whole, columns: Whole, gates: Whole, who: Whole,
    tables: Whole, moment: Whole, found: Whole,
) -> int:  # fmt: skip
    """Look at the cells of some parts, those after the first only where their bound can still matter."""
    for part in range(parts.shape[0]):
        least = found[0][-1] if count == len(found[0]) else -1.0
        runs = pick_runs(parts[part, 0], parts[part, 1], least, cells, who, tables)
        by_bus = np.zeros(runs.shape[1], np.bool_)
        count = look_at(count, runs, by_bus, special, columns, gates, who, tables, moment, found)
    return count
