"""编译的搜索: gates and score of one person after the other, compiled where numba is installed (an optional
package). The numpy path gives the same bits and is used wherever numba is missing.
"""

from math import sqrt
from typing import Any, Final

import numpy as np

from app.matching.index.compiled import IS_COMPILED, compiled, compiled_alone, stands_before, turn_of
from app.matching.index.kernel import insert_key
from app.matching.people.columns import NOWHERE
from app.matching.people.tables import HOUSEHOLD, WAITING
from app.matching.rules import gates, places, scoring

COLUMNS: Final = (
    *("trade", "terms", "papers", "floor", "refused", "born", "age", "place", "pace", "x", "y", "blur"),
    *("need", "waiting"),
)
"""The columns the loop takes, behind what household and waiting add."""
__all__ = ["COLUMNS", "IS_COMPILED", "look_for_best", "put_in_order"]

_W_PLACE: Final = scoring.WEIGHTS["place"]
_PAIR: Final = scoring.PEOPLE_WEIGHTS["pair"]
_WAITING_DAYS: Final = scoring.WAITING_DAYS
_COMMUTE_M, _TOWN_M = float(places.COMMUTE_M), float(places.TIER_M[places.TOWN_DIGITS])
_VILLAGE_M: Final = float(places.TIER_M[places.VILLAGE_DIGITS])
_COARSE_M: Final = places.BLUR_M[places.TOWN_DIGITS]
_LOWEST_AGE: Final = gates.LOWEST_AGE
_NOWHERE: Final = NOWHERE


@compiled
def is_of_age(born: int, age: int, lawful: int, youngest: int, oldest: int, least: int, most: int) -> bool:
    """Neither UNDER_16 nor AGE (see `tables.AgeGate`)."""
    if born != 0:
        return oldest < born <= youngest and born <= lawful
    return age < 0 or (age >= _LOWEST_AGE and least <= age <= most)


@compiled
def measured_way(x: int, y: int, blur: int, to_x: float, to_y: float, to_blur: float) -> float:
    """The way between two known points (see `places.travel_m`), without the village's own shortest."""
    east, north = x - to_x, y - to_y
    way = float(int(sqrt(east * east + north * north)))
    return max(max(way, float(blur)), to_blur)


@compiled
def place_grade(way: float, scale: float, is_brought: bool, has_lodging: bool) -> float:
    """The place grade (see `places.place_fit`)."""
    if is_brought and way > _TOWN_M:
        way = _TOWN_M if way <= _COMMUTE_M else _COMMUTE_M
    grade = 1.0 / (1.0 + way / scale)
    return grade * 0.7 if way > _COMMUTE_M and not has_lodging else grade


@compiled
def keep_score(score: float, kept: int, best: Any) -> int:
    """Put a score among the best, rising; returns how many they are now."""
    size = len(best)
    if kept == size:
        if score <= best[0]:
            return kept
        spot = 0
        while spot + 1 < size and best[spot + 1] < score:
            best[spot] = best[spot + 1]
            spot += 1
        best[spot] = score
        return kept
    spot = kept
    while spot > 0 and best[spot - 1] > score:
        best[spot] = best[spot - 1]
        spot -= 1
    best[spot] = score
    return kept + 1


@compiled
def typical_way(scope: int, bounds: Any, tiers: Any) -> float:
    """The typical way where a point is missing (see `tables`, tiers)."""
    level = 0
    while level < len(bounds) and bounds[level] <= scope:
        level += 1
    way: float = tiers[level]
    return way


Part = Any


