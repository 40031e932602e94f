"""编译的搜索: the search of `postings` as one loop, compiled where numba is installed (an optional package).

The same gates, formula and order of operations, one posting after the other instead of one column after the
other; the numpy path gives the same bits and is used wherever numba is missing. People come as rows of
figures (`swift`), so that one call answers for one person or for thousands, without the interpreter's lock.
"""

from typing import Any, Final

import numpy as np

from app.matching.index import compiled as g
from app.matching.index.compiled import (
    add_parts,
    compiled,
    compiled_alone,
    grade_fit,
    grade_pay,
    grade_place,
    grade_skill,
    most_pay,
    stands_before,
    turn_of,
    typical_way,
    way_between,
    way_to_box,
)

IS_COMPILED: Final = g.NUMBA is not None
# Columns of a person's figures,
X, Y, BLUR, SCALE, FLOOR, BASE = range(6)
# of their numbers: where they live and would work as numbers of scopes,
COARSE, TAKES_BUS, LEVELS, VILLAGE_FROM, VILLAGE_TO, LEVEL = range(6)
AREA_FROM, AREA_TO, FIRST_COUNTY, LAST_COUNTY = range(LEVEL + 10, LEVEL + 14)
# what they want and can't, and how many ages they have,
CARES, BURDENS, SHIFTS, WANTS_SHIFT, HAS_CLASS, MARK, LINES = range(LEVEL + 14, LEVEL + 21)
# and of the spans that tell which rows of the other arrays are theirs.
GRADES, LISTED_FROM, LISTED_TO, REFUSED_FROM, REFUSED_TO = range(5)

DAY, HOME_WORK, LODGING = g.DAY, g.HOME_WORK, g.LODGING
W_SKILL, W_PLACE, W_WAGE, W_OCCUPATION = g.W_SKILL, g.W_PLACE, g.W_WAGE, g.W_OCCUPATION
TOWN_M, VILLAGE_M = g.TOWN_M, g.VILLAGE_M
PLAIN_DAY, UNKNOWN_HOURS, MOST_STEADY = g.PLAIN_DAY, g.UNKNOWN_HOURS, g.MOST_STEADY
MOST_CELLS: Final = 128
"""So many cells are picked before their postings are looked at (measured: 32 took a twelfth longer)."""
SLACK: Final = 1e-6
"""Added to a bound: far more than rounding can take away from it."""

Whole = tuple[Any, ...]


@compiled_alone
def insert_key(count: int, score: float, turn: Any, row: int, found: Whole) -> int:
    """Put a row (or an id) into the sorted ones found so far; returns how many there are now. Turns differ
    wherever ids do, so that rows may stand for ids."""
    scores, turns, rows = found
    limit = len(scores)
    if count == limit:
        if not stands_before(score, turn, row, scores[-1], turns[-1], rows[-1]):
            return count
        count -= 1
    spot = count
    while spot > 0 and stands_before(score, turn, row, scores[spot - 1], turns[spot - 1], rows[spot - 1]):
        scores[spot], turns[spot], rows[spot] = scores[spot - 1], turns[spot - 1], rows[spot - 1]
        spot -= 1
    scores[spot], turns[spot], rows[spot] = score, turn, row
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
def pick_open(size: int, runs: Any, floor: float, gates: Whole, index: Whole) -> Whole:
    """The rows of `runs` (begins, ends) that no gate shuts; the run of each; how many. Places that a person
    refuses are shut, the reach is left aside."""
    lines, days, keys, refused, alive = gates
    columns, uppers = index[0], index[1][2]
    scopes, pays, starts, locks = columns[3], columns[5], columns[9], columns[16]
    room = 0
    for run in range(size):
        room += runs[1, run] - runs[0, run]
    rows, of_run, count = np.empty(room, np.uint64), np.empty(room, np.uint64), 0
    for run in range(size):
        for row in range(runs[0, run], runs[1, run]):
            line, shut = 0, np.uint64(0)
            for later in range(1, lines):
                line = later if starts[row] >= days[later] else line
            for number in range(locks.shape[0]):
                shut = shut | locks[number, row] & keys[line, number]
            # Written at once and counted if open: a branch that nobody can foretell costs more.
            rows[count], of_run[count] = row, run
            count += 1 if shut == 0 else 0
    kept = 0
    for at in range(count):
        row, scope = rows[at], scopes[rows[at]]
        is_shut = uppers[pays[row]] < floor or (len(alive) > 0 and not alive[row])
        for place in range(len(refused)):
            is_shut = is_shut or refused[place, 0] <= scope < refused[place, 1]
        rows[kept], of_run[kept] = row, of_run[at]
        kept += 0 if is_shut else 1
    return rows, of_run, kept


@compiled
def is_among(row: int, rising: Any) -> bool:
    """Whether a row is among rising ones."""
    spot = np.searchsorted(rising, row)
    return bool(spot < len(rising) and rising[spot] == row)