@compiled_alone
def look_at_runs(
    state: Part, runs: Part, columns: Part, tables: Part, posting: Part, seen: Part, after: Part, found: Part
) -> tuple[int, int]:
    """Score the open people of `runs` (begins, ends, tops), leaving a run as soon as it can't better the
    worst of the best. Returns how many were found (-1: too many) and how many of the best are kept. Equals of
    the last one are all found; a score that stands before `after` is not, one equal to it is found but not
    counted among the best."""
    count, kept = state
    begins, ends, tops = runs
    raised, trade, terms, papers, floor, refused, born, age, place, pace, x, y, blur, need, waiting = columns
    bound, skill, occupation, wage, near, far, scales, scopes, shut = tables
    shut_terms, shut_papers, shut_floors, shut_refused = shut
    to_x, to_y, to_blur, has_point, has_lodging, is_home_work, village_from, village_to = posting[0]
    answers, freshness, fair_share = posting[1]
    lawful, youngest, oldest, least, most = posting[2]
    bounds, tiers, served, needs = posting[3]
    alive, in_area = seen
    has_after, last = after
    rows, scores, best = found
    limit = len(best)
    for run in range(len(begins)):
        if kept == limit and tops[run] < best[0]:
            continue
        # A run is of one set of skills.
        known = trade[begins[run]]
        most_of_pair, its_skill, its_trade = bound[known], skill[known], occupation[known]
        for row in range(begins[run], ends[run]):
            if kept == limit and most_of_pair + raised[row] < best[0]:
                break
            shut = shut_terms[terms[row]] | shut_papers[papers[row]] | shut_floors[floor[row]]
            if shut | shut_refused[refused[row]] != 0 or (len(alive) > 0 and not alive[row]):
                continue
            if len(in_area) > 0 and not in_area[place[row]]:
                continue
            if not is_of_age(born[row], age[row], lawful, youngest, oldest, least, most):
                continue
            scope = scopes[place[row]]
            if has_point and x[row] != _NOWHERE and blur[row] <= _COARSE_M:
                way = measured_way(x[row], y[row], blur[row], to_x, to_y, to_blur)
                if village_from <= scope < village_to:
                    way = min(way, _VILLAGE_M)
            else:
                way = typical_way(scope, bounds, tiers)
            is_brought = is_home_work or (len(served) > 0 and served[place[row]])
            total = its_skill + _W_PLACE * place_grade(way, scales[pace[row]], is_brought, has_lodging)
            total = total + wage[floor[row]] + its_trade + answers + freshness + fair_share
            fit = far[terms[row]] if way > _COMMUTE_M else near[terms[row]]
            score = _PAIR * (100.0 * total * fit) + HOUSEHOLD * needs[need[row]]
            score = score + WAITING * (waiting[row] / (waiting[row] + _WAITING_DAYS))
            if (has_after and score > last) or (kept == limit and score < best[0]):
                continue
            if count == len(rows):
                return -1, kept
            rows[count], scores[count] = row, score
            count += 1
            if not has_after or score < last:
                kept = keep_score(score, kept, best)
    return count, kept


@compiled_alone
def list_tops(alone: Part, stretches: Part, runs: Part, columns: Part, bound: Part) -> Part:
    """The tops of rows that stand alone, then of the runs of some stretches (first, last)."""
    _, trades, standings = runs
    raised, trade = columns[0], columns[1]
    size = len(alone)
    for number in range(len(stretches)):
        size += stretches[number, 1] - stretches[number, 0]
    tops, at = np.empty(size, np.float32), len(alone)
    for number in range(len(alone)):
        tops[number] = bound[trade[alone[number]]] + raised[alone[number]]
    for number in range(len(stretches)):
        for run in range(stretches[number, 0], stretches[number, 1]):
            tops[at] = bound[trades[run]] + standings[run]
            at += 1
    return tops


@compiled_alone
def pick_runs(tops: Part, alone: Part, stretches: Part, starts: Part, low: float, high: float) -> Part:
    """Begins, ends and tops of those (see `list_tops`) whose top is not under `low` but under `high`."""
    begins, ends = np.empty(len(tops), np.int64), np.empty(len(tops), np.int64)
    picked, count, at = np.empty(len(tops), np.float32), 0, len(alone)
    for number in range(len(alone)):
        if low <= tops[number] < high:
            begins[count], ends[count], picked[count] = alone[number], alone[number] + 1, tops[number]
            count += 1
    for number in range(len(stretches)):
        for run in range(stretches[number, 0], stretches[number, 1]):
            if low <= tops[at] < high:
                begins[count], ends[count], picked[count] = starts[run], starts[run + 1], tops[at]
                count += 1
            at += 1
    return begins[:count], ends[:count], picked[:count]


@compiled_alone
def look_for_best(
    alone: Part, stretches: Part, first: int, runs: Part, columns: Part, tables: Part, posting: Part,
    seen: Part, after: Part, found: Part,
) -> int:  # fmt: skip
    """Score the `first` highest of some rows and of the runs of some stretches, then of whatever else may
    still hold one of the best. Returns how many were found, -1 if too many."""
    tops = list_tops(alone, stretches, runs, columns, tables[0])
    highest, high = np.zeros(first, np.float32), 0
    for at in range(len(tops)):
        high = keep_score(tops[at], high, highest)
    cut = highest[0] if high == first else np.float32(0.0)
    some = pick_runs(tops, alone, stretches, runs[0], cut, np.inf)
    count, kept = look_at_runs((0, 0), some, columns, tables, posting, seen, after, found)
    if count >= 0 and cut > 0.0:
        least = found[2][0] if kept == len(found[2]) else 0.0
        some = pick_runs(tops, alone, stretches, runs[0], least, cut)
        count, kept = look_at_runs((count, kept), some, columns, tables, posting, seen, after, found)
    answer: int = count
    return answer


@compiled_alone
def put_in_order(found: Part, ids: Part, day: Part, after: Part, first: Part) -> int:
    """Put the ids of some scored rows that stand behind `after` in their order; returns how many, at most as
    many as `first` (scores, turns, ids) has room for."""
    rows, scores = found
    has_after, after_score, after_turn, after_id = after
    count = 0
    for at in range(len(rows)):
        score, identity = scores[at], ids[rows[at]]
        turn = turn_of(day, identity)
        if not has_after or stands_before(after_score, after_turn, after_id, score, turn, identity):
            count = insert_key(count, score, turn, identity, first)
    return count