@compiled_alone
def grade_sets(known: Any, words: Whole) -> Any:
    """How much of each set of skills that postings ask for is known, graded."""
    sets, weights, asked = words
    grades = np.empty(sets.shape[1])
    for group in range(len(grades)):
        share = 0.0
        for number in range(sets.shape[0]):
            word = sets[number, group]
            share = share + weights[word] * known[word] * known[word]
        grades[group] = np.sqrt(share / asked[group])
    return grades


@compiled_alone
def look_at(
    count: int, size: int, runs: Any, hopes: Any, skipped: Any, person: Whole, gates: Whole, grades: Whole,
    index: Whole, moment: Whole, found: Whole,
) -> int:  # fmt: skip
    """Score the open postings of `runs` (begins, ends, whether a bus comes) but the skipped ones. `hopes` has
    what their steady parts, place and circumstances are worth at most. Returns how many are kept."""
    (coarse, x, y, blur, scale, floor, base, village, village_end), limits, levels = person
    skills, trades, unasked = grades
    columns, tables = index
    (ids, easts, norths, scopes, blurs, pays, answers, confirmed, shares, _, flagged, likely, suits,
     shifts, works, groups, _) = columns  # fmt: skip
    lows, middles, _, answer_parts, fresh_parts, share_parts, metres, shift_words = tables
    day, has_after, after_score, after_turn, after_id = moment
    worst, last = found[0], len(found[0]) - 1
    least, half = worst[last] if count > last else -1.0, 0.5 / base
    rows, of_run, open_rows = pick_open(size, runs, floor, gates, index)
    for at in range(open_rows):
        row, run = rows[at], of_run[at]
        flags, pay, scope, work = flagged[row], pays[row], scopes[row], works[row]
        skill = grade_skill(skills[groups[row]], unasked[work], groups[row], flags)
        # At most, and without a division: who may be among the best is graded exactly below.
        most = W_SKILL * skill + W_OCCUPATION * trades[work] + hopes[0, run]
        most = most + W_WAGE * most_pay(half * middles[pay], flags)
        if 100.0 * (most + hopes[1, run]) * hopes[2, run] + SLACK < least:
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
        if 100.0 * (most + W_PLACE * nearness) * fit + SLACK < least or is_among(np.int64(row), skipped):
            continue
        wage = grade_pay(lows[pay], middles[pay], flags, floor, base)
        total = add_parts(skill, nearness, wage, trades[work]) + answer_parts[answers[row]]
        total = total + fresh_parts[confirmed[row]] + share_parts[shares[row]]
        score, turn = 100.0 * total * fit, turn_of(day, ids[row])
        is_behind = not has_after or stands_before(after_score, after_turn, after_id, score, turn, ids[row])
        if score >= least and is_behind:
            count = insert_key(count, score, turn, np.int64(row), found)
            least = worst[last] if count > last else -1.0
    return count


@compiled_alone
def bound_counties(first: int, last: int, person: Whole, counties: Whole) -> Whole:
    """For some counties the typical way there, and what place, pay and steady parts are worth at most."""
    (coarse, x, y, blur, scale, _, base, _, _), _, levels = person
    begins, ends, wests, easts, souths, norths, pointless, steady, middles, leasts, flags, _, _ = counties
    ways, nearness, rooms = np.empty(last - first), np.empty(last - first), np.empty(last - first)
    for county in range(first, last):
        way = typical_way(begins[county], ends[county], levels)
        ways[county - first] = way
        if not coarse:
            straight = way_to_box(x, y, wests[county], easts[county], souths[county], norths[county], blur)
            way = min(straight, way) if pointless[county] else straight
        daily = min(way, TOWN_M) if flags[county] & HOME_WORK else way
        wage = max(min(0.5 * (middles[county] / base), 1.0), leasts[county])
        nearness[county - first] = W_PLACE / (1.0 + daily / scale)
        rooms[county - first] = nearness[county - first] + W_WAGE * wage + steady[county]
    return ways, nearness, rooms


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
    ways, most_near, rooms = bound_counties(first, last, person, counties)
    half = 0.5 / base
    by_room = np.argsort(-rooms)
    runs, hopes, size, begin = np.zeros((3, MOST_CELLS), np.uint64), np.empty((3, MOST_CELLS)), 0, 0
    while begin < len(order):
        most, end = best[order[begin]], begin + 1
        if count == len(found[0]) and 100.0 * (most + rooms[by_room[0]]) + SLACK < found[0][-1]:
            break  # no trade that is left can be good enough in any county
        while end < len(order) and best[order[end]] == most:
            end += 1
        for place in range(len(by_room)):
            near = by_room[place]
            least = found[0][-1] if count == len(found[0]) else -1.0
            if 100.0 * (most + rooms[near]) + SLACK < least:
                break
            group = np.uint64((first + near) * trades)
            for at in range(begin, end):
                trade = group + np.uint64(order[at])
                for cell in range(np.uint64(groups[trade]), np.uint64(groups[trade + np.uint64(1)])):
                    flags, steady = flagged[cell], steadies[cell]
                    wage = W_WAGE * max(min(half * middles[cell], 1.0), leasts[cell])
                    bound = 100.0 * (most + wage + steady + most_near[near]) + SLACK
                    if bound < least or uppers[cell] < floor:
                        continue
                    way = ways[near]
                    if not coarse:
                        straight = way_to_box(
                            x, y, wests[cell], easts[cell], souths[cell], norths[cell], blur
                        )
                        way = min(straight, way) if pointless[cell] else straight
                    daily = min(way, TOWN_M) if flags & HOME_WORK else way
                    nearness = W_PLACE * grade_place(daily, False, flags & LODGING != 0, scale)
                    fit = grade_fit(flags, likely[cell], suits[cell], shifts[cell], way, PLAIN_DAY, limits)
                    bound = 100.0 * (most + wage + steady + nearness) * fit + SLACK
                    if bound < least:
                        continue
                    runs[0, size], runs[1, size] = starts[cell], ends[cell]
                    hopes[0, size], hopes[1, size], hopes[2, size] = steady, nearness, fit
                    size += 1
                    if size == MOST_CELLS:
                        count = look_at(
                            count, size, runs, hopes, skipped, person, gates, grades, index, moment, found
                        )
                        least = found[0][-1] if count == len(found[0]) else -1.0
                        size = 0
        begin = end
    kept: int = look_at(count, size, runs, hopes, skipped, person, gates, grades, index, moment, found)
    return kept


@compiled_alone
def look_at_listed(
    listed: Any, fetched: Any, area: Whole, person: Whole, gates: Whole, grades: Whole, index: Whole,
    moment: Whole, found: Whole,
) -> int:  # fmt: skip
    """Score those of the listed postings that lie within reach or whose bus comes to the person."""
    begin, end, takes_bus = area
    scopes = index[0][3]
    runs, hopes, size = np.zeros((3, len(listed)), np.uint64), np.empty((3, len(listed))), 0
    for at in range(len(listed)):
        row = listed[at]
        if begin <= scopes[row] < end or (fetched[at] and takes_bus):
            runs[0, size], runs[1, size], runs[2, size] = row, row + 1, fetched[at]
            hopes[0, size], hopes[1, size], hopes[2, size] = MOST_STEADY, W_PLACE, 1.0
            size += 1
    kept: int = look_at(0, size, runs, hopes, listed[:0], person, gates, grades, index, moment, found)
    return kept


@compiled_alone
def join_rows(listed: Any, fetched: Any, others: Any) -> Whole:
    """Listed rows, which rise, and others as one rising list; and to which of them a bus comes."""
    room = len(listed) + len(others)
    rows, buses, count, at = np.empty(room, np.int64), np.zeros(room, np.bool_), 0, 0
    for other in np.sort(others):
        while at < len(listed) and listed[at] <= other:
            rows[count], buses[count] = listed[at], fetched[at]
            count, at = count + 1, at + 1
        if count == 0 or rows[count - 1] != other:
            rows[count] = other
            count += 1
    for later in range(at, len(listed)):
        rows[count], buses[count] = listed[later], fetched[later]
        count += 1
    return rows[:count], buses[:count]


@compiled_alone
def rank_people(
    begin: int, end: int, people: Any, index: Whole, words: Whole, cells: Any, counties: Any, alive: Any,
    moment: Whole, scores: Any, turns: Any, ids: Any, counts: Any,
) -> None:  # fmt: skip
    """Find the best postings of people `begin:end`, best first, into their lines of the last four arrays.
    What is best for one person is looked at first for the next, who may be much like them."""
    (all_figures, all_numbers, all_spans, all_days, all_keys, all_refused, all_listed, all_fetched, known,
     trade, unasked, best, order) = people  # fmt: skip
    identities, likely_best, last_line = index[0][0], np.empty(0, np.int64), np.int64(-1)
    skills = np.empty(0)
    for number in range(begin, end):
        numbers, spans = all_numbers[number], all_spans[number]
        line = spans[GRADES]
        if line != last_line:
            skills, last_line = grade_sets(known[line], words), line
        person = read_person(all_figures[number], numbers)
        refused = all_refused[spans[REFUSED_FROM] : spans[REFUSED_TO]]
        gates = (numbers[LINES], all_days[number], all_keys[number], refused, alive)
        grades = (skills, trade[line], unasked[line])
        listed = all_listed[spans[LISTED_FROM] : spans[LISTED_TO]]
        fetched = all_fetched[spans[LISTED_FROM] : spans[LISTED_TO]]
        area = (numbers[AREA_FROM], numbers[AREA_TO], numbers[TAKES_BUS] != 0)
        first, last = numbers[FIRST_COUNTY], numbers[LAST_COUNTY]
        if first < last and len(likely_best) > 0:
            listed, fetched = join_rows(listed, fetched, likely_best)
        found = (scores[number], turns[number], ids[number])
        count = look_at_listed(listed, fetched, area, person, gates, grades, index, moment, found)
        if first < last:
            ranks = (best[line], order[line])
            count = look_everywhere(
                count, first, last, listed, person, gates, grades, ranks, index, cells, counties,
                moment, found,
            )  # fmt: skip
            likely_best = ids[number, :count].copy()
        counts[number] = count
        for at in range(count):
            ids[number, at] = identities[ids[number, at]]
